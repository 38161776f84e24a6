"""The admin operations and questions of a sandbox, each with what it refuses; a refusal changes nothing."""

import re
import threading
from datetime import timedelta

import orjson
import pytest

from prakerja_sim.mocks.admin import seed
from prakerja_sim.mocks.admin.described import QUERIES
from prakerja_sim.mocks.admin.shown import name_of
from prakerja_sim.mocks.http import inbox
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import build
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.tokopedia.shopper import Shopper
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.payout.records import Wallet
from prakerja_sim.simulator.programme.records import Membership, Participant
from prakerja_sim.simulator.stores.verify import verify
from prakerja_sim.simulator.values import phones
from prakerja_sim.simulator.world import journal, messages
from prakerja_sim.simulator.world.faults import FAULTS
from prakerja_sim.simulator.world.records import Mail, Sms
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.worlds import BARISTA, WALL, World, sign

COURSES = ["barista-dasar", "iklan-digital", "jualan-online", "kue-rumahan", "spreadsheet", "tanya-karier"]


class Admin:
    """A server as it is started, and its admin API."""

    def __init__(self, parties, sandbox="default"):
        self.parties = parties
        self.sandbox = parties.sandboxes.get(sandbox)
        self.wire = InProcess(parties.application, f"/s/{sandbox}/__admin")

    def send(self, method, path, body=None, raw=None, **headers):
        raw = raw if raw is not None else b"" if body is None else orjson.dumps(body)
        return self.wire.send(method, path, {"Content-Type": "application/json", **headers}, raw)

    def get(self, path):
        answer = self.send("GET", path)
        assert answer.status == 200, answer.body
        return answer.json()

    def post(self, path, **body):
        answer = self.send("POST", path, body)
        assert answer.status in (200, 201), answer.body
        return answer.json()

    def refused(self, method, path, body=None, raw=None):
        """Status, code and message; nothing may have changed."""
        before = self.digest()
        answer = self.send(method, path, body, raw)
        told = answer.json()["error"]
        assert list(told) == ["code", "message"]
        assert self.digest() == before
        return answer.status, told["code"], told["message"]

    def digest(self):
        return self.get("/digest")["digest"]

    def lease(self, name="mine", **more):
        self.post("/sandboxes", name=name, **more)
        return Admin(self.parties, name)


@pytest.fixture
def admin():
    started = Admin(build(Options(store="memory")))
    yield started
    assert started.get("/bugs") == {"bugs": []}
    assert started.get("/invariants") == {"ok": True, "violations": []}


@pytest.fixture(scope="module")
def looked_at():
    """A server that is only looked at."""
    return Admin(build(Options(store="memory")))


# What the default sandbox holds


def test_the_default_sandbox_is_seeded_and_ready(looked_at):
    assert looked_at.get("/clock") == {
        "now": "2021-11-01T09:00:00+07:00",
        "scale": 0,
        "next": "2021-12-01T00:00:00+07:00",
        "waits": [],
    }
    assert sorted(c["course_code"] for c in looked_at.get("/courses")["courses"]) == COURSES
    assert len(looked_at.get("/people")["people"]) == 5
    parties = [c["party"] for c in looked_at.get("/clients")["clients"]]
    assert parties == sorted([*registry.codes(), "lp-kantor", "lp-kopi", "lp-niaga"])


def differences(sandbox):
    verdict = verify(sandbox.store.contents(sandbox.name))
    return verdict.differences + verdict.violations


def test_two_servers_of_one_seed_are_equal(looked_at):
    assert Admin(build(Options(store="memory"))).digest() == looked_at.digest()
    assert Admin(build(Options(store="memory", seed=43))).digest() != looked_at.digest()


def test_an_empty_server_has_no_courses_and_no_people():
    empty = Admin(build(Options(store="memory", empty=True)))
    assert (empty.get("/courses"), empty.get("/people")) == ({"courses": []}, {"people": []})
    assert empty.refused("GET", "/demo")[:2] == (400, "malformed")
    empty.post("/people")
    empty.post("/reset")
    assert empty.get("/people") == {"people": []}


def test_filling_goes_on_where_it_stopped(looked_at):
    again = Admin(build(Options(store="memory", empty=True)))
    seed.fill(again.sandbox)
    digest = again.digest()
    seed.fill(again.sandbox)
    assert again.digest() == digest == looked_at.digest()


# Sandboxes


def test_a_sandbox_is_leased_used_by_its_base_path_and_dropped(admin):
    told = admin.post(
        "/sandboxes", name="mine", seed=7, start="2021-08-24 15:00:00", settings={"otp_digits": 4}
    )
    assert (told["name"], told["base_path"]) == ("mine", "/s/mine")
    assert admin.get("/sandboxes") == {"sandboxes": ["default", "mine"]}
    mine = Admin(admin.parties, "mine")
    assert mine.get("/clock")["now"] == "2021-08-24T15:00:00+07:00"
    assert (mine.sandbox.seed, mine.sandbox.settings.otp_digits) == (7, 4)
    assert admin.send("DELETE", "/sandboxes/mine").json() == {"dropped": "mine"}
    assert mine.send("GET", "/clock").status == 404


def test_a_taken_name_and_an_unknown_one_are_refused(admin):
    admin.lease(seed=7)
    assert admin.refused("POST", "/sandboxes", {"name": "mine"})[:2] == (409, "sandbox_taken")
    assert admin.refused("POST", "/sandboxes", {"name": "default"})[:2] == (409, "sandbox_taken")
    assert admin.refused("DELETE", "/sandboxes/nobody")[:2] == (404, "sandbox_unknown")


def test_the_default_sandbox_can_only_be_reset(admin):
    status, code, message = admin.refused("DELETE", "/sandboxes/default")
    assert (status, code) == (400, "malformed")
    assert "can only be reset" in message
    assert admin.get("/sandboxes") == {"sandboxes": ["default"]}


