"""A training institution's site: voucher, lessons, certificate, redeem code, and what it refuses."""

from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest

from prakerja_sim.mocks.http.transport import Answer
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.mocks.tokopedia.institution_client import Client as TokopediaClient
from prakerja_sim.mocks.tokopedia.shopper import Shopper
from prakerja_sim.simulator.institution.records import LateReport
from prakerja_sim.simulator.marketplace.records import Order
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.values.clock import DAY, SECOND, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.holidays import is_working_day, working_days_later
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Client
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.worlds import BARISTA, WEBINAR, World

EMAIL = "ani@example.com"


class Learner:
    """Somebody who bought at Tokopedia and now learns."""

    def __init__(self, world, course=BARISTA, *, wave=22, **how):
        self.world = world
        self.me = world.enrol(wave=wave, **how)
        shopper = Shopper(world.parties.transport("tokopedia", world.sandbox))
        shopper.sign_up(self.me.name, self.me.phone, EMAIL)
        shopper.enter_phone_code(world.otp(self.me))
        shopper.add_to_cart(course)
        self.order = shopper.check_out()
        shopper.enter_card(self.order, self.me.card)
        assert shopper.enter_otp(self.order, world.otp(self.me)) == "paid"
        self.shopper = shopper
        self.voucher = shopper.order(self.order).voucher

    def send(self, method, path, /, raw=None, **body):
        return self.world.send(method, f"/institution{path}", orjson.dumps(body) if raw is None else raw)

    def redeem(self, institution="lp-kopi", **changed):
        body = {
            "voucher_code": self.voucher,
            "marketplace": "tokopedia",
            "email": EMAIL,
            "name": self.me.name,
        }
        return self.send("POST", f"/{institution}/vouchers/redeem", **(body | changed))

    def at(self, what="", institution="lp-kopi", voucher=None, method="POST", **body):
        return self.send(method, f"/{institution}/vouchers/{voucher or self.voucher}{what}", **body)

    def studied(self):
        assert self.redeem().status == 200
        self.at("/pre-test", score=10)
        for _ in range(4):
            assert self.at("/lessons").status == 200


@pytest.fixture
def ani(world):
    return Learner(world)


def error(answer):
    told = answer.json()["error"]
    assert list(told) == ["code", "message"]
    return answer.status, told["code"]


def test_from_the_voucher_to_the_certificate_and_the_redeem_code(world, ani):
    begun = {
        "voucher_code": ani.voucher,
        "course_code": BARISTA,
        "pre_test": None,
        "lessons_done": 0,
        "lessons": 4,
        "post_test": None,
        "certificate": None,
        "redeem_code": None,
    }
    opened = ani.redeem()
    assert (opened.status, list(opened.json()), opened.json()) == (200, list(begun), begun)
    assert ani.at("/pre-test", score=0).json() == begun | {"pre_test": 0}
    assert ani.at("/pre-test", score=90).json()["pre_test"] == 0
    for lesson in (1, 2, 3, 4):
        assert ani.at("/lessons").json()["lessons_done"] == lesson
    assert ani.at("/lessons").json()["lessons_done"] == 4
    done = ani.at("/final-test", score=1).json()
    assert (done["post_test"], done["certificate"][:5]) == (1, "CERT-")
    assert ani.at("/final-test", score=100).json() == done
    code = world.redeem_code(ani.me)
    attested = ani.at("/redeem-code", redeem_code=code).json()
    assert attested == done | {"redeem_code": code}
    assert ani.at(method="GET").json() == attested


def test_a_certificate_is_reported_all_the_way_to_the_programme(world, ani):
    ani.studied()
    ani.at("/final-test", score=42)
    order = ani.shopper.order(ani.order)
    assert order.status == "issued"
    [training] = world.sandbox.ask(Unit.find, kind=Training)
    assert (training.status, training.score) == (TrainingStatus.REPORTED, 42)


