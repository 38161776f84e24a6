"""A sandbox that is leased with all that it shall hold: as one unit, found again, gone in its time."""

from datetime import timedelta

import orjson
import pytest

from prakerja_sim.mocks.admin.leasing import USUAL_SEED
from prakerja_sim.mocks.http.credentials import DEFAULT, credential_for
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.server.serve import build
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.stores.verify import verify
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.admin.test_admin import COURSE, Admin
from tests.mocks.worlds import WALL, sign

OWN = {
    "name": "mine",
    "seed": 7,
    "people": [
        {"name": "Siti Aminah", "born": "1999-02-28", "education": 16, "phone": "+62 849-0000-0011"},
        {"videos_watched": False, "wallet": False},
    ],
    "courses": [COURSE | {"code": "las-dasar", "institution": "lp-las", "new": True}],
    "clients": [{"client_code": "toko-1", "sign_key": "kunci", "party": "tokopedia"}],
    "faults": [{"fault": "sms_lost", "times": 2}],
    "settings": {"otp_digits": 4},
}
DEMO = credential_for(USUAL_SEED, DEFAULT, "tokopedia")[0]
"""A client code that a filled sandbox has."""


def by_order(mine, told):
    people = {one["prakerja_id"]: one for one in mine.get("/people")["people"]}
    return [people[one["prakerja_id"]] for one in told["people"]]


def differences(sandbox):
    """What differs from the journal, and what the auditor says."""
    verdict = verify(sandbox.store.contents(sandbox.name))
    return verdict.differences + verdict.violations + verdict.discrepancies


def quota(parties, credential, at="", course="tanya-karier"):
    """What Prakerja answers a partner who signs with a credential."""
    admin = Admin(parties)
    [run] = [c["schedule_code"] for c in admin.get("/courses")["courses"] if c["course_code"] == course]
    raw = orjson.dumps({"course_code": course, "schedule_code": run})
    path, stamp = "/api/v1/integration/payment/quota-schedule", 1635732000
    headers = {"client_code": credential["client_code"], "timestamp": str(stamp)}
    key = credential["sign_key"]
    headers["signature"] = sign(credential["client_code"], key, stamp, path, raw)
    return InProcess(parties.application, at).send("POST", path, headers, raw)


@pytest.fixture
def admin():
    started = Admin(build(Options(store="memory")))
    started.parties.wall = lambda: WALL
    yield started
    assert started.get("/bugs") == {"bugs": []}


def test_a_lease_brings_what_it_was_asked_for_and_tells_it(admin):
    told = admin.post("/sandboxes", **OWN)
    mine = Admin(admin.parties, "mine")
    siti, other = told["people"]
    assert (siti["name"], siti["phone"]) == ("Siti Aminah", "084900000011")
    assert (siti["nik"][6:12], siti["nik"][12:]) in [("280299", "0000"), ("680299", "0000")]
    assert siti["email"] == "siti.aminah.1@example.com"
    login = {"email": siti["email"], "password": siti["password"]}
    wire = InProcess(admin.parties.application, "/s/mine/prakerja")
    asked = wire.send("POST", "/dashboard/login", {"Content-Type": "application/json"}, orjson.dumps(login))
    assert asked.json()["data"]["token"]
    kept = mine.sandbox.ask(Unit.need, kind=Participant, key=siti["prakerja_id"])
    assert (kept.born.isoformat(), kept.education, kept.videos_watched) == ("1999-02-28", 16, True)
    assert other["account"] is None
    assert all(one.items() <= told["people"][at].items() for at, one in enumerate(by_order(mine, told)))
    assert [course["course_code"] for course in told["courses"]] == ["las-dasar"]
    parties = {one["party"]: one for one in told["credentials"]}
    assert parties.keys() == {*registry.codes(), "lp-las"}
    assert (parties["tokopedia"]["client_code"], parties["tokopedia"]["sign_key"]) == ("toko-1", "kunci")
    assert told["addresses"]["prakerja"] == "http://localhost/s/mine/prakerja"
    assert told["expires"] is None
    assert mine.get("/faults")["faults"][0]["left"] == 2
    assert mine.sandbox.settings.otp_digits == 4
    assert differences(mine.sandbox) == []