LEASES = [
    ({"name": ""}, "name: "),
    ({"name": "Mine"}, "name: "),
    ({"name": "a/b"}, "name: "),
    ({"name": "a\n"}, "name: "),
    ({"name": "x" * 65}, "name: "),
    ({"name": 1}, "name: "),
    ({"name": "m", "seed": "42"}, "seed: "),
    ({"name": "m", "seed": 4.5}, "seed: "),
    ({"name": "m", "seed": True}, "seed: "),
    ({"name": "m", "start": "yesterday"}, "'yesterday' is not a time"),
    ({"name": "m", "start": ""}, "'' is not a time"),
    ({"name": "m", "start": "1999-12-31 23:59:59"}, "a clock shows the years 2000 to 2999 only"),
    ({"name": "m", "start": "3000-01-01"}, "a clock shows the years 2000 to 2999 only"),
    ({"name": "m", "start": "9999-12-31 23:59:59"}, "a clock shows the years"),
    ({"name": "m", "start": "0001-01-01"}, "a clock shows the years"),
    ({"name": "m", "settings": {"otp_lifetme": 60}}, "unknown setting 'otp_lifetme'; there are "),
    ({"name": "m", "settings": {"otp_digits": 3}}, "setting otp_digits must be a whole number from 4 to 8"),
    ({"name": "m", "settings": {"otp_digits": 9}}, "setting otp_digits must be a whole number from 4 to 8"),
    ({"name": "m", "settings": {"otp_tries": -1}}, "setting otp_tries must be a whole number from 0"),
    ({"name": "m", "settings": {"otp_tries": "5"}}, "setting otp_tries must be a whole number from 0"),
    ({"name": "m", "settings": {"otp_tries": None}}, "setting otp_tries must be a whole number from 0"),
    ({"name": "m", "settings": {"otp_tries": True}}, "otp_tries"),
    ({"name": "m", "settings": {"signature_clock": "sun"}}, "setting signature_clock must be either"),
    ({"name": "m", "settings": {"fixed_otp": 123456}}, "setting fixed_otp must be digits in quotes"),
    ({"name": "m", "settings": {"fixed_otp": "12345x"}}, "setting fixed_otp must be digits in quotes"),
    ({"name": "m", "settings": []}, "settings: "),
    ({"name": "m", "sede": 7}, "sede: "),
]


@pytest.mark.parametrize(("body", "told"), LEASES)
def test_a_bad_lease_is_told_and_leases_nothing(looked_at, body, told):
    status, code, message = looked_at.refused("POST", "/sandboxes", body)
    assert (status, code) == (400, "malformed")
    assert told in message
    assert message.endswith("; nothing was changed")
    assert looked_at.get("/sandboxes") == {"sandboxes": ["default"]}


@pytest.mark.parametrize("start", ["2000-01-01", "2999-12-31 23:59:59", "2021-11-01T09:00:00Z"])
def test_a_lease_may_start_at_any_time_that_a_clock_shows(admin, start):
    mine = admin.lease(start=start)
    assert mine.post("/courses", **COURSE)


@pytest.mark.parametrize(
    ("start", "code"), [("2021-10-31 23:59:59", "wave_not_announced"), ("2021-12-01", "wave_over")]
)
def test_a_wave_takes_people_from_its_announcement_to_the_last_day_to_buy_first(admin, start, code):
    mine = admin.lease(start=start)
    assert mine.refused("POST", "/people", {"wave": 22})[:2] == (409, code)
    assert mine.get("/people") == {"people": []}


def test_who_comes_late_to_a_wave_is_revoked_already(admin):
    mine = admin.lease(start="2021-12-01")
    [one] = mine.post("/people", wave=22, late=True)["people"]
    kept = mine.sandbox.ask(Unit.need, kind=Participant, key=one["prakerja_id"])
    assert kept.status is Membership.REVOKED


def test_a_reset_keeps_credentials_and_brings_the_seeded_default_back(admin):
    digest, clients = admin.digest(), admin.get("/clients")
    admin.post("/clients", client_code="my-code", sign_key="my-key", party="my-shop")
    admin.post("/people", count=2)
    admin.post("/clock", advance="1d")
    admin.post("/faults", fault="sms_lost")
    assert admin.digest() != digest
    assert admin.post("/reset") == {"reset": "default"}
    assert admin.digest() == digest
    assert admin.get("/clock")["now"] == "2021-11-01T09:00:00+07:00"
    assert admin.get("/faults") == {"faults": []}
    kept = admin.get("/clients")["clients"]
    [mine] = [client for client in kept if client not in clients["clients"]]
    assert (mine["party"], mine["client_code"], mine["sign_key"]) == ("my-shop", "my-code", "my-key")
    assert len(kept) == len(clients["clients"]) + 1


def test_a_reset_of_another_sandbox_leaves_it_empty_and_the_default_alone(admin):
    mine = admin.lease()
    empty, digest = mine.digest(), admin.digest()
    mine.post("/people", count=3)
    assert mine.post("/reset") == {"reset": "mine"}
    assert (mine.digest(), admin.digest()) == (empty, digest)


# Credentials


def test_a_credential_of_ones_own_opens_the_api(admin):
    told = admin.post(
        "/clients", client_code="my-code", sign_key="my-key", party="my-shop", roles=["marketplace"]
    )
    assert told == {"party": "my-shop", "client_code": "my-code", "roles": ["marketplace"]}
    [schedule] = [c["schedule_code"] for c in admin.get("/courses")["courses"] if c["quota"] == 10]
    raw = orjson.dumps({"course_code": "tanya-karier", "schedule_code": schedule})
    path, stamp = "/api/v1/integration/payment/quota-schedule", 1635732000
    headers = {"client_code": "my-code", "timestamp": str(stamp)}
    headers["signature"] = sign("my-code", "my-key", stamp, path, raw)
    assert InProcess(admin.parties.application).send("POST", path, headers, raw).json()["data"]["quota"] == 10


def test_a_client_code_is_taken_once_in_a_sandbox(admin):
    mine = admin.lease()
    body = {"client_code": "my-code", "sign_key": "k", "party": "p"}
    assert mine.post("/clients", **body) == mine.post("/clients", **body)
    changed = {**body, "sign_key": "another"}
    assert mine.refused("POST", "/clients", changed)[:2] == (409, "client_code_taken")
    assert admin.post("/clients", **changed)["client_code"] == "my-code"


