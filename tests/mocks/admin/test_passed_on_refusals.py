"""A no that was passed on, worded by a page or said in no usual way has its reason in the timeline too."""

import pytest

from tests.mocks.institution.test_institution import Learner


def told(world, answer):
    """Why the timeline says that this was answered so; the header says the same."""
    number = answer.headers["X-Sim-Request-Id"]
    why = world.send("GET", f"/__admin/timeline/{number}").json()["why"]
    assert why["reason"] == answer.headers["X-Sim-Reason"]
    return why


@pytest.fixture
def ani(world):
    learner = Learner(world)
    assert learner.redeem().status == 200
    learner.code = world.redeem_code(learner.me)
    return learner


def test_who_passes_on_what_prakerja_refused_has_its_reason_and_its_values(world, ani):
    answer = ani.at("/attendance", redeem_code="GHOPNYXUVMT0")
    assert answer.status == 409
    why = told(world, answer)
    assert why["reason"] == "redeem_code_unknown"
    within = world.send("GET", "/__admin/timeline?party=prakerja&limit=1").json()["exchanges"][0]
    assert world.send("GET", f"/__admin/timeline/{within['id']}").json()["why"] == why


def test_who_got_no_answer_says_from_whom(world, ani):
    world.sandbox.arm("request_lost", "oauth/url-generate")
    why = told(world, ani.at("/attendance", redeem_code=ani.code))
    assert why["reason"] == "no_reply"
    asked = {"party": "prakerja", "request": "POST /api/v1/integration/oauth/url-generate"}
    assert asked.items() <= why["values"].items()


def test_an_answer_that_nothing_else_explains_explains_itself(world):
    why = told(world, world.send("POST", "/__admin/timeline/0000000000/again"))
    assert why["reason"] == "own_answer"
    assert "request 0000000000 is not among the last 2000" in why["values"]["because"]
    assert all(why["says"].values())


def test_a_secret_in_an_answer_is_hidden(world):
    card = world.enrol().card
    answer = world.send("POST", f"/__admin/timeline/{card}/again")
    assert card not in told(world, answer)["values"]["because"]
