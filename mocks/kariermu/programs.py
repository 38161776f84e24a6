"""Finding a program: the catalogue, one program with its schedules, what others wrote about it.

A program goes by its slug, which is the programme's code of the course (inferred).
"""

from typing import Any

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.kariermu.fields import Query, Word, asked
from prakerja_sim.mocks.kariermu.words import MARKETPLACE, answer
from prakerja_sim.simulator.marketplace import reviews
from prakerja_sim.simulator.programme import catalogue
from prakerja_sim.simulator.programme.records import Course, CourseKind, Schedule
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.store import Unit

INFERRED = Provenance.INFERRED
KINDS = {CourseKind.SELF_PACED: "SPL", CourseKind.WEBINAR: "Webinar", CourseKind.OFFLINE: "Offline"}


class Search(Query):
    """Which programs are wanted; every word of the keyword must occur."""

    keyword: Word = ""
    category: Word = ""
    institution: Word = ""


def programs(call: Call) -> Reply:
    """The programs that a card can pay for."""
    wanted = asked(call, Search)
    found: list[Course] = call.ask(catalogue.search, institution=wanted.institution or None)
    words = set(wanted.keyword.lower().split()) - {"kartu", "prakerja"}
    shown = [c for c in found if wanted.category in ("", c.category) and words <= _words_of(c)]
    return answer([_row(call, course) for course in shown])


def filters(call: Call) -> Reply:
    """The categories, and in each the institutions that have a program."""
    groups: dict[str, set[str]] = {}
    for course in call.ask(catalogue.search):
        groups.setdefault(course.category, set()).add(course.institution)
    return answer([{"category": name, "institutions": sorted(groups[name])} for name in sorted(groups)])


def detail(call: Call) -> Reply:
    """Everything about a program, its schedules, and how its voucher is redeemed."""
    course = course_of(call, call.path["slug"])
    schedule: Schedule = call.ask(catalogue.schedule_of, course=course.code)
    start = schedule.starts.isoformat() if schedule.starts else None
    told = {
        **_row(call, course),
        "schedules": [{"id": schedule.code, "start": start, "quota": _quota(call, schedule)}],
        "activities": [f"Materi {number}" for number in range(1, course.lessons + 1)],
        "instructions": [
            "Masukkan Nomor Kartu Prakerja, lalu tekan Lanjutkan Pembayaran.",
            "Masukkan 6 angka kode OTP.",
            f"Tukarkan kode voucher di {redeem_url(course.institution)}.",
        ],
    }
    return answer(told)


def review_list(call: Call) -> Reply:
    """What buyers wrote about a program, the newest first."""
    course = course_of(call, call.path["slug"])
    found = call.ask(reviews.of_course, marketplace=MARKETPLACE.code, course=course.code)
    return answer([{"rating": one.stars, "review": one.text} for one in found])


def course_of(call: Call, slug: str) -> Course:
    """The program of that slug; raises Rejected if there is none (MF1)."""
    found: Course | None = call.ask(Unit.get, kind=Course, key=slug)
    if found is None:
        raise Rejected(Reason.COURSE_UNKNOWN)
    return found


def redeem_url(institution: str) -> str:
    """The institution's voucher page; a stand-in host, never the simulator's."""
    return f"https://{institution}.example.com/vouchers/redeem"


def add_to(face: Face) -> None:
    """Mount the catalogue, which anybody may read."""
    unknown = (Reason.COURSE_UNKNOWN,)
    for path, body, refuses, handler in (
        ("/program/prakerja", Search, (), programs),
        ("/program/prakerja/filter", None, (), filters),
        ("/program/detail/<slug>", None, unknown, detail),
        ("/program/review/<slug>", None, unknown, review_list),
    ):
        read = face.endpoint(
            "GET", path, provenance=INFERRED, body=body, refuses=refuses, open_to_all=True, raw=True
        )
        read(handler)


def _row(call: Call, course: Course) -> dict[str, Any]:
    schedule: Schedule = call.ask(catalogue.schedule_of, course=course.code)
    return {
        "slug": course.code,
        "name": course.title,
        "category": course.category,
        "institution": course.institution,
        "price": course.price.amount,
        "type": KINDS[course.kind],
        "quota": _quota(call, schedule),
    }


def _quota(call: Call, schedule: Schedule) -> int:
    left: int = call.ask(catalogue.free_seats, schedule=schedule.code)
    return left


def _words_of(course: Course) -> set[str]:
    return set(f"{course.title} {course.category} {course.institution} {course.code}".lower().split())
