"""The timeline tells what was sent, what came back, why it was refused and what it did; nothing secret."""

import threading

import orjson
import pytest

from prakerja_sim.mocks.http import exchanges, secrets, timeline, why
from prakerja_sim.mocks.http.bodies import Malformed
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.simulator.stores.lmdb_file import READERS, SPARE_READERS
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.reason_texts import TEXTS
from prakerja_sim.simulator.world.refusals import RULES
from tests.mocks.market import Market
from tests.mocks.worlds import API, World


def get(world, path):
    return InProcess(world.parties.application).send("GET", f"/__admin/timeline{path}")


def listed(world, query="?limit=2000"):
    return get(world, query).json()["exchanges"]


def whole(world, number):
    return get(world, f"/{number}").json()


@pytest.fixture
def shop():
    """A purchase at a marketplace whose first answer from Prakerja is lost."""
    market = Market("tokopedia")
    ani = market.enrol()
    market.sandbox.arm("reply_lost", "payment/authorize", 1)
    buyer = market.shopper(ani)
    order = market.carded(buyer, ani)
    assert buyer.enter_otp(order, market.otp(ani)) == "pending"
    market.sandbox.step()
    return market


# A flow


def test_a_purchase_is_a_tree_of_exchanges_with_their_causes_and_effects(shop):
    rows = listed(shop)
    paid = next(one for one in rows if one["path"] == f"{API}/payment/authorize")
    assert (paid["asker"], paid["party"], paid["status"]) == ("tokopedia", "prakerja", 0)
    assert (paid["lost"], paid["faults"]) == ("reply_lost", ["reply_lost"])
    asked = next(one for one in rows if one["id"] == paid["parent"])
    assert (asked["asker"], asked["party"], asked["parent"]) == ("client", "tokopedia", None)
    assert paid["id"] in [one["id"] for one in whole(shop, asked["id"])["within"]]
    effect = next(one for one in whole(shop, paid["id"])["effects"] if one["command"] == "payment.authorize")
    assert effect["transfers"][0]["event"] == "purchase"
    assert {"kind": "Payment", "key": effect["records"][0]["key"], "status": "paid"} in effect["records"]


@pytest.mark.parametrize("by", ["itself", "the admin API"])
def test_what_a_due_event_asks_names_the_event_and_the_party_whose_it_is(shop, by):
    if by == "itself":
        shop.sandbox.step()
    else:
        wire = shop.parties.transport("admin", shop.sandbox)
        wire.send("POST", "/clock", {"Content-Type": "application/json"}, b'{"step":true}')
    asked = next(one for one in listed(shop) if one["path"] == f"{API}/payment/status")
    assert asked["cause"].startswith("payment_inquiry ")
    assert (asked["asker"], asked["status"], asked["lost"]) == ("tokopedia", 200, None)


def test_what_the_clock_does_is_the_simulator_s():
    world = World()
    world.enrol()
    world.sandbox.step()
    done = [one for one in listed(world) if one["party"] == exchanges.ITSELF]
    assert "due_events.fire" in [command for one in done for command in one["commands"]]
    assert {(one["asker"], one["method"], one["status"]) for one in done} == {(exchanges.ITSELF, "", 0)}


def test_only_changes_and_refusals_of_the_admin_api_are_kept():
    world = World()
    before = len(listed(world))
    world.send("GET", "/__admin/clock")
    assert len(listed(world)) == before
    world.send("POST", "/__admin/faults", b'{"fault":"sms_lost"}', Content_Type="application/json")
    assert [one["commands"] for one in listed(world, "?party=admin")] == [["faults.arm"]]
    world.send("POST", "/__admin/clock", b'{"set":"2020-01-01"}', Content_Type="application/json")
    [refused, _] = listed(world, "?party=admin")
    assert (refused["reason"], refused["commands"]) == ("clock_forward_only", [])
    assert whole(world, refused["id"])["why"]["values"]["asked"].startswith("2020-01-01")


def test_one_id_goes_through_request_journal_ledger_webhook_and_log_line():
    lines = []
    market = Market("tokopedia", heard=lines.append)
    ani = market.enrol()
    buyer = market.shopper(ani)
    admin = InProcess(market.parties.application)
    raw, json = orjson.dumps({"marketplace": "tokopedia"}), {"Content-Type": "application/json"}
    assert admin.send("POST", "/__admin/webhooks/targets", json, raw).status == 201
    market.bought(buyer, ani)

    paid = next(one for one in listed(market) if one["path"] == f"{API}/payment/authorize")
    asked = next(one for one in listed(market) if one["id"] == paid["parent"])
    told = {path: admin.send("GET", f"/__admin/{path}").json() for path in ("journal", "ledger", "webhooks")}
    entry = next(one for one in told["journal"]["entries"] if one["command"] == "payment.authorize")
    moved = next(one for one in told["ledger"]["transfers"] if one["event"] == "purchase")
    assert {entry["exchange"], moved["exchange"]} == {paid["id"]}
    assert {one["exchange"] for one in told["webhooks"]["webhooks"]} <= {one["id"] for one in listed(market)}
    assert asked["id"] in {one["exchange"] for one in told["webhooks"]["webhooks"]}
    assert {paid["id"], asked["id"]} <= {one.id for one in lines}