def test_before_wave_18_no_pre_test_is_needed(world):
    world_2021 = World(start=wib(2021, 7, 1))
    budi = Learner(world_2021, wave=17)
    budi.redeem()
    assert budi.at("/lessons").json()["lessons_done"] == 1
    assert world_2021.is_sound()


def test_from_wave_18_on_a_lesson_waits_for_the_pre_test(ani):
    ani.redeem()
    assert error(ani.at("/lessons")) == (409, "pre_test_missing")
    ani.at("/pre-test", score=50)
    assert ani.at("/lessons").status == 200


@pytest.mark.parametrize("lessons", [0, 3])
def test_the_final_test_waits_for_the_last_lesson(ani, lessons):
    ani.redeem()
    ani.at("/pre-test", score=50)
    for _ in range(lessons):
        ani.at("/lessons")
    assert error(ani.at("/final-test", score=100)) == (409, "course_unfinished")


VOUCHERS = [
    ({"voucher_code": "TKPDNOBODY"}, "lp-kopi", (404, "voucher_unknown")),
    ({}, "lp-niaga", (409, "voucher_of_other_institution")),
    ({"marketplace": "nowhere"}, "lp-kopi", (404, "voucher_unknown")),
    ({"marketplace": "../__admin"}, "lp-kopi", (404, "voucher_unknown")),
]


@pytest.mark.parametrize(("changed", "institution", "told"), VOUCHERS)
def test_a_voucher_that_opens_nothing_here_is_refused(world, ani, changed, institution, told):
    before = world.digest()
    assert error(ani.redeem(institution, **changed)) == told
    assert world.digest() == before


def test_a_voucher_opens_its_course_for_one_learner(world, ani):
    opened = ani.redeem()
    before = world.digest()
    again = ani.redeem(email="ANI@Example.com", name="Ani Lain")
    assert (again.status, again.body) == (200, opened.body)
    assert error(ani.redeem(email="budi@example.com")) == (409, "voucher_used")
    assert world.digest() == before


LOST = [("request_lost", "voucher/status"), ("reply_lost", "voucher/status")]
LOST += [("request_lost", "voucher/redeem"), ("reply_lost", "voucher/redeem")]


@pytest.mark.parametrize(("fault", "where"), LOST)
def test_a_redemption_whose_answer_was_lost_is_simply_made_again(world, ani, fault, where):
    world.sandbox.arm(fault, where)
    assert error(ani.redeem()) == (504, "no_reply")
    assert error(ani.at(method="GET")) == (404, "enrolment_unknown")
    assert ani.redeem().json()["course_code"] == BARISTA
    assert ani.at(method="GET").status == 200


def test_hands_at_the_same_voucher_open_one_course(world, ani):
    emails = [f"teman{number}@example.com" for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda email: ani.redeem(email=email), emails))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 5
    assert {error(answer) for answer in answers if answer.status != 200} == {(409, "voucher_used")}


def test_one_email_takes_a_course_once(world, ani):
    ani.redeem()
    budi = Learner(world)
    before = world.digest()
    assert error(budi.redeem()) == (409, "email_taken")
    assert error(budi.redeem(email=EMAIL.upper())) == (409, "email_taken")
    assert world.digest() == before
    assert budi.redeem(email="budi@example.com").status == 200


def test_a_redeem_code_whose_commit_was_not_answered_is_simply_given_again(world, ani):
    ani.redeem()
    code = world.redeem_code(ani.me)
    world.sandbox.arm("reply_lost", "redeem-code/commit")
    assert error(ani.at("/redeem-code", redeem_code=code)) == (504, "no_reply")
    assert ani.at("/redeem-code", redeem_code=code).json()["redeem_code"] == code
    assert error(ani.at("/redeem-code", redeem_code=code)) == (409, "ERRTRX40021")


def test_a_used_redeem_code_is_good_for_one_learner_only(world, ani):
    ani.redeem()
    code = world.redeem_code(ani.me)
    assert ani.at("/redeem-code", redeem_code=code).status == 200
    budi = Learner(world)
    budi.redeem(email="budi@example.com")
    assert error(budi.at("/redeem-code", redeem_code=code)) == (409, "ERRTRX40021")


