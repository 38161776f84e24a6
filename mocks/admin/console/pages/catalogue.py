"""Catalogue: the courses on sale; add, change, cancel, withdraw."""

from typing import Any

from prakerja_sim.mocks.admin.console.page import Page, Text, Visit
from prakerja_sim.mocks.admin.courses import CATEGORIES
from prakerja_sim.simulator.programme.records import CourseKind

KINDS = {
    CourseKind.SELF_PACED: "self_paced",
    CourseKind.WEBINAR: "webinar",
    CourseKind.OFFLINE: "offline",
}
CHANGE = "/courses/<course>"
WORDS = {
    "title": Text("Catalogue", "Katalog"),
    "code": Text("Code", "Kode"),
    "called": Text("Title", "Judul"),
    "category": Text("Category", "Kategori"),
    "seats": Text("Free seats", "Kuota"),
    "starts": Text("Starts", "Mulai"),
    "starts_hint": Text("a webinar needs it: 2021-11-15 10:00:00", "wajib bagi webinar: 2021-11-15 10:00:00"),
    "kind": Text("Kind", "Jenis"),
    "self_paced": Text("self-paced", "mandiri"),
    "webinar": Text("webinar", "webinar"),
    "offline": Text("in a room", "tatap muka"),
    "quota": Text("Quota; empty is without limit", "Kuota; kosong berarti tanpa batas"),
    "min_age": Text("Least age", "Usia minimum"),
    "new": Text("Institution or category may be new", "Lembaga atau kategorinya boleh baru"),
    "add": Text("Put on sale", "Jual"),
    "add_title": Text("Put a course on sale", "Jual pelatihan"),
    "change": Text("Change", "Ubah"),
    "cancel": Text("Cancel the class", "Batalkan kelas"),
    "cancel_sure": Text(
        "Cancel this class? Its paid orders are refunded.",
        "Batalkan kelas ini? Dana pesanan yang sudah dibayar dikembalikan.",
    ),
    "withdraw": Text("Withdraw the content", "Tarik materi"),
    "withdraw_sure": Text(
        "Withdraw its lessons? Nobody is paid back for that.",
        "Tarik materinya? Tidak ada pengembalian dana.",
    ),
}


def show(visit: Visit) -> dict[str, Any]:
    """The courses, and the choices for a new one."""
    courses = visit.ask("/courses")["courses"]
    return {
        "courses": courses,
        "institutions": sorted({one["institution"] for one in courses}),
        "categories": CATEGORIES,
        "kinds": [[int(kind), WORDS[name]._asdict()[visit.language]] for kind, name in KINDS.items()],
        "changes": visit.offers("PATCH", CHANGE),
    }


PAGE = Page("catalogue", WORDS, show)
