"""`--strict-wire`, header by header: every endpoint of every party, refused, and done where a story comes by.

The same messages go to a usual server and to a strict one.  What the strict one leaves out are exactly
the simulator's own headers; what remains is what the table says that such an endpoint sends.
"""

import re
from collections import Counter
from functools import cache
from urllib.parse import urlencode

import orjson
import pytest
from werkzeug.exceptions import HTTPException

from prakerja_sim.mocks.admin.console.site import HEADERS as PAGE_HEADERS
from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.mounts import discovered
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.finding import HOME
from prakerja_sim.scenarios.engine.script import START
from prakerja_sim.scenarios.engine.wiring import stages
from prakerja_sim.simulator import VERSION
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.clock import wib
from tests.live import serving
from tests.mocks.tokopedia_b2b.distributors import Distributor
from tests.played import SEED, perform, stories_in

FACES = {face.code: face for face in discovered()}
MOUNTS = {code: "/__admin" if code == "admin" else f"/{code}" for code in FACES}
BARE = [
    (code, e.method, e.path)
    for code, face in sorted(FACES.items(), key=lambda named: named[0] == "admin")  # its reset comes last
    for e in face.endpoints
]
OURS = ["X-Sim-Version", "X-Sim-Provenance", "X-Sim-Request-Id"]
HEAD = "X-Ledger-Head"
SOMETIMES_OURS = (HEAD, "X-Sim-Reason", "X-Sim-Fault")
WALL = wib(2025, 6, 1, 12)
COURSE = {
    "code": "barista", "title": "Barista", "category": "Keuangan", "institution": "lp-kopi", "price": 600_000,
}  # fmt: skip

ALWAYS = {"Content-Type", "Content-Length"}
PAGE = {"Cache-Control", "Referrer-Policy", "X-Content-Type-Options", "Content-Security-Policy"}
ENTERED = {"Location", "Set-Cookie"}
SENDS = {
    ("prakerja", "/verification"): PAGE | ENTERED,
    ("prakerja", "/consent-sso"): PAGE | ENTERED,
    ("prakerja", "/dasbor.*"): PAGE | ENTERED,
    ("institution", "/[^/]+/situs.*"): PAGE | ENTERED,
    ("institution", "/[^/]+/pis/.*"): {"Key", "Signature"},
    ("kemnaker", "/account/auth/login"): {"Set-Cookie"},
    ("admin", "/"): set(PAGE_HEADERS),
    ("kemnaker", "/account/auth"): {"Location", "Cache-Control", "Set-Cookie"},
    ("kemnaker", ".*/payments/prakerja/otp"): {"Retry-After"},
    ("tokopedia", "/b2b/api/v2/order/.*"): {"Signature"},
    (".*", "/swagger.*"): PAGE - {"Cache-Control"} | {"Vary"},
    (".*", "/no-such-path"): set(),
}
"""What an endpoint may send beside length and type; all others send nothing else."""
TELLING = {"/metrics", "/recording"}
"""Answers that tell of others, with their headers or how long they took: not equally long."""
NEVER_ALIKE = {"Key"}
"""OAEP pads with chance."""
ONLY_WITH = {
    "Location": {302, 303},
    "Retry-After": {429},
    "Allow": {405},
}
"""Headers that belong to a status."""
EVERYWHERE = ("whole/wave_18.yaml", "otp/resent.yaml", "login")
"""Stories for every marketplace; the others are played on one after the other."""
ELSEWHERE = (
    "whole",
    "otp",
    "account",
    "attendance",
    "lost_access",
    "complaint",
    "refund",
    "training",
    "voucher",
)


class Watched:
    """An application whose answers are kept: party, method, path, status and headers."""

    def __init__(self, parties):
        self.application, self.answers = parties.application, []

    def __call__(self, environ, start_response):
        def started(status, headers, *more):
            party = environ["SCRIPT_NAME"].rpartition("/")[2].removeprefix("__")
            where = (party or "admin", environ["REQUEST_METHOD"], environ["PATH_INFO"])
            self.answers.append((*where, int(status[:3]), [tuple(pair) for pair in headers]))
            return start_response(status, headers, *more)

        return self.application(environ, started)


class Resale:
    """What a distributor needs of a server: a wire to Tokopedia, and the admin API."""

    def __init__(self, application):
        self.wire = InProcess(application, "/tokopedia")
        self.admin_api = InProcess(application, "/__admin")

    def admin(self, method, path, **body):
        return self.admin_api.send(method, path, {}, orjson.dumps(body) if body else b"").json()


def play(application):
    """Stories, then what no story does: a distributor's order, and logins in a browser."""
    for path in (*EVERYWHERE, *ELSEWHERE):
        for number, story in enumerate(stories_in(HOME / path)):
            if story.path.suffix != ".yaml":  # those in Python have a runner of their own
                continue
            places = story.played_on(registry.codes())
            for marketplace in places if path in EVERYWHERE else [places[number % len(places)]]:
                with stages(lambda prefix: InProcess(application, prefix), SEED)(story, marketplace) as stage:
                    story.play(lambda step, stage=stage: perform(stage, step))
    InProcess(application).send("POST", "/__admin/courses", {}, orjson.dumps(COURSE))
    distributor = Distributor(Resale(application))
    assert distributor.order("TRX-1", "prakerja-barista").status == 200
    assert distributor.send("GET", "/v2/order/TRX-1").status == 200
    (ani,) = Resale(application).admin("POST", "/people", wave=18)["people"]
    account = {"email": ani["email"], "password": ani["password"]}
    assert entered(application, "/prakerja/dasbor", do="login", **account).status == 303
    site = "/institution/lp-kopi/situs"
    assert entered(application, f"{site}/daftar", name=ani["name"], **account).status == 303


