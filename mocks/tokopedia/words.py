"""Tokopedia's messages: one code and one text a refusal, in five envelopes.

The codes of paying are those of the reference (marketplaces 1.7); the others follow the same
documented grammar, MODULE_LAYER_nnn, and are inferred like all texts.  The envelope follows from
the path: each of the site's surfaces has one of its own.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from prakerja_sim.mocks.http.face import Environ, Malformed, Reply
from prakerja_sim.mocks.shop.pages.labels import Labels
from prakerja_sim.mocks.shop.passed_on import worded
from prakerja_sim.simulator.values.errors import Reason, Rejected


class Message(NamedTuple):
    """A refusal in the site's words."""

    code: str
    text: str
    status: int = 400


UNFINISHED = "Selesaikan pelatihan sebelumnya terlebih dahulu, dan pilih pelatihan yang belum pernah dibeli."
"""For a training begun and for one bought before: Prakerja has one code for both."""
SAYS = {
    # The account.
    Reason.CODE_WRONG: Message("OTP_USC_001", "Kode verifikasi salah."),
    Reason.CODE_EXPIRED: Message("OTP_USC_002", "Kode verifikasi sudah kedaluwarsa."),
    Reason.CODE_TRIES_EXHAUSTED: Message("OTP_USC_003", "Terlalu banyak percobaan. Minta kode baru."),
    Reason.PHONE_UNKNOWN: Message("OTP_USC_004", "Nomor handphone belum terdaftar."),
    # Cart and order.
    Reason.PHONE_UNVERIFIED: Message("RCG_USC_001", "Nomor handphone belum terverifikasi."),
    Reason.COURSE_UNKNOWN: Message("RCG_USC_002", "Kursus tidak ditemukan", 404),
    Reason.FILTER_UNKNOWN: Message("RCG_USC_009", "Lembaga pelatihan tidak ditemukan.", 404),
    Reason.CART_EMPTY: Message("RCG_USC_003", "Keranjang kosong.", 404),
    Reason.PROMO_UNKNOWN: Message("RCG_USC_004", "Kode promo tidak ditemukan"),
    Reason.AMOUNT_UNFIT: Message("RCG_USC_005", "Total tagihan berubah. Periksa kembali pesanan Anda."),
    Reason.ORDER_UNKNOWN: Message("RCG_USC_006", "Pesanan tidak ditemukan.", 404),
    Reason.ORDER_CLOSED: Message("RCG_USC_007", "Pesanan tidak dapat diproses pada status ini.", 410),
    # Paying with the card.
    Reason.CARD_MALFORMED: Message("PAY_DLV_001", "Nomor Kartu Prakerja harus 16 digit."),
    Reason.CARD_UNKNOWN: Message("PAY_USC_010", "Nomor Kartu Prakerja tidak ditemukan."),
    Reason.CARD_INACTIVE: Message(
        "PAY_USC_011", "Kartu Prakerja tidak aktif atau kepesertaan sudah dicabut."
    ),
    Reason.BALANCE_TOO_LOW: Message("PAY_USC_012", "Saldo pelatihan tidak mencukupi."),
    Reason.ACCOUNT_BOUND: Message("PAY_USC_013", "Akun ini sudah memakai Nomor Kartu Prakerja lain."),
    Reason.VIDEOS_NOT_WATCHED: Message(
        "PAY_USC_014", "Tonton dahulu video pengenalan di dashboard Prakerja."
    ),
    Reason.PREVIOUS_UNFINISHED: Message("PAY_USC_015", UNFINISHED),
    Reason.COURSE_BOUGHT_BEFORE: Message("PAY_USC_015", UNFINISHED),
    Reason.BALANCE_CLOSED: Message("PAY_USC_016", "Batas waktu penggunaan saldo pelatihan sudah lewat."),
    Reason.AGE_UNFIT: Message("PAY_USC_017", "Usia Anda tidak memenuhi syarat kelas ini."),
    Reason.EDUCATION_UNFIT: Message("PAY_USC_018", "Pendidikan Anda tidak memenuhi syarat kelas ini."),
    Reason.OTP_WRONG: Message("PAY_USC_030", "Kode OTP salah."),
    Reason.OTP_EXPIRED: Message("PAY_USC_031", "Kode OTP sudah kedaluwarsa. Minta kode baru."),
    Reason.OTP_TRIES_EXHAUSTED: Message("PAY_USC_032", "Terlalu banyak kode OTP salah. Ulangi pembayaran."),
    Reason.OTP_TOO_SOON: Message(
        "PAY_USC_033", "Belum dapat meminta kode OTP lagi. Coba beberapa saat lagi."
    ),
    Reason.OTP_REQUESTS_EXHAUSTED: Message(
        "PAY_USC_033", "Belum dapat meminta kode OTP lagi. Coba beberapa saat lagi."
    ),
    Reason.TOKEN_UNKNOWN: Message("PAY_USC_034", "Sesi pembayaran tidak berlaku lagi. Ulangi pembayaran."),
    Reason.INVOICE_USED: Message("PAY_USC_035", "Tagihan ini sudah pernah dibayar."),
    Reason.PAYMENT_UNKNOWN: Message("PAY_USC_036", "Pembayaran tidak ditemukan di Prakerja."),
    Reason.VOID_AFTER_REDEEM: Message("PAY_USC_037", "Pembelian tidak dapat dibatalkan, kode sudah dipakai."),
    Reason.QUOTA_EXHAUSTED: Message("PAY_USC_040", "Gagal melakukan Booking Quota"),
    Reason.SCHEDULE_UNKNOWN: Message("PAY_USC_041", "Jadwal kelas tidak ditemukan."),
    Reason.SCHEDULE_OF_OTHER_COURSE: Message("PAY_USC_042", "Jadwal tidak sesuai dengan kelas."),
    Reason.COURSE_STARTED: Message("PAY_USC_043", "Kelas sudah dimulai."),
    Reason.NO_REPLY: Message("PAY_USC_050", "Pembayaran sedang diproses. Periksa riwayat transaksi Anda."),
    Reason.SERVICE_UNAVAILABLE: Message(
        "PAY_USC_020", "Layanan Prakerja sedang bermasalah. Coba lagi nanti."
    ),
    # Webhooks.
    Reason.WEBHOOK_TARGET_REFUSED: Message("OPENAPI_DLV_001", "The URL is not allowed."),
    Reason.WEBHOOK_UNKNOWN: Message("OPENAPI_DB_003", "Data Not Found", 404),
    Reason.WEBHOOK_NOT_SO: Message("OPENAPI_DLV_002", "The notification is still on its way."),
    # Afterwards.
    Reason.VOUCHER_USED: Message("CMP_USC_001", "Voucher sudah dipakai, dana tidak dapat dikembalikan."),
    Reason.VOUCHER_EXPIRED: Message(
        "CMP_USC_002", "Voucher sudah kedaluwarsa, dana tidak dapat dikembalikan."
    ),
    Reason.VOUCHER_CANCELLED: Message("CMP_USC_003", "Voucher sudah dibatalkan."),
    Reason.REFUND_NOT_OFFERED: Message("CMP_USC_004", "Pengembalian dana tidak tersedia untuk pesanan ini."),
    Reason.REFUND_TOO_LATE: Message("CMP_USC_005", "Batas waktu pengembalian dana sudah lewat."),
    Reason.REFUND_ASKED: Message("CMP_USC_006", "Pengembalian dana sedang diproses."),
    Reason.TICKET_UNKNOWN: Message("CMP_USC_007", "Keluhan tidak ditemukan.", 404),
    Reason.TICKET_OPEN: Message("CMP_USC_008", "Keluhan masih diproses."),
    Reason.MAIL_TOO_SOON: Message("RCG_USC_008", "E-mail baru saja dikirim. Coba lagi setelah 60 detik."),
    Reason.REVIEW_TOO_EARLY: Message("REV_USC_001", "Ulasan dapat ditulis setelah voucher dipakai."),
    Reason.ALREADY_REVIEWED: Message("REV_USC_002", "Ulasan untuk pesanan ini sudah ada."),
}
LABELS = Labels(
    color="#0a7d33",
    category="Kategori Pelatihan",
    institution="Lembaga Pelatihan",
    redeeming="Cara menukarkan kode voucher",
    terms="Keranjang",
    order="Lanjut ke Pembayaran",
    pay="Verifikasi melalui SMS",
    resend="Kirim ulang",
    history="Histori Transaksi Top Up dan Tagihan",
    support="Tokopedia Care",
)
"""The article's steps T1 to T11 name them, except the buttons between two steps, which are simulated."""

