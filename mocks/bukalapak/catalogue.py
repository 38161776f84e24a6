"""Finding a course: search, categories, providers, a course with its curriculum, its reviews.

A provider is an institution.  Courses come from the one catalogue that all marketplaces share;
guests may look around.
"""

from functools import partial
from typing import Any

from prakerja_sim.mocks.bukalapak import tokens
from prakerja_sim.mocks.bukalapak.fields import page, paged, queried, utc
from prakerja_sim.mocks.bukalapak.words import MARKETPLACE, done
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.simulator.marketplace import reviews as written
from prakerja_sim.simulator.marketplace.records import Review
from prakerja_sim.simulator.programme import catalogue
from prakerja_sim.simulator.programme.records import Course, CourseKind, Schedule
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.store import Unit

SEEN, INFERRED = Provenance.SEEN, Provenance.INFERRED
TYPES = {CourseKind.SELF_PACED: "self_paced", CourseKind.WEBINAR: "webinar", CourseKind.OFFLINE: "offline"}
SORTS = {
    "": (lambda course: course.code, False),
    "title": (lambda course: course.title, False),
    "price": (lambda course: course.price.amount, False),
    "-price": (lambda course: course.price.amount, True),
}
TERMS = (
    "Kursus yang sudah dibeli tidak dapat diganti atau dibatalkan oleh pembeli.",
    "Satu akun hanya dapat menggunakan satu Nomor Kartu Prakerja.",
    "Kupon ditukarkan di situs penyedia kursus sebelum masa berlakunya habis.",
)
PROGRAMME = {"kartu", "prakerja"}
"""Words that every course is found by."""


def products(call: Call) -> Reply:
    """The shop's own search, in which courses stand among its products."""
    limit, offset = paged(call)
    shown, meta = page(_searched(call), limit, offset)
    return done([_product(course) for course in shown], **meta)


def courses(call: Call) -> Reply:
    """Courses by words, category, provider and type."""
    category, provider = queried(call, "category_id"), queried(call, "provider_id")
    kind, sort = queried(call, "type"), queried(call, "sort")
    if kind not in ("", *TYPES.values()):
        raise Malformed(f"type: one of {', '.join(TYPES.values())}")
    if sort not in SORTS:
        raise Malformed("sort: title, price or -price")
    limit, offset = paged(call)
    found = [
        course
        for course in _searched(call)
        if category in ("", course.category)
        and provider in ("", course.institution)
        and kind in ("", TYPES[course.kind])
    ]
    by, backwards = SORTS[sort]
    shown, meta = page(sorted(found, key=by, reverse=backwards), limit, offset)
    return done([_course(call, course) for course in shown], **meta)


def categories(call: Call) -> Reply:
    """The kinds of courses, by interest and talent."""
    found: list[Course] = call.ask(catalogue.search)
    return done([{"id": name, "name": name} for name in sorted({course.category for course in found})])


def providers(call: Call) -> Reply:
    """The institutions, all or those with a course of a category."""
    found: list[Course] = call.ask(catalogue.search, category=queried(call, "category_id") or None)
    return done([{"id": name, "name": name} for name in sorted({course.institution for course in found})])


def course_detail(call: Call) -> Reply:
    """A course with its curriculum, its dates, its terms, and how its coupon is redeemed."""
    course = course_of(call, call.path["course"])
    schedule: Schedule = call.ask(catalogue.schedule_of, course=course.code)
    span = schedule.ends - schedule.starts if schedule.starts and schedule.ends else None
    more = {
        "curriculum": [f"Materi {number}" for number in range(1, course.lessons + 1)],
        "schedules": [
            {
                "id": schedule.code,
                "starts_at": utc(schedule.starts) if schedule.starts else None,
                "ends_at": utc(schedule.ends) if schedule.ends else None,
                "quota_left": call.ask(catalogue.free_seats, schedule=schedule.code),
            }
        ],
        "duration_hours": int(span.total_seconds()) // 3600 if span else None,
        "redeem_instructions": _redeem_steps(course.institution),
        "tnc": list(TERMS),
    }
    return done(_course(call, course) | more)


def reviews(call: Call) -> Reply:
    """What buyers wrote about a course."""
    course = course_of(call, call.path["course"])
    limit, offset = paged(call)
    shown, meta = page(_reviews(call, course), limit, offset)
    return done([_review(one) for one in shown], **meta)


def course_of(call: Call, code: str) -> Course:
    """The course of that code; raises Rejected if there is none (MF1)."""
    course: Course | None = call.ask(Unit.get, kind=Course, key=code)
    if course is None:
        raise Rejected(Reason.COURSE_UNKNOWN)
    return course


def review_id(order: str) -> int:
    """A review's number follows from its order's."""
    return int(f"9{order}")


def redeem_url(institution: str) -> str:
    """The provider's page for coupons; a stand-in host, never the simulator's."""
    return f"https://{institution}.example.com/vouchers/redeem"


def add_to(face: Face) -> None:
    """Mount the paths of looking around."""
    at, unknown = "/api/prakerja", (Reason.COURSE_UNKNOWN,)
    guest = partial(face.endpoint, "GET", sender=tokens.anyone)
    guest("/api/products", provenance=SEEN)(products)
    guest(f"{at}/courses", provenance=INFERRED)(courses)
    guest(f"{at}/categories", provenance=INFERRED)(categories)
    guest(f"{at}/providers", provenance=INFERRED)(providers)
    guest(f"{at}/courses/<course>", provenance=INFERRED, refuses=unknown)(course_detail)
    guest(f"{at}/courses/<course>/reviews", provenance=INFERRED, refuses=unknown)(reviews)


def _searched(call: Call) -> list[Course]:
    wanted = set(queried(call, "keywords").lower().split()) - PROGRAMME
    return [course for course in call.ask(catalogue.search) if wanted <= _words_of(course)]


def _words_of(course: Course) -> set[str]:
    return set(f"{course.title} {course.category} {course.institution} {course.code}".lower().split())


def _reviews(call: Call, course: Course) -> list[Review]:
    found: list[Review] = call.ask(written.of_course, marketplace=MARKETPLACE.code, course=course.code)
    return found


def _product(course: Course) -> dict[str, Any]:
    return {
        "id": course.code,
        "name": course.title,
        "price": course.price.amount,
        "category": {"id": course.category, "name": course.category},
        "url": f"https://www.bukalapak.com/prakerja/{course.code}",
    }


def _course(call: Call, course: Course) -> dict[str, Any]:
    schedule: Schedule = call.ask(catalogue.schedule_of, course=course.code)
    stars = [review.stars for review in _reviews(call, course)]
    return {
        "id": course.code,
        "title": course.title,
        "price": course.price.amount,
        "normal_price": course.price.amount,
        "provider": {"id": course.institution, "name": course.institution},
        "category": {"id": course.category, "name": course.category},
        "rating": {"average": round(sum(stars) / len(stars), 1) if stars else 0, "count": len(stars)},
        "type": TYPES[course.kind],
        "quota_left": call.ask(catalogue.free_seats, schedule=schedule.code),
    }


def _review(review: Review) -> dict[str, Any]:
    return {
        "id": review_id(review.order),
        "rate": review.stars,
        "title": review.title,
        "content": review.text,
        "reviewer": "Peserta Prakerja",
        "created_at": utc(review.written_at),
    }


def _redeem_steps(institution: str) -> list[str]:
    return [
        f"Buat akun di penyedia kursus {institution}.",
        f"Buka {redeem_url(institution)}.",
        "Masukkan kode kupon dari Detail Tagihan atau e-mail.",
        "Periksa kursus yang tampil, lalu mulai belajar.",
    ]