CLIENTS = [
    {"client_code": "", "sign_key": "k", "party": "p"},
    {"client_code": "x" * 65, "sign_key": "k", "party": "p"},
    {"client_code": "c", "sign_key": "", "party": "p"},
    {"client_code": "c", "sign_key": "k", "party": "A Shop"},
    {"client_code": "c", "sign_key": "k"},
    {"client_code": 1, "sign_key": "k", "party": "p"},
    {"client_code": "c", "sign_key": "k", "party": "p", "roles": ["shop"]},
    {"client_code": "c", "sign_key": "k", "party": "p", "roles": "marketplace"},
]


@pytest.mark.parametrize("body", CLIENTS)
def test_a_bad_credential_is_refused(looked_at, body):
    assert looked_at.refused("POST", "/clients", body)[:2] == (400, "malformed")


# The clock


def test_the_clock_is_set_advanced_and_stepped_and_tells_what_happened(admin):
    told = admin.post("/clock", set="2021-11-02 10:00:00")
    assert told == {"now": "2021-11-02T10:00:00+07:00", "happened": []}
    assert admin.post("/clock", advance="90m")["now"] == "2021-11-02T11:30:00+07:00"
    told = admin.post("/clock", step=True)
    assert told["now"] == "2021-12-01T00:00:00+07:00"
    cards = {p["prakerja_id"] for p in admin.get("/people")["people"]}
    assert {h["at"] for h in told["happened"]} == {told["now"]}
    happened = {(h["event"], h["about"]) for h in told["happened"]}
    assert happened == {
        (event, c) for event in ("first_purchase_deadline", "spending_cut_off") for c in cards
    }
    assert {p["status"] for p in admin.get("/people")["people"]} == {"revoked"}
    assert admin.post("/clock", step=True) == {"now": told["now"], "happened": []}


def test_the_clock_runs_at_a_scale_and_is_frozen_again(admin):
    wall = [WALL]
    admin.parties.wall = lambda: wall[0]
    admin.post("/clock", scale=3600)
    wall[0] += timedelta(seconds=24)
    assert admin.get("/clock") == {
        "now": "2021-11-02T09:00:00+07:00",
        "scale": 3600,
        "next": "2021-12-01T00:00:00+07:00",
        "waits": [],
    }
    admin.post("/clock", scale=0)
    wall[0] += timedelta(seconds=24)
    assert admin.get("/clock") == {
        "now": "2021-11-02T09:00:00+07:00",
        "scale": 0,
        "next": "2021-12-01T00:00:00+07:00",
        "waits": [],
    }


def test_the_clock_never_goes_back(admin):
    status, code, message = admin.refused("POST", "/clock", {"set": "2021-11-01 08:59:59"})
    assert (status, code) == (409, "clock_forward_only")
    assert "now=2021-11-01T09:00:00+07:00" in message
    assert admin.post("/clock", set="2021-11-01 09:00:00")["happened"] == []
    assert admin.post("/clock", advance="0s")["now"] == "2021-11-01T09:00:00+07:00"


CLOCKS = [
    ({}, "exactly one of set, advance, step, scale is needed"),
    ({"step": False}, "exactly one of"),
    ({"set": "2021-12-01", "advance": "1d"}, "exactly one of"),
    ({"step": True, "scale": 1}, "exactly one of"),
    ({"advance": "1w"}, "'1w' is not a stretch of time; write 90s, 5m, 2h or 30d"),
    ({"advance": "-1d"}, "is not a stretch"),
    ({"advance": "1.5h"}, "is not a stretch"),
    ({"advance": ""}, "is not a stretch"),
    ({"advance": "\u00b2d"}, "is not a stretch"),
    ({"advance": "9999999999d"}, "longer than fifty years"),
    ({"advance": "18301d"}, "is longer than fifty years"),
    ({"advance": 60}, "advance: "),
    ({"set": "tomorrow"}, "'tomorrow' is not a time"),
    ({"set": "9999-12-31 23:59:59"}, "a clock shows the years"),
    ({"set": "2021-02-30"}, "is not a time"),
    ({"scale": -1}, "scale: "),
    ({"scale": 100_001}, "scale: "),
    ({"scale": 1.5}, "scale: "),
    ({"step": 1}, "step: "),
    ({"to": "2021-12-01"}, "to: "),
]


@pytest.mark.parametrize(("body", "told"), CLOCKS)
def test_a_bad_move_of_the_clock_is_told(looked_at, body, told):
    status, code, message = looked_at.refused("POST", "/clock", body)
    assert (status, code) == (400, "malformed")
    assert told in message


def test_a_clock_stops_at_the_last_year_it_shows(admin):
    mine = admin.lease(start="2999-12-31")
    assert mine.refused("POST", "/clock", {"advance": "1d"})[:2] == (400, "malformed")
    assert mine.post("/clock", advance="23h")["now"] == "2999-12-31T23:00:00+07:00"


# People


def test_people_are_enrolled_numbered_on_and_shown_with_all_that_a_tester_needs(admin):
    [one] = admin.post("/people")["people"]
    assert list(one) == [
        "prakerja_id",
        "name",
        "nik",
        "phone",
        "email",
        "password",
        "wave",
        "status",
        "account",
    ]
    assert (one["wave"], one["status"]) == (22, "active")
    assert re.fullmatch("9900[0-9]{12}", one["prakerja_id"])
    shown = admin.get("/people")["people"]
    assert len(shown) == 6
    assert {name: value for name, value in one.items() if name != "account"} in shown
    kept = admin.sandbox.ask(Unit.need, kind=Participant, key=one["prakerja_id"])
    assert kept.videos_watched
    key = f"{one['account']['partner']}/{one['account']['number']}"
    assert admin.sandbox.ask(Unit.need, kind=Wallet, key=key).nik == one["nik"]