def test_a_filled_sandbox_has_the_demo_and_the_demos_credentials(admin):
    told = admin.post("/sandboxes", name="mine", fill=True, seed=3)
    assert (len(told["people"]), len(told["courses"])) == (5, 6)
    mine = Admin(admin.parties, "mine")
    assert mine.get("/people?can_buy=true&limit=1")["people"]
    demo = {one["party"]: one for one in admin.get("/clients")["clients"]}
    for one in told["credentials"]:
        assert demo[one["party"]]["client_code"] == one["client_code"]
        assert demo[one["party"]]["sign_key"] == one["sign_key"]
    assert {one["party"] for one in told["credentials"]} == demo.keys()
    assert differences(mine.sandbox) == []


def test_below_its_path_a_code_means_that_sandbox_and_else_the_default_one(admin):
    told = admin.post("/sandboxes", name="mine", fill=True)
    mine = Admin(admin.parties, "mine")
    [toko] = [one for one in told["credentials"] if one["party"] == "tokopedia"]
    for at, where in (("/s/mine", mine), ("", admin)):
        assert quota(admin.parties, toko, at).status == 200
        others = {mine, admin} - {where}
        assert where.get("/timeline?party=prakerja")["exchanges"]
        assert not [one for other in others for one in other.get("/timeline?party=prakerja")["exchanges"]]
        admin.post("/reset")
        mine.post("/reset")


def test_a_code_that_two_sandboxes_hold_and_the_default_does_not_is_refused_with_both_names(admin):
    client = {"client_code": "toko-1", "sign_key": "kunci", "party": "tokopedia"}
    for name in ("mine", "theirs"):
        admin.post("/sandboxes", name=name, fill=True, clients=[client])
    refused = quota(admin.parties, client)
    assert refused.status == 409
    assert "the sandboxes mine and theirs hold this code" in refused.body.decode()
    assert quota(admin.parties, client, "/s/theirs").status == 200
    admin.send("DELETE", "/sandboxes/mine")
    assert quota(admin.parties, client).status == 200


def test_the_same_request_again_finds_the_sandbox_and_another_one_names_what_differs(admin):
    first = admin.send("POST", "/sandboxes", OWN)
    Admin(admin.parties, "mine").post("/clock", advance="1h")
    again = admin.send("POST", "/sandboxes", {**OWN, "fill": False})
    assert (first.status, again.status) == (201, 200)
    assert again.json() == first.json()
    for other in ({**OWN, "seed": 8}, {**OWN, "people": OWN["people"][:1]}, {**OWN, "ttl": "5m"}):
        status, code, message = admin.refused("POST", "/sandboxes", other)
        [differs] = [name for name in other if other[name] != OWN.get(name)]
        assert (status, code) == (409, "sandbox_taken")
        assert f"differs={differs};" in message
    assert (
        "differs=faults, fill, people;"
        in admin.refused("POST", "/sandboxes", {**OWN, "people": [], "fill": True, "faults": []})[2]
    )
    assert admin.refused("POST", "/sandboxes", {"name": "default"})[:2] == (409, "sandbox_taken")


BAD = [
    ({"people": [{}, {"wave": 24}]}, 409, "at=people.1"),
    ({"people": [{"nik": "3171010101900000"}, {"nik": "3171010101900000"}]}, 409, "at=people.1"),
    ({"people": [{"name": ""}]}, 400, "people.0.name: "),
    ({"people": [{"born": "1899-12-31"}]}, 400, "people.0.born: must be a day since 1900-01-01"),
    ({"people": [{}] * 501}, 400, "people: "),
    ({"courses": [COURSE, COURSE]}, 409, "at=courses.1"),
    ({"courses": [COURSE | {"institution": "lp-kop"}]}, 400, "courses.0: institution: nobody knows it"),
    ({"courses": [COURSE | {"kind": 2}]}, 400, "courses.0: starts: "),
    ({"clients": [OWN["clients"][0], OWN["clients"][0]]}, 409, "at=clients.1"),
    ({"fill": True, "clients": [OWN["clients"][0] | {"client_code": DEMO, "party": "lp-kopi"}]}, 409, DEMO),
    ({"clients": [OWN["clients"][0] | {"addresses": "toko"}]}, 400, "clients.0: addresses: "),
    ({"faults": [{"fault": "sms_lost"}, {"fault": "sms_lots"}]}, 409, "at=faults.1"),
    ({"faults": [{"fault": "rate_limited", "where": "payment/authorise"}]}, 409, "at=faults.0"),
    ({"fill": True, "start": "2020-05-01"}, 409, "at=fill, wave=22"),
    ({"ttl": 0}, 400, "ttl: must be from 1 second to 366 days"),
    ({"ttl": "367d"}, 400, "ttl: must be from 1 second to 366 days"),
    ({"ttl": "soon"}, 400, "ttl: is no length of time; write seconds, or 90s, 30m, 2h, 7d"),
    ({"ttl": True}, 400, "ttl"),
]