def test_a_corrected_name_lets_the_report_through(world, ani):
    ani.redeem(name="Ani Lain")
    ani.at("/pre-test", score=1)
    for _ in range(4):
        ani.at("/lessons")
    assert error(ani.at("/final-test", score=1)) == (409, "report_refused")
    ani.at("/name", name=ani.me.name)
    assert ani.at("/final-test", score=90).json()["post_test"] == 1
    assert world.sandbox.ask(Unit.find, kind=Training)[0].status is TrainingStatus.REPORTED


def test_a_cancelled_voucher_is_refused(world, ani):
    assert world.send("POST", f"/__admin/orders/{ani.order}/void").status == 200
    assert error(ani.redeem()) == (409, "voucher_cancelled")


def test_an_expired_voucher_is_refused_as_void_or_expired(world):
    budi = Learner(world, WEBINAR)
    world.until(wib(2021, 11, 15, 12, 0, 1))
    assert error(budi.redeem("lp-kantor")) == (409, "voucher_cancelled")


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [
        ("GET", "", {}),
        ("POST", "/pre-test", {"score": 1}),
        ("POST", "/lessons", {}),
        ("POST", "/final-test", {"score": 1}),
        ("POST", "/redeem-code", {"redeem_code": "X"}),
        ("POST", "/name", {"name": "X"}),
    ],
)
@pytest.mark.parametrize(("voucher", "institution"), [("TKPDNOBODY", "lp-kopi"), (None, "lp-niaga")])
def test_who_is_not_enrolled_at_that_institution_is_unknown_there(
    world, ani, method, what, body, voucher, institution
):
    ani.redeem()
    before = world.digest()
    assert error(ani.at(what, institution, voucher, method, **body)) == (404, "enrolment_unknown")
    assert world.digest() == before


@pytest.mark.parametrize("institution", ["nobody", "tokopedia", "LP-KOPI", "%00", "x" * 500])
def test_an_institution_that_teaches_nothing_does_not_exist(world, ani, institution):
    clients = world.sandbox.ask(Unit.find, kind=Client)
    assert error(ani.redeem(institution)) == (404, "not_found")
    assert "the institution in it has no course here" in ani.redeem(institution).json()["error"]["message"]
    assert error(ani.at(institution=institution, method="GET")) == (404, "not_found")
    assert world.sandbox.ask(Unit.find, kind=Client) == clients


def test_a_redeem_code_that_prakerja_refuses_is_told_with_its_code(world, ani):
    ani.redeem()
    assert error(ani.at("/redeem-code", redeem_code="GHOPNYXUVMT0")) == (409, "ERRTRX40020")
    code = world.redeem_code(ani.me)
    ani.at("/redeem-code", redeem_code=code)
    refused = ani.at("/redeem-code", redeem_code=code)
    assert error(refused) == (409, "ERRTRX40021")
    assert refused.json()["error"]["message"] == "Prakerja: Redeem Code sudah digunakan"


def test_a_report_that_is_refused_does_not_take_the_certificate_back(world, ani):
    ani.redeem(name="Ani Lain")
    ani.at("/pre-test", score=1)
    for _ in range(4):
        ani.at("/lessons")
    refused = ani.at("/final-test", score=1)
    assert error(refused) == (409, "report_refused")
    assert "Nama peserta tidak sesuai" in refused.json()["error"]["message"]
    assert ani.at(method="GET").json()["certificate"]


SILENCES = [
    ("voucher/redeem", lambda ani: ani.redeem()),
    ("completion", lambda ani: (ani.studied(), ani.at("/final-test", score=1))[-1]),
    (
        "redeem-code/status",
        lambda ani: (ani.redeem(), ani.at("/redeem-code", redeem_code=ani.world.redeem_code(ani.me)))[-1],
    ),
    (
        "redeem-code/commit",
        lambda ani: (ani.redeem(), ani.at("/redeem-code", redeem_code=ani.world.redeem_code(ani.me)))[-1],
    ),
]