@pytest.mark.parametrize(
    ("phone", "problem"),
    [("084900000011", None), ("0849000000", None), ("0849000000111", None), ("08490000001111", "phone"),
     ("084900000", "phone"), ("+62849000000", None), ("+6284900000", "phone"), ("+62 849-0000-0011", None),
     ("0849 00000011", None), ("0212345678", "phone"), ("", "phone")],
)  # fmt: skip
def test_somebody_is_enrolled_with_a_phone_of_ones_own(admin, phone, problem):
    before = len(admin.get("/people")["people"])
    if problem:
        status, _, message = admin.refused("POST", "/people", {"phone": phone})
        assert (status, message.partition(":")[0]) == (400, problem)
        assert len(admin.get("/people")["people"]) == before
        return
    [one] = admin.post("/people", phone=phone)["people"]
    assert one["phone"] == phones.national(phone)
    assert admin.get(f"/inbox/sms?to={phone}")["messages"][0]["text"].startswith("Selamat!")


def test_a_phone_of_ones_own_is_one_persons(admin):
    told = admin.refused("POST", "/people", {"phone": "084900000011", "count": 2})
    assert told[::2] == (400, "phone: is one person's; enrol them one by one; nothing was changed")


def test_people_may_come_without_videos_and_without_an_account(admin):
    [one] = admin.post("/people", videos_watched=False, wallet=False, wave=22)["people"]
    assert (one["account"], one["wave"]) == (None, 22)
    assert not admin.sandbox.ask(Unit.need, kind=Participant, key=one["prakerja_id"]).videos_watched


def test_a_number_names_the_same_person_in_every_sandbox_of_a_seed(admin):
    mine, also = admin.lease("mine", seed=7), admin.lease("also", seed=7)
    first = mine.post("/people", number=10, count=2)["people"]
    second = also.post("/people", number=11)["people"]
    assert first[1] == second[0]


def test_without_a_number_those_who_are_there_are_passed_over(admin):
    mine = admin.lease()
    mine.post("/people", number=2)
    enrolled = mine.post("/people", count=2)["people"]
    assert len({p["nik"] for p in mine.get("/people")["people"]}) == 3
    assert len(enrolled) == 2


def test_a_batch_that_meets_somebody_known_enrols_nobody(admin):
    mine = admin.lease()
    mine.post("/people", number=3)
    status, code, message = mine.refused("POST", "/people", {"number": 1, "count": 3})
    assert (status, code) == (409, "already_enrolled")
    assert message == "already_enrolled: number=3; nothing was changed"
    assert len(mine.get("/people")["people"]) == 1


PEOPLE = [
    ({"wave": 24}, (409, "wave_unknown")),
    ({"wave": 24}, (409, "wave_unknown")),
    ({"wave": -1, "count": 10_000}, (409, "wave_unknown")),
    ({"count": 0}, (400, "malformed")),
    ({"count": 10_001}, (400, "malformed")),
    ({"count": "1"}, (400, "malformed")),
    ({"count": True}, (400, "malformed")),
    ({"number": 0}, (400, "malformed")),
    ({"number": 200_001}, (400, "malformed")),
    ({"wave": 22.5}, (400, "malformed")),
    ({"videos_watched": 1}, (400, "malformed")),
    ({"name": " "}, (400, "malformed")),
    ({"born": "31-12-1999"}, (400, "malformed")),
    ({"nik": "1234"}, (400, "malformed")),
    ({"number": 5}, (409, "already_enrolled")),
]


@pytest.mark.parametrize(("body", "told"), PEOPLE)
def test_a_bad_enrolment_is_told_and_enrols_nobody(looked_at, body, told):
    assert looked_at.refused("POST", "/people", body)[:2] == told


@pytest.mark.parametrize("wave", [12, 22])
def test_the_first_and_the_last_wave_so_far_take_people(admin, wave):
    assert admin.post("/people", wave=wave, number=200_000, late=True)["people"][0]["wave"] == wave


# Courses

COURSE = {
    "code": "baru",
    "title": "Kelas Baru",
    "category": "Makanan & Minuman",
    "institution": "lp-kopi",
    "price": 100_000,
}


def test_a_course_is_put_on_sale(admin):
    told = admin.post("/courses", **COURSE)
    assert re.fullmatch("[0-9a-f]{16}", told.pop("schedule_code"))
    assert told == {
        "course_code": "baru",
        "title": "Kelas Baru",
        "category": "Makanan & Minuman",
        "institution": "lp-kopi",
        "price": 100_000,
        "quota": 1_000_000,
        "starts": None,
    }
    assert admin.refused("POST", "/courses", COURSE)[:2] == (409, "already_listed")


def test_a_webinar_has_a_start_and_seats(admin):
    told = admin.post("/courses", **COURSE, kind=2, quota=0, starts="2021-11-20 10:00:00")
    assert (told["quota"], told["starts"]) == (0, "2021-11-20T10:00:00+07:00")


BAD_COURSES = [
    {"price": 0},
    {"price": 10_000_001},
    {"price": 100_000.5},
    {"price": "100000"},
    {"kind": 0},
    {"kind": 4},
    {"kind": 2},
    {"quota": -1},
    {"quota": 10_000_001},
    {"starts": "soon"},
    {"starts": "9999-12-31 23:59:59"},
    {"code": ""},
    {"code": "x" * 65},
    {"institution": "LP Kopi"},
    {"min_age": "18"},
    {"hours": 3},
    {"institution": "lp-kopii"},
    {"category": "makanan"},
    {"new": 1},
]


