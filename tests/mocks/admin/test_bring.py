"""A person is brought to a state over the real wires, on every marketplace; what is there already stays."""

import pytest

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import build
from prakerja_sim.mocks.shop import registry
from tests.mocks.admin.test_admin import COURSE, Admin
from tests.mocks.admin.test_leases import differences
from tests.mocks.worlds import WALL

STATES = ["selected", "paid", "redeemed", "certified", "first_instalment"]


@pytest.fixture
def admin():
    started = Admin(build(Options(store="memory")))
    started.parties.wall = lambda: WALL
    yield started
    assert started.get("/bugs") == {"bugs": []}
    assert started.get("/invariants")["ok"]
    assert differences(started.parties.sandboxes.get("default")) == []


def somebody(admin, **own):
    [one] = admin.post("/people", **own)["people"]
    return one


def refused(admin, **body):
    answer = admin.send("POST", "/bring", body)
    return answer.status, answer.json()["error"]


@pytest.mark.parametrize("market", registry.codes())
def test_a_person_is_brought_to_the_first_instalment_at_every_marketplace(admin, market):
    one = somebody(admin)
    told = admin.post("/bring", person=one["prakerja_id"], to="first_instalment", marketplace=market)
    assert [state["state"] for state in told["states"]] == STATES
    assert [state["already"] for state in told["states"]] == [True, False, False, False, False]
    assert told["marketplace"] == market
    assert told["first_instalment"] == {"amount": 600_000, "status": "paid"}
    [payment] = admin.get(f"/payments?person={one['prakerja_id']}")["payments"]
    assert (payment["invoice_code"], payment["redeem_code"]) == (told["invoice_code"], told["redeem_code"])
    [code] = admin.get(f"/redeem-codes?code={told['redeem_code']}")["redeem_codes"]
    assert code["status"] == "redeemed"
    [order] = admin.get(f"/orders?person={one['prakerja_id']}")["orders"]
    assert (order["voucher"], order["voucher_status"]) == (told["voucher"], "redeemed")
    clock = told["clock"]
    assert clock["from"] < clock["to"] == admin.get("/clock")["now"]
    assert "incentive_transfer" in {event["event"] for event in clock["happened"]}
    asked = {(e.asker, e.party) for e in timeline.remembered(admin.sandbox)}
    assert {("admin", market), (market, "prakerja"), ("admin", "institution")} <= asked
    again = admin.post("/bring", person=one["prakerja_id"], to="first_instalment", marketplace=market)
    assert all(state["already"] for state in again["states"])
    assert {**again, "states": 0, "clock": 0} == {**told, "states": 0, "clock": 0}
    assert again["clock"]["from"] == again["clock"]["to"]


def test_each_state_goes_on_from_the_one_before(admin):
    one = somebody(admin, videos_watched=False, wallet=False)
    digests = [admin.digest()]
    for number, to in enumerate(STATES):
        told = admin.post("/bring", person=one["email"], to=to, course="kue-rumahan")
        assert [state["already"] for state in told["states"]] == [True] * number + [number == 0]
        digests.append(admin.digest())
    assert len(set(digests)) == len(STATES)
    assert told["course_code"] == "kue-rumahan"


def test_a_webinar_is_attended_when_it_starts(admin):
    one = somebody(admin)
    told = admin.post("/bring", person=one["phone"], to="certified", course="tanya-karier")
    assert told["certified_at"] > "2021-11-15T10:00:00"


def test_what_cannot_be_bought_is_refused_with_rule_and_values(admin):
    one = somebody(admin)
    admin.post("/courses", **{**COURSE, "price": 1_000_001})
    status, told = refused(admin, person=one["prakerja_id"], to="redeemed", course="baru")
    assert (status, told["code"], told["step"]) == (409, "balance_too_low", "card")
    assert told["rules"]
    assert told["values"]["amount"] == 1_000_001
    assert [state["state"] for state in told["states"]] == ["selected"]
    assert admin.get(f"/timeline/{told['exchange']}")
    admin.post("/bring", person=one["prakerja_id"], to="paid")
    status, told = refused(admin, person=one["prakerja_id"], to="paid", course="jualan-online")
    assert (told["code"], told["step"]) == ("previous_unfinished", "card")


def test_who_is_revoked_gets_nowhere(admin):
    admin.post("/clock", set="2021-12-10 00:00:00")
    one = somebody(admin, late=True)
    status, told = refused(admin, person=one["prakerja_id"], to="paid")
    assert (status, told["code"], told["step"]) == (409, "card_inactive", "course")
    assert told["values"]


def test_a_text_that_is_lost_ends_the_way_and_what_is_done_stays(admin):
    one = somebody(admin)
    admin.post("/faults", fault="sms_lost", times=1)
    status, told = refused(admin, person=one["prakerja_id"], to="paid")
    assert (status, told["code"], told["step"]) == (409, "unreachable", "account_at_the_shop")
    assert "the text is lost, or late" in told["message"]
    assert admin.post("/bring", person=one["prakerja_id"], to="paid")["invoice_code"]


def test_a_lost_reply_is_waited_for(admin):
    one = somebody(admin)
    admin.post("/faults", fault="reply_lost", where="payment/authorize")
    told = admin.post("/bring", person=one["prakerja_id"], to="paid")
    assert told["invoice_code"]
    assert len(admin.get(f"/payments?person={one['prakerja_id']}")["payments"]) == 1


WRONG = [
    ({"person": "nobody", "to": "paid"}, (404, "person_unknown")),
    ({"to": "paid"}, (400, "malformed")),
    ({"person": "x", "to": "rich"}, (400, "malformed")),
    ({"person": "x", "to": "paid", "marketplace": "toko"}, (400, "malformed")),
    ({"person": "x", "to": "paid", "course": "toko"}, (409, "course_unknown")),
]


@pytest.mark.parametrize(("body", "told"), WRONG)
def test_a_bad_wish_is_refused_and_changes_nothing(admin, body, told):
    assert admin.refused("POST", "/bring", body)[:2] == told


def test_a_class_that_a_shop_holds_itself_is_opened_there(admin):
    admin.post("/courses", **COURSE | {"institution": "pijar"})
    one = somebody(admin)
    told = admin.post("/bring", person=one["prakerja_id"], to="certified", marketplace="pijar", course="baru")
    assert told["certified_at"]
