"""A run by hand over HTTP: recorded, played again to the same digest, changed, compared."""

import re
from collections import Counter

import pytest

from prakerja_sim.mocks.http.transport import Http, NoReply
from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient, Refused
from prakerja_sim.scenarios.engine import compared, recorder
from prakerja_sim.scenarios.engine.errors import CannotPlay
from prakerja_sim.scenarios.engine.runner import play
from prakerja_sim.scenarios.engine.wiring import in_process, stages
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.clock import unix_seconds
from tests.cli.test_cli import refused, run
from tests.live import Live, serving
from tests.played import SEED, stories_in

COURSE = {
    "code": "kopi",
    "title": "Kopi",
    "category": "Makanan & Minuman",
    "institution": "lp-kopi",
    "price": 400_000,
}
JSON = {"Content_Type": "application/json"}
CLIENT = {"client_code": "toko-saya", "sign_key": "rahasia", "party": "tokopedia"}


class Hands:
    """Somebody who does things in one sandbox of a running simulator."""

    def __init__(self, live: Live, name: str) -> None:
        self.live, self.base = live, f"/s/{name}"
        self.prakerja = PrakerjaClient(
            Http(f"{live.url}{self.base}/prakerja"), "toko-saya", "rahasia", lambda: unix_seconds(wall())
        )

    def admin(self, method, path, body=None):
        status, told, _ = self.live.send(method, f"{self.base}/__admin{path}", body)
        assert status < 300, told
        return told

    def code(self, phone):
        return self.admin("GET", f"/inbox/sms?to={phone}")["otp"]

    def buys_at(self, place, person):
        shopper = registry.shopper(place, Http(f"{self.live.url}{self.base}/{place}"))
        shopper.sign_up(person["name"], person["phone"], person["email"])
        shopper.enter_phone_code(self.code(person["phone"]))
        shopper.add_to_cart("kopi")
        order = shopper.check_out()
        shopper.enter_card(order, person["prakerja_id"])
        assert shopper.enter_otp(order, self.code(person["phone"])) == "paid"


def wrong(code):
    return str((int(code) + 1) % 10**6).zfill(6)


def by_hand(hands):
    """A wrong OTP, a lost reply, clock jumps, a shop, the dashboard."""
    hands.admin("POST", "/clients", CLIENT)
    hands.admin("POST", "/courses", COURSE)
    (first, second) = hands.admin("POST", "/people", {"wave": 22, "count": 2})["people"]
    schedule = hands.admin("GET", "/courses")["courses"][-1]["schedule_code"]
    hands.admin("POST", "/clock", {"advance": "90s"})
    about = {"card": first["prakerja_id"], "user": "u-1", "course": "kopi", "schedule": schedule}
    token = hands.prakerja.send_otp(**about, amount=400_000)
    invoice = {"invoice_code": "INV-1", "invoice_url": "https://toko.example/1"}
    with pytest.raises(Refused, match="ERRPLT40094"):
        hands.prakerja.authorize(token=token, otp=wrong(hands.code(first["phone"])), **invoice)
    hands.admin("POST", "/faults", {"fault": "reply_lost", "where": "payment/authorize"})
    hands.admin("POST", "/faults", {"fault": "mail_lost", "where": "@nobody.example"})
    with pytest.raises(NoReply):
        hands.prakerja.authorize(token=token, otp=hands.code(first["phone"]), **invoice)
    assert hands.prakerja.status(invoice_code="INV-1")["transaction_code"]
    hands.admin("DELETE", "/faults")
    hands.admin("POST", "/clock", {"set": "2021-11-03 10:00:00"})
    hands.buys_at("bukalapak", second)
    login = {"email": second["email"], "password": second["password"]}
    status, told, _ = hands.live.send("POST", f"{hands.base}/prakerja/dashboard/login", login)
    assert status == 200
    bearer = {"Authorization": f"Bearer {told['data']['token']}"}
    hands.live.send("POST", f"{hands.base}/prakerja/dashboard/videos", None, bearer)
    hands.admin("POST", "/clock", {"step": True})


@pytest.fixture(scope="module")
def live():
    with serving("--store", "memory") as running:
        yield running


@pytest.fixture(scope="module")
def recorded(live, tmp_path_factory):
    """The file of a recording, and the digest of its sandbox."""
    live.send("POST", "/__admin/sandboxes", {"name": "uji", "seed": 7, "start": "2021-11-02 09:00:00"})
    hands = Hands(live, "uji")
    hands.admin("POST", "/courses", COURSE)
    hands.admin("POST", "/reset", {})  # what was before is no part of it
    by_hand(hands)
    out = tmp_path_factory.mktemp("recorded") / "uji.yaml"
    done = run("record", "--url", live.url, "--sandbox", "uji", "--out", out)
    assert done.exit_code == 0, done.output
    return out, hands.admin("GET", "/digest")["digest"]


def outcome(path):
    (story,) = stories_in(path)
    (place,) = story.marketplaces
    return play(story, place, stages(in_process(Memory(), wall), SEED))


def test_it_plays_to_the_same_digest(recorded):
    path, digest = recorded
    played = outcome(path)
    assert played.passed, played.message
    assert played.digest == digest