def test_filters_narrow_and_each_misspelling_is_refused(shop):
    everything = listed(shop)
    for query, holds in {
        "?party=prakerja": lambda one: one["party"] == "prakerja",
        "?asker=client": lambda one: one["asker"] == "client",
        "?status=0": lambda one: one["status"] == 0 and one["party"] != exchanges.ITSELF,
        "?fault=reply_lost": lambda one: one["faults"] == ["reply_lost"],
        "?path=payment/send-otp": lambda one: one["path"].endswith("payment/send-otp"),
        "?command=payment.authorize": lambda one: "payment.authorize" in one["commands"],
    }.items():
        assert listed(shop, f"{query}&limit=2000") == [one for one in everything if holds(one)] != []
    for wrong in ("partei=x", "status=x", "since=x", "limit=2001", "wait=1s", "person=nobody", "format=pdf"):
        assert get(shop, f"?{wrong}").status == 400, wrong


def test_a_person_s_exchanges_are_those_that_name_him(shop):
    ani, budi = shop.enrol(1), shop.enrol(2)
    shop.bought(shop.shopper(budi), budi)
    mine = listed(shop, f"?person={budi.phone}&limit=2000")
    for spelling in (f"%2B62{budi.phone[1:]}", f"62{budi.phone[1:]}", budi.email.upper()):
        assert listed(shop, f"?person={spelling}&limit=2000") == mine
    assert mine
    assert [one for one in listed(shop, f"?person={ani.card}") if one["party"] != exchanges.ITSELF] == []


def test_somebody_who_waits_gets_the_next_exchange(world):
    newest = listed(world)[0]["id"] if listed(world) else "0"
    threading.Timer(0.1, world.send, ("GET", "/payout/x")).start()
    assert [one["party"] for one in listed(world, f"?since={newest}&wait=5s")] == ["payout"]


def test_the_ring_and_the_bodies_are_bounded(world):
    for _ in range(timeline.KEPT + 1):
        world.send("GET", "/payout/x")
    assert len(listed(world)) == timeline.KEPT
    world.send("POST", f"/prakerja{API}/payment/send-otp", b"x" * 60_000, Content_Type="application/json")
    assert len(timeline.remembered(world.sandbox)[-1].body) == exchanges.LONGEST_BODY


def test_what_was_refused_holds_no_snapshot_of_the_store(tmp_path):
    store = LMDB(tmp_path / "sim.db")
    world = World(store=store)
    ani = world.enrol()
    for _ in range(READERS + SPARE_READERS + 1):  # more than there may be questions at once
        assert world.dp.post("/payment/status", invoice_code="nothing").status == 400
    assert world.balance(ani) == 1_000_000
    refused = [one.refusal for one in timeline.remembered(world.sandbox) if one.refusal is not None]
    assert refused
    assert all(one.__traceback__ is None for one in refused)
    store.close()


# Why


def test_a_refusal_names_its_rule_and_the_values_that_decided(world):
    ani = world.enrol()
    assert world.send_otp(ani, amount=700_000).headers["X-Sim-Reason"] == "amount_unfit"
    told = whole(world, listed(world)[0]["id"])["why"]
    assert (told["reason"], told["rule"]) == ("amount_unfit", "amount_is_within_the_price")
    assert told["rules"] == ["R13"]
    assert (told["values"]["course.price.amount"], told["values"]["amount"]) == (600_000, 700_000)
    assert told["says"] == TEXTS[Reason.AMOUNT_UNFIT]._asdict()


def test_a_malformed_field_is_named(world):
    answer = world.dp.post("/payment/send-otp", prakerja_id=7)
    assert answer.headers["X-Sim-Reason"] == "malformed"
    told = whole(world, listed(world)[0]["id"])["why"]
    assert told["reason"] == "malformed"
    assert {"prakerja_id", "amount", "course_code"} <= set(told["fields"])


def test_every_reason_is_said_in_both_languages_and_no_two_alike():
    assert set(TEXTS) == set(Reason)
    assert all(text.en.endswith(".") and text.id.endswith(".") for text in TEXTS.values())


