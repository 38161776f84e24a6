"""The catalogue of Skillhub: trainings with their facets, one training, and its reviews.

Lists have Laravel's shape and the fields of the ministry's training programmes (seen); price, quota
and schedules are inferred.
"""

from typing import Any, Literal

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.kemnaker.fields import Paged, Query, Word, asked, paginated
from prakerja_sim.mocks.kemnaker.words import MARKETPLACE, answer
from prakerja_sim.simulator.marketplace import number_formats, reviews
from prakerja_sim.simulator.programme import catalogue
from prakerja_sim.simulator.programme.records import Course, CourseKind, Schedule
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected

INFERRED, SEEN = Provenance.INFERRED, Provenance.SEEN
AT = "/skillhub/catalogue/v1"
KINDS = {CourseKind.SELF_PACED: "SPL", CourseKind.WEBINAR: "Webinar", CourseKind.OFFLINE: "Tatap Muka"}


class Trainings(Paged):
    """Which trainings are wanted; every word of the keyword must occur."""

    keyword: Word = ""
    vocational: Word = ""
    institution: Word = ""
    payment: Literal["", "prakerja", "gratis"] = ""


class Institutions(Query):
    """The institutions of a vocational, or all."""

    vocational: Word = ""


def trainings(call: Call) -> Reply:
    """The trainings, filtered and in pages; none of them is free."""
    wanted = asked(call, Trainings)
    found: list[Course] = call.ask(catalogue.search, institution=wanted.institution or None)
    words = set(wanted.keyword.lower().split()) - {"kartu", "prakerja"}
    rows = [
        course
        for course in found
        if wanted.payment != "gratis"
        and wanted.vocational in ("", course.category)
        and words <= _words_of(course)
    ]
    return paginated([_row(call, course) for course in rows], wanted, f"{AT}/trainings")


def vocationals(call: Call) -> Reply:
    """The kinds of work that there is a training for."""
    found = sorted({course.category for course in call.ask(catalogue.search)})
    return answer([{"code": name, "name": name} for name in found])


def institutions(call: Call) -> Reply:
    """The accredited institutions that give a training."""
    wanted = asked(call, Institutions).vocational
    found: list[Course] = call.ask(catalogue.search, category=wanted or None)
    return answer([_institution(code) for code in sorted({one.institution for one in found})])


def training(call: Call) -> Reply:
    """Everything about a training, and how its voucher is redeemed."""
    course = course_of(call, call.path["training_id"])
    schedule: Schedule = call.ask(catalogue.schedule_of, course=course.code)
    written = call.ask(reviews.of_course, marketplace=MARKETPLACE.code, course=course.code)
    stars = [one.stars for one in written]
    detail = {
        **_row(call, course),
        "description": f"Pelatihan {course.title} oleh {course.institution}.",
        "version": 1,
        "status": "approved",
        "total_duration": course.lessons * 60,
        "sub_vocational": {"code": course.category},
        "program_topics": [
            {
                "code": f"{course.code}-{number}",
                "title": f"Materi {number}",
                "description": "",
                "duration": 60,
                "type": "teori",
                "skkni_id": None,
            }
            for number in range(1, course.lessons + 1)
        ],
        "schedules": [
            {
                "id": schedule.code,
                "starts_at": schedule.starts.isoformat() if schedule.starts else None,
                "ends_at": schedule.ends.isoformat() if schedule.ends else None,
            }
        ],
        "redeem_instruction": [
            "Buka riwayat pesanan atau e-mail dan salin kode voucher.",
            f"Tukarkan di {redeem_url(course.institution)}.",
            "Setelah lulus, lembaga memasukkan nilai agar sertifikat Kemnaker terbit.",
        ],
        "rating": {"average": round(sum(stars) / len(stars), 1) if stars else 0, "count": len(stars)},
    }
    return answer(detail)


def review_list(call: Call) -> Reply:
    """What buyers wrote about a training, the newest first."""
    course, wanted = course_of(call, call.path["training_id"]), asked(call, Paged)
    found = call.ask(reviews.of_course, marketplace=MARKETPLACE.code, course=course.code)
    rows = [
        {"rating": one.stars, "comment": one.text, "created_at": one.written_at.isoformat()} for one in found
    ]
    return paginated(rows, wanted, f"{AT}/trainings/{call.path['training_id']}/reviews")


def training_id(call: Call, code: str) -> str:
    """A training's UUID here; it follows from the seed and the code."""
    seed = chance.seed_bytes(call.sandbox.seed)
    return number_formats.filled(number_formats.UUID, call.sandbox.now(), seed, "kemnaker training", code)


def course_of(call: Call, wanted: str) -> Course:
    """The training of that UUID; raises Rejected if there is none (MF1)."""
    for course in call.ask(catalogue.search):
        if training_id(call, course.code) == wanted:
            found: Course = course
            return found
    raise Rejected(Reason.COURSE_UNKNOWN)


def redeem_url(institution: str) -> str:
    """The institution's voucher page; a stand-in host, never the simulator's."""
    return f"https://{institution}.example.com/vouchers/redeem"


def add_to(face: Face) -> None:
    """Mount the catalogue, which anybody may read."""
    at = f"/api{AT}"
    unknown = (Reason.COURSE_UNKNOWN,)
    for path, provenance, body, refuses, handler in (
        ("/trainings", SEEN, Trainings, (), trainings),
        ("/vocationals", INFERRED, None, (), vocationals),
        ("/institutions", INFERRED, Institutions, (), institutions),
        ("/trainings/<training_id>", INFERRED, None, unknown, training),
        ("/trainings/<training_id>/reviews", INFERRED, Paged, unknown, review_list),
    ):
        read = face.endpoint(
            "GET",
            f"{at}{path}",
            provenance=provenance,
            body=body,
            refuses=refuses,
            open_to_all=True,
            raw=True,
        )
        read(handler)


def _row(call: Call, course: Course) -> dict[str, Any]:
    schedule: Schedule = call.ask(catalogue.schedule_of, course=course.code)
    return {
        "id": training_id(call, course.code),
        "code": course.code,
        "title": course.title,
        "vocational": {"code": course.category},
        "institution": _institution(course.institution),
        "method": KINDS[course.kind],
        "price": course.price.amount,
        "quota": call.ask(catalogue.free_seats, schedule=schedule.code),
    }


def _institution(code: str) -> dict[str, str]:
    return {"code": code, "name": code, "accreditation": "LA-LPK"}


def _words_of(course: Course) -> set[str]:
    return set(f"{course.title} {course.category} {course.institution} {course.code}".lower().split())
