"""Pijar's messages: one plain envelope for everything, with a code and an Indonesian text a refusal.

No API of this site is public: envelope and codes follow the plain JSON that the reference
proposes (marketplaces 3); the texts of paying are those seen on the programme's other sites.
"""

from typing import NamedTuple

from prakerja_sim.mocks.shop.pages.labels import Labels
from prakerja_sim.simulator.values.errors import Reason


class Message(NamedTuple):
    """A refusal: code, text and status."""

    code: str
    text: str
    status: int = 400


UNFINISHED = "Selesaikan pelatihan sebelumnya terlebih dahulu, dan pilih pelatihan yang belum pernah dibeli."
"""For a training begun and for one bought before: Prakerja has one code for both."""
SAYS = {
    # The account.
    Reason.PHONE_TAKEN: Message("ERR_PHONE_USED", "Nomor HP sudah terdaftar. Silakan masuk dengan OTP.", 409),
    Reason.EMAIL_TAKEN: Message("ERR_EMAIL_USED", "E-mail sudah digunakan.", 409),
    Reason.PHONE_UNKNOWN: Message("ERR_PHONE_UNKNOWN", "Nomor HP belum terdaftar.", 404),
    Reason.CODE_WRONG: Message("ERR_OTP_WRONG", "Kode OTP salah."),
    Reason.CODE_EXPIRED: Message("ERR_OTP_EXPIRED", "Kode OTP sudah kedaluwarsa."),
    Reason.CODE_TRIES_EXHAUSTED: Message("ERR_OTP_LOCKED", "Terlalu banyak percobaan. Minta kode baru.", 429),
    Reason.PHONE_UNVERIFIED: Message(
        "ERR_PHONE_UNVERIFIED", "Verifikasi nomor HP Anda terlebih dahulu.", 403
    ),
    Reason.LOGIN_REFUSED: Message("ERR_LOGIN", "E-mail atau kata sandi salah.", 401),
    Reason.ACCOUNT_UNKNOWN: Message("ERR_ACCOUNT_NOT_FOUND", "Akun tidak ditemukan.", 404),
    # Class and order.
    Reason.COURSE_UNKNOWN: Message("ERR_CLASS_NOT_FOUND", "Kelas tidak ditemukan.", 404),
    Reason.FILTER_UNKNOWN: Message("ERR_FILTER", "Kategori atau lembaga pelatihan tidak ditemukan.", 422),
    Reason.SCHEDULE_OF_OTHER_COURSE: Message("ERR_SCHEDULE", "Jadwal tidak sesuai dengan kelas."),
    Reason.SCHEDULE_UNKNOWN: Message("ERR_SCHEDULE", "Jadwal tidak sesuai dengan kelas."),
    Reason.PROMO_UNKNOWN: Message("ERR_PROMO", "Kode promo tidak dapat digunakan.", 422),
    Reason.QUOTA_EXHAUSTED: Message("ERR_QUOTA", "Gagal melakukan Booking Quota", 409),
    Reason.ORDER_UNKNOWN: Message("ERR_ORDER_NOT_FOUND", "Pesanan tidak ditemukan.", 404),
    Reason.ORDER_CLOSED: Message("ERR_ORDER_STATUS", "Pesanan tidak dapat diproses pada status ini.", 409),
    # Paying with the card.
    Reason.CARD_MALFORMED: Message(
        "ERR_CARD_FORMAT", "Pastikan sesuai dengan nomor Prakerja Anda (16 digit)", 422
    ),
    Reason.CARD_UNKNOWN: Message("ERR_CARD_NOT_FOUND", "Nomor Kartu Prakerja tidak ditemukan."),
    Reason.CARD_INACTIVE: Message("ERR_CARD_INACTIVE", "Kartu Prakerja Anda sudah tidak aktif."),
    Reason.BALANCE_TOO_LOW: Message("ERR_BALANCE", "Saldo pelatihan Anda tidak mencukupi."),
    Reason.BALANCE_CLOSED: Message(
        "ERR_BALANCE_CLOSED", "Batas waktu pemakaian saldo pelatihan sudah lewat."
    ),
    Reason.ACCOUNT_BOUND: Message("ERR_ACCOUNT_BOUND", "Akun Pijar ini sudah memakai kartu lain.", 409),
    Reason.VIDEOS_NOT_WATCHED: Message("ERR_VIDEOS", "Tonton dahulu video pengenalan di dashboard Prakerja."),
    Reason.PREVIOUS_UNFINISHED: Message("ERR_PREVIOUS_CLASS", UNFINISHED),
    Reason.COURSE_BOUGHT_BEFORE: Message("ERR_PREVIOUS_CLASS", UNFINISHED),
    Reason.AGE_UNFIT: Message("ERR_AGE", "Usia Anda tidak memenuhi syarat kelas ini."),
    Reason.EDUCATION_UNFIT: Message("ERR_EDUCATION", "Pendidikan Anda tidak memenuhi syarat kelas ini."),
    Reason.COURSE_STARTED: Message("ERR_CLASS_STARTED", "Kelas sudah dimulai."),
    Reason.OTP_WRONG: Message("ERR_PAYMENT_OTP_WRONG", "Kode OTP Prakerja salah."),
    Reason.OTP_EXPIRED: Message(
        "ERR_PAYMENT_OTP_EXPIRED", "Kode OTP Prakerja sudah kedaluwarsa. Kirim ulang OTP."
    ),
    Reason.OTP_TRIES_EXHAUSTED: Message(
        "ERR_PAYMENT_OTP_LOCKED", "Terlalu banyak OTP salah. Kirim ulang OTP."
    ),
    Reason.OTP_TOO_SOON: Message("ERR_PAYMENT_OTP_WAIT", "OTP baru saja dikirim. Tunggu sebentar.", 429),
    Reason.OTP_REQUESTS_EXHAUSTED: Message(
        "ERR_PAYMENT_OTP_WAIT", "OTP baru saja dikirim. Tunggu sebentar.", 429
    ),
    Reason.TOKEN_UNKNOWN: Message("ERR_PAYMENT_SESSION", "Sesi pembayaran berakhir. Kirim ulang OTP."),
    Reason.INVOICE_USED: Message("ERR_PAYMENT_TWICE", "Tagihan ini sudah pernah dibayar.", 409),
    Reason.PAYMENT_UNKNOWN: Message("ERR_PAYMENT_UNKNOWN", "Pembayaran tidak ditemukan di Prakerja."),
    Reason.NO_REPLY: Message(
        "ERR_PRAKERJA_TIMEOUT", "Prakerja belum menjawab. Periksa status pesanan Anda.", 504
    ),
    Reason.SERVICE_UNAVAILABLE: Message(
        "ERR_PRAKERJA", "Layanan Prakerja sedang bermasalah. Coba lagi.", 502
    ),
    # Afterwards.
    Reason.MAIL_TOO_SOON: Message(
        "ERR_MAIL_WAIT", "E-mail baru saja dikirim. Coba lagi setelah 60 detik.", 429
    ),
    Reason.VOUCHER_USED: Message(
        "ERR_CLASS_BEGUN", "Kelas sudah dibuka, dana tidak dapat dikembalikan.", 409
    ),
    Reason.VOUCHER_EXPIRED: Message(
        "ERR_CLASS_OVER", "Masa kelas sudah lewat, dana tidak dapat dikembalikan.", 409
    ),
    Reason.VOID_AFTER_REDEEM: Message(
        "ERR_CLASS_BEGUN", "Kelas sudah dibuka, dana tidak dapat dikembalikan.", 409
    ),
    Reason.VOUCHER_CANCELLED: Message(
        "ERR_ORDER_STATUS", "Pesanan tidak dapat diproses pada status ini.", 409
    ),
    Reason.REFUND_NOT_OFFERED: Message("ERR_REFUND", "Pembelian ini tidak dapat dikembalikan.", 409),
    Reason.REFUND_TOO_LATE: Message("ERR_REFUND_LATE", "Batas waktu pengembalian dana sudah lewat.", 409),
    Reason.REFUND_ASKED: Message("ERR_REFUND_TWICE", "Pengembalian dana sudah diajukan.", 409),
    Reason.TICKET_UNKNOWN: Message("ERR_TICKET_NOT_FOUND", "Keluhan tidak ditemukan.", 404),
    Reason.TICKET_OPEN: Message("ERR_TICKET_OPEN", "Keluhan ini masih diproses.", 409),
    Reason.REVIEW_TOO_EARLY: Message("ERR_REVIEW_EARLY", "Mulai belajar dahulu sebelum memberi ulasan.", 409),
    Reason.ALREADY_REVIEWED: Message("ERR_REVIEW_TWICE", "Anda sudah memberi ulasan untuk kelas ini.", 409),
    Reason.COURSE_NOT_HOSTED: Message(
        "ERR_NOT_SELF_HOSTED", "Kelas ini dibuka di situs lembaga dengan kode voucher.", 409
    ),
    Reason.NAME_DIFFERS: Message("ERR_NAME", "Nama peserta tidak sesuai dengan akun Prakerja.", 409),
    Reason.TOO_LATE_TO_FINISH: Message("ERR_TOO_LATE", "Batas waktu penyelesaian sudah berakhir.", 409),
}