def test_every_rule_that_refuses_cites_the_programme_or_says_its_own_name():
    for rules in RULES.values():
        for function, reason in rules:
            refusal = Rejected(reason)
            refusal.rule = function.__name__
            assert why.explained(refusal)["rule"] == function.__name__


def test_problems_without_a_field_are_about_the_request():
    assert why.explained(Malformed("body is not JSON: x at byte 1"))["fields"] == {
        "request": "body is not JSON: x at byte 1"
    }


# Secrets


def test_nothing_secret_is_shown(shop):
    text = str([whole(shop, one["id"]) for one in listed(shop)])
    for exchange in timeline.remembered(shop.sandbox):
        for raw in (exchange.body, exchange.answer):
            for secret in _secrets(raw):
                assert secret not in text, (exchange.path, secret)


SECRET = ("otp", "payment_token", "prakerja_id", "card_number", "accessToken")


def _secrets(raw):
    """The values of all secret fields of a JSON body."""
    try:
        waiting = [("", orjson.loads(raw))]
    except ValueError:
        return []
    found = []
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.items()
        elif isinstance(value, list):
            waiting += [(name, inner) for inner in value]
        elif isinstance(value, str) and name in SECRET:
            found.append(value)
    return found


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("otp", "123456", "******"),
        ("payment_token", "abcdefgh", "****efgh"),
        ("accessToken", "abcdefgh", "****efgh"),
        ("code", "123456", "******"),
        ("code", "ERR40180", "ERR40180"),
        ("course_code", "barista", "barista"),
        ("public_key", "abcdefgh", "abcdefgh"),
        ("note", "kartu 9999000011112222 saya", "kartu ************2222 saya"),
        ("amount", 5, 5),
        ("Location", "https://x/?state=1&code=123456", "https://x/?state=1&code=******"),
        ("Referer", "http://x/sandi-baru?token=abcdefgh", "http://x/sandi-baru?token=****efgh"),
        ("otp", 999, 999),
        ("otp", 1000, "****"),
        ("code", 40093, 40093),
        ("id", 9999000011112222, "************2222"),
        (
            "data",
            {"otp": 123456, "is": True, "all": [{"pin": "1234"}]},
            {"otp": "******", "is": True, "all": [{"pin": "****"}]},
        ),
        ("otp", ["123456"], ["******"]),
    ],
)
def test_a_value_is_hidden_by_its_name_or_by_its_look(name, value, shown):
    assert secrets.value(name, value) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('{"otp": "123456"}', '{"otp": "******"}'),
        ('{"otp": 123456}', '{"otp": ******}'),
        ('{"amount": 650000}', '{"amount": 650000}'),
        ("a=1&otp=123456", "a=1&otp=******"),
        ("/x?token=abcdefgh", "/x?token=****efgh"),
        ('{"u": "http://x?token=abcdefgh", "b": 1}', '{"u": "http://x?token=****efgh", "b": 1}'),
        ('{"u": "http://x?a=1&code=123456"}', '{"u": "http://x?a=1&code=******"}'),
        ('<a href="/x?a=1&amp;token=abcdefgh">', '<a href="/x?a=1&amp;token=****efgh">'),
    ],
)
def test_a_text_hides_its_secrets_however_it_is_written(written, shown):
    assert secrets.text(written) == shown


# Other tools


def test_a_sequence_diagram_shows_the_lost_answer_between_request_and_end(shop):
    text = get(shop, "?format=mermaid&limit=2000").body.decode()
    lines = text.splitlines()
    assert lines[0] == "sequenceDiagram"
    asked = lines.index(f"    tokopedia->>prakerja: POST {API}/payment/authorize")
    lost = lines.index("    prakerja--xtokopedia: no answer (reply_lost)")
    assert asked < lost
    assert any("purchase" in line for line in lines[asked:lost])


def test_an_archive_has_the_fields_of_har_1_2(shop):
    log = get(shop, "?format=har&limit=2000").json()["log"]
    assert log["version"] == "1.2"
    needed = {"httpVersion", "cookies", "headers", "headersSize", "bodySize"}
    for entry in log["entries"]:
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= set(entry)
        assert needed | {"method", "url", "queryString"} <= set(entry["request"])
        assert needed | {"status", "statusText", "content", "redirectURL"} <= set(entry["response"])


def test_the_plain_text_has_a_line_for_each_exchange(shop):
    text = get(shop, "?format=text&party=prakerja&limit=2000").body.decode()
    assert "tokopedia -> prakerja POST /api/v1/integration/payment/authorize no answer (reply_lost)" in text
