"""Bukalapak's messages: one whole-number code and one text a refusal, in three envelopes.

The codes are those of the reference (marketplaces 2.4), continued in their grammar: HTTP status
and a running number.  The envelope follows from the path: v4 and partner paths have errors and
meta, v2 says ERROR with HTTP 200, the accounts host speaks OAuth.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from prakerja_sim.mocks.http.bodies import MalformedBody
from prakerja_sim.mocks.http.face import Environ, Malformed, Reply
from prakerja_sim.mocks.shop.pages.labels import Labels
from prakerja_sim.mocks.shop.passed_on import worded
from prakerja_sim.simulator.values.errors import Reason, Rejected


class Message(NamedTuple):
    """A refusal in the site's words; its code's first three digits are the HTTP status, but for OTPs."""

    code: int
    text: str
    status: int = 422


UNFINISHED = "Selesaikan pelatihan sebelumnya terlebih dahulu, dan pilih pelatihan yang belum pernah dibeli"
"""For a training begun and for one bought before: Prakerja has one code for both."""
SAYS = {
    # One-time codes, of the account and of the payment alike.
    Reason.CODE_WRONG: Message(10111, "Kode OTP salah"),
    Reason.OTP_WRONG: Message(10111, "Kode OTP salah"),
    Reason.CODE_EXPIRED: Message(10112, "Kode OTP kedaluwarsa"),
    Reason.OTP_EXPIRED: Message(10112, "Kode OTP kedaluwarsa"),
    Reason.CODE_TRIES_EXHAUSTED: Message(10113, "Terlalu banyak kode OTP salah. Minta kode baru.", 429),
    Reason.OTP_TRIES_EXHAUSTED: Message(10113, "Terlalu banyak kode OTP salah. Ulangi pembayaran.", 429),
    Reason.OTP_TOO_SOON: Message(10113, "Kode OTP baru saja dikirim. Coba beberapa saat lagi.", 429),
    Reason.OTP_REQUESTS_EXHAUSTED: Message(
        10113, "Permintaan kode OTP melebihi batas. Coba lagi nanti.", 429
    ),
    # The course and the order.
    Reason.COURSE_UNKNOWN: Message(40400, "Kursus tidak ditemukan", 404),
    Reason.ORDER_UNKNOWN: Message(40410, "Transaksi tidak ditemukan", 404),
    Reason.ACCOUNT_UNKNOWN: Message(40411, "Akun tidak ditemukan", 404),
    Reason.TICKET_UNKNOWN: Message(40412, "Keluhan tidak ditemukan", 404),
    Reason.FILTER_UNKNOWN: Message(42216, "Kategori atau penyedia kursus tidak ditemukan"),
    Reason.TERMS_NOT_ACCEPTED: Message(42210, "Setujui syarat dan ketentuan terlebih dahulu"),
    Reason.QUOTA_EXHAUSTED: Message(42211, "Kuota kursus sudah habis"),
    Reason.PHONE_UNVERIFIED: Message(42212, "Nomor handphone belum terverifikasi"),
    Reason.SCHEDULE_UNKNOWN: Message(42213, "Jadwal kursus tidak ditemukan"),
    Reason.SCHEDULE_OF_OTHER_COURSE: Message(42213, "Jadwal kursus tidak ditemukan"),
    Reason.ORDER_CLOSED: Message(42214, "Transaksi tidak dapat diproses pada status ini"),
    Reason.ACCOUNT_TAKEN: Message(42215, "Nomor handphone, e-mail, atau username sudah terdaftar"),
    Reason.PROMO_UNKNOWN: Message(42220, "Kode voucher tidak ditemukan"),
    # Paying with the card.
    Reason.CARD_MALFORMED: Message(42230, "Nomor Kartu Prakerja harus 16 digit"),
    Reason.CARD_UNKNOWN: Message(42231, "Nomor Kartu Prakerja tidak ditemukan"),
    Reason.CARD_INACTIVE: Message(42232, "Kartu Prakerja tidak aktif atau kepesertaan sudah dicabut"),
    Reason.BALANCE_TOO_LOW: Message(42233, "Saldo pelatihan tidak mencukupi"),
    Reason.ACCOUNT_BOUND: Message(42234, "Akun ini sudah menggunakan Nomor Kartu Prakerja lain"),
    Reason.VIDEOS_NOT_WATCHED: Message(
        42235, "Tonton video pengenalan di dashboard Prakerja terlebih dahulu"
    ),
    Reason.PREVIOUS_UNFINISHED: Message(42236, UNFINISHED),
    Reason.COURSE_BOUGHT_BEFORE: Message(42236, UNFINISHED),
    Reason.BALANCE_CLOSED: Message(42237, "Batas waktu penggunaan saldo pelatihan sudah berakhir"),
    Reason.AGE_UNFIT: Message(42238, "Usia tidak memenuhi syarat kursus"),
    Reason.EDUCATION_UNFIT: Message(42239, "Pendidikan tidak memenuhi syarat kursus"),
    Reason.COURSE_STARTED: Message(42240, "Kursus sudah dimulai"),
    Reason.TOKEN_UNKNOWN: Message(42241, "Sesi pembayaran tidak berlaku. Ulangi pembayaran."),
    Reason.INVOICE_USED: Message(42242, "Tagihan ini sudah dibayar"),
    Reason.PAYMENT_UNKNOWN: Message(42243, "Pembayaran tidak ditemukan di Prakerja"),
    Reason.NO_REPLY: Message(50410, "Pembayaran sedang diproses. Periksa Detail Tagihan.", 504),
    Reason.SERVICE_UNAVAILABLE: Message(50210, "Layanan Prakerja sedang bermasalah. Coba lagi nanti.", 502),
    # Afterwards.
    Reason.MAIL_TOO_SOON: Message(42910, "E-mail baru saja dikirim. Coba lagi setelah 60 detik.", 429),
    Reason.REFUND_NOT_OFFERED: Message(42253, "Dana tidak dapat dikembalikan untuk transaksi ini"),
    Reason.REFUND_TOO_LATE: Message(42254, "Batas waktu pengembalian dana sudah berakhir"),
    Reason.REFUND_ASKED: Message(42255, "Pengembalian dana sudah diajukan"),
    Reason.TICKET_OPEN: Message(42256, "Keluhan masih diproses"),
    Reason.VOID_AFTER_REDEEM: Message(42250, "Dana tidak dapat dikembalikan, kode sudah digunakan"),
    Reason.VOUCHER_USED: Message(42251, "Kupon sudah digunakan, dana tidak dapat dikembalikan"),
    Reason.VOUCHER_CANCELLED: Message(42257, "Kupon sudah dibatalkan"),
    Reason.VOUCHER_EXPIRED: Message(42252, "Kupon sudah kedaluwarsa, dana tidak dapat dikembalikan"),
    Reason.REVIEW_TOO_EARLY: Message(42260, "Ulasan dapat ditulis setelah kupon digunakan"),
    Reason.ALREADY_REVIEWED: Message(42261, "Ulasan untuk transaksi ini sudah ada"),
}
LABELS = Labels(
    color="#c4004d",
    search="Tab pencarian",
    suggestion="Prakerja",
    category="Jenis kursus",
    institution="Penyedia kursus",
    look="Lihat Kursus",
    curriculum="Kurikulum",
    redeeming="Cara menukarkan kode kupon",
    terms="Syarat dan ketentuan",
    order="YA",
    methods="",
    check="Verifikasi kartu",
    resend="Kirim ulang",
    paid="Pembayaran berhasil. Gunakan kode kupon di situs penyedia kursus.",
    voucher="Kode kupon",
    history="Daftar Tagihan",
    detail="Detail Tagihan",
    redeem="Pakai kode kupon di situs penyedia kursus",
)
"""The article's steps B1 to B9 name them, except the buttons between two steps, which are simulated."""

