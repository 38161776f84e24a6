"""Snapshots on both stores: a world goes on from one, with a whole journal, and two worlds are compared."""

from datetime import timedelta

import pytest

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import build
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator import copies
from prakerja_sim.simulator.values.errors import WorldGone
from prakerja_sim.simulator.world.records import Chain, Clock
from prakerja_sim.simulator.world.store import Unit, key_of
from tests.mocks.admin.test_admin import COURSE, Admin
from tests.mocks.admin.test_leases import differences
from tests.mocks.worlds import WALL


@pytest.fixture(params=["memory", "lmdb"])
def options(request, tmp_path):
    return Options(store="memory" if request.param == "memory" else f"lmdb:{tmp_path / 'sim.db'}")


@pytest.fixture
def admin(options):
    started = Admin(build(options))
    started.parties.wall = lambda: WALL
    yield started
    assert started.get("/bugs") == {"bugs": []}
    assert started.get("/invariants")["ok"]
    started.parties.sandboxes.store.close()


def buy(admin, name, course="barista-dasar", market="tokopedia"):
    """The first person of a sandbox buys a course, over the wires; the exchanges of that."""
    mine = Admin(admin.parties, name)
    who = mine.get("/people?can_buy=true&limit=1")["people"][0]
    shopper = registry.shopper(market, admin.parties.transport(market, mine.sandbox))
    shopper.sign_up(who["name"], who["phone"], who["email"])
    shopper.enter_phone_code(mine.get(f"/inbox/sms?to={who['phone']}&otp=true")["otp"])
    shopper.add_to_cart(course)
    order = shopper.check_out()
    shopper.enter_card(order, who["prakerja_id"])
    assert shopper.enter_otp(order, mine.get(f"/inbox/sms?to={who['phone']}&otp=true")["otp"]) == "paid"
    return timeline.remembered(mine.sandbox)


def state(admin, name):
    one = Admin(admin.parties, name)
    return one.digest(), one.get("/people"), one.get("/clients"), one.get("/clock")["now"], one.get("/faults")


def test_a_sandbox_is_restored_as_it_was_and_goes_on_with_a_whole_journal(admin):
    admin.post("/people")
    admin.post("/faults", fault="mail_lost")
    told = admin.post("/snapshots", name="before")
    assert (told["of"], told["people"], told["taken"]) == ("default", 6, WALL.isoformat())
    before = state(admin, "default")
    old = admin.sandbox
    buy(admin, "default")
    admin.post("/clock", advance="1d")
    admin.post("/clients", client_code="later", sign_key="k", party="p")
    assert state(admin, "default") != before
    again = admin.post("/restore", snapshot="before")
    assert (again["restored"], again["digest"]) == ("default", before[0])
    assert state(admin, "default") == before
    assert admin.get("/diff?with=before")["same"]
    assert admin.parties.sandboxes.holders("later") == []
    with pytest.raises(WorldGone):
        old.ask(Unit.find, kind=Chain)
    buy(admin, "default")
    assert differences(admin.parties.sandboxes.get("default")) == []
    admin.post("/restore", snapshot="before")
    assert state(admin, "default") == before


def test_a_fork_has_everything_and_parts_from_its_origin(admin):
    buy(admin, "default")
    told = admin.post("/fork", name="branch", ttl="1h")
    assert (told["name"], told["seed"]) == ("branch", admin.sandbox.seed)
    assert told["expires"] == (WALL + timedelta(hours=1)).isoformat()
    assert {one["prakerja_id"] for one in told["people"]} == {
        one["prakerja_id"] for one in admin.get("/people")["people"]
    }
    assert state(admin, "branch") == state(admin, "default")
    assert admin.get("/diff?with=branch") == {
        "here": "default", "there": "branch", "same": True, "records": [], "logs": [],
    }  # fmt: skip
    branch = Admin(admin.parties, "branch")
    branch.post("/people", count=2)
    assert len(admin.get("/people")["people"]) == 5
    assert branch.get("/timeline?party=tokopedia")["exchanges"] == []
    assert differences(branch.sandbox) == []
    branch.post("/reset")
    assert Admin(admin.parties, "branch").digest() == Admin(build(Options(store="memory"))).digest()


