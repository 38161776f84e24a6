"""Prakerja's answers: success and error envelopes, a code and a message for each reason.

The real codes come from the reference (section 2); codes ending in 80-99 and all their texts are
simulated (section 4.6).
"""

from prakerja_sim.mocks.http.bodies import MalformedBody, MalformedHeaders
from prakerja_sim.mocks.http.face import Environ, Malformed, Provenance, Reply
from prakerja_sim.simulator.values.errors import Reason, Rejected

SIMULATED, SEEN, DOCUMENTED = Provenance.SIMULATED, Provenance.SEEN, Provenance.DOCUMENTED


class NotSeconds(MalformedHeaders):
    """A timestamp that is no number of seconds."""


class NotJson(MalformedHeaders):
    """A body of another content type than JSON's."""


HEADERS: dict[type[MalformedHeaders], str] = {
    NotSeconds: "Header timestamp harus berupa detik Unix.",
    NotJson: "Header Content-Type harus application/json.",
    MalformedHeaders: "Header client_code, timestamp, dan signature wajib diisi.",
}
BAD_PARAMETER = (400, "ERR40082", "Parameter tidak lengkap atau tidak valid.", SIMULATED)
REJECTIONS: dict[Reason, tuple[int, str, str, Provenance]] = {
    Reason.SIGNATURE_STALE: (400, "ERR40004", "[ERR40005] sign expired", SEEN),
    Reason.SCHEDULE_CODES_EMPTY: (
        400,
        "ERRPLT40036",
        "Kode pelatihan dan kode jadwal wajib diisi.",
        DOCUMENTED,
    ),
    Reason.SCHEDULE_UNKNOWN: (400, "ERRPLT40080", "Kode jadwal tidak ditemukan.", SIMULATED),
    Reason.SCHEDULE_OF_OTHER_COURSE: (
        400,
        "ERRPLT40081",
        "Kode jadwal tidak sesuai dengan kode pelatihan.",
        SIMULATED,
    ),
    Reason.COURSE_STARTED: (400, "ERRPLT40082", "Pelatihan sudah dimulai.", SIMULATED),
    Reason.QUOTA_EXHAUSTED: (400, "ERRPLT40083", "Kuota pelatihan sudah habis.", SIMULATED),
    Reason.AGE_UNFIT: (400, "ERRPLT40084", "Usia tidak memenuhi syarat pelatihan.", SIMULATED),
    Reason.EDUCATION_UNFIT: (400, "ERRPLT40085", "Pendidikan tidak memenuhi syarat pelatihan.", SIMULATED),
    Reason.CARD_UNKNOWN: (400, "ERRPLT40086", "Nomor Kartu Prakerja tidak ditemukan.", SIMULATED),
    Reason.CARD_INACTIVE: (400, "ERRPLT40087", "Kartu Prakerja tidak aktif.", SIMULATED),
    Reason.AMOUNT_UNFIT: BAD_PARAMETER,
    Reason.BALANCE_TOO_LOW: (400, "ERRPLT40088", "Saldo pelatihan tidak mencukupi.", SIMULATED),
    Reason.ACCOUNT_BOUND: (
        400,
        "ERRPLT40089",
        "Akun sudah terhubung dengan Nomor Kartu Prakerja lain.",
        SIMULATED,
    ),
    Reason.PREVIOUS_UNFINISHED: (400, "ERRPLT40090", "Pelatihan sebelumnya belum diselesaikan.", SIMULATED),
    Reason.COURSE_BOUGHT_BEFORE: (400, "ERRPLT40090", "Pelatihan ini sudah pernah dibeli.", SIMULATED),
    Reason.BALANCE_CLOSED: (
        400,
        "ERRPLT40091",
        "Batas waktu penggunaan saldo pelatihan sudah berakhir.",
        SIMULATED,
    ),
    Reason.VIDEOS_NOT_WATCHED: (400, "ERRPLT40092", "Video pengenalan belum ditonton.", SIMULATED),
    Reason.OTP_TOO_SOON: (400, "ERRPLT40093", "Permintaan OTP melebihi batas.", SIMULATED),
    Reason.OTP_REQUESTS_EXHAUSTED: (400, "ERRPLT40093", "Permintaan OTP melebihi batas.", SIMULATED),
    Reason.OTP_WRONG: (400, "ERRPLT40094", "Kode OTP salah.", SIMULATED),
    Reason.OTP_EXPIRED: (400, "ERRPLT40095", "Kode OTP sudah kedaluwarsa.", SIMULATED),
    Reason.OTP_TRIES_EXHAUSTED: (400, "ERRPLT40096", "Percobaan OTP melebihi batas.", SIMULATED),
    Reason.TOKEN_UNKNOWN: (400, "ERRPLT40097", "Payment token tidak valid.", SIMULATED),
    Reason.INVOICE_USED: (400, "ERRPLT40098", "Kode invoice sudah digunakan.", SIMULATED),
    Reason.PAYMENT_UNKNOWN: (400, "ERRPLT40099", "Transaksi tidak ditemukan.", SIMULATED),
    Reason.TRANSACTION_UNKNOWN: (400, "ERRVOD40001", "Kode transaksi tidak ditemukan.", DOCUMENTED),
    Reason.ALREADY_VOIDED: (400, "ERRPLT40028", "Transaksi sudah dibatalkan sebelumnya.", DOCUMENTED),
    Reason.VOID_AFTER_REDEEM: (
        400,
        "ERRVOD40080",
        "Transaksi tidak dapat dibatalkan, kode redeem sudah digunakan.",
        SIMULATED,
    ),
    Reason.COURSE_TYPE_UNFIT: (400, "ERRTRX40001", "Gagal verifikasi, tipe pelatihan tidak sesuai.", SEEN),
    Reason.REDEEM_CODE_UNKNOWN: (400, "ERRTRX40020", "Transaksi tidak ditemukan", SEEN),
    Reason.REDEEM_CODE_USED: (400, "ERRTRX40021", "Redeem Code sudah digunakan", SEEN),
    Reason.REDEEM_CODE_CANCELLED: (400, "ERRTRX40022", "Gagal verifikasi, kode sudah dibatalkan", SEEN),
    Reason.OUTSIDE_REDEMPTION_WINDOW: (
        400,
        "ERRTRX40027",
        "Jadwal pelatihan belum dimulai atau sudah selesai, silahkan cek jadwal pelatihan pada dashboard"
        " Prakerja",
        SEEN,
    ),
    Reason.REDEEM_CODE_OF_OTHER_INSTITUTION: (
        400,
        "ERRTRX40028",
        "Gagal verifikasi, kode redeem bukan milik lembaga pelatihan.",
        SEEN,
    ),
    Reason.TRANSACTION_VOIDED: (401, "ERRTRX40101", "Gagal verifikasi, transaksi sudah dibatalkan", SEEN),
    Reason.NOT_A_TEST_CODE: (400, "ERRTRX40082", "Reset hanya untuk kode redeem uji.", SIMULATED),
    Reason.EMAIL_TAKEN: (400, "ERRTRX40080", "Email sudah digunakan untuk pelatihan ini.", SIMULATED),
    Reason.REDIRECT_UNREGISTERED: (400, "ERRTRX40081", "Redirect URI tidak terdaftar.", SIMULATED),
    Reason.ASSIGNMENT_MISSING: (400, "ERRTRX40083", "Tugas belum dikumpulkan.", SIMULATED),
    Reason.SSO_CLIENT_MISSING: (400, "ERROAUTH4024", "Unauthorized", DOCUMENTED),
    Reason.SSO_CLIENT_UNKNOWN: (400, "ERROAUTH4029", "Unauthorized", DOCUMENTED),
    Reason.SSO_USER_UNKNOWN: (400, "ERROAUTH4030", "Unauthorized", DOCUMENTED),
    Reason.SSO_CODE_UNKNOWN: (400, "ERROAUTH4031", "Unauthorized", DOCUMENTED),
    Reason.SERVICE_UNAVAILABLE: (503, "ERR50380", "Layanan sedang tidak tersedia.", SIMULATED),
    Reason.NAME_DIFFERS: (400, "ERRPLT40079", "Nama peserta tidak sesuai dengan akun Prakerja.", SIMULATED),
    Reason.TOO_LATE_TO_FINISH: (
        400,
        "ERRPLT40078",
        "Batas waktu penyelesaian pelatihan sudah berakhir.",
        SIMULATED,
    ),
}
DASHBOARD = {
    Reason.LOGIN_REFUSED: "Email atau kata sandi salah.",
    Reason.RESET_LINK_OVER: "Tautan tidak berlaku lagi. Minta tautan baru.",
    Reason.TRAINING_UNKNOWN: "Pelatihan tidak ditemukan.",
    Reason.CERTIFICATE_MISSING: "Sertifikat belum tersedia.",
    Reason.ALREADY_RATED: "Pelatihan sudah diberi ulasan.",
    Reason.TICKET_UNKNOWN: "Pengaduan tidak ditemukan.",
    Reason.TICKET_OPEN: "Pengaduan masih diproses.",
    Reason.RATING_CLOSED: "Batas waktu pemberian ulasan sudah berakhir.",
    Reason.RATING_ELSEWHERE: "Beri ulasan di platform digital tempat pelatihan dibeli.",
    Reason.PARTNER_UNKNOWN: "Mitra pembayaran tidak tersedia.",
    Reason.WALLET_UNKNOWN: "Rekening atau e-wallet tidak ditemukan.",
    Reason.WALLET_INACTIVE: "Rekening atau e-wallet tidak aktif.",
    Reason.WALLET_NOT_RUPIAH: "Rekening bukan rekening rupiah.",
    Reason.WALLET_NAME_DIFFERS: "Nama pemilik rekening tidak sesuai dengan akun Prakerja.",
    Reason.WALLET_NOT_UPGRADED: "E-wallet belum di-upgrade.",
    Reason.NIK_DIFFERS: "NIK tidak sesuai dengan akun Prakerja.",
    Reason.PHONE_DIFFERS: "Nomor HP tidak sesuai dengan akun Prakerja.",
    Reason.ALREADY_LINKED: "Rekening sudah tersambung.",
    Reason.LINK_NOT_BEGUN: "Belum ada kode OTP yang diminta.",
    Reason.LINK_CLOSED: "Batas waktu penyambungan rekening sudah berakhir.",
    Reason.NOT_LINKED: "Belum ada rekening yang tersambung.",
    Reason.UNLINK_FIRST: "Sebelum ubah nomor HP, kamu harus putus rekening terlebih dahulu agar insentif"
    " dapat dicairkan ke rekening e-wallet terbaru",
    Reason.PHONE_TAKEN: "Nomor HP sudah digunakan akun Prakerja lain.",
    Reason.CODE_WRONG: "Kode OTP salah.",
    Reason.CODE_EXPIRED: "Kode OTP sudah kedaluwarsa.",
    Reason.CODE_TRIES_EXHAUSTED: "Terlalu banyak percobaan. Coba lagi satu jam lagi.",
    Reason.SURVEY_NOT_OPEN: "Survei belum dibuka.",
    Reason.SURVEY_CLOSED: "Survei sudah ditutup.",
    Reason.SURVEY_DONE: "Survei sudah diisi.",
}
"""The dashboard's messages; its codes are the names of the reasons, because it has no public API."""
REJECTIONS |= {
    reason: (400, f"DASHBOARD_{reason.value.upper()}", message, SIMULATED)
    for reason, message in DASHBOARD.items()
}
PAGES = {
    Reason.VERIFICATION_UNKNOWN: (404, "Tautan verifikasi tidak dikenal."),
    Reason.VERIFICATION_OVER: (410, "Tautan verifikasi sudah selesai atau kedaluwarsa."),
    Reason.CONSENT_MISSING: (400, "Izin kamera belum diberikan."),
    Reason.ACCOUNT_DIFFERS: (403, "Kode redeem ini bukan milik akun Prakerja yang sedang masuk."),
}
"""The messages of the browser pages; their codes are the names of the reasons too."""
REJECTIONS |= {
    reason: (status, f"PAGE_{reason.value.upper()}", message, SIMULATED)
    for reason, (status, message) in PAGES.items()
}