OTHERWISE = Message(42299, "")
"""For every reason without words of its own; its text is passed on."""
TO_PROVIDERS = {
    Reason.VOUCHER_UNKNOWN: Message(40420, "Kupon tidak ditemukan", 404),
    Reason.VOUCHER_OF_OTHER_INSTITUTION: Message(40320, "Kupon milik penyedia lain", 403),
    Reason.VOUCHER_USED: Message(40920, "Kupon sudah digunakan", 409),
    Reason.VOUCHER_CANCELLED: Message(41020, "Kupon sudah dibatalkan", 410),
    Reason.VOUCHER_LOCKED: Message(40921, "Dana kupon ini sedang dikembalikan", 409),
    Reason.VOUCHER_EXPIRED: Message(41021, "Kupon sudah kedaluwarsa", 410),
    Reason.NAME_DIFFERS: Message(42270, "Nama peserta tidak sesuai dengan akun Prakerja"),
    Reason.TOO_LATE_TO_FINISH: Message(42271, "Batas waktu penyelesaian pelatihan sudah berakhir"),
    Reason.SERVICE_UNAVAILABLE: SAYS[Reason.SERVICE_UNAVAILABLE],
    Reason.NO_REPLY: Message(50411, "Layanan Prakerja tidak menjawab. Kirim ulang laporan.", 504),
}
"""The messages to a course's provider about a coupon, on the partner paths."""
SEAT_LOST = Message(40910, "Gagal melakukan Booking Quota", 409)
"""The seat went to somebody else while this buyer was paying."""
OTP_NEEDED = Message(10110, "OTP dibutuhkan", 401)
UNAUTHORIZED = Message(10001, "You are not authorized", 401)