@pytest.mark.parametrize("fault", ["request_lost", "reply_lost"])
@pytest.mark.parametrize(("where", "act"), SILENCES, ids=[where for where, _ in SILENCES])
def test_silence_of_the_other_side_is_told_and_is_no_bug(world, ani, fault, where, act):
    world.sandbox.arm(fault, where)
    answer = act(ani)
    assert error(answer) == (504, "no_reply")
    assert world.parties.bugs == []


def test_a_lost_report_is_made_again_by_taking_the_test_again(world, ani):
    world.sandbox.arm("request_lost", "completion")
    ani.studied()
    assert error(ani.at("/final-test", score=7)) == (504, "no_reply")
    assert ani.at("/final-test", score=9).json()["post_test"] == 7
    assert world.training(world.sandbox.ask(Unit.need, kind=Order, key=ani.order).transaction).score == 7


BAD = [
    ("/redeem", {}),
    ("/redeem", {"voucher_code": 1, "marketplace": "tokopedia", "email": "e", "name": "n"}),
    ("/redeem", {"voucher_code": "", "marketplace": "tokopedia", "email": "e", "name": "n"}),
    ("/redeem", {"voucher_code": "x" * 65, "marketplace": "tokopedia", "email": "e", "name": "n"}),
    ("/X/pre-test", {"score": -1}),
    ("/X/pre-test", {"score": 101}),
    ("/X/pre-test", {"score": True}),
    ("/X/final-test", {"score": "80"}),
    ("/X/final-test", {"score": 80.5}),
    ("/X/redeem-code", {"redeem_code": ""}),
]


@pytest.mark.parametrize(("what", "body"), BAD)
def test_a_bad_field_is_told_with_its_place(world, ani, what, body):
    ani.redeem()
    before = world.digest()
    answer = ani.send("POST", f"/lp-kopi/vouchers{what.replace('X', ani.voucher)}", **body)
    assert error(answer) == (400, "malformed")
    assert answer.json()["error"]["message"].endswith("; nothing was changed")
    assert world.digest() == before


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"{", b'{"score":NaN}', b'{"score":"\\ud800"}'])
def test_a_body_that_is_no_object_is_told_here_too(ani, raw):
    assert error(ani.send("POST", "/lp-kopi/vouchers/redeem", raw)) == (400, "malformed")


def test_unknown_paths_methods_and_sizes_have_the_plain_envelope(ani):
    assert error(ani.send("GET", "/lp-kopi")) == (404, "not_found")
    answer = ani.send("GET", "/lp-kopi/vouchers/X/lessons")
    assert error(answer) == (405, "method")
    assert "POST" in answer.headers["Allow"]
    assert error(ani.send("POST", "/lp-kopi/vouchers/X/pre-test", b" " * 65_537)) == (413, "too_large")


# How an institution reads a marketplace's answer


class Said:
    """A marketplace that always answers the same."""

    def __init__(self, status, body):
        self.answer = Answer(status, {}, body)

    def send(self, method, path, headers=None, body=b""):
        return self.answer


CODES = [
    (200, b'{"response_code":"11","message":"Voucher is void"}', Reason.VOUCHER_CANCELLED),
    (200, b'{"response_code":"12","message":"Transaction not found"}', Reason.VOUCHER_UNKNOWN),
    (200, b'{"response_code":"13","message":"Voucher already redeemed"}', Reason.VOUCHER_USED),
    (200, b'{"response_code":"44","message":"x"}', Reason.VOUCHER_OF_OTHER_INSTITUTION),
    (200, b'{"response_code":"99"}', Reason.VOUCHER_UNKNOWN),
    (502, b"<html>Bad Gateway</html>", Reason.VOUCHER_UNKNOWN),
    (200, b"[]", Reason.VOUCHER_UNKNOWN),
    (200, b"null", Reason.VOUCHER_UNKNOWN),
    (200, b"{}", Reason.VOUCHER_UNKNOWN),
    (401, b'{"errors":[]}', Reason.VOUCHER_UNKNOWN),
    (200, b'{"response_code":["00"]}', Reason.VOUCHER_UNKNOWN),
]


