"""Kemnaker's messages: Laravel's shapes, a text and no code; per field with 422, else one message.

The envelope `{data, meta}` and Laravel's lists were seen; how training was paid for there was never
published, so the texts of paying are simulated (marketplaces 4).
"""

from typing import NamedTuple

from prakerja_sim.mocks.shop.pages.labels import Labels
from prakerja_sim.simulator.values.errors import Reason

INVALID = "The given data was invalid."
UNAUTHENTICATED = "Unauthenticated."


class Message(NamedTuple):
    """A refusal: its text, its status, and the field that it is about."""

    text: str
    status: int = 409
    field: str = ""


def _about(field: str, text: str) -> Message:
    return Message(text, 422, field)


UNFINISHED = _about(
    "card_number",
    "Selesaikan pelatihan sebelumnya terlebih dahulu, dan pilih pelatihan yang belum pernah dibeli.",
)
"""For a training begun and for one bought before: Prakerja has one code for both."""
OTP_WAIT = Message("Kode OTP baru saja dikirim. Silakan tunggu sebelum meminta lagi.", 429)
BEGUN = Message("Voucher sudah ditukarkan sehingga pembelian tidak dapat dibatalkan.")
CLOSED = Message("Pesanan tidak dapat diproses pada status ini.")
SAYS = {
    # The account.
    Reason.PHONE_TAKEN: _about("phone", "Nomor telepon sudah digunakan."),
    Reason.EMAIL_TAKEN: _about("email", "E-mail sudah digunakan."),
    Reason.LOGIN_REFUSED: _about("username", "Nama pengguna atau kata sandi salah."),
    Reason.ACCOUNT_UNKNOWN: _about("email", "Akun dengan e-mail tersebut tidak ditemukan."),
    Reason.CODE_WRONG: _about("code", "Kode verifikasi salah."),
    Reason.CODE_EXPIRED: _about("code", "Kode verifikasi sudah kedaluwarsa."),
    Reason.CODE_TRIES_EXHAUSTED: Message("Terlalu banyak percobaan. Minta kode verifikasi baru.", 429),
    Reason.PHONE_UNVERIFIED: Message("Nomor telepon Anda belum terverifikasi.", 403),
    # Training and order.
    Reason.COURSE_UNKNOWN: Message("Pelatihan tidak ditemukan.", 404),
    Reason.FILTER_UNKNOWN: Message("Kejuruan atau lembaga pelatihan tidak ditemukan.", 422),
    Reason.SCHEDULE_UNKNOWN: _about("schedule_id", "Jadwal pelatihan tidak ditemukan."),
    Reason.SCHEDULE_OF_OTHER_COURSE: _about("schedule_id", "Jadwal bukan milik pelatihan ini."),
    Reason.PROMO_UNKNOWN: _about("promo_code", "Kode promo tidak berlaku pada platform ini."),
    Reason.QUOTA_EXHAUSTED: Message("Kuota pelatihan sudah penuh."),
    Reason.ORDER_UNKNOWN: Message("Pesanan tidak ditemukan.", 404),
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
    Reason.INVOICE_USED: Message("Tagihan ini sudah pernah dibayar."),
    Reason.PAYMENT_UNKNOWN: Message("Pembayaran tidak tercatat pada Prakerja."),
    Reason.NO_REPLY: Message("Prakerja belum menjawab. Periksa status pesanan Anda.", 504),
    Reason.SERVICE_UNAVAILABLE: Message("Layanan Prakerja sedang tidak tersedia.", 503),
    # Afterwards.
    Reason.MAIL_TOO_SOON: Message("E-mail baru saja dikirim. Silakan coba lagi setelah 60 detik.", 429),
    Reason.VOUCHER_USED: BEGUN,
    Reason.VOID_AFTER_REDEEM: BEGUN,
    Reason.VOUCHER_EXPIRED: Message("Masa berlaku voucher sudah lewat."),
    Reason.VOUCHER_CANCELLED: CLOSED,
    Reason.REFUND_NOT_OFFERED: Message("Pembelian tidak dapat dibatalkan oleh peserta.", 403),
    Reason.REFUND_TOO_LATE: Message("Batas waktu pengembalian dana sudah lewat."),
    Reason.REFUND_ASKED: Message("Pengembalian dana sudah diajukan."),
    Reason.TICKET_UNKNOWN: Message("Pengaduan tidak ditemukan.", 404),
    Reason.TICKET_OPEN: Message("Pengaduan ini masih diproses."),
    Reason.REVIEW_TOO_EARLY: Message("Ulasan dapat diberikan setelah voucher ditukarkan."),
    Reason.ALREADY_REVIEWED: Message("Ulasan untuk pesanan ini sudah ada."),
    Reason.NAME_DIFFERS: _about("name", "Nama peserta berbeda dengan akun Prakerja."),
    Reason.TOO_LATE_TO_FINISH: Message("Batas waktu penyelesaian pelatihan sudah berakhir."),
    Reason.COURSE_UNFINISHED: Message("Penyelesaian pelatihan belum dilaporkan."),
}

LABELS = Labels(
    color="#0b4f8a",
    category="Kejuruan",
    look="Lihat Pelatihan",
    buy="Daftar Pelatihan",
    terms="Pendaftaran",
    order="Pilih Pembayaran",
    pay="Lanjutkan",
    paid="Pembayaran lunas",
    history="Pelatihan Saya",
    detail="Detail Tagihan",
)
"""What the buttons of its pages say is not known; simulated."""

OTHERWISE = Message("")
"""For every reason without words of its own; its text is passed on."""
VOUCHERS = {
    Reason.VOUCHER_UNKNOWN: Message("Voucher tidak ditemukan.", 404),
    Reason.VOUCHER_USED: Message("Voucher sudah ditukarkan."),
    Reason.VOUCHER_CANCELLED: Message("Voucher sudah dibatalkan.", 410),
    Reason.VOUCHER_LOCKED: Message("Dana voucher ini sedang dikembalikan.", 409),
    Reason.VOUCHER_EXPIRED: Message("Voucher sudah kedaluwarsa.", 410),
    Reason.VOUCHER_OF_OTHER_INSTITUTION: Message("Voucher ini untuk lembaga pelatihan lain.", 403),
}

HTTP = {
    401: Message(UNAUTHENTICATED, 401),
    404: Message("Halaman tidak ditemukan.", 404),
    405: Message("Metode tidak diizinkan.", 405),
    413: Message("Data terlalu besar.", 413),
    415: Message("Data terkompresi tidak didukung.", 415),
    429: Message("Terlalu banyak permintaan. Coba lagi nanti.", 429),
    500: Message("Server Error", 500),
    503: Message("Service Unavailable", 503),
}
