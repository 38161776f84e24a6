"""`--party payout=URL`: a payment partner that listens elsewhere gets every instruction; its word counts."""

import json
import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest

from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.scenarios.engine.finding import HOME
from prakerja_sim.scenarios.engine.wiring import against, in_process, stages
from prakerja_sim.simulator.ledger import ledger
from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.payout.records import Payout
from prakerja_sim.simulator.programme import payout_accounts
from prakerja_sim.simulator.programme.incentive_records import Incentive
from prakerja_sim.simulator.sandbox import reopen
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.clock import SECOND, wib
from tests.live import serving
from tests.mocks.worlds import World
from tests.played import SEED, perform, stories_in

STORIES = stories_in(HOME / "incentive", HOME / "whole" / "wave_18.yaml", HOME / "whole" / "wave_22.yaml")
NUMBER = "0812345678"


@contextmanager
def listening(answer):
    """A small HTTP server on a free port; `answer` gets method, path and body, and None is silence."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answered(self):
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            said = answer(self.command, unquote(self.path), raw)
            if said is None:
                self.close_connection = True
                return
            status, body = said
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answered  # noqa: N815  # as http.server calls them

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


# Every incentive story, with the partner elsewhere


class Passing:
    """A partner that writes down what it gets, and answers as the simulated one says."""

    def __init__(self):
        self.instructed = []
        self.never_arrived = Counter()
        self.to = None

    def __call__(self, method, path, raw):
        _, sandbox, rest = path.split("/", 2)
        headers = {"Content-Type": "application/json"} if raw else {}
        if method == "POST" and rest.endswith("/transfers"):
            self.instructed.append(json.loads(raw))
        wire = rest.replace("#", "%23")
        try:
            answer = self.to(f"/s/{sandbox}/payout").send(method, f"/{wire}", headers, raw)
        except NoReply:
            return None
        if method == "GET" and answer.status == 404:
            self.never_arrived[rest.partition("/transfers/")[2]] += 1
        return answer.status, answer.body


@contextmanager
def on_stage(story, store, to):
    with stages(to, SEED)(story, "tokopedia") as stage:
        (name,) = (n for n in stage.parties.admin("GET", "/sandboxes")["sandboxes"] if n != "default")
        yield stage, name


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_a_partner_that_listens_elsewhere_gets_every_instruction_of_a_story_once(story):
    elsewhere, here, store = Passing(), Memory(), Memory()
    with on_stage(story, here, in_process(here, wall)) as (stage, _):
        story.play(lambda step: perform(stage, step))
        digest = stage.digest()
    with listening(elsewhere) as url:
        elsewhere.to = in_process(store, wall, parties={"payout": f"{url}/{{sandbox}}"})
        with on_stage(story, store, elsewhere.to) as (stage, name):
            story.play(lambda step: perform(stage, step))
            assert stage.digest() == digest
            world = reopen(store, name)
            rows = world.ask(lambda w: w.find(Incentive))
            payouts = world.ask(lambda w: w.find(Payout))
    amounts = {f"{row.key}#{n + 1}": row.amount.amount for row in rows for n in range(row.attempts)}
    assert {one["reference"]: one["amount"] for one in elsewhere.instructed} == amounts
    times = Counter(one["reference"] for one in elsewhere.instructed)
    assert times == Counter(amounts.keys()) + elsewhere.never_arrived
    assert {one.reference for one in payouts} <= set(amounts)


def test_the_command_line_sends_instructions_to_the_partner_that_it_is_given():
    (story,) = stories_in(HOME / "incentive" / "partner_down.yaml")
    elsewhere = Passing()
    with (
        listening(elsewhere) as url,
        serving("--store", "memory", "--party", f"payout={url}/{{sandbox}}") as live,
    ):
        elsewhere.to = against(live.url)
        with stages(elsewhere.to, SEED)(story, "tokopedia") as stage:
            story.play(lambda step: perform(stage, step))
    assert len(elsewhere.instructed) == len({one["reference"] for one in elsewhere.instructed}) > 1


# A partner with books of its own


class Partner:
    """A payment partner that shares nothing with the simulated one."""

    def __init__(self):
        self.does = []
        """What it does with the next instructions; with all others it pays."""
        self.paid = {}
        self.refused = {}
        self.asked = []

    def __call__(self, method, path, raw):
        self.asked.append((method, path))
        if path.endswith("/recall"):
            reference = path.partition("/transfers/")[2].removesuffix("/recall")
        else:
            reference = path.partition("/transfers/")[2] or json.loads(raw)["reference"]
        if method == "POST" and path.endswith("/transfers"):
            does = self.does.pop(0) if self.does else "pay"
            if does == "lose the request":
                return None
            if does == "nonsense":
                return 502, b"<html>Bad Gateway</html>"
            if does == "pay":
                assert reference not in self.paid
            if does.startswith("refuse "):
                self.refused[reference] = does.removeprefix("refuse ")
            else:
                self.paid[reference] = json.loads(raw)["amount"]
            if does == "lose the reply":
                return None
        return self.known(reference)

    def known(self, reference):
        if reference in self.paid:
            told = {"reference": reference, "status": "paid"}
        elif reference in self.refused:
            told = {"reference": reference, "status": "refused", "refusal": self.refused[reference]}
        else:
            return 404, b'{"error": {"code": "payout_unknown", "message": "?"}}'
        return 200, json.dumps(told).encode()


@pytest.fixture
def elsewhere():
    """A partner, and a world whose programme pays through it; somebody is linked and rated."""
    partner = Partner()
    with listening(partner) as url:
        world = World(real={"payout": url})
        ani = world.enrol()
        who = {"phone": ani.phone, "nik": ani.nik, "name": ani.name}
        world.sandbox.do(partners.open_wallet, partner="ovo", number=NUMBER, **who)
        world.sandbox.do(payout_accounts.link, card=ani.card, partner="ovo", number=NUMBER)
        world.sandbox.do(payout_accounts.confirm_link, card=ani.card, otp=world.otp(ani))
        world.rated(ani)
        yield partner, world, ani


def row(world, ani, month=1):
    return world.sandbox.ask(lambda w: w.get(Incentive, f"{ani.card}/job-{month}"))


def until(world, ani, *statuses):
    while (found := row(world, ani)) is None or found.status.value not in statuses:
        world.sandbox.step()
    return found


@pytest.mark.parametrize(
    ("does", "first", "trouble"),
    [
        ("refuse wallet_full", "failed", "wallet_full"),
        ("refuse something_else", "failed", "payout_rejected"),
        ("lose the request", "sent", None),
        ("lose the reply", "sent", None),
        ("nonsense", "sent", None),
    ],
)
def test_the_word_of_a_partner_elsewhere_counts(elsewhere, does, first, trouble):
    partner, world, ani = elsewhere
    partner.does = [does]
    found = until(world, ani, "failed", "sent", "paid")
    assert (found.status.value, found.trouble and found.trouble.value) == (first, trouble)
    paid = until(world, ani, "paid")
    assert partner.paid == {f"{paid.key}#{paid.attempts}": paid.amount.amount}
    assert paid.attempts == (2 if first == "failed" else 1)
    assert world.sandbox.ask(ledger.balance, account=f"incentive:{ani.card}") == paid.amount.amount
    assert world.sandbox.check() == []


def test_what_a_partner_elsewhere_never_got_is_recalled_before_the_close_out(elsewhere):
    partner, world, ani = elsewhere
    first = until(world, ani, "scheduled")
    partner.does = ["lose the request"] * 1_000
    closes = wib(2022, 3, 5, 23, 59, 59) + SECOND
    world.sandbox.advance(closes)
    assert row(world, ani).status.value == "undelivered"
    assert ("POST", f"/ovo/transfers/{first.key}#1/recall") in partner.asked
    assert (partner.paid, world.sandbox.check()) == ({}, [])
