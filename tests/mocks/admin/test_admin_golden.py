"""The golden pairs of the admin API: every operation on the demo's sandbox, as it answers when all is well.

A server that has just started plays them; what another run or release has otherwise (how long an exchange
took, the version) is replaced.  Record anew with UPDATE_GOLDEN=1, and read what changed before committing it.
"""

import re
import shlex
from urllib.parse import urlsplit

import orjson
import pytest

from prakerja_sim.mocks.admin.server import FACE
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import build
from prakerja_sim.simulator import VERSION
from tests.mocks.admin.test_admin import COURSE
from tests.mocks.golden import Recorder, check_golden
from tests.mocks.worlds import WALL

TARGET = "tokopedia/default"
STORY = "otp/wrong_then_right.yaml"

OTHERWISE = {
    r'"(milliseconds|still_for|time|wait)":[0-9.]+(e-[0-9]+)?': r'"\1":1.5',
    r'"(startedDateTime|wall)":"[^"]+"': rf'"\1":"{WALL.isoformat()}"',
    f'"{re.escape(VERSION)}"': '"1.0.0"',
    r"\b[0-9a-f]{64}\b": "5f" * 32,
    r"(-----BEGIN [A-Z ]+-----\\n)[^-]+(?=-----END)": r"\1...\\n",
}
LONG, LINES = {"stories", "exchanges"}, 12


class Kept(Recorder):
    """Keeps the successes only; one with a name beside the usual one."""

    named = ""

    def said(self, body):
        """The answer with what another run or release has otherwise replaced, and long lists shortened."""
        for what, instead in OTHERWISE.items():
            body = re.sub(what, instead, body)
        if not body.startswith("{"):
            return "\n".join(body.splitlines()[:LINES]) + "\n"
        told = orjson.loads(body)
        for name in LONG & set(told):
            told[name] = told[name][:2]
        return orjson.dumps(told).decode()

    def outcome(self, path, answer):
        return super().outcome(path, answer) + self.named


class Operator:
    """Asks the admin API; every request must succeed."""

    def __init__(self, parties):
        self.wire = Kept(InProcess(parties.application, "/__admin"), FACE)

    def ask(self, method, path, /, named="", **body):
        self.wire.named = named and f"_{named}"
        headers = {"Content-Type": "application/json"} if method != "GET" else {}
        answer = self.wire.send(method, path, headers, orjson.dumps(body) if body else b"")
        assert answer.status < 300 or named == "lost", (method, path, answer.body)
        return answer.json() if "json" in answer.headers["Content-Type"] else answer.body

    def get(self, path, **how):
        return self.ask("GET", path, **how)

    def post(self, path, /, **body):
        return self.ask("POST", path, **body)


def play(parties):
    """Use every operation; answers what passed the wire."""
    operator = Operator(parties)
    person = set_up(operator)
    buy(operator, person)
    webhooks(operator)
    stop(operator)
    lose(operator)
    earn(operator, person)
    look(operator, person)
    books(operator)
    sign(operator, parties)
    sandboxes(operator)
    operator.post("/clock/together", who="beban-1", seconds=30)
    operator.post("/clock/together", who="beban-1", leave=True, named="left")
    stranger = Operator(build(Options(store="memory", admin_token="rahasia")))
    stranger.get("/readyz", named="stranger")
    kept = operator.wire.kept | stranger.wire.kept
    return {name: pair for name, pair in kept.items() if "_refused" not in name}