def test_it_says_what_was_done_in_the_words_of_stories(recorded):
    text = recorded[0].read_text()
    verbs = Counter(re.findall(r"^  - (\w+):", text, re.MULTILINE))
    assert verbs["call"] > 10
    assert verbs - Counter({"call": verbs["call"]}) == Counter(advance=2, step_clock=1, arm=2, disarm=1)
    assert Counter(re.findall(r"^    fails: (\w+)", text, re.MULTILINE)) == Counter(otp_wrong=1, no_reply=1)
    assert 'fault: mail_lost, where: "@nobody.example", optional: true' in text
    assert "signed_by: toko-saya, expect_status: 400}\n    fails: otp_wrong" in text
    assert "timestamp" not in text.lower()


def test_tokens_and_codes_come_from_answers_and_inboxes(recorded):
    text = recorded[0].read_text()
    assert re.search(r"keeps: \{\w*payment_token\w*: data.payment_token\}", text)
    assert 'Authorization: "Payment <payment_token>"' in text
    assert re.search(r'"?otp"?: "<code phone\w*>"', text)
    changed = recorded[0].with_name("other_seed.yaml")
    other = re.sub(r"^seed: 7$", "seed: 8", text, flags=re.MULTILINE)
    changed.write_text(re.sub(r"^digest: .*\n", "", other, flags=re.MULTILINE))
    played = outcome(changed)
    assert played.passed, played.message


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("advance: {by: 90s}", "advance: {by: 91s}", "advance"),
        ("invoice_code: INV-1", "invoice_code: INV-2", "call"),
    ],
)
def test_a_changed_one_parts_at_the_step_that_was_changed(recorded, old, new, step):
    path, _ = recorded
    text = path.read_text()
    assert old in text
    changed = path.with_name(f"changed-{step}.yaml")
    changed.write_text(text.replace(old, new))
    line = text[: text.index(old)].count("\n") + 1
    assert not outcome(changed).passed
    done = run("record", "--compare", path, changed)
    assert done.exit_code == 1
    assert f"({path}:{line}), {step}" in done.output
    assert f"({changed}:{line}), {step}" in done.output


def test_another_status_than_the_expected_one_fails_its_step(recorded):
    path, _ = recorded
    changed = path.with_name("status.yaml")
    changed.write_text(path.read_text().replace("expect_status: 201", "expect_status: 200", 1))
    assert ", call: admin answers 201, expected 200: " in outcome(changed).message


def test_one_that_ends_elsewhere_says_how_to_find_the_step(recorded):
    path, digest = recorded
    changed = path.with_name("elsewhere.yaml")
    changed.write_text(path.read_text() + "  - advance: {by: 1s}\n")
    said = outcome(changed).message
    assert f"not {digest}: find the step with `prakerja-sim record --compare BEFORE AFTER`" in said
    assert f"they part after the last step of {path}" in compared.parting(path, changed)
    assert compared.parting(path, path) == ""


def test_the_demo_of_the_default_sandbox_is_recorded_too(live, tmp_path):
    hands = Hands(live, "default")
    person = hands.admin("GET", "/people")["people"][0]
    hands.admin("POST", "/courses", COURSE)
    hands.buys_at("pijar", person)
    out = tmp_path / "demo.yaml"
    assert run("record", "--url", live.url, "--out", out).exit_code == 0
    assert "holds: {fill: true}" in out.read_text()
    played = outcome(out)
    assert played.passed, played.message
    assert played.digest == hands.admin("GET", "/digest")["digest"]


def test_what_cannot_be_recorded_is_refused_with_the_remedy(live, tmp_path):
    for name in ("kosong", "jam"):
        live.send("POST", "/__admin/sandboxes", {"name": name, "start": "2021-11-02 09:00:00"})
    there = tmp_path / "there.yaml"
    there.write_text("mine")
    at = ("record", "--url", live.url, "--sandbox")
    assert "nothing was asked of sandbox kosong yet" in refused(*at, "kosong")
    assert "is there already; name a new file" in refused(*at, "kosong", "--out", there)
    assert there.read_text() == "mine"
    assert "write it without line breaks" in refused(*at, "kosong", "--title", "a\nb")
    hands = Hands(live, "jam")
    hands.admin("POST", "/clock", {"scale": 60})
    assert "let the clock run by itself" in refused(*at, "jam")
    hands.admin("POST", "/reset", {})
    hands.admin("POST", "/snapshots", {"name": "awal"})
    hands.admin("POST", "/restore", {"snapshot": "awal"})
    assert "or the sandbox was forked or restored; reset it" in refused(*at, "jam")
    with pytest.raises(CannotPlay, match="newest; reset it"):
        recorder.story({"gap": "the timeline keeps only the newest", "sandbox": "x"}, "T")


def test_a_restarted_server_does_not_know_the_beginning(tmp_path):
    store = f"lmdb:{tmp_path / 'sim.db'}"
    with serving("--store", store):
        pass
    with serving("--store", store) as again:
        assert "since the server was started again" in refused("record", "--url", again.url)