FURTHER: Mapping[str, Reason] = {str(SEAT_LOST.code): Reason.QUOTA_EXHAUSTED}
"""Second codes: used for the same reason at another step."""
OAUTH: Mapping[str, str] = {
    "temporarily_unavailable": "The authorization server is currently unable to handle the request.",
    "invalid_client": "Client authentication failed due to unknown client, no client authentication included,"
    " or unsupported authentication method.",
    "invalid_grant": "The provided authorization grant is invalid, expired, revoked, does not match the"
    " redirection URI used in the authorization request, or was issued to another client.",
    "invalid_scope": "The requested scope is invalid, unknown, or malformed.",
    "unsupported_grant_type": "The authorization grant type is not supported by the authorization server.",
    "invalid_request": "The request is missing a required parameter, includes an unsupported parameter value,"
    " or is otherwise malformed.",
    "server_error": "The authorization server encountered an unexpected condition.",
}
"""OAuth's errors with the standard descriptions."""

V2_LOGIN = "Username atau password tidak valid"
V2_TRANSACTION = Message(40410, "Transaksi tidak terdaftar atau tidak valid", 404)
V2_FEEDBACK = Message(40410, "Transaksi tidak terdaftar atau feedback sudah diberikan", 404)
V2_NOBODY: Mapping[str, Any] = {
    "user_id": "null", "user_name": None, "confirmed": False, "token": None, "email": None, "omnikey": None,
}  # fmt: skip
"""What a failed login says of the user: the number as a text, as its first documentation shows it."""
MOUNTS = ("/api", "/accounts")
"""What the real hosts leave out of the path: api.bukalapak.com/me, accounts.bukalapak.com/oauth/token."""


def done(data: Any, status: int = 200, **meta: Any) -> Reply:
    """An answer of v4."""
    return Reply({"data": data, "meta": {"http_status": status, **meta}}, status)


def refusal(what: Message, detail: str = "", data: Any = None) -> Reply:
    """A refusal of v4."""
    text = f"{what.text}: {detail}" if detail else what.text
    error = {"message": text, "code": what.code}
    more = {} if data is None else {"data": data}
    return Reply({"errors": [error], "meta": {"http_status": what.status}, **more}, what.status)


def oauth_refusal(error: str) -> Reply:
    """A refusal of the token endpoint: always 401."""
    status = 500 if error == "server_error" else 401
    return Reply({"error": error, "error_description": OAUTH[error]}, status)