def set_up(operator):
    """The server, the catalogue, people, partners, faults."""
    get, post = operator.get, operator.post
    get("/healthz")
    get("/readyz")
    get("/bugs")
    get("/journal?limit=2", named="first")
    get("/ledger?limit=2", named="first")
    get("/clock")
    get("/clients")
    post("/clients", client_code="toko-saya", sign_key="kunci", party="tokopedia")
    get("/courses")
    post("/courses", **COURSE)
    operator.ask("PATCH", f"/courses/{COURSE['code']}", price=450_000)
    get("/waves")
    post("/faults", fault="sms_lost", where="081", times=2)
    number = post("/faults", fault="reply_lost", where="payment/authorize")["number"]
    get("/faults")
    operator.ask("DELETE", f"/faults/{number}")
    operator.ask("DELETE", "/faults")
    [person] = post("/people", name="Ani Contoh", born="1999-02-28", phone="081234567890")["people"]
    get("/people?limit=2")
    get(f"/eligibility?person={person['prakerja_id']}&course=kue-rumahan")
    get(f"/eligibility?person={person['prakerja_id']}&course=kue-rumahan&amount=5", named="no")
    [plain] = post("/people", named="plain", wallet=False, videos_watched=False)["people"]
    get(f"/accounts?person={plain['prakerja_id']}", named="plain")
    post("/bring", named="selected", person=plain["prakerja_id"], to="selected")
    post("/faults", named="begun", fault="request_lost", where="payments/prakerja")
    begun = {"person": plain["prakerja_id"], "to": "paid", "marketplace": "kemnaker"}
    post("/bring", named="lost", **begun, course="iklan-digital")
    get("/orders", named="begun")  # an order to which no card came
    operator.ask("DELETE", "/faults", named="lost")
    get("/test-codes")
    post("/test-codes", schedule_code=get("/courses")["courses"][0]["schedule_code"])
    return person


def buy(operator, person):
    """One person buys and redeems, with all webhooks into the inbox."""
    post = operator.post
    post("/webhooks/targets", marketplace="tokopedia")
    bought = post("/bring", person=person["prakerja_id"], to="redeemed", course="kue-rumahan")
    post(f"/redeem-codes/{bought['redeem_code']}/steps", step="status")


def lose(operator):
    """A purchase whose request to Prakerja never comes: an order waits, and so does a payment."""
    get, post = operator.get, operator.post
    [one] = post("/people", named="losing", name="Candra Contoh")["people"]
    post("/faults", named="losing", fault="request_lost", where="payment/authorize", times=9)
    post("/bring", named="lost", person=one["prakerja_id"], to="paid", course="iklan-digital")
    for what in ("payments", "orders"):
        get(f"/{what}?person={one['prakerja_id']}", named="waiting")
    get("/timeline?path=payment/authorize&limit=1", named="lost")
    operator.ask("DELETE", "/faults", named="lost")


def earn(operator, person):
    """The same person is paid, and time goes on."""
    post = operator.post
    post("/clock", advance="1h")
    post("/clock", named="step", step=True)
    post("/bring", named="paid", person=person["prakerja_id"], to="first_instalment", course="kue-rumahan")
    post("/clock", named="months", advance="40d")


def look(operator, person):
    """What is found without logging in as anybody, and what passed the wires."""
    get, card = operator.get, person["prakerja_id"]
    for what in ("payments", "orders", "redeem-codes", "accounts"):
        get(f"/{what}?person={card}")
    get(f"/inbox/sms?to={person['phone']}")
    get("/redeem-codes?limit=100", named="all")
    get("/inbox/sms?to=084999999999", named="none")
    get(f"/inbox/mail?to={person['email']}")
    get("/timeline?limit=2")
    get("/requests?limit=2")
    paid = get("/timeline?path=payment/authorize&limit=1", named="paid")["exchanges"][0]["id"]
    parent = get(f"/timeline/{paid}")["parent"]
    while parent:  # up to what came from outside
        above, parent = parent, get(f"/timeline/{parent}", named="within")["parent"]
    get(f"/timeline/{above}", named="outermost")
    [one] = get("/timeline?command=payment.authorize&limit=1", named="command")["exchanges"]
    get(f"/timeline/{one['id']}", named="command")
    get("/timeline?path=payment/authorize&limit=1&format=har", named="har")
    operator.post("/timeline/verify", path="payment/authorize", times=1)
    operator.post("/timeline/verify", named="missed", path="payment/authorize", status=400, at_least=1)
    get("/recording")


def books(operator):
    """The ledger, the journal, and what auditors ask for."""
    for what in (
        "ledger?limit=2",
        "ledger/statements",
        "ledger/export",
        "reconciliation",
        "invariants",
        "verification",
        "heads",
        "journal?limit=2",
        "digest",
    ):
        operator.get(f"/{what}")