def test_two_forks_that_part_by_one_purchase_differ_in_exactly_its_records(admin):
    admin.post("/snapshots", name="start")
    for name in ("one", "other"):
        admin.post("/fork", name=name, snapshot="start")
    assert Admin(admin.parties, "one").get("/diff?with=other")["same"]
    exchanges = buy(admin, "one")
    wrote = {(type(r).__name__, key_of(r)) for e in exchanges for f in e.effects for r in f.put}
    added = [type(line).__name__ for e in exchanges for f in e.effects for line in f.appended]
    admin.parties.show_secrets = True
    told = Admin(admin.parties, "one").get("/diff?with=other")
    found = {(one["kind"], one["key"]) for one in told["records"]}
    assert wrote - found <= {(kind, key) for kind, key in wrote if kind in ("Chain", "Clock", "Client")}
    assert found <= wrote
    assert {one["kind"]: len(one["only_here"]) for one in told["logs"]} == {
        kind: added.count(kind) for kind in added
    }
    assert all(one["only_there"] == [] for one in told["logs"])
    assert any(one["kind"] == "Payment" and one["here"] and not one["there"] for one in told["records"])
    back = Admin(admin.parties, "other").get("/diff?with=one")
    assert {(one["kind"], one["key"], one["there"], one["here"]) for one in back["records"]} == {
        (one["kind"], one["key"], one["here"], one["there"]) for one in told["records"]
    }


def test_what_is_shown_of_a_difference_names_no_card(admin):
    card = admin.get("/people?limit=1")["people"][0]["prakerja_id"]
    admin.post("/snapshots", name="start")
    buy(admin, "default")
    answer = admin.send("GET", "/diff?with=start")
    assert answer.json()["records"]
    otps = {one["otp"] for one in admin.get("/inbox/sms")["messages"] if one["otp"]}
    assert not [secret for secret in (card, *otps) if f'"{secret}' in answer.body.decode()]
    for people in admin.get("/people")["people"]:
        assert people["prakerja_id"] not in answer.body.decode()
        assert people["nik"] not in answer.body.decode()


def test_snapshots_are_listed_dropped_and_never_written_over(admin):
    first = admin.post("/snapshots", name="a")
    made_up = admin.post("/snapshots")["name"]
    assert admin.refused("POST", "/snapshots", {"name": "a"})[:2] == (409, "snapshot_taken")
    listed = admin.get("/snapshots")["snapshots"]
    assert listed == sorted([first, {**first, "name": made_up}], key=lambda one: one["name"])
    admin.post("/fork", name="branch", snapshot="a")
    assert admin.send("DELETE", "/snapshots/a").json() == {"dropped": "a"}
    assert [one["name"] for one in admin.get("/snapshots")["snapshots"]] == [made_up]
    assert Admin(admin.parties, "branch").get("/people")["people"]
    assert admin.get("/sandboxes")["sandboxes"] == ["branch", "default"]


UNKNOWN = [
    ("POST", "/restore", {"snapshot": "none"}, (404, "snapshot_unknown")),
    ("POST", "/fork", {"snapshot": "none"}, (404, "snapshot_unknown")),
    ("POST", "/fork", {"name": "default"}, (409, "sandbox_taken")),
    ("POST", "/fork", {"name": "x", "ttl": "0s"}, (400, "malformed")),
    ("POST", "/sandboxes", {"name": "x", "from": "none"}, (404, "snapshot_unknown")),
    ("POST", "/sandboxes", {"name": "x", "from": "a", "seed": 1, "fill": False}, (400, "malformed")),
    ("POST", "/snapshots", {"name": "@a"}, (400, "malformed")),
    ("POST", "/snapshots", {"name": "x" * 64}, (400, "malformed")),
    ("DELETE", "/snapshots/none", None, (404, "snapshot_unknown")),
    ("GET", "/diff?with=none", None, (404, "sandbox_unknown")),
    ("GET", "/diff", None, (400, "malformed")),
]


