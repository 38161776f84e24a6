"""Karier.mu's messages: `{status, data, message}` for everything, with the strings seen on its pages.

The envelope was seen; the texts of the card, of the lost seat and of a used code too.  There are no
codes.  The other texts are simulated (marketplaces 5).
"""

from typing import NamedTuple

from prakerja_sim.mocks.shop.pages.labels import Labels
from prakerja_sim.simulator.values.errors import Reason


class Message(NamedTuple):
    """What this site says when it refuses."""

    text: str
    status: int = 400


UNFINISHED = Message(
    "Selesaikan program Prakerja sebelumnya terlebih dahulu, dan pilih program yang belum pernah dibeli"
)
"""For a training begun and for one bought before: Prakerja has one code for both."""
WAIT = Message("Tunggu sebentar sebelum meminta kode OTP lagi", 429)
BEGUN = Message("Voucher sudah ditukarkan, dana tidak dapat dikembalikan", 409)
CLOSED = Message("Transaksi tidak dapat diproses pada status ini", 409)
SAYS = {
    # The account.
    Reason.PHONE_TAKEN: Message("Nomor ponsel sudah terdaftar", 409),
    Reason.EMAIL_TAKEN: Message("Email sudah terdaftar", 409),
    Reason.LOGIN_REFUSED: Message("Email atau password salah", 401),
    Reason.ACCOUNT_UNKNOWN: Message("Akun tidak ditemukan", 404),
    Reason.CODE_WRONG: Message("Kode verifikasi salah"),
    Reason.CODE_EXPIRED: Message("Kode verifikasi kedaluwarsa"),
    Reason.CODE_TRIES_EXHAUSTED: Message("Terlalu banyak percobaan, minta kode verifikasi baru", 429),
    Reason.PHONE_UNVERIFIED: Message("Nomor ponsel belum terverifikasi", 403),
    # Program and order.
    Reason.COURSE_UNKNOWN: Message("Program tidak ditemukan", 404),
    Reason.FILTER_UNKNOWN: Message("Kategori atau lembaga pelatihan tidak ditemukan", 422),
    Reason.SCHEDULE_OF_OTHER_COURSE: Message("Jadwal tidak tersedia untuk program ini"),
    Reason.SCHEDULE_UNKNOWN: Message("Jadwal tidak tersedia untuk program ini"),
    Reason.PROMO_UNKNOWN: Message("Kode promo tidak dapat digunakan"),
    Reason.QUOTA_EXHAUSTED: Message("Gagal melakukan Booking Quota", 409),
    Reason.ORDER_UNKNOWN: Message("Transaksi tidak ditemukan", 404),
    Reason.ORDER_CLOSED: CLOSED,
    # Paying with the card.
    Reason.CARD_MALFORMED: Message("Pastikan sesuai dengan nomor Prakerja Anda (16 digit)"),
    Reason.CARD_UNKNOWN: Message("Nomor Kartu Prakerja tidak ditemukan"),
    Reason.CARD_INACTIVE: Message("Kartu Prakerja sudah tidak aktif"),
    Reason.BALANCE_TOO_LOW: Message("Saldo Prakerja tidak mencukupi"),
    Reason.BALANCE_CLOSED: Message("Batas waktu pembelian pelatihan sudah lewat"),
    Reason.ACCOUNT_BOUND: Message("Akun ini sudah memakai Nomor Kartu Prakerja lain", 409),
    Reason.VIDEOS_NOT_WATCHED: Message("Tonton video pengenalan di dashboard Prakerja terlebih dahulu"),
    Reason.PREVIOUS_UNFINISHED: UNFINISHED,
    Reason.COURSE_BOUGHT_BEFORE: UNFINISHED,
    Reason.AGE_UNFIT: Message("Usia tidak memenuhi syarat program"),
    Reason.EDUCATION_UNFIT: Message("Pendidikan tidak memenuhi syarat program"),
    Reason.COURSE_STARTED: Message("Program sudah dimulai"),
    Reason.OTP_WRONG: Message("Kode OTP salah"),
    Reason.OTP_EXPIRED: Message("Kode OTP kedaluwarsa"),
    Reason.OTP_TRIES_EXHAUSTED: Message("Terlalu banyak kode OTP salah, ulangi pembayaran"),
    Reason.OTP_TOO_SOON: WAIT,
    Reason.OTP_REQUESTS_EXHAUSTED: WAIT,
    Reason.TOKEN_UNKNOWN: Message("Sesi pembayaran berakhir, ulangi pembayaran"),
    Reason.INVOICE_USED: Message("Invoice sudah pernah dibayar", 409),
    Reason.PAYMENT_UNKNOWN: Message("Pembayaran tidak ditemukan"),
    Reason.NO_REPLY: Message("Prakerja belum merespons, periksa transaksi Anda", 504),
    Reason.SERVICE_UNAVAILABLE: Message("Layanan Prakerja sedang gangguan", 502),
    # Afterwards.
    Reason.MAIL_TOO_SOON: Message("Email baru saja dikirim, coba lagi setelah 60 detik", 429),
    Reason.VOUCHER_USED: BEGUN,
    Reason.VOID_AFTER_REDEEM: BEGUN,
    Reason.VOUCHER_EXPIRED: Message("Masa berlaku voucher sudah lewat", 409),
    Reason.VOUCHER_CANCELLED: CLOSED,
    Reason.REFUND_NOT_OFFERED: Message("Dana tidak dapat dikembalikan untuk transaksi ini", 409),
    Reason.REFUND_TOO_LATE: Message("Batas waktu pengembalian dana sudah lewat", 409),
    Reason.REFUND_ASKED: Message("Pengembalian dana sudah diajukan", 409),
    Reason.TICKET_UNKNOWN: Message("Keluhan tidak ditemukan", 404),
    Reason.TICKET_OPEN: Message("Keluhan masih diproses", 409),
    Reason.REVIEW_TOO_EARLY: Message("Ulasan dapat diisi setelah program dimulai", 409),
    Reason.ALREADY_REVIEWED: Message("Ulasan sudah diisi", 409),
    Reason.NAME_DIFFERS: Message("Nama peserta tidak sesuai dengan akun Prakerja", 409),
    Reason.TOO_LATE_TO_FINISH: Message("Batas waktu penyelesaian sudah lewat", 409),
}

