"""What Karier.mu says: `{status, data, message}` for everything, with the strings seen on its pages.

The envelope was seen; the texts of the card, of the lost seat and of a used code too.  There are no
codes.  The other texts are simulated (marketplaces 5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prakerja_sim.mocks.http.face import Environ, Malformed, Reply
from prakerja_sim.mocks.shop.buyer import Marketplace
from prakerja_sim.simulator.marketplace.refunds import Asker, Refunds
from prakerja_sim.simulator.programme.complaints import Care
from prakerja_sim.simulator.values.errors import Reason, Rejected

MARKETPLACE = Marketplace("kariermu", "Karier.mu")
REFUNDS = Refunds(frozenset({Asker.BUYER, Asker.ORGANISER}))
"""Money comes back until the voucher is used (limits unknown; simulated)."""
CARE = Care("WA 0813 1579 2171", take_up=timedelta(hours=4), answer=timedelta(days=2))
"""The number is published (2021), the times simulated."""


@dataclass(frozen=True, slots=True)
class Said:
    """A refusal in the site's words."""

    text: str
    status: int = 400


UNFINISHED = Said("Selesaikan program Prakerja sebelumnya terlebih dahulu")
WAIT = Said("Tunggu sebentar sebelum meminta kode OTP lagi", 429)
BEGUN = Said("Voucher sudah ditukarkan, dana tidak dapat dikembalikan", 409)
CLOSED = Said("Transaksi tidak dapat diproses pada status ini", 409)
SAYS: Mapping[Reason, Said] = {
    # The account.
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

REJECTIONS: Mapping[Reason, str] = {reason: said.text for reason, said in SAYS.items()}
"""This site has no codes: what a buyer reads is all there is to tell refusals apart."""

OTHERWISE = SAYS[Reason.SERVICE_UNAVAILABLE]

VOUCHERS: Mapping[Reason, Said] = {
    Reason.VOUCHER_UNKNOWN: Said("Voucher tidak ditemukan", 404),
    Reason.VOUCHER_USED: Said("Voucher sudah digunakan", 409),
    Reason.VOUCHER_CANCELLED: Said("Voucher sudah dibatalkan", 410),
    Reason.VOUCHER_EXPIRED: Said("Voucher sudah kedaluwarsa", 410),
    Reason.VOUCHER_OF_OTHER_INSTITUTION: Said("Voucher bukan milik lembaga pelatihan", 403),
}
"""What an institution is told about a voucher, in place of what a buyer is told."""


def answer(data: Any, message: str = "success", status: int = 200, **more: Any) -> Reply:
    """An answer in the site's envelope, whose status is that of HTTP."""
    return Reply({"status": status, "data": data, **more, "message": message}, status)


def refusal(what: Said, data: Any = None) -> Reply:
    """A refusal in the site's envelope."""
    return answer(data, what.text, what.status)


class Words:
    """Karier.mu's envelope for everything that goes wrong."""

    def __init__(self, environ: Environ | None = None) -> None:
        path = (environ or {}).get("PATH_INFO", "")
        self._says = {**SAYS, **VOUCHERS} if path.startswith("/partner/") else SAYS

    def refused(self, refused: Rejected) -> Reply:
        """A reason in the site's text."""
        return refusal(self._says.get(refused.reason, OTHERWISE))

    def malformed(self, problem: Malformed) -> Reply:
        """Where the request is wrong."""
        return refusal(Said(f"Data tidak sesuai: {problem}", 422))

    def unauthorized(self) -> Reply:
        """One answer for no token, a wrong one and a wrong signature."""
        return refusal(Said("Silakan masuk terlebih dahulu", 401))

    def unknown(self, status: int) -> Reply:
        """Paths, methods and sizes."""
        texts = {
            404: "Halaman tidak ditemukan",
            405: "Metode tidak didukung",
            413: "Data terlalu besar",
            429: "Terlalu banyak permintaan, coba lagi nanti",
        }
        return refusal(Said(texts[status], status))

    def broken(self) -> Reply:
        """Our own bug."""
        return refusal(Said("Terjadi kesalahan pada server", 500))