UNKNOWN = {
    "institution": ("lp-kopii", "lp-kantor, lp-kopi, lp-niaga, pijar, "),
    "category": ("Makanan", "Makanan & Minuman, "),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_course_of_nobody_known_is_refused_unless_it_is_said_to_be_new(admin, name):
    value, known = UNKNOWN[name]
    status, code, message = admin.refused("POST", "/courses", COURSE | {name: value})
    assert (status, code) == (400, "malformed")
    assert message.startswith(f"{name}: nobody knows it; there are ")
    assert known in message
    assert "`new: true` brings in another one" in message
    assert admin.post("/courses", **COURSE | {name: value}, new=True)[name] == value
    assert admin.post("/courses", **COURSE | {name: value, "code": "lagi"})[name] == value  # known by now


def test_a_partner_that_was_let_in_may_have_courses(admin):
    admin.post("/clients", client_code="saya", sign_key="rahasia", party="lp-saya")
    assert admin.post("/courses", **COURSE | {"institution": "lp-saya"})["institution"] == "lp-saya"


def test_a_course_on_sale_is_changed_by_the_operator(admin):
    told = admin.send("PATCH", "/courses/tanya-karier", {"price": 250_000, "quota": 12}).json()
    assert (told["price"], told["quota"], told["seats"], told["withdrawn"]) == (250_000, 12, 12, False)
    told = admin.send("PATCH", "/courses/tanya-karier", {"quota": 3, "withdraw": True}).json()
    assert (told["price"], told["quota"], told["withdrawn"]) == (250_000, 3, True)
    assert not admin.send("PATCH", "/courses/tanya-karier", {"withdraw": False}).json()["withdrawn"]
    entry = admin.get("/journal")["entries"][-1]
    assert (entry["command"], "withdrawn" in str(entry["arguments"])) == ("operator.change_course", True)
    assert differences(admin.sandbox) == []


def test_seats_that_are_sold_cannot_be_taken_away(world):
    ani, shopper, order = buy(world)
    shopper.enter_otp(order, world.otp(ani))
    admin = Admin(world.parties)
    before = admin.digest()
    status, code, message = admin.refused("PATCH", f"/courses/{BARISTA}", {"quota": 0, "price": 1})
    assert (status, code) == (409, "quota_exhausted")
    assert "quota=0, sold=1" in message
    assert admin.digest() == before
    assert admin.send("PATCH", f"/courses/{BARISTA}", {"quota": 1}).json()["quota"] == 0


CHANGES = [
    ("baru", {"price": 1}, 409),
    ("spreadsheet", {}, 400),
    ("spreadsheet", {"price": 0}, 400),
    ("spreadsheet", {"quota": -1}, 400),
    ("spreadsheet", {"cancel": True}, 400),
    ("spreadsheet", {"withdraw": "yes"}, 400),
]


@pytest.mark.parametrize(("course", "body", "status"), CHANGES)
def test_a_bad_change_of_a_course_is_refused(looked_at, course, body, status):
    assert looked_at.refused("PATCH", f"/courses/{course}", body)[0] == status


@pytest.mark.parametrize("changed", BAD_COURSES)
def test_a_bad_course_is_refused(looked_at, changed):
    assert looked_at.refused("POST", "/courses", COURSE | changed)[:2] == (400, "malformed")


# Faults


def test_faults_are_armed_counted_down_and_disarmed(admin):
    mine = admin.lease()
    assert mine.post("/faults", fault="sms_lost", times=2) == {"armed": "sms_lost", "number": "000001"}
    assert mine.post("/faults", fault="reply_lost", where="payment/authorize")["number"] == "000002"
    mine.post("/people")
    lost = {"number": "000001", "fault": "sms_lost", "where": "", "left": 1, "struck": 1}
    armed = {"number": "000002", "fault": "reply_lost", "where": "payment/authorize", "left": 1, "struck": 0}
    assert mine.get("/faults")["faults"] == [lost, armed]
    assert mine.send("DELETE", "/faults").json() == {"armed": None, "never_struck": [armed]}
    assert [(f["left"], f["struck"]) for f in mine.get("/faults")["faults"]] == [(0, 1), (0, 0)]
    assert mine.sandbox.faulty is False


def test_one_fault_is_disarmed_by_its_number(admin):
    mine = admin.lease()
    mine.post("/faults", fault="sms_lost", times=2)
    mine.post("/faults", fault="mail_lost", times=2)
    told = mine.send("DELETE", "/faults/000001").json()
    assert (told["fault"], told["struck"], told["left"]) == ("sms_lost", 0, 0)
    mine.post("/people")
    assert [f["struck"] for f in mine.get("/faults")["faults"]] == [0, 1]
    assert mine.sandbox.faulty
    assert mine.send("DELETE", "/faults/000003").json()["error"]["code"] == "fault_unknown"


def test_a_fault_that_can_strike_nowhere_is_refused_with_the_remedy(looked_at):
    told = looked_at.refused("POST", "/faults", {"fault": "reply_lost", "where": "payment/autorize"})
    assert told[:2] == (409, "fault_nowhere")
    assert "did you mean 'payment/authorize'?" in told[2]


def test_an_unknown_fault_is_refused_with_those_there_are(looked_at):
    status, code, message = looked_at.refused("POST", "/faults", {"fault": "sms_lots"})
    assert (status, code) == (409, "fault_unknown")
    assert all(name in message for name in FAULTS)


@pytest.mark.parametrize(
    "changed", [{"times": 0}, {"times": 1_000_001}, {"times": "1"}, {"where": 1}, {"at": "x"}]
)
def test_a_bad_fault_is_refused(looked_at, changed):
    assert looked_at.refused("POST", "/faults", {"fault": "sms_lost"} | changed)[:2] == (400, "malformed")


# Voiding an order, as a marketplace's policy would


def buy(world):
    ani = world.enrol()
    shopper = Shopper(world.parties.transport("tokopedia", world.sandbox))
    shopper.sign_up(ani.name, ani.phone, ani.email)
    shopper.enter_phone_code(world.otp(ani))
    shopper.add_to_cart(BARISTA)
    order = shopper.check_out()
    shopper.enter_card(order, ani.card)
    return ani, shopper, order


def test_a_paid_order_is_voided_in_full(world):
    ani, shopper, order = buy(world)
    shopper.enter_otp(order, world.otp(ani))
    admin = Admin(world.parties)
    assert admin.post(f"/orders/{order}/void") == {"order": order, "status": "refunded"}
    assert world.balance(ani) == 1_000_000
    assert shopper.order(order).status == "refunded"
    assert admin.refused("POST", f"/orders/{order}/void")[:2] == (409, "order_closed")


def test_an_order_that_does_not_exist_or_was_not_paid_is_not_voided(world):
    _, _, order = buy(world)
    admin = Admin(world.parties)
    assert admin.refused("POST", "/orders/nobody/void")[:2] == (404, "order_unknown")
    assert admin.refused("POST", f"/orders/{order}/void")[:2] == (409, "order_closed")


def test_what_prakerja_refuses_to_void_is_told_in_its_code(world):
    ani, shopper, order = buy(world)
    shopper.enter_otp(order, world.otp(ani))
    world.lp.post("/payment/redeem-code/commit", redeem_code=world.redeem_code(ani))
    answer = Admin(world.parties).send("POST", f"/orders/{order}/void")  # that it was tried is journalled
    told = answer.json()["error"]
    assert (answer.status, told["code"]) == (409, "ERRVOD40080")
    assert told["message"] == "Transaksi tidak dapat dibatalkan, kode redeem sudah digunakan."
    assert shopper.order(order).status == "issued"


@pytest.mark.parametrize(("fault", "status"), [("request_lost", "issued"), ("reply_lost", "issued")])
def test_a_void_that_is_not_answered_is_told_and_may_be_asked_again(world, fault, status):
    ani, shopper, order = buy(world)
    shopper.enter_otp(order, world.otp(ani))
    world.sandbox.arm(fault, "payment/void")
    admin = Admin(world.parties)
    answer = admin.send("POST", f"/orders/{order}/void")
    assert (answer.status, answer.json()["error"]["code"]) == (504, "no_reply")
    assert shopper.order(order).status == status
    assert admin.post(f"/orders/{order}/void")["status"] == "refunded"
    assert world.balance(ani) == 1_000_000


# Questions


def test_the_ledger_shows_every_account_and_the_newest_transfers(looked_at):
    told = looked_at.get("/ledger")
    accounts = {a["account"]: a["balance"] for a in told["accounts"]}
    assert accounts["programme:22"] == -5_000_000
    assert sum(1 for name in accounts if name.startswith("card:")) == 5
    assert list(told["accounts"][0]) == ["account", "balance", "moves"]
    assert list(told["transfers"][0]) == ["entry", "event", "at", "source", "target", "amount", "exchange"]
    assert len(told["transfers"]) == 12
    assert looked_at.get("/ledger?limit=1")["transfers"] == told["transfers"][-1:]


def test_the_journal_is_shown_oldest_first(looked_at):
    whole = looked_at.get("/journal?limit=1000")["entries"]
    fields = ["subject", "n", "at", "command", "arguments", "outcome", "head", "exchange"]
    assert list(whole[0]) == fields
    assert [entry["command"] for entry in whole[:2]] == ["sandbox.begin", "catalogue.list_course"]
    assert looked_at.get("/journal?limit=2")["entries"] == whole[-2:]


def test_a_running_world_is_verified_by_its_journal_and_tells_the_heads_to_note(looked_at):
    nothing = {"differences": [], "violations": [], "discrepancies": [], "note": ""}
    assert looked_at.get("/verification") == {"ok": True, "digest": looked_at.digest(), **nothing}
    subject, length, head = looked_at.get("/heads")["heads"][-1].rsplit(" ", 2)
    last = [
        entry for entry in looked_at.get("/journal?limit=1000")["entries"] if entry["subject"] == subject
    ][-1]
    assert (last["n"], last["head"]) == (int(length), head)


def test_what_differs_from_the_journal_is_told_without_the_card(admin):
    (person, *_) = admin.sandbox.ask(Unit.find, kind=Participant)
    changed = person.but(blocked=not person.blocked)
    admin.sandbox.store.run("default", lambda unit: unit.put(changed), seed=admin.sandbox.seed)
    told = admin.get("/verification")
    assert not told["ok"]
    assert "blocked" in str(told)
    assert person.card not in str(told)


def test_noted_heads_show_no_card_and_are_found_whole_or_masked(looked_at):
    card = looked_at.get("/people")["people"][0]["prakerja_id"]
    masked = looked_at.get("/heads")["heads"]
    whole = looked_at.sandbox.ask(journal.heads)
    assert card in str(whole)
    assert card not in str(masked)
    assert len(set(masked)) == len(whole)
    kept = looked_at.sandbox.store.contents(looked_at.sandbox.name)
    for lines in (whole, masked):
        subjects = [line.rsplit(" ", 2) for line in lines]
        noted = {subject: (int(length), head) for subject, length, head in subjects}
        assert verify(kept, noted, name_of).differences == []
        longer = {subject: (length + 1, head) for subject, (length, head) in noted.items()}
        assert len(verify(kept, longer, name_of).differences) == len(lines)


@pytest.mark.parametrize("path", ["/ledger", "/journal"])
@pytest.mark.parametrize(
    "limit", ["0", "1001", "-1", "x", "", "1.0", "9" * 30, "00000001000000", "%C2%B2", "%D9%A1", "+5"]
)
def test_a_page_is_from_1_to_1000_long(looked_at, path, limit):
    told = looked_at.refused("GET", f"{path}?limit={limit}")
    assert told == (400, "malformed", "limit: must be from 1 to 1000; nothing was changed")


@pytest.mark.parametrize("limit", ["1", "1000", "0001"])
def test_both_ends_of_a_page_are_served(looked_at, limit):
    assert looked_at.get(f"/journal?limit={limit}")["entries"]


def test_the_digest_is_one_line_and_the_invariants_hold(looked_at):
    assert re.fullmatch("[0-9a-f]{64}", looked_at.digest())
    assert looked_at.get("/invariants") == {"ok": True, "violations": []}


def test_a_broken_invariant_is_told_and_stops_the_sandbox(admin):
    mine = admin.lease()
    mine.post("/people")
    [card] = [p["prakerja_id"] for p in mine.get("/people")["people"]]
    forged = mine.sandbox.ask(Unit.need, kind=Account, key=f"card:{card}").but(balance=1_000_001)
    mine.sandbox.store.run("mine", lambda unit: unit.put(forged))
    told = mine.get("/invariants")
    assert told["ok"] is False
    assert told["violations"]
    refused = mine.send("POST", "/people", {})
    assert (refused.status, refused.json()["error"]["code"]) == (500, "internal")
    assert len(mine.get("/people")["people"]) == 1
    assert mine.send("GET", "/readyz").json()["stopped"] == told["violations"]


def test_the_demo_is_a_request_that_works(looked_at):
    demo = looked_at.get("/demo")
    assert list(demo) == ["curl", "signed", "signature"]
    headers = dict(re.findall(r"-H '([^:]+): ([^']*)'", demo["curl"]))
    [body] = re.findall(r"-d '([^']*)'", demo["curl"])
    [url] = re.findall(r"curl -s (\S+)", demo["curl"])
    path = url.removeprefix("http://127.0.0.1:8420")
    answer = InProcess(looked_at.parties.application).send("POST", path, headers, body.encode())
    assert answer.json()["success"] is True


# Inboxes


def test_the_inbox_shows_messages_of_one_phone_and_the_newest_code(world):
    admin = Admin(world.parties)
    ani, budi = world.enrol(), world.enrol()
    world.send_otp(ani)
    told = admin.get(f"/inbox/sms?to={ani.phone}")
    assert [m["sender"] for m in told["messages"]] == ["PRAKERJA", "PRAKERJA"]
    assert list(told["messages"][0]) == ["phone", "at", "sender", "text", "otp"]
    assert told["otp"] == world.otp(ani)
    assert told["messages"][-1]["at"] == "2021-11-03T09:00:00+07:00"
    assert admin.get(f"/inbox/sms?to={budi.phone}")["otp"] is None
    assert len(admin.get("/inbox/sms")["messages"]) == 3
    assert admin.get("/inbox/sms?to=nobody") == {"messages": [], "otp": None, "seen": 0}


def test_the_inbox_shows_mails_of_one_address(world):
    admin = Admin(world.parties)
    ani, shopper, order = buy(world)
    shopper.enter_otp(order, world.otp(ani))
    award, shown = admin.get(f"/inbox/mail?to={ani.email}")["messages"]
    assert list(shown) == ["address", "at", "sender", "subject", "text"]
    assert shopper.order(order).voucher in shown["text"]
    assert admin.get("/inbox/mail?to=x")["messages"] == []
    assert admin.get("/inbox/mail")["messages"] == [award, shown]


def test_after_leaves_out_what_was_seen_already(world):
    admin = Admin(world.parties)
    ani = world.enrol()
    world.send_otp(ani)
    whole = admin.get(f"/inbox/sms?to={ani.phone}")["messages"]
    for seen in (0, 1, 2, 3, 999_999_999):
        told = admin.get(f"/inbox/sms?to={ani.phone}&after={seen}")
        assert told["messages"] == whole[seen:]
        assert told["otp"] == (world.otp(ani) if seen < 2 else None)


def texted(world, person, *told):
    """A text message that no command sends."""
    of = world.sandbox
    of.store.run(
        of.name, lambda unit: messages.text(unit, person.phone, "PRAKERJA", *told), of.seed, of.settings
    )


class Waits:
    """Stands where the inbox waits, so that no test does."""

    def __init__(self, arrives=None, at=()):
        self.arrives, self.at, self.count = arrives, at, 0

    def __call__(self):
        return self

    def wait(self, seconds):
        self.count += 1
        if self.arrives is not None and self.count in self.at:
            self.arrives()


def test_a_wait_returns_at_once_when_there_is_a_message(world, monkeypatch):
    waits = Waits()
    monkeypatch.setattr(inbox, "Event", waits)
    ani = world.enrol()
    told = Admin(world.parties).get(f"/inbox/sms?to={ani.phone}&after=0&wait=30s")
    assert (len(told["messages"]), told["seen"], waits.count) == (1, 1, 0)


@pytest.mark.parametrize(("query", "seen_before"), [("otp=true&wait=30s", None), ("otp=true&wait=30s", 2)])
def test_a_wait_brings_only_a_code_that_is_newer_than_what_was_seen(world, monkeypatch, query, seen_before):
    """Before an asynchronous purchase and before a resend: no older message or code counts, no other text."""
    ani = world.enrol()
    world.send_otp(ani)

    def resend():
        texted(world, ani, "Halo.")
        if waits.count > 3:
            texted(world, ani, "Kode: 654321", "654321")

    waits = Waits(resend, at=(2, 4))
    monkeypatch.setattr(inbox, "Event", waits)
    after = "" if seen_before is None else f"&after={seen_before}"
    told = Admin(world.parties).get(f"/inbox/sms?to={ani.phone}&{query}{after}")
    assert told["otp"] == "654321"
    assert [m["otp"] for m in told["messages"]] == ["654321"]
    assert (told["seen"], waits.count) == (5, 4)


def test_a_wait_sees_a_text_that_comes_late_by_a_running_clock(world, monkeypatch):
    ani = world.enrol()
    late = timedelta(seconds=30)
    texted(world, ani, "123", "123", late)
    wall = world.parties.wall()
    world.sandbox.run_clock(1, wall)
    waits = Waits(lambda: setattr(world.parties, "wall", lambda: wall + late), at=(3,))
    monkeypatch.setattr(inbox, "Event", waits)
    told = Admin(world.parties).get(f"/inbox/sms?to={ani.phone}&wait=30s")
    assert (told["otp"], waits.count) == ("123", 3)


def test_a_wait_beyond_the_bound_is_told_to_come_again(world, monkeypatch):
    admin, got = Admin(world.parties), []
    another = Waits(lambda: got.append(admin.send("GET", "/inbox/mail?wait=1s")), at=(1,))
    monkeypatch.setattr(inbox, "_WAITING", threading.BoundedSemaphore(1))
    monkeypatch.setattr(inbox, "Event", another)
    assert admin.get("/inbox/sms?wait=1s")["messages"] == []
    assert (got[0].status, got[0].headers["Retry-After"]) == (429, "60")
    assert admin.get("/inbox/sms?wait=1s")["messages"] == []


def test_a_wait_ends_when_the_next_message_comes_or_its_time_is_over(world, monkeypatch):
    ani = world.enrol()
    waits = Waits(lambda: world.send_otp(ani), at=(3,))
    monkeypatch.setattr(inbox, "Event", waits)
    admin = Admin(world.parties)
    told = admin.get(f"/inbox/sms?to={ani.phone}&after=1&wait=30s")
    assert [m["otp"] for m in told["messages"]] == [world.otp(ani)]
    assert waits.count == 3
    assert admin.get(f"/inbox/sms?to={ani.phone}&after=2&wait=1s")["messages"] == []
    assert waits.count == 3 + 20


def test_a_message_that_comes_from_another_thread_ends_the_wait(world):
    ani = world.enrol()
    got = []
    waiting = threading.Thread(
        target=lambda: got.append(Admin(world.parties).get(f"/inbox/sms?to={ani.phone}&after=1&wait=20s"))
    )
    waiting.start()
    world.send_otp(ani)
    waiting.join(10)
    assert got[0]["otp"] == world.otp(ani)


@pytest.mark.parametrize("box", ["sms", "mail"])
@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        "after=1.0",
        "after=1111111111",
        "after=%C2%B2",
        "after=",
        "wait=31s",
        "wait=1h",
        "wait=x",
        "wait=-1s",
        "wait=",
        "wait=5",
        "wait=9999999999d",
    ],
)
def test_a_bad_cursor_or_wait_is_told(looked_at, box, query):
    status, code, message = looked_at.refused("GET", f"/inbox/{box}?{query}")
    assert (status, code) == (400, "malformed")
    assert message.startswith(query.partition("=")[0] + ": ")


