"""The golden pairs of Prakerja's operations for participants and marketplaces, when all is well.

What partners send first is in the examples of `tests/mocks/http/test_openapi.py`; here is what needs somebody
who has bought, finished, and logged in.
"""

import re
from urllib.parse import urlencode

import orjson

from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.prakerja.server import FACE
from prakerja_sim.simulator.values.clock import DAY, unix_seconds
from prakerja_sim.simulator.world import messages
from tests.mocks.golden import Recorder, check_golden
from tests.mocks.prakerja import test_sso_wire as sso
from tests.mocks.prakerja.test_prakerja_dashboard import Visitor
from tests.mocks.worlds import BARISTA, CAKE, sign


class Successes(Recorder):
    """Keeps the successes, some beside the usual one; who is logged in is not kept."""

    named = ""

    def shown(self, headers):
        return {name: value for name, value in (headers or {}).items() if name == "Content-Type"}

    def outcome(self, path, answer):
        return "_refused" if answer.status >= 400 else self.named


class Asker(Visitor):
    """A participant at the dashboard whose requests are recorded."""

    def __init__(self, world, participant, wire):
        self.wire = wire
        super().__init__(world, participant)

    def send(self, method, path, /, raw=None, **body):
        token = getattr(self, "token", "")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        sent = b"" if method != "POST" and not body else orjson.dumps(body)
        answer = self.wire.send(method, f"/dashboard{path}", headers, sent)
        assert answer.status == 200, (path, answer.body)
        return answer

    def seen(self, path, named):
        """What is shown before all is there, kept beside the usual answer."""
        self.wire.named = f"_{named}"
        self.get(path)
        self.wire.named = ""


def play(world):
    wire = Successes(InProcess(world.parties.application, "/prakerja"), FACE)
    for partner in (world.dp, world.lp):
        partner.wire = wire
    ani = Asker(world, world.enrol(watched=False), wire)
    account(ani)
    buy(world, ani)
    complain(world, ani)
    earn(world, ani)
    leave(world, ani)
    log_in_elsewhere(world, wire)
    return {name: pair for name, pair in wire.kept.items() if "_refused" not in name}


def account(ani):
    ani.post("/videos")
    ani.get("/profile")
    ani.seen("/account", "unlinked")
    ani.link()
    ani.get("/account")


def buy(world, ani):
    """A purchase that is taken back, and one that is finished, reported, rated, marked."""
    me = ani.participant
    ani.seen("/trainings", "none")
    void = world.bought(me, CAKE, "INV-0")
    world.dp.post("/payment/status", invoice_code="INV-0")
    codes = {name: void[name] for name in ("invoice_code", "transaction_code")}
    assert world.dp.post("/payment/void", **codes).status == 200
    bought = world.bought(me, BARISTA)
    ani.seen("/trainings", "bought")
    code = world.redeem_code(me)
    world.lp.post("/payment/redeem-code/commit", redeem_code=code)
    task = {
        "redeem_code": world.test_code(),
        "scope": "tpm",
        "sequence": 2,
        "url_file": "https://lp.example/f",
    }
    world.lp.post("/tpm/submission", **task)
    world.lp.post("/tpm/feedback/submission", **task | {"notes": "Rapi"})
    report = {"invoice_code": "INV-1", "name": me.name, "score": 80}
    assert world.dp.send("/simulated/completions", orjson.dumps(report)).status == 200
    while world.training(bought["transaction_code"]).certified_at is None:
        world.sandbox.step()
    stars = {"invoice_code": "INV-1", "stars": 5, "review": "Bagus"}
    world.dp.send("/simulated/reviews", orjson.dumps(stars))
    ani.post(f"/trainings/{bought['transaction_code']}/review", stars=5, review="Bagus")
    ani.get("/trainings")


def complain(world, ani):
    number = ani.post("/complaints", topic="otp", text="Kode tidak datang").json()["data"]["number"]
    world.after(3 * DAY)
    ani.get("/complaints")
    ani.post(f"/complaints/{number}/reopen", text="Masih")


def earn(world, ani):
    ani.seen("/surveys", "not_open")
    while not any(row["status"] == "Berhasil" for row in ani.get("/incentives")["incentives"]):
        ani.wire.kept.pop("GET-dashboard-incentives")  # the last one has something to show
        world.sandbox.step()
    ani.get("/notices")
    ani.get("/surveys")
    ani.post("/surveys/1", answers=["ya"])


def leave(world, ani):
    """Another phone, another password, and out."""
    ani.send("DELETE", "/account")
    ani.post("/phone", phone="084011112222")
    said = world.sandbox.ask(messages.received, phone="084011112222")
    ani.post("/phone/confirm", otp=[one.otp for one in said if one.otp][-1])
    ani.post("/logout")
    me = ani.participant
    ani.token = ""
    ani.post("/password/forgotten", account=me.email)
    code = re.search(r"kode=(\S+)", world.mails(me.email)[-1].text)[1]
    ani.post("/password", code=code, password="kopi-susu-gula")


def log_in_elsewhere(world, wire):
    """Single sign-on, as an institution asks for it."""
    world.ani = world.enrol()
    path, stamp = f"{sso.OAUTH}/authorize", str(unix_seconds(world.sandbox.now()))
    headers = {"X-Client-Id": world.lp.code}
    signed = {
        "X-Timestamp": stamp,
        "X-Signature": sign(world.lp.code, world.lp.key, stamp, path, b"", method="GET"),
    }
    wire.send("GET", f"{path}?{urlencode(sso.query(world))}", headers | signed)
    body = orjson.dumps({"code": sso.code(world)})
    granted = wire.send("POST", f"{sso.OAUTH}/token", headers, body).json()["data"]
    body = orjson.dumps({"token": granted["refresh_token"]})
    granted = wire.send("POST", f"{sso.OAUTH}/token/refresh", headers, body).json()["data"]
    wire.send("GET", sso.PROFILE, headers | {"Authorization": granted["access_token"]})


def test_the_wire_is_as_it_was_recorded(world):
    check_golden("prakerja", play(world), "golden/participants")