def test_what_does_not_exist_is_refused_and_changes_nothing(admin):
    for method, path, body, told in UNKNOWN:
        assert admin.refused(method, path, body)[:2] == told, (path, body)
    assert admin.get("/sandboxes")["sandboxes"] == ["default"]
    assert admin.get("/snapshots") == {"snapshots": []}


def test_a_lease_from_a_snapshot_has_it_and_what_is_asked_beside(admin):
    admin.post("/people", name="Siti Aminah")
    admin.post("/snapshots", name="start")
    asked = {"name": "mine", "from": "start", "people": [{"name": "Budi Santoso"}], "courses": [COURSE]}
    told = admin.post("/sandboxes", **asked)
    names = [one["name"] for one in told["people"]]
    assert len(names) == 7
    assert {"Siti Aminah", "Budi Santoso"} < set(names)
    assert "baru" in {one["course_code"] for one in told["courses"]}
    assert admin.send("POST", "/sandboxes", asked).json() == told
    mine = Admin(admin.parties, "mine")
    digest = mine.digest()
    buy(admin, "mine")
    mine.post("/reset")
    assert Admin(admin.parties, "mine").digest() == digest
    assert differences(admin.parties.sandboxes.get("mine")) == []
    admin.send("DELETE", "/snapshots/start")
    assert mine.refused("POST", "/reset")[:2] == (404, "snapshot_unknown")


def test_a_restored_sandbox_goes_when_it_would_have_gone(admin):
    admin.post("/snapshots", name="start")
    admin.post("/sandboxes", name="mine", ttl="1h")
    mine = Admin(admin.parties, "mine")
    mine.post("/snapshots", name="mine-too")
    mine.post("/restore", snapshot="start")
    assert len(mine.get("/people")["people"]) == 5
    admin.post("/restore", snapshot="mine-too")
    assert admin.get("/people")["people"] == []
    admin.parties.wall = lambda: WALL + timedelta(hours=1)
    assert admin.get("/sandboxes")["sandboxes"] == ["default"]


def test_a_clock_that_ran_stands_still_after_it_was_copied(admin):
    admin.post("/clock", scale=60)
    admin.post("/snapshots", name="running")
    admin.parties.wall = lambda: WALL + timedelta(minutes=1)
    admin.post("/fork", name="branch", snapshot="running")
    branch = admin.parties.sandboxes.get("branch")
    assert (branch.ask(Unit.need, kind=Clock, key="clock").scale, branch.running) == (0, False)
    assert branch.now() < admin.parties.sandboxes.get("default").now()


def test_snapshots_outlive_a_restart(tmp_path):
    options = Options(store=f"lmdb:{tmp_path / 'sim.db'}")
    admin = Admin(build(options))
    buy(admin, "default")
    told = admin.post("/snapshots", name="bought")
    digest = admin.digest()
    admin.post("/reset")
    admin.post("/restore", snapshot="bought")
    admin.post("/fork", name="branch")
    admin.parties.sandboxes.store.close()
    admin = Admin(build(options))
    assert admin.get("/snapshots")["snapshots"] == [told]
    assert admin.get("/sandboxes")["sandboxes"] == ["branch", "default"]
    assert (admin.digest(), Admin(admin.parties, "branch").digest()) == (digest, digest)
    for name in ("default", "branch"):
        assert differences(admin.parties.sandboxes.get(name)) == []
    assert admin.get("/diff?with=bought")["same"]
    store = admin.parties.sandboxes.store
    assert copies.names(store) == ["bought"]
    assert store.names() == ["@bought", "branch", "default"]
    store.close()