@pytest.mark.parametrize("query", ["otp=yes", "otp=", "otp=1"])
def test_a_bad_wish_for_codes_is_told(looked_at, query):
    status, code, message = looked_at.refused("GET", f"/inbox/sms?{query}")
    assert (status, code) == (400, "malformed")
    assert message.startswith("otp: must be true or false")


def test_lost_messages_are_in_no_inbox(world):
    world.sandbox.arm("sms_lost")
    world.sandbox.arm("mail_lost")
    ani = world.enrol()
    assert world.sandbox.ask(Unit.log, kind=Sms, phone=ani.phone) == []
    assert world.sandbox.ask(Unit.log, kind=Mail) == []


# Bad input, and who may come in

POSTS = ["/sandboxes", "/clients", "/clock", "/people", "/courses", "/faults"]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b"{", b'{"x":NaN}', b'{"x":"\\ud800"}', b'{"x":9007199254740993}', b"[" * 5000],
)
def test_a_body_that_is_no_object_is_refused(looked_at, path, raw):
    assert looked_at.refused("POST", path, raw=raw)[:2] == (400, "malformed")


@pytest.mark.parametrize("path", POSTS)
def test_a_body_that_is_too_large_is_refused(looked_at, path):
    assert looked_at.refused("POST", path, raw=b" " * 65_537)[:2] == (413, "too_large")