def entered(application, page, **fields):
    """A form, sent."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return InProcess(application).send("POST", page, kind, urlencode(fields).encode())


def ask(application):
    """Every endpoint, bare and with an empty object, and what lies beside the endpoints."""
    wire = InProcess(application)
    for code, method, path in BARE:
        for raw in (b"", b"{}"):
            wire.send(method, MOUNTS[code] + filled(path), {"Content-Type": "application/json"}, raw)
    for mount in MOUNTS.values():
        for path in ("/no-such-path", "/openapi.json", "/swagger", "/swagger/page.js"):
            wire.send("GET", mount + path)
        wire.send("DELETE", mount + "/openapi.json")
    for path in ("/healthz", "/readyz", "/metrics", "/", "/s/nobody/prakerja", "/nobody"):
        wire.send("GET", path)
    InProcess(application, host="nobody.example").send("GET", "/healthz")


def filled(path):
    """A path with something in its places."""
    known = {"<institution>": "lp-kopi", "<partner>": "ovo"}
    return re.sub(r"<[^>]+>", lambda found: known.get(found[0], "x"), path)


@cache
def answers(strict):
    """All that a server answers, in order; another server answers the same."""
    sandboxes = Sandboxes(Memory())
    sandboxes.lease(DEFAULT, 0, START)
    parties = Parties(sandboxes, wall=lambda: WALL, strict_wire=strict)
    parties.application = Watched(parties)
    play(parties.application)
    ask(parties.application)
    return parties.application.answers


def may_send(party, path):
    """What an endpoint may send, and its row of the table."""
    for (whose, where), names in SENDS.items():
        if re.fullmatch(whose, party) and re.fullmatch(where, path):
            return names | ALWAYS, (whose, where)
    return ALWAYS, None


def test_a_strict_answer_is_the_usual_one_without_our_headers():
    usual, strict = answers(strict=False), answers(strict=True)
    assert len(usual) == len(strict) > 5_000
    for one, other in zip(usual, strict, strict=True):
        assert one[:4] == other[:4]
        theirs = [pair for pair in one[4] if pair[0] not in (*OURS, *SOMETIMES_OURS)]
        assert [name for name, _ in theirs] == [name for name, _ in other[4]], one[:4]
        assert one[2] in TELLING or [p for p in theirs if p[0] not in NEVER_ALIKE] == [
            p for p in other[4] if p[0] not in NEVER_ALIKE
        ]


def test_a_strict_answer_carries_nothing_that_its_endpoint_would_not_send():
    for party, method, path, status, headers in answers(strict=True):
        names = [name for name, _ in headers]
        assert len(names) == len(set(names)), (method, party, path)
        allowed = may_send(party, path)[0] | ({"Allow"} if status == 405 else set())
        assert set(names) - allowed == set(), (method, party, path, status)
        assert set(names) >= ALWAYS
        for name, statuses in ONLY_WITH.items():
            assert name not in names or status in statuses, (method, party, path, status, name)


def test_a_usual_answer_carries_all_of_ours_and_a_head_after_a_command():
    heads = Counter()
    for party, method, path, status, headers in answers(strict=False):
        told = dict(headers)
        assert told["X-Sim-Request-Id"], (method, party, path)
        if not (party == "admin" and status in (404, 421) and "X-Sim-Version" not in told):
            assert told["X-Sim-Version"] == VERSION, (method, party, path, status)
            assert told["X-Sim-Provenance"] in ("documented", "seen", "inferred", "simulated")
        heads[party] += HEAD in told
        assert HEAD not in told or re.fullmatch("[0-9a-f]{64}", told[HEAD])
    assert {party for party, count in heads.items() if count} >= {"prakerja", *registry.codes()}


@pytest.mark.parametrize("code", FACES)
def test_every_endpoint_of_a_party_was_asked(code):
    face, hit = FACES[code], set()
    for party, method, path, *_ in answers(strict=True):
        if party == code:
            try:
                hit.add((method, face.app.url_map.bind("").match(path, method, return_rule=True)[0].rule))
            except HTTPException:
                continue
    assert {(e.method, e.path) for e in face.endpoints} - hit == set()


def test_every_row_of_the_table_is_seen_whole():
    seen = {row: set() for row in SENDS}
    for party, _, path, status, headers in answers(strict=True):
        row = may_send(party, path)[1]
        if row is not None and status != 405:
            seen[row] |= {name for name, _ in headers} - ALWAYS
    assert seen == SENDS


@pytest.mark.parametrize("server", ["gunicorn", "granian"])
def test_a_server_of_its_own_adds_its_name_and_the_date_only(server):
    with serving("--store", "memory", "--strict-wire", "--server", server) as live:
        status, _, headers = live.send("POST", "/api/v1/integration/payment/status", {"invoice_code": "x"})
    assert status == 400
    assert {name.title() for name in headers} - {"Server", "Date", "Connection"} == ALWAYS
