"""What the pretend institution asks Prakerja for in the present: presence, tasks, logins."""

from urllib.parse import parse_qs, urlsplit

import pytest

from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient, Refused
from prakerja_sim.simulator.institution.records import Enrolment
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.institution.test_institution import Learner, error
from tests.mocks.prakerja.browser import Browser


@pytest.fixture
def ani(world):
    learner = Learner(world)
    assert learner.redeem().status == 200
    learner.code = world.redeem_code(learner.me)
    return learner


def opened(ani, **more):
    answer = ani.at("/attendance", redeem_code=ani.code, **more)
    assert answer.status == 200, answer.body
    return answer.json()


def returned(ani, sequence=1):
    return ani.at("/attendance/return", redeem_code=ani.code, sequence=sequence)


def test_a_learner_is_let_in_once_prakerja_has_seen_him(world, ani):
    data = opened(ani)
    assert error(returned(ani)) == (409, "attendance_unproved")
    left_for = Browser(world).open(data["url"]).verify(ani.me)
    assert left_for == f"https://lp-kopi.example/kehadiran?state={data['state']}"
    assert returned(ani).json()["attendance_status"] == 1
    assert world.sandbox.ask(Unit.need, kind=Enrolment, key=ani.voucher).redeem_code == ani.code
    assert error(returned(ani, 2)) == (409, "attendance_unproved")


def test_the_way_back_and_the_email_may_be_others(world, ani):
    data = opened(ani, redirect_uri="https://lp.example/x", email="lain@example.id")
    assert Browser(world).open(data["url"]).verify(ani.me).startswith("https://lp.example/x?state=")


def test_what_prakerja_refuses_comes_out_in_its_own_code(ani):
    assert error(ani.at("/attendance", redeem_code=ani.code, sequence=2)) == (409, "ERRTRX40027")
    assert error(ani.at("/attendance", redeem_code=ani.code, sequence=11)) == (409, "ERR40082")
    assert error(ani.at("/attendance/return", redeem_code="GHOPNYXUVMT0")) == (409, "ERRTRX40020")
    assert error(ani.at("/feedback", redeem_code=ani.code, notes="Rapi")) == (409, "ERRTRX40083")
    assert error(ani.at("/tasks", redeem_code=ani.code, scope="uk", url_file="x")) == (409, "ERR40082")


def test_a_lost_request_is_told_as_such(world, ani):
    world.sandbox.arm("request_lost", "oauth/url-generate")
    assert error(ani.at("/attendance", redeem_code=ani.code)) == (504, "no_reply")


def test_a_task_is_handed_in_looked_at_and_marked(ani):
    which = {"redeem_code": ani.code, "scope": "tpm", "sequence": 2}
    handed_in = ani.at("/tasks", **which, url_file="https://lp.example/f.pdf").json()
    assert handed_in["status"] == 1
    assert ani.at("/feedback", **which, notes="Rapi").json()["notes"] == "Rapi"
    told = ani.at("/tasks", **which).json()
    assert [told[what]["status"] for what in ("assignment", "feedback")] == [2, 2]


def test_a_learner_logs_in_with_his_prakerja_account(world, ani):
    path = ani.send("POST", "/lp-kopi/login", scope="name").json()["path"]
    browser = Browser(world).open(path)
    browser.log_in(ani.me).press("allow")
    code = parse_qs(urlsplit(browser.left_for).query)["code"][0]
    told = ani.send("POST", "/lp-kopi/login/return", code=code).json()
    assert (told["name"], told["email"]) == (ani.me.name, "")
    assert error(ani.send("POST", "/lp-kopi/login/return", code=code)) == (409, "ERROAUTH4031")


def test_an_answer_without_an_address_is_no_success(world):
    client = PrakerjaClient.of(world.parties, world.sandbox, "lp-kopi")
    client.call = lambda *_: {"state": "x"}
    with pytest.raises(Refused, match="no url"):
        client.url_generate(redeem_code="x", redirect_uri="x", email="x", sequence=1)
