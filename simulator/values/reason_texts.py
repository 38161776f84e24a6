"""What each reason means, in English and Indonesian: for people who look why something was refused.

No party says these on its wire; each has words of its own there.
"""

from collections.abc import Mapping
from typing import NamedTuple

from prakerja_sim.simulator.values.errors import Reason


class Text(NamedTuple):
    """One meaning in two languages."""

    en: str
    id: str


TEXTS: Mapping[Reason, Text] = {
    Reason.CARD_MALFORMED: Text(
        "A card number has sixteen digits.", "Nomor kartu terdiri dari enam belas angka."
    ),
    Reason.CARD_UNKNOWN: Text(
        "No participant has this card number.", "Tidak ada peserta dengan nomor kartu ini."
    ),
    Reason.CARD_INACTIVE: Text(
        "The card is revoked or blocked, or the first course was not bought in time.",
        "Kartu dicabut atau diblokir, atau pelatihan pertama tidak dibeli tepat waktu.",
    ),
    Reason.COURSE_UNKNOWN: Text("No course has this code.", "Tidak ada pelatihan dengan kode ini."),
    Reason.SCHEDULE_CODES_EMPTY: Text(
        "Course code and schedule code are both needed.", "Kode pelatihan dan kode jadwal wajib diisi."
    ),
    Reason.SCHEDULE_UNKNOWN: Text("No schedule has this code.", "Tidak ada jadwal dengan kode ini."),
    Reason.SCHEDULE_OF_OTHER_COURSE: Text(
        "The schedule belongs to another course, or the course is unknown.",
        "Jadwal ini milik pelatihan lain, atau pelatihannya tidak dikenal.",
    ),
    Reason.COURSE_STARTED: Text("The course has started.", "Pelatihan sudah dimulai."),
    Reason.QUOTA_EXHAUSTED: Text("No seat is left.", "Kuota sudah habis."),
    Reason.AGE_UNFIT: Text(
        "The buyer is too young for the course.", "Usia pembeli belum memenuhi syarat pelatihan."
    ),
    Reason.EDUCATION_UNFIT: Text(
        "The buyer's education is below what the course asks for.",
        "Pendidikan pembeli belum memenuhi syarat pelatihan.",
    ),
    Reason.VIDEOS_NOT_WATCHED: Text(
        "The three induction videos were not watched.", "Tiga video pengenalan belum ditonton."
    ),
    Reason.BALANCE_CLOSED: Text(
        "The last day on which the balance could be spent is over.",
        "Batas waktu penggunaan saldo pelatihan sudah lewat.",
    ),
    Reason.PREVIOUS_UNFINISHED: Text(
        "The previous course is not finished and rated.", "Pelatihan sebelumnya belum selesai dan dinilai."
    ),
    Reason.COURSE_BOUGHT_BEFORE: Text(
        "The participant has bought this course before.", "Peserta sudah pernah membeli pelatihan ini."
    ),
    Reason.AMOUNT_UNFIT: Text(
        "The amount does not fit the price of the course.", "Nominal tidak sesuai dengan harga pelatihan."
    ),
    Reason.BALANCE_TOO_LOW: Text("The balance does not cover the amount.", "Saldo tidak mencukupi."),
    Reason.ACCOUNT_BOUND: Text(
        "This marketplace account pays with another card.", "Akun ini sudah terhubung dengan kartu lain."
    ),
    Reason.OTP_TOO_SOON: Text(
        "The last OTP was sent too short a time ago.", "OTP terakhir baru saja dikirim; tunggu sebentar."
    ),
    Reason.OTP_REQUESTS_EXHAUSTED: Text(
        "The OTP was sent again as often as allowed; now one must wait.",
        "OTP sudah dikirim ulang sebanyak yang diizinkan; tunggu dulu.",
    ),
    Reason.TOKEN_UNKNOWN: Text(
        "No payment that can be authorized has this token.",
        "Tidak ada pembayaran yang dapat diotorisasi dengan token ini.",
    ),
    Reason.OTP_TRIES_EXHAUSTED: Text(
        "Too many wrong codes were entered.", "Terlalu banyak kode salah yang dimasukkan."
    ),
    Reason.OTP_EXPIRED: Text("The code is not valid any more.", "Kode sudah tidak berlaku."),
    Reason.OTP_WRONG: Text(
        "The code is not the one that was sent last.", "Kode ini bukan kode yang terakhir dikirim."
    ),
    Reason.INVOICE_USED: Text("This invoice was paid before.", "Invoice ini sudah pernah dibayar."),
    Reason.SIGNATURE_STALE: Text(
        "The signature's timestamp is too far from the time here.",
        "Waktu pada tanda tangan terlalu jauh dari waktu di sini.",
    ),
    Reason.PAYMENT_UNKNOWN: Text("No payment has this invoice.", "Tidak ada pembayaran dengan invoice ini."),
    Reason.TRANSACTION_UNKNOWN: Text(
        "The transaction code is not that of the invoice.", "Kode transaksi bukan milik invoice ini."
    ),
    Reason.ALREADY_VOIDED: Text("The purchase was taken back before.", "Transaksi sudah pernah dibatalkan."),
    Reason.VOID_AFTER_REDEEM: Text(
        "The redeem code was used, so the purchase stands.",
        "Kode redeem sudah digunakan, jadi transaksi tidak dapat dibatalkan.",
    ),
    Reason.REDEEM_CODE_UNKNOWN: Text("No such redeem code exists.", "Kode redeem tidak ada."),
    Reason.REDEEM_CODE_OF_OTHER_INSTITUTION: Text(
        "The redeem code belongs to another institution.", "Kode redeem milik lembaga pelatihan lain."
    ),
    Reason.REDEEM_CODE_CANCELLED: Text("The redeem code was cancelled.", "Kode redeem sudah dibatalkan."),
    Reason.REDEEM_CODE_USED: Text("The redeem code was used before.", "Kode redeem sudah digunakan."),
    Reason.TRANSACTION_VOIDED: Text(
        "The purchase of this redeem code was taken back.", "Pembelian kode redeem ini sudah dibatalkan."
    ),
    Reason.COURSE_TYPE_UNFIT: Text(
        "The course is of a kind for which this is not done.",
        "Tipe pelatihan tidak sesuai untuk permintaan ini.",
    ),
    Reason.OUTSIDE_REDEMPTION_WINDOW: Text(
        "It is too early or too late for this course.", "Jadwal pelatihan belum dimulai atau sudah selesai."
    ),
    Reason.NOT_A_TEST_CODE: Text(
        "Only a test code can be reset.", "Hanya kode uji coba yang dapat diatur ulang."
    ),
    Reason.REDIRECT_UNREGISTERED: Text(
        "The redirect address is not registered for this client.",
        "Alamat redirect tidak terdaftar untuk klien ini.",
    ),
    Reason.EMAIL_TAKEN: Text(
        "The e-mail address belongs to somebody else.", "E-mail sudah dipakai orang lain."
    ),
    Reason.VERIFICATION_UNKNOWN: Text("No such verification was begun.", "Verifikasi ini tidak dikenal."),
    Reason.VERIFICATION_OVER: Text("The verification is over.", "Verifikasi ini sudah berakhir."),
    Reason.CONSENT_MISSING: Text("The participant did not consent.", "Peserta tidak memberi persetujuan."),
    Reason.ACCOUNT_DIFFERS: Text(
        "Another participant is logged in than the code belongs to.",
        "Akun yang masuk bukan pemilik kode ini.",
    ),
    Reason.ATTENDANCE_UNPROVED: Text(
        "The participant's presence was not proved.", "Kehadiran peserta belum terbukti."
    ),
    Reason.ASSIGNMENT_MISSING: Text("No assignment was handed in.", "Tugas belum dikumpulkan."),
    Reason.SSO_CLIENT_MISSING: Text(
        "The client did not identify itself.", "Klien tidak menyebutkan identitasnya."
    ),
    Reason.SSO_CLIENT_UNKNOWN: Text("No such client is registered.", "Klien tidak terdaftar."),
    Reason.SSO_USER_UNKNOWN: Text("No such user exists.", "Pengguna tidak ada."),
    Reason.SSO_CODE_UNKNOWN: Text(
        "The code or token is unknown, used, or expired.",
        "Kode atau token tidak dikenal, sudah dipakai, atau kedaluwarsa.",
    ),
    Reason.ACCOUNT_TAKEN: Text(
        "The phone, e-mail or name has an account.", "Nomor, e-mail, atau nama sudah terdaftar."
    ),
    Reason.PHONE_UNKNOWN: Text("No account has this phone.", "Tidak ada akun dengan nomor ini."),
    Reason.PHONE_UNVERIFIED: Text(
        "The account's phone is not verified.", "Nomor telepon akun belum diverifikasi."
    ),
    Reason.CODE_WRONG: Text("The code is not the one that was sent.", "Kode ini bukan kode yang dikirim."),
    Reason.CODE_EXPIRED: Text("The code is not valid any more.", "Kode sudah tidak berlaku."),
    Reason.CODE_TRIES_EXHAUSTED: Text("Too many wrong codes were entered.", "Terlalu banyak kode salah."),
    Reason.PROMO_UNKNOWN: Text("No such promo code holds here.", "Kode promo tidak berlaku."),
    Reason.TERMS_NOT_ACCEPTED: Text("The terms were not accepted.", "Syarat dan ketentuan belum disetujui."),
    Reason.CART_EMPTY: Text("Nothing is in the cart.", "Keranjang kosong."),
    Reason.ORDER_UNKNOWN: Text(
        "The asker has no such order.", "Pengirim permintaan tidak memiliki pesanan ini."
    ),
    Reason.ORDER_CLOSED: Text(
        "The order is in a state in which this is not possible.",
        "Hal ini tidak dapat dilakukan pada status pesanan saat ini.",
    ),
    Reason.REQUEST_REPEATED: Text(
        "A request with this id came before.", "Permintaan dengan id ini sudah pernah masuk."
    ),
    Reason.DEPOSIT_TOO_LOW: Text("The deposit does not cover the order.", "Deposit tidak mencukupi."),
    Reason.REVIEW_TOO_EARLY: Text(
        "The course is not far enough for a review.", "Pelatihan belum bisa diulas."
    ),
    Reason.ALREADY_REVIEWED: Text("It was reviewed before.", "Sudah pernah diulas."),
    Reason.REFUND_NOT_OFFERED: Text(
        "This marketplace does not give this money back.",
        "Platform ini tidak mengembalikan dana untuk kasus ini.",
    ),
    Reason.REFUND_TOO_LATE: Text(
        "The time to ask for a refund is over.", "Batas waktu meminta pengembalian sudah lewat."
    ),
    Reason.REFUND_ASKED: Text("A refund was asked for before.", "Pengembalian sudah pernah diminta."),
    Reason.TICKET_UNKNOWN: Text(
        "The asker has no such ticket.", "Pengirim permintaan tidak memiliki tiket ini."
    ),
    Reason.TICKET_OPEN: Text("The ticket is still being handled.", "Tiket masih diproses."),
    Reason.ACCOUNT_UNKNOWN: Text("No such account exists.", "Akun tidak ada."),
    Reason.MAIL_TOO_SOON: Text("The e-mail was sent a short time ago.", "E-mail baru saja dikirim."),
    Reason.COURSE_NOT_HOSTED: Text(
        "The course is not taught on this marketplace.",
        "Pelatihan ini tidak diselenggarakan di platform ini.",
    ),
    Reason.NO_REPLY: Text("The other party did not answer.", "Pihak lain tidak menjawab."),
    Reason.VOUCHER_UNKNOWN: Text("No such voucher exists.", "Voucher tidak ada."),
    Reason.VOUCHER_USED: Text("The voucher was used before.", "Voucher sudah digunakan."),
    Reason.VOUCHER_CANCELLED: Text("The voucher was cancelled.", "Voucher sudah dibatalkan."),
    Reason.VOUCHER_EXPIRED: Text("The voucher is not valid any more.", "Voucher sudah kedaluwarsa."),
    Reason.VOUCHER_OF_OTHER_INSTITUTION: Text(
        "The voucher belongs to another institution.", "Voucher milik lembaga pelatihan lain."
    ),
    Reason.NAME_DIFFERS: Text(
        "The name is not the one on the Prakerja account.", "Nama tidak sama dengan nama di akun Prakerja."
    ),
    Reason.ENROLMENT_UNKNOWN: Text(
        "Nobody is enrolled in the course so.", "Pendaftaran pelatihan tidak ada."
    ),
    Reason.PRE_TEST_MISSING: Text("The pre-test comes first.", "Pre-test belum dikerjakan."),
    Reason.COURSE_WITHDRAWN: Text("The course was withdrawn.", "Pelatihan sudah ditarik."),
    Reason.COURSE_UNFINISHED: Text("The course is not finished.", "Pelatihan belum selesai."),
    Reason.TOO_LATE_TO_FINISH: Text(
        "The last day on which a course could be finished is over.",
        "Batas waktu penyelesaian pelatihan sudah lewat.",
    ),
    Reason.REPORT_REFUSED: Text("The report of completion was refused.", "Laporan penyelesaian ditolak."),
    Reason.LOGIN_REFUSED: Text("Name or password is wrong.", "Nama atau kata sandi salah."),
    Reason.RESET_LINK_OVER: Text(
        "The link is unknown, used or expired.", "Tautan tidak dikenal, sudah dipakai, atau kedaluwarsa."
    ),
    Reason.TRAINING_UNKNOWN: Text(
        "The participant has no such training.", "Peserta tidak memiliki pelatihan ini."
    ),
    Reason.CERTIFICATE_MISSING: Text("There is no certificate yet.", "Sertifikat belum ada."),
    Reason.ALREADY_RATED: Text("It was rated before.", "Sudah pernah dinilai."),
    Reason.RATING_ELSEWHERE: Text(
        "At this time ratings are given on the marketplace.", "Pada masa ini penilaian diberikan di platform."
    ),
    Reason.RATING_CLOSED: Text("The last day for ratings is over.", "Batas waktu penilaian sudah lewat."),
    Reason.PARTNER_UNKNOWN: Text("No such payment partner exists.", "Mitra pembayaran tidak ada."),
    Reason.WALLET_UNKNOWN: Text("The partner has no such account.", "Mitra tidak memiliki rekening ini."),
    Reason.WALLET_INACTIVE: Text("The account is not active.", "Rekening tidak aktif."),
    Reason.WALLET_NOT_RUPIAH: Text("The account is not in rupiah.", "Rekening bukan dalam rupiah."),
    Reason.WALLET_NAME_DIFFERS: Text("The account is in another name.", "Rekening atas nama orang lain."),
    Reason.WALLET_NOT_UPGRADED: Text("The e-wallet is not upgraded.", "E-wallet belum di-upgrade."),
    Reason.NIK_DIFFERS: Text("The account is of another NIK.", "NIK pada rekening berbeda."),
    Reason.PHONE_DIFFERS: Text("The account is of another phone.", "Nomor telepon pada rekening berbeda."),
    Reason.ALREADY_LINKED: Text("An account is linked.", "Rekening sudah tersambung."),
    Reason.LINK_NOT_BEGUN: Text("No link was begun.", "Penyambungan rekening belum dimulai."),
    Reason.LINK_CLOSED: Text("The last day for this is over.", "Batas waktu untuk hal ini sudah lewat."),
    Reason.NOT_LINKED: Text("No account is linked.", "Belum ada rekening yang tersambung."),
    Reason.UNLINK_FIRST: Text(
        "The linked account must be unlinked first.", "Rekening lama harus diputus dulu."
    ),
    Reason.PHONE_TAKEN: Text("Another participant has this phone.", "Nomor sudah dipakai peserta lain."),
    Reason.SURVEY_NOT_OPEN: Text("The survey is not open yet.", "Survei belum dibuka."),
    Reason.SURVEY_CLOSED: Text("The last day for the survey is over.", "Batas waktu survei sudah lewat."),
    Reason.SURVEY_DONE: Text("The survey was filled in before.", "Survei sudah diisi."),
    Reason.ACCOUNT_SWITCHED: Text(
        "The account was changed shortly before the payment.", "Rekening diganti menjelang pembayaran."
    ),
    Reason.WALLET_FULL: Text("The e-wallet cannot hold more.", "Saldo e-wallet sudah penuh."),
    Reason.PAYOUT_REJECTED: Text(
        "The payment partner refused the payment.", "Mitra pembayaran menolak pembayaran."
    ),
    Reason.PAYOUT_UNKNOWN: Text(
        "No payment has this reference.", "Tidak ada pembayaran dengan referensi ini."
    ),
    Reason.REFERENCE_USED: Text(
        "The reference was used for another payment.", "Referensi sudah dipakai untuk pembayaran lain."
    ),
    Reason.PARTNER_DOWN: Text("The payment partner is out of service.", "Mitra pembayaran sedang gangguan."),
    Reason.PAYOUTS_CLOSED: Text("The last day for payments is over.", "Batas waktu pembayaran sudah lewat."),
    Reason.WAVE_UNKNOWN: Text("No such wave exists.", "Gelombang tidak ada."),
    Reason.ALREADY_ENROLLED: Text("This person takes part already.", "Orang ini sudah menjadi peserta."),
    Reason.WAVE_NOT_ANNOUNCED: Text("The wave is not announced yet.", "Gelombang belum diumumkan."),
    Reason.WAVE_OVER: Text(
        "The last day for a first purchase of this wave is over.",
        "Batas waktu pembelian pertama gelombang ini sudah lewat.",
    ),
    Reason.ALREADY_LISTED: Text("The course is listed already.", "Pelatihan sudah terdaftar."),
    Reason.CLOCK_FORWARD_ONLY: Text("The clock goes forward only.", "Jam hanya bisa dimajukan."),
    Reason.FAULT_UNKNOWN: Text("No such fault exists.", "Gangguan ini tidak dikenal."),
    Reason.SANDBOX_TAKEN: Text("A sandbox has this name.", "Nama sandbox sudah dipakai."),
    Reason.SNAPSHOT_TAKEN: Text("A snapshot of this name exists.", "Nama snapshot sudah dipakai."),
    Reason.SNAPSHOT_UNKNOWN: Text("No snapshot has this name.", "Snapshot tidak ada."),
    Reason.SANDBOX_UNKNOWN: Text("No sandbox has this name.", "Sandbox tidak ada."),
    Reason.CLIENT_CODE_TAKEN: Text("The client code is in use.", "Kode klien sudah dipakai."),
    Reason.CLIENT_UNKNOWN: Text("No client has this code.", "Klien tidak ada."),
    Reason.PERSON_UNKNOWN: Text("No participant is known by this.", "Peserta tidak ada."),
    Reason.SERVICE_UNAVAILABLE: Text(
        "The other party's service failed.", "Layanan pihak lain sedang gangguan."
    ),
    Reason.WEBHOOK_UNKNOWN: Text("No such webhook exists.", "Webhook tidak ada."),
    Reason.WEBHOOK_NOT_SO: Text(
        "The webhook is in a state in which this is not possible.",
        "Hal ini tidak dapat dilakukan pada status webhook saat ini.",
    ),
    Reason.WEBHOOK_TARGET_UNKNOWN: Text(
        "No such webhook target is registered.", "Tujuan webhook tidak terdaftar."
    ),
    Reason.WEBHOOK_TARGET_REFUSED: Text(
        "Nothing may be sent to this address.", "Tidak boleh mengirim ke alamat ini."
    ),
    Reason.FAULT_NOWHERE: Text(
        "Nothing passes where the fault should strike.", "Tidak ada yang lewat di tempat gangguan itu."
    ),
    Reason.FILTER_UNKNOWN: Text(
        "The list has no such filter or value.", "Filter atau nilainya tidak dikenal."
    ),
    Reason.VOUCHER_LOCKED: Text(
        "The voucher is locked while its refund is decided.",
        "Voucher dikunci selama pengembalian diproses.",
    ),
}