LABELS = Labels(
    color="#b3261e",
    curriculum="Silabus",
    buy="Beli Sekarang",
    order="Pilih Metode Pembayaran",
    pay="Kirim OTP",
    resend="Kirim OTP lagi",
    paid="Pembayaran Berhasil",
    history="Pesanan Saya",
    start="Mulai Belajar",
)
"""The buttons "Beli Sekarang", "Kirim OTP", "Mulai Belajar" and the text after paying were seen."""

OTHERWISE = Message("ERR_REFUSED", "")
"""For every reason without words of its own; its text is passed on."""
VOUCHERS = {
    Reason.VOUCHER_UNKNOWN: Message("ERR_VOUCHER_NOT_FOUND", "Kode voucher tidak ditemukan.", 404),
    Reason.VOUCHER_USED: Message("ERR_VOUCHER_USED", "Kode voucher sudah digunakan.", 409),
    Reason.VOUCHER_CANCELLED: Message("ERR_VOUCHER_VOID", "Kode voucher sudah dibatalkan.", 410),
    Reason.VOUCHER_LOCKED: Message("ERR_VOUCHER_REFUND", "Dana kode voucher ini sedang dikembalikan.", 409),
    Reason.VOUCHER_EXPIRED: Message("ERR_VOUCHER_EXPIRED", "Kode voucher sudah kedaluwarsa.", 410),
    Reason.VOUCHER_OF_OTHER_INSTITUTION: Message(
        "ERR_VOUCHER_PARTNER", "Kode voucher milik lembaga pelatihan lain.", 403
    ),
}

INVALID = Message("ERR_VALIDATION", "Data yang dikirim tidak sesuai.", 422)
HTTP = {
    401: Message("ERR_UNAUTHORIZED", "Silakan masuk terlebih dahulu.", 401),
    404: Message("ERR_HTTP_404", "Halaman tidak ditemukan.", 404),
    405: Message("ERR_HTTP_405", "Metode tidak didukung.", 405),
    413: Message("ERR_HTTP_413", "Data terlalu besar.", 413),
    415: Message("ERR_HTTP_415", "Data terkompresi tidak didukung.", 415),
    429: Message("ERR_HTTP_429", "Terlalu banyak permintaan. Coba lagi nanti.", 429),
    500: Message("ERR_SERVER", "Terjadi kesalahan pada server.", 500),
    503: Message("ERR_HTTP_503", "Layanan sedang tidak tersedia. Coba lagi nanti.", 503),
}
