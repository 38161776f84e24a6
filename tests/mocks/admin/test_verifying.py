"""What a partner expects to have passed on the wires is confirmed, or told apart from what came nearest."""

import orjson
import pytest

from prakerja_sim.mocks.admin.verifying import NEAREST
from prakerja_sim.mocks.http import timeline
from tests.mocks.worlds import API, World

PAID = f"{API}/payment/authorize"


@pytest.fixture
def paid():
    """A purchase at the first try, and one whose first code was wrong."""
    world = World()
    ani, budi = world.enrol(), world.enrol()
    world.bought(ani)
    token = world.send_otp(budi).json()["data"]["payment_token"]
    wrong = world.wrong_otp(budi)
    for otp, invoice in ((wrong, "INV-2"), (world.otp(budi), "INV-2")):
        world.dp.post(
            "/payment/authorize",
            token=token,
            otp=otp,
            invoice_code=invoice,
            invoice_url="https://x.example/1",
        )
    world.wrong, world.token = wrong, token
    return world


def asked(world, **expected):
    raw = orjson.dumps(expected)
    return world.send("POST", "/__admin/timeline/verify", raw, Content_Type="application/json")


def verdict(world, **expected):
    answer = asked(world, **expected)
    assert answer.status == 200, answer.body
    return answer.json()


PASSING = {
    "at least one": {"path": "payment/authorize"},
    "all fields": {
        "party": "prakerja",
        "asker": "client",
        "method": "POST",
        "path": PAID,
        "status": 200,
        "body": {"invoice_code": "INV-2"},
        "answer": {"success": True},
    },
    "exactly": {"path": PAID, "times": 3},
    "one with a reason": {"path": PAID, "reason": "otp_wrong", "times": 1},
    "at most": {"path": PAID, "at_most": 3},
    "at least": {"path": PAID, "at_least": 3},
    "between": {"path": PAID, "at_least": 2, "at_most": 3},
    "never": {"path": "payment/void", "times": 0},
    "in order": {
        "in_order": [
            {"path": "payment/send-otp"},
            {"path": PAID, "reason": "otp_wrong"},
            {"path": PAID, "status": 200, "body": {"invoice_code": "INV-2"}},
        ]
    },
}
FAILING = {
    "too few": {"path": PAID, "times": 4},
    "too few at least": {"path": PAID, "at_least": 4},
    "too many": {"path": PAID, "times": 2},
    "too many at most": {"path": PAID, "at_most": 2},
    "never but it was": {"path": PAID, "times": 0},
    "true is not 1": {"path": PAID, "answer": {"success": 1}},
    "no such field": {"path": PAID, "body": {"invoice": "INV-2"}},
    "the wrong order": {"in_order": [{"path": PAID, "reason": "otp_wrong"}, {"reason": "otp_wrong"}]},
}


@pytest.mark.parametrize("expected", PASSING.values(), ids=PASSING)
def test_what_passed_is_confirmed(paid, expected):
    told = verdict(paid, **expected)
    assert told["passed"], told
    assert told["misses"] == []


@pytest.mark.parametrize("expected", FAILING.values(), ids=FAILING)
def test_what_did_not_pass_is_denied(paid, expected):
    told = verdict(paid, **expected)
    assert not told["passed"]
    assert told["says"]


def test_what_came_nearest_is_told_with_the_fields_that_differ(paid):
    told = verdict(paid, path=PAID, status=200, body={"invoice_code": "INV-3"})
    assert len(told["misses"]) == NEAREST
    nearest = told["misses"][0]
    assert nearest["differs"] == {"body.invoice_code": {"expected": "INV-3", "found": "INV-2"}}
    assert [len(one["differs"]) for one in told["misses"]] == [1, 1, 2]
    one = timeline.find(paid.sandbox, nearest["id"])
    assert (one.path, one.status) == (PAID, 200)


def test_a_step_that_is_not_found_is_named_with_what_came_nearest_after_the_one_before(paid):
    steps = [{"path": PAID, "reason": "otp_wrong"}, {"path": PAID, "reason": "otp_expired"}]
    told = verdict(paid, in_order=steps)
    assert (told["passed"], told["found"]) == (False, 1)
    assert told["says"].startswith(f"in_order.1 was not found after exchange {told['exchanges'][0]};")
    assert [one["id"] > told["exchanges"][0] for one in told["misses"]] == [True]
    assert told["misses"][0]["differs"] == {"reason": {"expected": "otp_expired", "found": None}}


def test_only_what_came_since_counts_where_that_is_asked(paid):
    [wrong] = verdict(paid, reason="otp_wrong")["exchanges"]
    assert verdict(paid, path=PAID, times=1, since=wrong)["passed"]
    assert verdict(paid, path=PAID, times=3, since="0")["passed"]


def test_to_verify_changes_nothing_and_is_in_no_timeline(paid):
    before = (paid.digest(), len(timeline.remembered(paid.sandbox)))
    for _ in range(2):
        verdict(paid, path=PAID)
    assert (paid.digest(), len(timeline.remembered(paid.sandbox))) == before


def test_nothing_secret_is_told_of_a_miss(paid):
    told = asked(paid, path=PAID, body={"otp": "739184"}).body.decode()
    assert "otp" in told
    assert paid.wrong not in told
    assert "739184" not in told
    told = verdict(paid, path=PAID, body={"all": [{"otp": 739184}]})
    assert told["misses"][0]["differs"]["body.all"]["expected"] == [{"otp": "******"}]
    told = asked(paid, path="payment/send-otp", answer={"data": {}}).body.decode()
    assert "payment_token" in told
    assert paid.token not in told


def test_a_form_is_read_by_its_fields_and_a_long_body_says_so(world):
    at = "/bukalapak/oauth/token"
    world.send("POST", at, b"grant_type=password&x=1", Content_Type="application/x-www-form-urlencoded")
    assert verdict(world, party="bukalapak", body={"grant_type": "password", "x": "1"})["passed"]
    world.send("POST", at, b"x" * 60_000)
    since = timeline.remembered(world.sandbox)[-2].id
    told = verdict(world, party="bukalapak", body={"x": "2"}, since=since)
    assert told["misses"][0]["differs"]["body.x"]["found"] == "(absent)"


BAD = {
    "nothing": {},
    "only a count": {"times": 1},
    "an unknown field": {"pfad": "x"},
    "exact and bounded": {"path": "x", "times": 1, "at_most": 2},
    "bounds that cross": {"path": "x", "at_least": 3, "at_most": 2},
    "order beside a field": {"path": "x", "in_order": [{"path": "y"}]},
    "order beside a count": {"times": 1, "in_order": [{"path": "y"}]},
    "an empty step": {"in_order": [{"path": "y"}, {}]},
    "a count in a step": {"in_order": [{"path": "y", "times": 1}]},
    "a negative count": {"path": "x", "times": -1},
    "a text as a status": {"status": "200"},
    "a since that is no id": {"path": "x", "since": "yesterday"},
}


@pytest.mark.parametrize("expected", BAD.values(), ids=BAD)
def test_a_malformed_expectation_is_refused(world, expected):
    answer = asked(world, **expected)
    assert (answer.status, answer.json()["error"]["code"]) == (400, "malformed")