OTHERWISE = Message("PAY_USC_099", "")
"""For every reason without words of its own; its text is passed on."""

VOUCHER_CODES = {
    Reason.VOUCHER_UNKNOWN: ("12", "Transaction not found"),
    Reason.VOUCHER_USED: ("13", "Voucher already redeemed"),
    Reason.VOUCHER_CANCELLED: ("11", "Voucher is void"),
    Reason.VOUCHER_LOCKED: ("01", "Voucher is being refunded"),
    Reason.VOUCHER_EXPIRED: ("11", "Voucher is expired"),
    Reason.VOUCHER_OF_OTHER_INSTITUTION: ("44", "Voucher is for another product"),
}
"""The messages to an institution about a voucher, with the suppliers' response codes."""

TOO_LARGE, ENCODED = 413, 415
"""The refusals for which the body is not read."""

SUCCEEDED = {"process_time": 0, "messages": "Your request has been processed successfully"}


def message_of(refusal: Rejected) -> Message:
    """A refusal in the site's words."""
    return worded(SAYS, OTHERWISE, refusal)


def paid(data: Any) -> Reply:
    """An answer of the payment page."""
    return Reply({"header": SUCCEEDED, "data": data})


def _header(what: Message, reason: str = "") -> Reply:
    header = {
        "process_time": 0,
        "messages": what.text,
        "reason": reason or what.text,
        "error_code": what.code,
    }
    return Reply({"header": header, "data": None}, what.status)


