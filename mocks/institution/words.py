"""The messages of the institution's pages after a refusal, in Indonesian (all simulated)."""

from collections.abc import Mapping

from prakerja_sim.mocks.http.bodies import Malformed
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.simulator.values.errors import Reason, Rejected

SAYS: Mapping[Reason, str] = {
    Reason.LOGIN_REFUSED: "Email atau kata sandi salah.",
    Reason.EMAIL_TAKEN: "Email ini sudah dipakai. Gunakan email lain.",
    Reason.RESET_LINK_OVER: "Tautan tidak berlaku lagi. Minta tautan baru.",
    Reason.VOUCHER_UNKNOWN: "Kode voucher tidak ditemukan. Periksa kembali kode Anda.",
    Reason.COURSE_UNKNOWN: "Kelas dari voucher ini tidak ada di lembaga pelatihan ini.",
    Reason.VOUCHER_USED: "Kode voucher sudah digunakan.",
    Reason.VOUCHER_CANCELLED: "Kode voucher sudah dibatalkan atau tidak berlaku lagi.",
    Reason.VOUCHER_LOCKED: "Dana dari voucher ini sedang dikembalikan. Kelas tidak dapat dibuka.",
    Reason.VOUCHER_EXPIRED: "Kode voucher sudah kedaluwarsa.",
    Reason.VOUCHER_OF_OTHER_INSTITUTION: "Kode voucher ini untuk lembaga pelatihan lain.",
    Reason.PREVIOUS_UNFINISHED: "Pelatihan sebelumnya belum selesai. Selesaikan dan beri ulasan terlebih"
    " dahulu, lalu buka kelas ini.",
    Reason.ENROLMENT_UNKNOWN: "Kelas tidak ditemukan.",
    Reason.REDEEM_CODE_USED: "Kode redeem ini sudah digunakan untuk kelas lain.",
    Reason.PRE_TEST_MISSING: "Kerjakan pre test terlebih dahulu.",
    Reason.COURSE_WITHDRAWN: "Materi pelatihan sudah tidak tersedia.",
    Reason.COURSE_UNFINISHED: "Selesaikan semua materi terlebih dahulu.",
}
OTHERWISE = "Permintaan tidak dapat diproses. Hubungi lembaga pelatihan."
SILENT = "Layanan sedang tidak menjawab. Tidak ada yang hilang, silakan coba lagi."
REPORT_LATER = (
    "Sertifikat sudah terbit, tetapi laporannya belum diterima platform tempat pelatihan dibeli{why}. "
    "Lembaga melaporkannya lagi pada hari kerja berikutnya."
)
FIELDS: Mapping[str, str] = {
    "email": "Isi email yang benar.",
    "name": "Isi nama, paling banyak 255 karakter.",
    "password": "Isi kata sandi, 8 sampai 128 karakter.",
    "code": "Tautan tidak lengkap. Buka lagi tautan dari email, atau minta tautan baru.",
    "redeem_code": "Isi kode redeem dari dashboard Prakerja.",
    "topic": "Pilih tentang apa keluhan Anda.",
    "text": "Tulis keluhan Anda, paling banyak 2000 karakter.",
    "score": "Isi nilai dengan bilangan bulat 0 sampai 100.",
}
"""What is wrong with a field of a form, by its name."""
NO_SUCH_FORM = "Formulir tidak dapat dibaca. Muat ulang halaman, lalu coba lagi."


def report_later(problem: VoucherRefused | NoReply) -> str:
    """The message for a learner whose certificate is there and whose report did not get through."""
    said = problem.message.rstrip(".") if isinstance(problem, VoucherRefused) else ""
    return REPORT_LATER.format(why=f" ({said})" if said else "")


def message_for(problem: Exception) -> str:
    """The message for a visitor when something was refused or not answered."""
    if isinstance(problem, NoReply):
        return SILENT
    if isinstance(problem, Refused):
        return problem.message or OTHERWISE
    if isinstance(problem, Malformed):
        fields = [one.partition(":")[0] for one in problem.problems]
        return " ".join(dict.fromkeys(FIELDS.get(field, NO_SUCH_FORM) for field in fields))
    if isinstance(problem, Rejected):
        return SAYS.get(problem.reason, OTHERWISE)
    if isinstance(problem, VoucherRefused):
        return SAYS.get(problem.reason, problem.message or OTHERWISE)
    raise problem
