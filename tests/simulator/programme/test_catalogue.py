from datetime import timedelta

import pytest

from prakerja_sim.simulator.programme import catalogue
from prakerja_sim.simulator.programme.records import Course, CourseKind
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.money import Rupiah

START = wib(2021, 9, 10, 9)


def test_a_listed_course_has_one_schedule_with_its_seats(story):
    schedule = story.list_course("webinar-1", 250_000, kind=2, quota=30, starts=START, hours=3)

    assert story.get(Course, "webinar-1").kind is CourseKind.WEBINAR
    assert story.get(Course, "webinar-1").price == Rupiah(250_000)
    assert (schedule.starts, schedule.ends) == (START, START + timedelta(hours=3))
    assert story.ask(catalogue.schedule_of, "webinar-1") == schedule
    assert story.ask(catalogue.free_seats, schedule.code) == 30


def test_a_self_paced_course_has_a_million_seats_and_no_start(story):
    assert story.ask(catalogue.free_seats, story.schedule.code) == 1_000_000
    assert (story.schedule.starts, story.schedule.ends) == (None, None)


def test_a_course_may_be_listed_full(story):
    schedule = story.list_course("full-1", 250_000, quota=0)
    assert story.ask(catalogue.free_seats, schedule.code) == 0
    assert story.sandbox.check() == []


def test_a_code_is_listed_once(story):
    assert story.refusal(story.list_course, "barista-101", 1) is Reason.ALREADY_LISTED


def test_what_is_not_listed_has_no_schedule_and_no_seats(story):
    assert story.ask(catalogue.schedule_of, "barista-102") is None
    assert story.ask(catalogue.free_seats, "0" * 16) == 0


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["barista-101", "excel-1", "roti-1"]),
        ({"category": "kopi"}, ["barista-101"]),
        ({"category": "musik"}, []),
        ({"institution": "dapur"}, ["excel-1", "roti-1"]),
        ({"institution": "dapur", "category": "roti"}, ["roti-1"]),
        ({"institution": "dapur", "category": "kopi"}, []),
    ],
)
def test_courses_are_found_by_category_and_by_institution(story, wanted, found):
    story.list_course("roti-1", 300_000, institution="dapur", category="roti")
    story.list_course("excel-1", 300_000, institution="dapur", category="kantor")

    assert [course.code for course in story.ask(catalogue.search, **wanted)] == found
