"""What Kemnaker says: Laravel's shapes, a text and no code; per field with 422, else one message.

The envelope `{data, meta}` and Laravel's lists were seen; how training was paid for there was never
published, so the texts of paying are simulated (marketplaces 4).
"""

from typing import NamedTuple

from prakerja_sim.simulator.values.errors import Reason

INVALID = "The given data was invalid."
UNAUTHENTICATED = "Unauthenticated."


class Said(NamedTuple):
    """A refusal: its text, its status, and the field that it is about."""

    text: str
    status: int = 409
    field: str = ""


def _about(field: str, text: str) -> Said:
    return Said(text, 422, field)


UNFINISHED = _about("card_number", "Selesaikan pelatihan sebelumnya terlebih dahulu.")
OTP_WAIT = Said("Kode OTP baru saja dikirim. Silakan tunggu sebelum meminta lagi.", 429)
BEGUN = Said("Voucher sudah ditukarkan sehingga pembelian tidak dapat dibatalkan.")
CLOSED = Said("Pesanan tidak dapat diproses pada status ini.")
SAYS = {
    # The account.
    Reason.PHONE_TAKEN: _about("phone", "Nomor telepon sudah digunakan."),
    Reason.EMAIL_TAKEN: _about("email", "E-mail sudah digunakan."),
    Reason.LOGIN_REFUSED: _about("username", "Nama pengguna atau kata sandi salah."),
    Reason.ACCOUNT_UNKNOWN: _about("email", "Akun dengan e-mail tersebut tidak ditemukan."),
    Reason.CODE_WRONG: _about("code", "Kode verifikasi salah."),
    Reason.CODE_EXPIRED: _about("code", "Kode verifikasi sudah kedaluwarsa."),
    Reason.CODE_TRIES_EXHAUSTED: Said("Terlalu banyak percobaan. Minta kode verifikasi baru.", 429),
    Reason.PHONE_UNVERIFIED: Said("Nomor telepon Anda belum terverifikasi.", 403),
    # Training and order.
    Reason.COURSE_UNKNOWN: Said("Pelatihan tidak ditemukan.", 404),
    Reason.SCHEDULE_UNKNOWN: _about("schedule_id", "Jadwal pelatihan tidak ditemukan."),
    Reason.SCHEDULE_OF_OTHER_COURSE: _about("schedule_id", "Jadwal bukan milik pelatihan ini."),
    Reason.PROMO_UNKNOWN: _about("promo_code", "Kode promo tidak berlaku pada platform ini."),
    Reason.QUOTA_EXHAUSTED: Said("Kuota pelatihan sudah penuh."),
    Reason.ORDER_UNKNOWN: Said("Pesanan tidak ditemukan.", 404),
    Reason.ORDER_CLOSED: CLOSED,
    # Paying with the card.
    Reason.CARD_MALFORMED: _about("card_number", "Nomor Kartu Prakerja harus terdiri atas 16 digit."),
    Reason.CARD_UNKNOWN: _about("card_number", "Nomor Kartu Prakerja tidak ditemukan."),
    Reason.CARD_INACTIVE: _about("card_number", "Kartu Prakerja tidak aktif."),
    Reason.BALANCE_TOO_LOW: _about("card_number", "Saldo pelatihan tidak mencukupi."),
    Reason.BALANCE_CLOSED: _about("card_number", "Masa pemakaian saldo pelatihan sudah berakhir."),
    Reason.ACCOUNT_BOUND: _about("card_number", "Akun ini sudah terhubung dengan Kartu Prakerja lain."),
    Reason.VIDEOS_NOT_WATCHED: _about(
        "card_number", "Video pengenalan di dashboard Prakerja belum ditonton."
    ),
    Reason.PREVIOUS_UNFINISHED: UNFINISHED,
    Reason.COURSE_BOUGHT_BEFORE: UNFINISHED,
    Reason.AGE_UNFIT: _about("training_id", "Usia tidak memenuhi syarat pelatihan."),
    Reason.EDUCATION_UNFIT: _about("training_id", "Pendidikan tidak memenuhi syarat pelatihan."),
    Reason.COURSE_STARTED: _about("schedule_id", "Pelatihan sudah dimulai."),
    Reason.OTP_WRONG: _about("otp", "Kode OTP salah."),
    Reason.OTP_EXPIRED: _about("otp", "Kode OTP sudah kedaluwarsa."),
    Reason.OTP_TRIES_EXHAUSTED: _about("otp", "Terlalu banyak kode OTP salah. Minta kode OTP baru."),
    Reason.OTP_TOO_SOON: OTP_WAIT,
    Reason.OTP_REQUESTS_EXHAUSTED: OTP_WAIT,
    Reason.TOKEN_UNKNOWN: _about("otp", "Sesi pembayaran sudah berakhir. Minta kode OTP baru."),
    Reason.INVOICE_USED: Said("Tagihan ini sudah pernah dibayar."),
    Reason.PAYMENT_UNKNOWN: Said("Pembayaran tidak tercatat pada Prakerja."),
    Reason.NO_REPLY: Said("Prakerja belum menjawab. Periksa status pesanan Anda.", 504),
    Reason.SERVICE_UNAVAILABLE: Said("Layanan Prakerja sedang tidak tersedia.", 503),
    # Afterwards.
    Reason.MAIL_TOO_SOON: Said("E-mail baru saja dikirim. Silakan coba lagi setelah 60 detik.", 429),
    Reason.VOUCHER_USED: BEGUN,
    Reason.VOID_AFTER_REDEEM: BEGUN,
    Reason.VOUCHER_EXPIRED: Said("Masa berlaku voucher sudah lewat."),
    Reason.VOUCHER_CANCELLED: CLOSED,
    Reason.REFUND_NOT_OFFERED: Said("Pembelian tidak dapat dibatalkan oleh peserta.", 403),
    Reason.REFUND_ASKED: Said("Pengembalian dana sudah diajukan."),
    Reason.TICKET_UNKNOWN: Said("Pengaduan tidak ditemukan.", 404),
    Reason.TICKET_OPEN: Said("Pengaduan ini masih diproses."),
    Reason.REVIEW_TOO_EARLY: Said("Ulasan dapat diberikan setelah voucher ditukarkan."),
    Reason.ALREADY_REVIEWED: Said("Ulasan untuk pesanan ini sudah ada."),
    Reason.NAME_DIFFERS: _about("name", "Nama peserta berbeda dengan akun Prakerja."),
    Reason.TOO_LATE_TO_FINISH: Said("Batas waktu penyelesaian pelatihan sudah berakhir."),
    Reason.COURSE_UNFINISHED: Said("Penyelesaian pelatihan belum dilaporkan."),
}

OTHERWISE = Said("")
"""For every reason without words of its own; its text is passed on."""
VOUCHERS = {
    Reason.VOUCHER_UNKNOWN: Said("Voucher tidak ditemukan.", 404),
    Reason.VOUCHER_USED: Said("Voucher sudah ditukarkan."),
    Reason.VOUCHER_CANCELLED: Said("Voucher sudah dibatalkan.", 410),
    Reason.VOUCHER_EXPIRED: Said("Voucher sudah kedaluwarsa.", 410),
    Reason.VOUCHER_OF_OTHER_INSTITUTION: Said("Voucher ini untuk lembaga pelatihan lain.", 403),
}

HTTP = {
    401: Said(UNAUTHENTICATED, 401),
    404: Said("Halaman tidak ditemukan.", 404),
    405: Said("Metode tidak diizinkan.", 405),
    413: Said("Data terlalu besar.", 413),
    429: Said("Terlalu banyak permintaan. Coba lagi nanti.", 429),
    500: Said("Server Error", 500),
}
