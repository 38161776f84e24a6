"""Every published worked example, replayed byte for byte: requests as signed, answers as printed."""

import re
from pathlib import Path

import orjson
import pytest
import yaml

from prakerja_sim.mocks.admin.seed import START
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.programme import catalogue
from prakerja_sim.simulator.programme.records import Course, Schedule
from prakerja_sim.simulator.values.ids import CourseCode, ScheduleCode
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.worlds import API, World, sign

GOLDEN = yaml.safe_load((Path(__file__).parent / "golden" / "published.yaml").read_text())
CODE, KEY, STAMP = "myclient_code", "my_sign_key", "1698289216"
COURSE, SCHEDULE = "lkpis_1_9d680615-4048-11e", "9d683f80404811ed"
SEATS_LEFT, NAME, PRICE = 999_980, "user skema normal 1", 20_000


@pytest.fixture
def world():
    """A world in which the documentation's client, course and buyer exist; its timestamps are years old."""
    made = World(Settings(signature_clock="off", fixed_otp="123456"), start=START, courses={})
    made.sandboxes.add_client(made.sandbox, CODE, KEY, "tokopedia", roles="marketplace,institution")
    told = {"title": "Kelas", "category": "uji", "institution": "lkpis", "price": Rupiah(PRICE)}
    made.sandbox.do(catalogue.list_course, code="template", **told)

    @command("test.put")
    def put(unit):
        course = unit.need(Course, "template").but(code=CourseCode(COURSE))
        kept = unit.find(Schedule, course="template")[0]
        unit.put(course)
        unit.put(kept.but(code=ScheduleCode(SCHEDULE), course=course.code, capacity=SEATS_LEFT))
        ledger.book(unit, "listing", bookings.listing(ScheduleCode(SCHEDULE), SEATS_LEFT))

    made.sandbox.do(put)
    yield made
    assert made.is_sound(), made.sandbox.check()


def send(world, path, raw, stamp=STAMP, signature=None, token=""):
    signature = signature or sign(CODE, KEY, stamp, API + path, raw)
    headers = {"client_code": CODE, "timestamp": stamp, "signature": signature}
    headers |= {"Content-Type": "application/json"} | ({"Authorization": f"Payment {token}"} if token else {})
    return InProcess(world.parties.application).send("POST", API + path, headers, raw)


@pytest.mark.parametrize("one", GOLDEN["signatures"], ids=lambda one: one["signature"][:8])
def test_a_published_signature_is_that_of_its_request_and_is_accepted(world, one):
    raw = one["body"].encode()
    assert sign(CODE, KEY, one["timestamp"], API + one["path"], raw) == one["signature"]
    answer = send(world, one["path"], raw, one["timestamp"], one["signature"])
    assert answer.status in (200, 400), answer.body
    assert orjson.loads(answer.body).get("code") not in ("ERR40180", "ERR40080")
    forged = one["signature"][:-1] + ("0" if one["signature"][-1] != "0" else "1")
    assert send(world, one["path"], raw, one["timestamp"], forged).status == 401


def test_the_published_answers_come_back_byte_for_byte(world):
    buyer = world.enrol(name=NAME)
    opening = {
        "prakerja_id": buyer.card,
        "user_platform_id": "user-1",
        "course_code": COURSE,
        "schedule_code": SCHEDULE,
        "amount": PRICE,
    }
    token, drawn = "", {}
    for one in GOLDEN["answers"]:
        if one["example"] == "authorize":
            token = send(world, "/payment/send-otp", orjson.dumps(opening)).json()["data"]["payment_token"]
        raw = re.sub(r"@(\w+)", lambda found: drawn[found[1]], one["body"]).encode()
        answer = send(world, one["path"], raw, token=token if one["example"] == "authorize" else "")
        assert answer.status == 200, answer.body
        assert answer.headers["Content-Type"] == "application/json"
        expected = one["answer"].encode()
        for name in one.get("drawn", ()):
            printed, drawn[name] = orjson.loads(expected)["data"][name], answer.json()["data"][name]
            assert re.fullmatch("[A-Z0-9]{16}", drawn[name]), drawn[name]
            expected = expected.replace(printed.encode(), drawn[name].encode())
        assert answer.body == expected, one["example"]


@pytest.mark.parametrize("one", GOLDEN["refusals"], ids=lambda one: one["code"])
def test_a_published_refusal_comes_back_byte_for_byte(world, one):
    buyer = world.enrol(name=NAME)
    opening = {"prakerja_id": buyer.card, "user_platform_id": "u", "course_code": COURSE}
    raw = orjson.dumps({**opening, "schedule_code": SCHEDULE, "amount": PRICE})
    token = send(world, "/payment/send-otp", raw).json()["data"]["payment_token"]
    paying = GOLDEN["answers"][1]
    assert send(world, paying["path"], paying["body"].encode(), token=token).status == 200
    answer = send(world, one["path"], one["body"].encode())
    told = {"code": one["code"], "message": one["message"], "success": False}
    assert (answer.status, answer.body) == (one["status"], orjson.dumps(told))
    assert world.sandbox.ask(Unit.need, kind=Schedule, key=SCHEDULE).course == COURSE