def success(data: dict[str, object] | None = None, message: str = "OK") -> Reply:
    """The documented success envelope; without data the key is left out."""
    body: dict[str, object] = {"success": True, "message": message}
    if data is not None:
        body["data"] = data
    return Reply(body)


def error(status: int, code: str, message: str) -> Reply:
    """The documented error envelope: code, message, success, and no data."""
    return Reply({"code": code, "message": message, "success": False}, status)


class Words:
    """Prakerja's envelope for all kinds of errors."""

    def __init__(self, environ: Environ | None = None) -> None:
        """The same for every request."""

    def refused(self, refusal: Rejected) -> Reply:
        """A refusal with Prakerja's code and text; a reason without a row here is a bug."""
        assert refusal.reason in REJECTIONS, f"{refusal.reason} has no row in mocks/prakerja/words.py"
        status, code, message, _ = REJECTIONS[refusal.reason]
        return error(status, code, message)

    def malformed(self, problem: Malformed) -> Reply:
        """Bad headers, body or parameters; only the code says which, as in the real API."""
        if isinstance(problem, MalformedHeaders):
            return error(400, "ERR40080", HEADERS[type(problem)])
        if isinstance(problem, MalformedBody):
            return error(400, "ERR40081", "Format body tidak valid.")
        return error(*BAD_PARAMETER[:3])

    def unauthorized(self) -> Reply:
        """The same answer for an unknown client and for a wrong signature."""
        return error(401, "ERR40180", "Unauthorized")

    def unknown(self, status: int) -> Reply:
        """Unknown paths, wrong methods, too large bodies, too many requests."""
        messages = {
            404: "Not Found",
            405: "Method Not Allowed",
            413: "Request Entity Too Large",
            415: "Unsupported Media Type",
            429: "Too Many Requests",
            503: "Layanan sedang tidak tersedia.",
        }
        return error(status, f"ERR{status}80", messages[status])

    def broken(self) -> Reply:
        """The answer after a bug of the simulator."""
        return error(500, "ERR50080", "Terjadi kesalahan pada server.")
