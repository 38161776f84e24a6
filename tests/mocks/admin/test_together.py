"""One clock for several programs."""

from datetime import timedelta
from threading import Thread

import pytest

from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import build
from tests.mocks.admin.test_admin import Admin
from tests.mocks.worlds import WALL

START = "2021-11-01T09:00:00+07:00"


@pytest.fixture
def admin():
    """A sandbox that starts at START, at a wall clock that stands still."""
    parties = build(Options(store="memory"))
    parties.wall = lambda: WALL
    return Admin(parties)


def share(admin, who, until="now", **more):
    return admin.post("/clock/together", who=who, until=until, **more)


def test_the_clock_goes_as_far_as_all_programs_allow(admin):
    alone = {"now": START, "programs": 1, "holding": ["a"], "waiting": [], "still_for": 0.0}
    assert share(admin, "a") == alone
    assert share(admin, "b", "2021-11-01 12:00:00") == {**alone, "programs": 2, "waiting": ["b"]}
    told = share(admin, "a", "2021-11-01 10:00:00")
    assert told["now"] == "2021-11-01T10:00:00+07:00"
    assert told["holding"] == ["a"]
    assert share(admin, "a", "any")["now"] == "2021-11-01T12:00:00+07:00"


def test_who_lets_the_others_say_moves_nothing_by_himself(admin):
    assert share(admin, "a", "any")["now"] == START
    assert share(admin, "b", "any")["holding"] == []
    assert admin.get("/clock")["now"] == START


def test_a_program_that_leaves_holds_nobody(admin):
    share(admin, "a")
    share(admin, "b", "2021-11-02")
    assert share(admin, "a", leave=True) == {
        "now": "2021-11-02T00:00:00+07:00",
        "programs": 1,
        "holding": ["b"],
        "waiting": [],
        "still_for": 0.0,
    }


@pytest.mark.parametrize(("later", "now"), [(30, START), (31, "2021-11-02T00:00:00+07:00")])
def test_a_program_that_is_not_heard_from_is_forgotten(admin, later, now):
    share(admin, "a", seconds=30)
    admin.parties.wall = lambda: WALL + timedelta(seconds=later)
    assert share(admin, "b", "2021-11-02")["now"] == now


def test_it_is_told_for_how_long_the_clock_was_not_moved(admin):
    share(admin, "a")
    admin.parties.wall = lambda: WALL + timedelta(seconds=7)
    assert share(admin, "a")["still_for"] == 7.0
    assert share(admin, "a", "2021-11-01 09:00:01")["still_for"] == 0.0


def test_what_is_due_on_the_way_happens_and_the_next_program_sees_it(admin):
    [ani] = admin.post("/people", wave=22, videos_watched=False)["people"]
    share(admin, "a", "2021-12-01 00:00:01")
    people = admin.get("/people")["people"]
    assert next(one["status"] for one in people if one["prakerja_id"] == ani["prakerja_id"]) == "revoked"


def test_a_program_that_only_waits_leaves_nothing_on_the_timeline(admin):
    share(admin, "a")
    share(admin, "b", "any")
    assert admin.get("/timeline")["exchanges"] == []


def test_programs_that_speak_at_the_same_moment_move_the_clock_once_to_where_all_allow(admin):
    share(admin, "z")
    names = [f"p{number}" for number in range(8)]
    threads = [
        Thread(target=share, args=(admin, who, f"2021-11-0{2 + at % 4}")) for at, who in enumerate(names)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert admin.get("/clock")["now"] == START
    assert share(admin, "z", "any")["now"] == "2021-11-02T00:00:00+07:00"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "who"),
        ({"who": "a b"}, "who"),
        ({"who": "a", "until": "soon"}, "soon"),
        ({"who": "a", "seconds": 0}, "seconds"),
        ({"who": "a", "till": "now"}, "till"),
    ],
)
def test_what_will_not_do_is_refused(admin, body, place):
    assert place in admin.refused("POST", "/clock/together", body)[2]