@pytest.mark.parametrize(("content", "status", "told"), BAD, ids=lambda one: str(one)[:40])
def test_whatever_is_refused_leaves_nothing_and_names_its_place(admin, content, status, told):
    answer = admin.refused("POST", "/sandboxes", {"name": "mine", "fill": False, **content})
    assert answer[0] == status
    assert told in answer[2]
    assert admin.get("/sandboxes") == {"sandboxes": ["default"]}
    assert admin.parties.sandboxes.store.names() == ["default"]
    assert admin.parties.sandboxes.holders("toko-1") == []


def test_a_name_is_made_up_and_never_twice(admin):
    names = [admin.post("/sandboxes")["name"] for _ in range(3)]
    admin.send("DELETE", f"/sandboxes/{names[0]}")
    names.append(admin.post("/sandboxes")["name"])
    assert len(set(names)) == 4
    assert all(name.rpartition("-")[0].isalpha() for name in names)


@pytest.mark.parametrize("ttl", [90, "90s"])
def test_a_sandbox_goes_when_its_time_is_over(admin, ttl):
    told = admin.post("/sandboxes", name="mine", ttl=ttl)
    assert told["expires"] == (WALL + timedelta(seconds=90)).isoformat()
    admin.parties.wall = lambda: WALL + timedelta(seconds=89)
    assert admin.get("/sandboxes")["sandboxes"] == ["default", "mine"]
    admin.parties.wall = lambda: WALL + timedelta(seconds=90)
    assert Admin(admin.parties, "default").get("/sandboxes")["sandboxes"] == ["default"]
    assert admin.parties.sandboxes.store.names() == ["default"]
    assert admin.parties.sandboxes.holders(told["credentials"][0]["client_code"]) == []
    assert InProcess(admin.parties.application).send("GET", "/s/mine/__admin/clock").status == 404


def test_what_was_leased_is_known_to_the_next_process_too(tmp_path):
    parties = build(Options(store=f"lmdb:{tmp_path / 'sim.db'}"))
    parties.wall = lambda: WALL
    first = Admin(parties).post("/sandboxes", **OWN, ttl="1h")
    parties.sandboxes.store.close()
    parties = build(Options(store=f"lmdb:{tmp_path / 'sim.db'}"))
    parties.wall = lambda: WALL + timedelta(minutes=59)
    assert Admin(parties).send("POST", "/sandboxes", {**OWN, "ttl": "1h"}).json() == first
    assert differences(parties.sandboxes.get("mine")) == []
    parties.wall = lambda: WALL + timedelta(hours=1)
    assert Admin(parties).get("/sandboxes")["sandboxes"] == ["default"]
    parties.sandboxes.store.close()
    store = LMDB(tmp_path / "sim.db")
    assert Sandboxes(store).names() == ["default"]
    store.close()


def test_a_reset_brings_back_what_was_leased(admin):
    told = admin.post("/sandboxes", **OWN, ttl="1h")
    mine = Admin(admin.parties, "mine")
    digest = mine.digest()
    mine.post("/people", count=2)
    mine.post("/clients", client_code="another", sign_key="k", party="p")
    mine.post("/clock", advance="1d")
    mine.post("/reset")
    assert mine.digest() == digest
    assert [one["prakerja_id"] for one in mine.get("/people")["people"]] == sorted(
        one["prakerja_id"] for one in told["people"]
    )
    assert admin.send("POST", "/sandboxes", {**OWN, "ttl": "1h"}).json() == told
    assert "another" in {one["client_code"] for one in mine.get("/clients")["clients"]}
    again = Admin(admin.parties, "mine")
    assert differences(again.sandbox) == []
