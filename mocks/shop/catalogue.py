"""Finding a course at whichever marketplace: the one catalogue that all share, and reviews.

A site that has ids of its own draws them from the programme's code of the course.
"""

from dataclasses import dataclass
from typing import Any

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop.policies import refunds_of
from prakerja_sim.mocks.shop.site import Page, Site, named, page_of
from prakerja_sim.simulator.marketplace import number_formats, vouchers
from prakerja_sim.simulator.marketplace import reviews as written
from prakerja_sim.simulator.marketplace.records import Review
from prakerja_sim.simulator.marketplace.refunds import Refunds
from prakerja_sim.simulator.programme import catalogue
from prakerja_sim.simulator.programme.records import Course, Schedule
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

PROGRAMME = {"kartu", "prakerja"}
"""Words that every course is found by."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A course as a site shows it."""

    course: Course
    id: str
    """What the site calls it."""
    schedule: Schedule
    seats: int
    stars: tuple[int, ...]
    """What its reviews on this site gave, the newest first."""
    hosted: bool
    """Whether the site holds it itself, so that it needs no voucher."""
    policy: Refunds
    """When the money for it may come back."""

    @property
    def average(self) -> float:
        """The stars on average, 0 without a review."""
        return round(sum(self.stars) / len(self.stars), 1) if self.stars else 0

    @property
    def lessons(self) -> range:
        """The numbers of the lessons."""
        return range(1, self.course.lessons + 1)

    @property
    def starts(self) -> str | None:
        """When it begins, if it has a time."""
        return self.schedule.starts.isoformat() if self.schedule.starts else None

    @property
    def ends(self) -> str | None:
        """When it ends, if it has a time."""
        return self.schedule.ends.isoformat() if self.schedule.ends else None


@refuses(Reason.FILTER_UNKNOWN)
def search(site: Site, call: Call, body: Any) -> Page[Offer]:
    """The courses that a card can pay for, by words, category and institution."""
    courses = matching(call, body.keyword, body.category, body.institution) if body.by_card else []
    return page_of(call, courses, body).of(lambda course: offer(site, call, course))


def categories(_: Site, call: Call, __: Any = None) -> list[str]:
    """The categories that have a course."""
    return sorted({course.category for course in call.ask(catalogue.search)})


@refuses(Reason.FILTER_UNKNOWN)
def institutions(_: Site, call: Call, body: Any) -> list[str]:
    """The institutions that have a course, of one category or all."""
    return giving(call, body.category)


def groups(_: Site, call: Call, __: Any = None) -> dict[str, list[str]]:
    """The categories, and in each the institutions that have a course."""
    institutions: dict[str, set[str]] = {}
    for course in call.ask(catalogue.search):
        institutions.setdefault(course.category, set()).add(course.institution)
    return {name: sorted(institutions[name]) for name in sorted(institutions)}


@refuses(Reason.COURSE_UNKNOWN)
def detail(site: Site, call: Call, body: Any = None) -> Offer:
    """Everything about a course, and how its voucher is redeemed."""
    return offer(site, call, course_of(site, call, named(call, body, "course_id")[1]), rated=True)


@refuses(Reason.COURSE_UNKNOWN)
def reviews(site: Site, call: Call, body: Any = None) -> Page[Review]:
    """What buyers wrote about a course, the newest first."""
    course = course_of(site, call, named(call, body, "course_id")[1])
    return page_of(call, reviews_of(site, call, course.code), body)


@refuses(Reason.FILTER_UNKNOWN)
def giving(call: Call, category: str) -> list[str]:
    """The institutions that have a course of a category, or any; raises Rejected for an unknown category."""
    courses = call.ask(catalogue.search, category=category or None)
    if category and not courses:
        raise Rejected(Reason.FILTER_UNKNOWN, category=category)
    return sorted({course.institution for course in courses})


@refuses(Reason.FILTER_UNKNOWN)
def matching(call: Call, words: str, category: str = "", institution: str = "") -> list[Course]:
    """The courses in which each of the words occurs; the programme's own name finds every course.

    Raises Rejected for a category or an institution of which there is no course at all.
    """
    courses = holding(call, set())
    for name, wanted in (("category", category), ("institution", institution)):
        if wanted and all(getattr(one, name) != wanted for one in courses):
            raise Rejected(Reason.FILTER_UNKNOWN, unsaid={name: wanted})
    wide = [one for one in courses if category in ("", one.category) and institution in ("", one.institution)]
    sought = set(words.lower().split()) - PROGRAMME
    return [one for one in wide if sought <= _words_of(one)]


def holding(call: Call, words: set[str]) -> list[Course]:
    """The courses in which each of the words occurs."""
    courses: list[Course] = call.ask(catalogue.search)
    return [one for one in courses if words <= _words_of(one)]


def reviews_of(site: Site, call: Call, course: str) -> list[Review]:
    """The reviews of a course on this site."""
    reviews: list[Review] = call.ask(written.of_course, marketplace=site.code, course=course)
    return reviews


def offer(site: Site, call: Call, course: Course, *, rated: bool = False) -> Offer:
    """A course with everything that a site shows; its reviews are read only where a site shows them."""
    schedule: Schedule = call.ask(catalogue.schedule_of, course=course.code)
    seats: int = call.ask(catalogue.free_seats, schedule=schedule.code)
    stars = tuple(one.stars for one in reviews_of(site, call, course.code)) if rated else ()
    hosted = vouchers.is_hosted(site.code, course)
    policy = refunds_of(site, call.sandbox.settings)
    return Offer(course, course_id(site, call, course.code), schedule, seats, stars, hosted, policy)


def course_id(site: Site, call: Call, code: str) -> str:
    """What the site calls a course: the programme's code, or a UUID that follows from it and the seed."""
    if not site.own_ids:
        return code
    seed = chance.seed_bytes(call.sandbox.seed)
    return number_formats.filled(number_formats.UUID, call.sandbox.now(), seed, site.own_ids, code)


def course_of(site: Site, call: Call, number: str) -> Course:
    """The course of that id; raises Rejected if there is none (MF1)."""
    if site.own_ids:
        courses: list[Course] = call.ask(catalogue.search)
        course = next((one for one in courses if course_id(site, call, one.code) == number), None)
    else:
        course = call.ask(Unit.get, kind=Course, key=number)
    if course is None:
        raise Rejected(Reason.COURSE_UNKNOWN, course=number)
    return course


def redeem_url(institution: str) -> str:
    """The institution's voucher page, on an example host, never the simulator's own."""
    return f"https://{institution}.example.com/vouchers/redeem"


def _words_of(course: Course) -> set[str]:
    return set(f"{course.title} {course.category} {course.institution} {course.code}".lower().split())
