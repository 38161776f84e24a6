"""What Karier.mu says: `{status, data, message}` for everything, with the strings seen on its pages.

The envelope was seen; the texts of the card, of the lost seat and of a used code too.  There are no
codes.  The other texts are simulated (marketplaces 5).
"""

from typing import NamedTuple

from prakerja_sim.simulator.values.errors import Reason


class Said(NamedTuple):
    """What this site says when it refuses."""

    text: str
    status: int = 400


UNFINISHED = Said("Selesaikan program Prakerja sebelumnya terlebih dahulu")
WAIT = Said("Tunggu sebentar sebelum meminta kode OTP lagi", 429)
BEGUN = Said("Voucher sudah ditukarkan, dana tidak dapat dikembalikan", 409)
CLOSED = Said("Transaksi tidak dapat diproses pada status ini", 409)
SAYS = {
    # The account.
    Reason.PHONE_TAKEN: Said("Nomor ponsel sudah terdaftar", 409),
    Reason.EMAIL_TAKEN: Said("Email sudah terdaftar", 409),
    Reason.LOGIN_REFUSED: Said("Email atau password salah", 401),
    Reason.ACCOUNT_UNKNOWN: Said("Akun tidak ditemukan", 404),
    Reason.CODE_WRONG: Said("Kode verifikasi salah"),
    Reason.CODE_EXPIRED: Said("Kode verifikasi kedaluwarsa"),
    Reason.CODE_TRIES_EXHAUSTED: Said("Terlalu banyak percobaan, minta kode verifikasi baru", 429),
    Reason.PHONE_UNVERIFIED: Said("Nomor ponsel belum terverifikasi", 403),
    # Program and order.
    Reason.COURSE_UNKNOWN: Said("Program tidak ditemukan", 404),
    Reason.SCHEDULE_OF_OTHER_COURSE: Said("Jadwal tidak tersedia untuk program ini"),
    Reason.SCHEDULE_UNKNOWN: Said("Jadwal tidak tersedia untuk program ini"),
    Reason.PROMO_UNKNOWN: Said("Kode promo tidak dapat digunakan"),
    Reason.QUOTA_EXHAUSTED: Said("Gagal melakukan Booking Quota", 409),
    Reason.ORDER_UNKNOWN: Said("Transaksi tidak ditemukan", 404),
    Reason.ORDER_CLOSED: CLOSED,
    # Paying with the card.
    Reason.CARD_MALFORMED: Said("Pastikan sesuai dengan nomor Prakerja Anda (16 digit)"),
    Reason.CARD_UNKNOWN: Said("Nomor Kartu Prakerja tidak ditemukan"),
    Reason.CARD_INACTIVE: Said("Kartu Prakerja sudah tidak aktif"),
    Reason.BALANCE_TOO_LOW: Said("Saldo Prakerja tidak mencukupi"),
    Reason.BALANCE_CLOSED: Said("Batas waktu pembelian pelatihan sudah lewat"),
    Reason.ACCOUNT_BOUND: Said("Akun ini sudah memakai Nomor Kartu Prakerja lain", 409),
    Reason.VIDEOS_NOT_WATCHED: Said("Tonton video pengenalan di dashboard Prakerja terlebih dahulu"),
    Reason.PREVIOUS_UNFINISHED: UNFINISHED,
    Reason.COURSE_BOUGHT_BEFORE: UNFINISHED,
    Reason.AGE_UNFIT: Said("Usia tidak memenuhi syarat program"),
    Reason.EDUCATION_UNFIT: Said("Pendidikan tidak memenuhi syarat program"),
    Reason.COURSE_STARTED: Said("Program sudah dimulai"),
    Reason.OTP_WRONG: Said("Kode OTP salah"),
    Reason.OTP_EXPIRED: Said("Kode OTP kedaluwarsa"),
    Reason.OTP_TRIES_EXHAUSTED: Said("Terlalu banyak kode OTP salah, ulangi pembayaran"),
    Reason.OTP_TOO_SOON: WAIT,
    Reason.OTP_REQUESTS_EXHAUSTED: WAIT,
    Reason.TOKEN_UNKNOWN: Said("Sesi pembayaran berakhir, ulangi pembayaran"),
    Reason.INVOICE_USED: Said("Invoice sudah pernah dibayar", 409),
    Reason.PAYMENT_UNKNOWN: Said("Pembayaran tidak ditemukan"),
    Reason.NO_REPLY: Said("Prakerja belum merespons, periksa transaksi Anda", 504),
    Reason.SERVICE_UNAVAILABLE: Said("Layanan Prakerja sedang gangguan", 502),
    # Afterwards.
    Reason.MAIL_TOO_SOON: Said("Email baru saja dikirim, coba lagi setelah 60 detik", 429),
    Reason.VOUCHER_USED: BEGUN,
    Reason.VOID_AFTER_REDEEM: BEGUN,
    Reason.VOUCHER_EXPIRED: Said("Masa berlaku voucher sudah lewat", 409),
    Reason.VOUCHER_CANCELLED: CLOSED,
    Reason.REFUND_ASKED: Said("Pengembalian dana sudah diajukan", 409),
    Reason.TICKET_UNKNOWN: Said("Keluhan tidak ditemukan", 404),
    Reason.TICKET_OPEN: Said("Keluhan masih diproses", 409),
    Reason.REVIEW_TOO_EARLY: Said("Ulasan dapat diisi setelah program dimulai", 409),
    Reason.ALREADY_REVIEWED: Said("Ulasan sudah diisi", 409),
    Reason.NAME_DIFFERS: Said("Nama peserta tidak sesuai dengan akun Prakerja", 409),
    Reason.TOO_LATE_TO_FINISH: Said("Batas waktu penyelesaian sudah lewat", 409),
}

OTHERWISE = Said("")
"""For every reason without words of its own; its text is passed on."""
VOUCHERS = {
    Reason.VOUCHER_UNKNOWN: Said("Voucher tidak ditemukan", 404),
    Reason.VOUCHER_USED: Said("Voucher sudah digunakan", 409),
    Reason.VOUCHER_CANCELLED: Said("Voucher sudah dibatalkan", 410),
    Reason.VOUCHER_EXPIRED: Said("Voucher sudah kedaluwarsa", 410),
    Reason.VOUCHER_OF_OTHER_INSTITUTION: Said("Voucher bukan milik lembaga pelatihan", 403),
}

HTTP = {
    401: Said("Silakan masuk terlebih dahulu", 401),
    404: Said("Halaman tidak ditemukan", 404),
    405: Said("Metode tidak didukung", 405),
    413: Said("Data terlalu besar", 413),
    429: Said("Terlalu banyak permintaan, coba lagi nanti", 429),
    500: Said("Terjadi kesalahan pada server", 500),
}
