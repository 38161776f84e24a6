"""Finding a class: the catalogue with its filters, one class, and what others wrote about it.

Classes come from the one catalogue that all marketplaces share.  One whose institution is Pijar
itself is held here ("selfHosted"): it opens in Pijar and needs no voucher.
"""

from typing import Any, Literal

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.pijar.fields import Paged, Query, Word, asked
from prakerja_sim.mocks.pijar.words import MARKETPLACE, success
from prakerja_sim.simulator.marketplace import number_formats, reviews, vouchers
from prakerja_sim.simulator.programme import catalogue
from prakerja_sim.simulator.programme.records import Course, CourseKind, Schedule
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected

INFERRED = Provenance.INFERRED
KINDS = {CourseKind.SELF_PACED: "SPL", CourseKind.WEBINAR: "Webinar", CourseKind.OFFLINE: "Offline"}


class Classes(Paged):
    """Which classes are wanted; every word of the keyword must occur."""

    keyword: Word = ""
    category: Word = ""
    institution: Word = ""
    prakerja: Literal["", "true", "false"] = ""


class Institutions(Query):
    """The institutions of a category, or all."""

    category: Word = ""


def classes(call: Call) -> Reply:
    """The classes, filtered and in pages; all of them can be paid for with the card."""
    wanted = asked(call, Classes)
    found: list[Course] = call.ask(catalogue.search, institution=wanted.institution or None)
    words = set(wanted.keyword.lower().split()) - {"kartu", "prakerja"}
    shown = [
        course
        for course in found
        if wanted.prakerja != "false"
        and wanted.category in ("", course.category)
        and words <= _words_of(course)
    ]
    return paged([_row(call, course) for course in shown], wanted)


def categories(call: Call) -> Reply:
    """The categories that have a class."""
    return success(sorted({course.category for course in call.ask(catalogue.search)}))


def institutions(call: Call) -> Reply:
    """The institutions that have a class, of one category or all."""
    wanted = asked(call, Institutions).category
    found: list[Course] = call.ask(catalogue.search, category=wanted or None)
    return success([{"code": code, "name": code} for code in sorted({one.institution for one in found})])


def class_detail(call: Call) -> Reply:
    """Everything about a class, and how its voucher is redeemed where it needs one."""
    course = course_of(call, call.path["class_id"])
    schedule: Schedule = call.ask(catalogue.schedule_of, course=course.code)
    hosted = vouchers.is_hosted(MARKETPLACE.code, course)
    written = call.ask(reviews.of_course, marketplace=MARKETPLACE.code, course=course.code)
    stars = [one.stars for one in written]
    detail = {
        **_row(call, course),
        "schedule": [
            {
                "id": schedule.code,
                "start": schedule.starts.isoformat() if schedule.starts else None,
                "end": schedule.ends.isoformat() if schedule.ends else None,
            }
        ],
        "syllabus": [f"Materi {number}" for number in range(1, course.lessons + 1)],
        "redeemGuide": _guide(course, hosted=hosted),
        "selfHosted": hosted,
        "rating": {"average": round(sum(stars) / len(stars), 1) if stars else 0, "count": len(stars)},
    }
    return success(detail)


def paged(rows: list[Any], wanted: Paged) -> Reply:
    """One page of a list, with the numbers of all."""
    start = (wanted.page - 1) * wanted.size
    pages = -(-len(rows) // wanted.size)
    meta = {"page": wanted.page, "size": wanted.size, "totalData": len(rows), "totalPage": pages}
    return success(rows[start : start + wanted.size], meta=meta)


def class_id(call: Call, code: str) -> str:
    """A class's UUID here; it follows from the seed and the code."""
    seed = chance.seed_bytes(call.sandbox.seed)
    return number_formats.filled(number_formats.UUID, call.sandbox.now(), seed, "pijar class", code)


def course_of(call: Call, wanted: str) -> Course:
    """The class of that UUID; raises Rejected if there is none (MF1)."""
    for course in call.ask(catalogue.search):
        if class_id(call, course.code) == wanted:
            found: Course = course
            return found
    raise Rejected(Reason.COURSE_UNKNOWN)


def redeem_url(institution: str) -> str:
    """The institution's voucher page; a stand-in host, never the simulator's."""
    return f"https://{institution}.example.com/vouchers/redeem"


def add_to(face: Face) -> None:
    """Mount the catalogue, which anybody may read."""
    at = "/api/v1"
    told = {"provenance": INFERRED, "open_to_all": True}
    unknown = {**told, "refuses": (Reason.COURSE_UNKNOWN,)}
    face.endpoint("GET", f"{at}/classes", body=Classes, raw=True, **told)(classes)  # type: ignore[arg-type]
    face.endpoint("GET", f"{at}/categories", **told)(categories)  # type: ignore[arg-type]
    listed = face.endpoint("GET", f"{at}/institutions", body=Institutions, raw=True, **told)  # type: ignore[arg-type]
    listed(institutions)
    face.endpoint("GET", f"{at}/classes/<class_id>", **unknown)(class_detail)  # type: ignore[arg-type]


def _row(call: Call, course: Course) -> dict[str, Any]:
    schedule: Schedule = call.ask(catalogue.schedule_of, course=course.code)
    return {
        "id": class_id(call, course.code),
        "prakerjaCode": course.code,
        "title": course.title,
        "category": course.category,
        "institution": course.institution,
        "price": course.price.amount,
        "type": KINDS[course.kind],
        "quota": call.ask(catalogue.free_seats, schedule=schedule.code),
    }


def _guide(course: Course, *, hosted: bool) -> list[str]:
    if hosted:
        return ["Selesaikan pembayaran.", "Tekan Mulai Belajar; kelas terbuka di Pijar tanpa kode voucher."]
    return [
        f"Buat akun di lembaga pelatihan {course.institution}.",
        f"Buka {redeem_url(course.institution)}.",
        "Masukkan kode voucher dari halaman pesanan atau e-mail.",
    ]


def _words_of(course: Course) -> set[str]:
    return set(f"{course.title} {course.category} {course.institution} {course.code}".lower().split())