@pytest.mark.parametrize(("status", "body", "reason"), CODES)
def test_a_response_code_has_one_meaning(status, body, reason):
    client = TokopediaClient(Said(status, body), "lp-kopi", "key")
    with pytest.raises(VoucherRefused) as refused:
        client.redeem("TKPD")
    assert refused.value.reason is reason


def late(world):
    return world.sandbox.ask(Unit.find, kind=LateReport)


@pytest.mark.parametrize("failures", [1, 9])
def test_a_report_that_does_not_arrive_is_made_again_each_working_day(world, ani, failures):
    ani.studied()
    world.sandbox.arm("request_lost", "simulated/completions", failures)
    assert error(ani.at("/final-test", score=7)) == (409, "report_refused")
    days = 0
    while not late(world)[0].done:
        assert world.sandbox.ask(Unit.find, kind=Training)[0].status is TrainingStatus.BOUGHT
        world.after(DAY)
        days += is_working_day(world.sandbox.now().date())
    assert days == failures
    assert world.sandbox.ask(Unit.find, kind=Training)[0].status is TrainingStatus.REPORTED


def test_after_ten_reports_somebody_has_to_look(world, ani):
    ani.studied()
    world.sandbox.arm("request_lost", "simulated/completions", 10)
    ani.at("/final-test", score=7)
    world.after(20 * DAY)
    assert (late(world)[0].tries, late(world)[0].done) == (10, True)
    assert world.sandbox.ask(Unit.find, kind=Training)[0].status is TrainingStatus.BOUGHT
    assert ani.at("/final-test", score=7).status == 200
    assert world.sandbox.ask(Unit.find, kind=Training)[0].status is TrainingStatus.REPORTED


@pytest.mark.parametrize("days", [1, 2, 5])
def test_a_report_may_leave_some_working_days_later(days):
    world = World(Settings(institution_report_working_days=days))
    ani = Learner(world)
    ani.studied()
    finished = world.sandbox.now()
    for _ in range(2):
        assert ani.at("/final-test", score=7).status == 200
    assert [(one.tries, one.done) for one in late(world)] == [(0, False)]
    due = working_days_later(finished, days)
    for instant, status in (
        (due - SECOND, TrainingStatus.BOUGHT),
        (due, TrainingStatus.REPORTED),
        (working_days_later(due, max(0, 2 - days) + 7) - SECOND, TrainingStatus.REPORTED),
        (working_days_later(due, max(0, 2 - days) + 7), TrainingStatus.CERTIFIED),
    ):
        world.until(instant)
        assert world.sandbox.ask(Unit.find, kind=Training)[0].status is status
    assert [(one.tries, one.done) for one in late(world)] == [(1, True)]
    assert ani.at("/final-test", score=7).status == 200
    assert world.is_sound()


def test_a_report_that_left_later_and_did_not_arrive_is_made_again_the_next_day():
    world = World(Settings(institution_report_working_days=1))
    ani = Learner(world)
    ani.studied()
    ani.at("/final-test", score=7)
    world.sandbox.arm("request_lost", "simulated/completions")
    world.until(working_days_later(world.sandbox.now(), 1))
    assert [(one.tries, one.done) for one in late(world)] == [(1, False)]
    world.until(working_days_later(world.sandbox.now(), 1))
    assert world.sandbox.ask(Unit.find, kind=Training)[0].status is TrainingStatus.REPORTED
    assert world.is_sound()


def test_a_report_that_arrives_leaves_nothing_to_do(world, ani):
    ani.studied()
    ani.at("/final-test", score=7)
    assert [(one.tries, one.done) for one in late(world)] == [(1, True)]