def test_an_unknown_path_and_method_are_told(looked_at):
    assert looked_at.refused("GET", "/nowhere")[:2] == (404, "not_found")
    assert looked_at.refused("PUT", "/clock")[:2] == (405, "method")


OPEN = ["/healthz", "/readyz", "/metrics"]


def test_with_a_token_set_only_its_bearer_comes_in():
    token = "t" * 32
    admin = Admin(World(admin_token=token).parties)
    for bad in ("", "x", token[:-1], token + "t", token.upper(), "é" * 16):
        for method, path in (("GET", "/clock"), ("POST", "/reset"), ("GET", "/clients")):
            answer = admin.send(method, path, Authorization=f"Bearer {bad}")
            assert (answer.status, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert admin.send("GET", "/clock", Authorization=f"Bearer {token}").status == 200
    for path in OPEN:
        assert admin.send("GET", path).status == 200


def test_the_token_guards_the_admin_api_and_not_the_wire():
    world = World(admin_token="t" * 32)
    assert world.send_otp(world.enrol()).status == 200


def test_health_readiness_and_metrics(looked_at):
    assert looked_at.get("/healthz") == {"status": "ok"}
    ready = looked_at.get("/readyz")
    assert (ready["status"], ready["stopped"], ready["seed"]) == ("ready", [], 42)
    assert (ready["store"], ready["faults"]) == ("memory", "all")
    metrics = looked_at.send("GET", "/metrics")
    assert metrics.headers["Content-Type"].startswith("text/plain")
    assert b"# TYPE " in metrics.body


def test_the_waves_are_told_with_their_days_and_what_is_inferred(looked_at):
    told = {one["wave"]: one for one in looked_at.get("/waves")["waves"]}
    assert [*told][:23] == list(range(1, 24))
    assert told[22]["buy_first_until"] == told[22]["spend_until"] == "2021-11-30T23:59:59+07:00"
    assert (told[22]["recovers"], told[22]["places_freed"]) == ([18, 19, 20, 21], 0)
    assert "announced" in told[20]["inferred"]
    assert (told[51]["scheme"], told[51]["size"]) == ("normal", None)


FILTERED = [path for method, path in QUERIES if method == "GET"]


@pytest.mark.parametrize("path", [*FILTERED, "/courses", "/clock", "/people/"])
def test_a_filter_that_does_not_exist_is_refused(admin, path):
    status, code, message = admin.refused("GET", f"{path}?perosn=1")
    assert (status, code) == (400, "malformed")
    assert "perosn: no such filter; there are " in message


def test_of_people_only_what_is_wrong_is_named(admin):
    assert "limit" not in admin.refused("GET", "/people?can_buy=perhaps")[2]
    assert "can_buy" not in admin.refused("GET", "/people?limit=many")[2]


def test_nothing_is_said_of_the_agreement_with_a_party_that_nobody_knows(admin):
    for party in ("tokopedia", "lp-kopi"):
        assert admin.get(f"/reconciliation?party={party}")["ok"]
    assert (
        "party: 'toko' is not known here; there are admin, bukalapak"
        in admin.refused("GET", "/reconciliation?party=toko")[2]
    )