def _errors(what: Message, reason: str = "") -> Reply:
    error = {"status": str(what.status), "code": what.code, "title": what.text}
    return Reply({"errors": [error | ({"detail": reason} if reason else {})]}, what.status)


def _graphql(what: Message, reason: str = "") -> Reply:
    error = {"message": reason or what.text, "extensions": {"code": what.code}}
    return Reply({"errors": [error], "data": None}, what.status)


def _oauth(what: Message, reason: str = "") -> Reply:
    errors = {401: "invalid_client", 400: "invalid_request", 500: "server_error"}
    error = errors.get(what.status, "invalid_request")
    return Reply({"error": error, "error_description": reason or what.text}, what.status)


def _supplier(what: Message, reason: str = "") -> Reply:
    code = {400: "42", 401: "31"}.get(what.status, "02")
    return Reply({"response_code": code, "message": reason or what.text}, what.status)


def _older(what: Message, reason: str = "") -> Reply:
    texts = {400: "400 Bad Request", 401: "401 Unauthorized", 404: "404 Not Found"}
    status = texts.get(what.status, str(what.status))
    return Reply({"data": None, "status": status, "error_message": [reason or what.text]}, what.status)


_ENVELOPES: Mapping[str, Callable[..., Reply]] = {
    "gql": _graphql,
    "graphql": _graphql,
    "pulsa": _errors,
    "v1.4": _errors,
    "accounts": _oauth,
    "token": _oauth,
    "partner": _supplier,
    "fs": _older,
    "v1": _older,
}


def refusal(what: Message, reason: str = "", surface: str = "pay") -> Reply:
    """A refusal in the envelope of a surface: the first part of its paths."""
    return _ENVELOPES.get(surface, _header)(what, reason)


class Words:
    """Tokopedia's envelopes for every refusal, by the surface of the request."""

    def __init__(self, environ: Environ | None = None) -> None:
        environ = environ or {}
        self._surface = environ.get("PATH_INFO", "/pay")[1:].partition("/")[0]
        self._mirrored = environ.get("sim.body", b"").lstrip()[:1] == b"["

    def _refusal(self, what: Message, reason: str = "") -> Reply:
        reply = refusal(what, reason, self._surface)
        if self._mirrored and _ENVELOPES.get(self._surface) is _graphql:  # an array is answered by an array
            return Reply([reply.body], reply.status)
        return reply

    def refused(self, refused: Rejected) -> Reply:
        """A reason in the site's code and text."""
        return self._refusal(message_of(refused))

    def malformed(self, problem: Malformed) -> Reply:
        """The documented text, and where the request is wrong."""
        text = "Your request format or parameters have some problem."
        return self._refusal(Message("REQ_DLV_001", text), str(problem))

    def unauthorized(self) -> Reply:
        """The same answer for a missing login, a wrong login and a wrong signature."""
        return self._refusal(Message("ACC_MDLW_001", "Silakan masuk terlebih dahulu.", 401))

    def unknown(self, status: int) -> Reply:
        """An unknown path, a wrong method, or a request that is too large."""
        texts = {
            404: "Data Not Found",
            405: "Method Not Allowed",
            TOO_LARGE: "Request Entity Too Large",
            ENCODED: "Unsupported Media Type",
            429: "Too Many Requests",
        }
        if status == 503:
            text = "Our server is temporarily unavailable, please try again later"
            return self._refusal(Message("SRV_MDLW_503", text, 503))
        return self._refusal(Message(f"REQ_MDLW_{status}", texts[status], status))

    def broken(self) -> Reply:
        """Our own bug."""
        text = "Our server encounters an error, please try again later"
        return self._refusal(Message("SRV_MDLW_500", text, 500))