def sign(operator, parties):
    """A signed request, judged, sent with a signature that is wrong, and sent again."""
    curl = shlex.split(operator.get("/demo")["curl"])
    url, body = curl[2], curl[-1]
    headers = [curl[at + 1] for at, word in enumerate(curl) if word == "-H"]
    path = urlsplit(url).path
    operator.post("/signature", headers="\n".join(headers), path=path, body=body)
    operator.post("/signature", named="headless", headers="", path=path, body=body)
    sent = dict(line.split(": ", 1) for line in headers) | {"signature": "0" * 40}
    InProcess(parties.application, "/prakerja").send("POST", path, sent, body.encode())
    [last] = operator.get("/timeline?path=quota-schedule&limit=1", named="refused_signature")["exchanges"]
    operator.get(f"/requests/{last['id']}/signature")
    operator.post(f"/timeline/{last['id']}/again")


def webhooks(operator):
    """Webhooks in the inbox, held, released, repeated, dropped."""
    get, post = operator.get, operator.post
    get("/inbox/webhooks")
    one = get("/webhooks")["webhooks"][0]
    post("/webhooks/repeat", webhook=one["webhook"])
    post("/webhooks/hold", target=TARGET)
    [budi] = post("/people", named="held", name="Budi Contoh")["people"]
    post("/bring", named="held", person=budi["prakerja_id"], to="paid", course="iklan-digital")
    held = get("/webhooks?status=held", named="held")["webhooks"]
    post("/webhooks/drop", webhook=held[0]["webhook"])
    post("/webhooks/release", target=TARGET)
    post("/webhooks/targets/stop", target=TARGET)
    get("/distributor")
    post("/deposits", amount=1_000_000)
    post("/callbacks", url="inbox:")
    get("/suppliers")


def stop(operator):
    """What an operator stops: purchases, a class, a person, payouts."""
    first, second, third = operator.post("/people", named="more", count=3)["people"]
    card = {"person": first["prakerja_id"], "to": "paid", "course": "barista-dasar"}
    bought = operator.post("/bring", named="first", **card)
    operator.post("/payments/void", invoice=bought["invoice_code"])
    bought = operator.post("/bring", named="first", **card | {"person": second["prakerja_id"]})
    operator.post(f"/orders/{bought['order']}/void")
    operator.post("/bring", named="first", **card | {"person": third["prakerja_id"]})
    operator.post("/courses/barista-dasar/cancel")
    operator.post("/courses/barista-dasar/withdraw")
    operator.post(f"/people/{first['prakerja_id']}/block", blocked=True)
    operator.post("/payouts/pause", until="2021-11-10")


def sandboxes(operator):
    """Leases, snapshots, forks."""
    get, post = operator.get, operator.post
    mine = {
        "name": "uji-saya",
        "seed": 7,
        "people": [{"name": "Siti Aminah"}, {"wallet": False}],
        "faults": [{"fault": "sms_lost"}],
    }
    post("/sandboxes", **mine)
    post("/sandboxes", named="again", **mine)
    post("/sandboxes", named="short", name="sebentar", ttl="1h", fill=True)
    post("/sandboxes", named="short_again", name="sebentar", ttl="1h", fill=True)
    get("/sandboxes")
    post("/snapshots", name="awal")
    get("/snapshots")
    post("/fork", name="cabang", snapshot="awal", ttl="1h")
    post("/fork", named="for_good", name="cabang-2")
    post("/clients", named="later", client_code="toko-lain", sign_key="kunci", party="pijar")
    get("/diff?with=@awal")
    post("/restore", snapshot="awal")
    operator.ask("DELETE", "/snapshots/awal")
    operator.ask("DELETE", "/sandboxes/cabang")
    get("/stories")
    [story] = [one for one in get("/stories")["stories"] if one["path"] == STORY]
    post("/stories/play", title=story["title"], marketplace="tokopedia")
    post("/reset")


@pytest.fixture
def parties():
    made = build(Options(store="memory", stories="prakerja_sim.scenarios.engine.on_console"))
    made.wall = lambda: WALL
    return made


def test_the_wire_is_as_it_was_recorded(parties):
    check_golden("admin", play(parties))
