"""What Kemnaker says: Laravel's shapes, a text and no code; per field with 422, else one message.

The envelope `{data, meta}` and Laravel's lists were seen; how training was paid for there was never
published, so the texts of paying are simulated (marketplaces 4).
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

MARKETPLACE = Marketplace("kemnaker", "Kemnaker")
REFUNDS = Refunds(frozenset({Asker.ORGANISER}))
"""A state platform: what was bought stays bought, unless the class does not take place (simulated)."""
CARE = Care("021-508 16000", take_up=timedelta(days=1), answer=timedelta(days=5))
"""The number is published (2021), the times simulated."""
META = {"version": "1.0", "hostname": "api-simulasi", "client_ip": "127.0.0.1"}
"""What every answer carries (seen); the values are constants."""
INVALID = "The given data was invalid."
UNAUTHENTICATED = "Unauthenticated."


@dataclass(frozen=True, slots=True)
class Said:
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
SAYS: Mapping[Reason, Said] = {
    # The account.
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

REJECTIONS: Mapping[Reason, str] = {reason: said.text for reason, said in SAYS.items()}
"""This site has no codes: what a buyer reads is all there is to tell refusals apart."""

OTHERWISE = SAYS[Reason.SERVICE_UNAVAILABLE]

VOUCHERS: Mapping[Reason, Said] = {
    Reason.VOUCHER_UNKNOWN: Said("Voucher tidak ditemukan.", 404),
    Reason.VOUCHER_USED: Said("Voucher sudah ditukarkan."),
    Reason.VOUCHER_CANCELLED: Said("Voucher sudah dibatalkan.", 410),
    Reason.VOUCHER_EXPIRED: Said("Voucher sudah kedaluwarsa.", 410),
    Reason.VOUCHER_OF_OTHER_INSTITUTION: Said("Voucher ini untuk lembaga pelatihan lain.", 403),
}
"""What an institution is told about a voucher, in place of what a buyer is told."""


def answer(data: Any, status: int = 200) -> Reply:
    """An answer in the site's envelope."""
    return Reply({"data": data, "meta": META}, status)


def refusal(what: Said, data: Any = None) -> Reply:
    """A refusal, about a field or as a whole."""
    more = {"data": data} if data is not None else {}
    headers = {"Retry-After": "60"} if what.status == 429 else {}
    if what.field:
        return Reply({"message": INVALID, "errors": {what.field: [what.text]}, **more, "meta": META}, 422)
    return Reply({"message": what.text, **more, "meta": META}, what.status, headers)


class Words:
    """Kemnaker's envelope for everything that goes wrong."""

    def __init__(self, environ: Environ | None = None) -> None:
        path = (environ or {}).get("PATH_INFO", "")
        self._says = {**SAYS, **VOUCHERS} if "/partner/v1/" in path else SAYS

    def refused(self, refused: Rejected) -> Reply:
        """A reason in the site's text."""
        return refusal(self._says.get(refused.reason, OTHERWISE))

    def malformed(self, problem: Malformed) -> Reply:
        """Each field with what is wrong with it."""
        errors: dict[str, list[str]] = {}
        for one in problem.problems:
            field, _, told = one.partition(": ")
            name, what = (field, told) if told and " " not in field else ("body", one)
            errors.setdefault(name, []).append(f"Isian {name} tidak sesuai: {what}")
        return Reply({"message": INVALID, "errors": errors, "meta": META}, 422)

    def unauthorized(self) -> Reply:
        """One answer for no token and a wrong one (seen)."""
        return refusal(Said(UNAUTHENTICATED, 401))

    def unknown(self, status: int) -> Reply:
        """Paths, methods and sizes."""
        texts = {
            404: "Halaman tidak ditemukan.",
            405: "Metode tidak diizinkan.",
            413: "Data terlalu besar.",
            429: "Terlalu banyak permintaan. Coba lagi nanti.",
        }
        return refusal(Said(texts[status], status))

    def broken(self) -> Reply:
        """Our own bug."""
        return refusal(Said("Server Error", 500))