LABELS = Labels(
    color="#5b3aa8",
    curriculum="Aktivitas",
    look="Lihat Program",
    buy="Pilih Jadwal",
    terms="Informasi pembayaran",
    order="Bayar dengan Kartu Prakerja",
    methods="",
    card="Nomor Kartu Prakerja",
    pay="Lanjutkan Pembayaran",
    paid="Pembayaran berhasil",
    history="Transaksi",
    detail="Lihat Invoice",
    redeem="Redeem Kode",
)
"""The labels of the card, of its button and of the pages before and after were seen, the others simulated."""

OTHERWISE = Message("")
"""For every reason without words of its own; its text is passed on."""
VOUCHERS = {
    Reason.VOUCHER_UNKNOWN: Message("Voucher tidak ditemukan", 404),
    Reason.VOUCHER_USED: Message("Voucher sudah digunakan", 409),
    Reason.VOUCHER_CANCELLED: Message("Voucher sudah dibatalkan", 410),
    Reason.VOUCHER_LOCKED: Message("Dana voucher sedang dikembalikan", 409),
    Reason.VOUCHER_EXPIRED: Message("Voucher sudah kedaluwarsa", 410),
    Reason.VOUCHER_OF_OTHER_INSTITUTION: Message("Voucher bukan milik lembaga pelatihan", 403),
}

HTTP = {
    401: Message("Silakan masuk terlebih dahulu", 401),
    404: Message("Halaman tidak ditemukan", 404),
    405: Message("Metode tidak didukung", 405),
    413: Message("Data terlalu besar", 413),
    415: Message("Data terkompresi tidak didukung", 415),
    429: Message("Terlalu banyak permintaan, coba lagi nanti", 429),
    500: Message("Terjadi kesalahan pada server", 500),
    503: Message("Layanan sedang tidak tersedia, coba lagi nanti", 503),
}