def v2_refusal(*texts: str, carried: Mapping[str, Any]) -> Reply:
    """A refusal of v2: HTTP 200, all that is wrong in one text, and the success's fields without values."""
    return Reply({"status": "ERROR", **carried, "message": ", ".join(texts)})


def _of_v2(path: str) -> tuple[Mapping[Reason, Message], Mapping[str, Any]]:
    """The messages of an endpoint of v2, and the fields that its refusals carry (seen)."""
    if path.endswith("/feedbacks.json"):
        once = dict.fromkeys((Reason.ORDER_UNKNOWN, Reason.ALREADY_REVIEWED), V2_FEEDBACK)
        return SAYS | once, {"feedback": {}}
    if path.startswith("/v2/transactions/"):
        return SAYS | {Reason.ORDER_UNKNOWN: V2_TRANSACTION}, {"transaction": None, "transactions": None}
    return SAYS, V2_NOBODY if path == "/v2/authenticate.json" else {}


class Words:
    """Bukalapak's envelopes for every refusal, by the surface of the request."""

    def __init__(self, environ: Environ | None = None) -> None:
        path = (environ or {}).get("PATH_INFO", "/api")
        for mount in MOUNTS:
            path = path.removeprefix(mount)
        self._old = path.startswith("/v2/")
        self._oauth = path.startswith("/oauth/")
        self._says: Mapping[Reason, Message] = TO_PROVIDERS if path.startswith("/_partners/") else SAYS
        self._carried: Mapping[str, Any] = {}
        if self._old:
            self._says, self._carried = _of_v2(path)
        if path.startswith("/payments/"):
            self._says = SAYS | {Reason.QUOTA_EXHAUSTED: SEAT_LOST}

    def refused(self, refused: Rejected) -> Reply:
        """A reason in the site's code and text."""
        what = worded(self._says, OTHERWISE, refused)
        return v2_refusal(what.text, carried=self._carried) if self._old else refusal(what)

    def malformed(self, problem: Malformed) -> Reply:
        """What cannot be read is 400, what can be read and is wrong 422; OAuth knows one error for both."""
        if self._oauth:
            return oauth_refusal("invalid_request")
        if self._old:
            return v2_refusal(*problem.indonesian, carried=self._carried)
        said = "; ".join(problem.indonesian)
        if isinstance(problem, MalformedBody):
            return refusal(Message(40000, "Permintaan tidak dapat dibaca", 400), said)
        return refusal(Message(42200, "Parameter tidak valid"), said)

    def unauthorized(self) -> Reply:
        """The same answer for a missing login, a wrong login and an expired one."""
        if self._oauth:
            return oauth_refusal("invalid_client")
        return v2_refusal(V2_LOGIN, carried=self._carried) if self._old else refusal(UNAUTHORIZED)

    def unknown(self, status: int) -> Reply:
        """An unknown path, a wrong method, or a request that is too large."""
        texts = {
            404: "Tidak ditemukan",
            405: "Metode tidak didukung",
            413: "Permintaan terlalu besar",
            415: "Isi permintaan yang dikompresi tidak didukung",
            429: "Terlalu banyak permintaan. Coba lagi nanti.",
            503: "Layanan sedang tidak tersedia. Coba lagi nanti.",
        }
        if self._oauth and status == 503:
            return Reply(oauth_refusal("temporarily_unavailable").body, status)
        if self._oauth:
            return Reply(oauth_refusal("invalid_request").body, status)
        if self._old:
            return Reply(v2_refusal(texts[status], carried=self._carried).body, status)
        return refusal(Message(status * 100 + 99, texts[status], status))

    def broken(self) -> Reply:
        """Our own bug."""
        text = "Terjadi kesalahan pada server"
        if self._oauth:
            return oauth_refusal("server_error")
        if self._old:
            return Reply(v2_refusal(text, carried=self._carried).body, 500)
        return refusal(Message(50000, text, 500))
