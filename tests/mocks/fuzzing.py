"""What both fuzz tests need: every party's own OpenAPI, a lived-in world, and somebody who may ask.

A world is lived in by buying and finishing a course through the marketplace's shopper; whatever
passes over the wires meanwhile is remembered by its field's name, so that made-up requests may
name things that exist.  A new marketplace needs nothing here.
"""

import io
import json
import re
import warnings
from base64 import b64encode
from functools import cache
from itertools import cycle
from urllib.parse import parse_qsl

import schemathesis
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation.value import GeneratedValue
from schemathesis.specs.openapi import checks

from prakerja_sim.mocks.http import key_pairs
from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.http.openapi import document
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.prakerja.signature import compacted
from prakerja_sim.mocks.server.mounts import discovered
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import assembled
from prakerja_sim.mocks.shop import access_tokens, registry
from prakerja_sim.simulator.marketplace import deposits
from prakerja_sim.simulator.marketplace.records import Order
from prakerja_sim.simulator.payout.records import Wallet
from prakerja_sim.simulator.programme import redemption
from prakerja_sim.simulator.programme.account_password import first_password
from prakerja_sim.simulator.programme.records import Participant, Schedule
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.world.faults import FAULTS
from prakerja_sim.simulator.world.records import Sms
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.worlds import sign

FACES = {face.code: face for face in discovered()}
MOUNTS = {code: "/__admin" if code == "admin" else f"/{code}" for code in FACES}
OTP = "123456"
BOUGHT, ORDERED, WANTED = "barista-dasar", "kue-rumahan", "spreadsheet"
MOST_REMEMBERED = 12
SLOW = {"GET /inbox/sms", "GET /inbox/mail"}
"""They wait for real seconds when they are asked to."""
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
SITES = ("institution", "partner")
"""Parameters that say whose site it is, on which all else depends."""
PICKS = st.binary(min_size=16, max_size=16)
"""Which parts of a request are exchanged, and for what: a byte for each, round and round."""
METHODS = ("get", "post", "put", "patch", "delete")


@cache
def names():
    """Every operation of every party, as `METHOD /path`, without asking a server."""
    found = []
    for code, face in FACES.items():
        for path, operations in document(face)["paths"].items():
            some = [f"{method.upper()} {path}" for method in operations if method in METHODS]
            found += [(code, name) for name in some if name not in SLOW]
    return found


def schema_of(party, application):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return schemathesis.openapi.from_wsgi(f"{MOUNTS[party]}/openapi.json", application)


class Door:
    """A party's OpenAPI, read once, and whatever world stands behind it now."""

    def __init__(self, party):
        self.application = assembled(Options(store="memory", empty=True)).application
        found = schema_of(party, self).get_all_operations()
        self.operations = {one.label: one for one in (result.ok() for result in found)}

    def __call__(self, environ, start_response):
        return self.application(environ, start_response)


@cache
def door(party):
    """Strategies grow below a schema, and take longer to build than to draw from."""
    return Door(party)


class Overheard:
    """An application whose messages are remembered by the names of their fields."""

    def __init__(self, application):
        self.application, self.values, self.listening = application, {}, True
        self.bodies = {}
        """Whole JSON bodies, by party and path."""
        self.headers = {}
        """Of the last request to each party."""
        self.asked = {}
        """The headers of the last request to each path of each party."""

    def __call__(self, environ, start_response):
        if not self.listening:
            return self.application(environ, start_response)
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(raw)
        party, _, path = environ["PATH_INFO"].removeprefix("/s/default/").partition("/")
        self.headers[party] = self.asked[party, f"/{path}"] = {
            name[5:].replace("_", "-").title(): value
            for name, value in environ.items()
            if name.startswith("HTTP_") and name != "HTTP_HOST"
        }
        answer = b"".join(self.application(environ, start_response))
        if raw[:1] == b"{":
            self.bodies.setdefault((party, f"/{path}"), []).append(json.loads(raw))
        self.hear(raw)
        self.hear(answer)
        for name, value in parse_qsl(environ.get("QUERY_STRING", "")):
            self.remember(name, value)
        return [answer]

    def bodies_of(self, party, path):
        """The bodies that went to that operation, whatever stood in its places."""
        pattern = re.compile(re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path)))
        return [
            one
            for (who, at), bodies in self.bodies.items()
            if who == party and (at == path or pattern.fullmatch(at))
            for one in bodies
        ]

    def as_asked(self, party, path):
        """The headers with which that operation was asked for, if it was."""
        pattern = re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path))
        found = [told for (who, at), told in self.asked.items() if who == party and pattern.fullmatch(at)]
        return found[-1] if found else None

    def hear(self, raw):
        try:
            self.walk("", json.loads(raw))
        except ValueError:
            for name, value in parse_qsl(raw.decode("latin-1")):
                self.remember(name, value)

    def walk(self, name, value):
        if isinstance(value, dict):
            for inner, told in value.items():
                self.walk(inner, told)
        elif isinstance(value, list):
            for told in value:
                self.walk(name, told)
        else:
            self.remember(name, value)

    def remember(self, name, value):
        kept = self.values.setdefault(name, [])
        if isinstance(value, str | int) and value not in kept and len(kept) < MOST_REMEMBERED:
            kept.append(value)


def raw_of(case):
    """The bytes that a request will carry."""
    told = case.as_transport_kwargs()
    return told["data"] if "data" in told else json.dumps(told["json"]).encode() if "json" in told else b""


class Lived:
    """A world in which a marketplace's buyer has bought, ordered and put into the cart."""

    def __init__(self, party, *, learning=True):
        self.parties = assembled(Options(store="memory", fixed_otp=OTP))
        self.party, self.turn = party, False
        self.ani, self.budi = self.sandbox.ask(Unit.find, kind=Participant, limit=2)
        self.heard = Overheard(self.parties.application)
        self.parties.application = self.heard
        market = party if party in registry.codes() else registry.DEFAULT
        self.buy(market)
        self.learn(market, learning=learning)
        if not learning:
            self.log_in(market, self.budi)
        self.remember()
        self.heard.listening = False
        self.parties.application = self.heard.application

    @property
    def sandbox(self):
        """The default one, as it is after a reset too."""
        return self.parties.sandboxes.get(DEFAULT)

    def buy(self, market):
        shopper = self.log_in(market, self.ani)
        order = shopper.check_out()
        shopper.payment_methods(order)
        shopper.enter_card(order, self.ani.card)
        shopper.enter_otp(order, OTP)
        shopper.order(order)
        shopper.add_to_cart(ORDERED)
        shopper.check_out()
        shopper.add_to_cart(WANTED)
        shopper.history()
        self.shopper = self.heard.headers[market]

    def log_in(self, market, who):
        """Somebody with one class in the cart, who asks from now on."""
        shopper = registry.shopper(market, self.parties.transport(market, self.sandbox))
        shopper.sign_up(who.name, who.phone, who.email)
        shopper.enter_phone_code(self.sandbox.ask(Unit.log, kind=Sms, phone=who.phone)[-1].otp)
        shopper.add_to_cart(BOUGHT)
        self.shopper = self.heard.headers[market]
        return shopper

    def learn(self, market, *, learning):
        voucher = next(o.voucher for o in self.sandbox.ask(Unit.find, kind=Order) if o.voucher)
        told = {"voucher_code": voucher, "marketplace": market, "email": self.ani.email}
        body = {**told, "name": self.ani.name}
        self.heard.bodies["institution", "/{institution}/vouchers/redeem"] = [body]
        if learning:
            path = "/s/default/institution/lp-kopi/vouchers/redeem"
            InProcess(self.parties.application).send("POST", path, {}, json.dumps(body).encode())

    def remember(self):
        """What no message has told, under the names that the parties' paths and bodies use."""
        credential = self.parties.sandboxes.credential_of(self.sandbox, "lp-kopi")
        wallets = self.sandbox.ask(Unit.find, kind=Wallet, limit=3)
        schedules = self.sandbox.ask(Unit.find, kind=Schedule)
        issued = [one.redeem_code for one in self.sandbox.ask(Unit.find, kind=Training)]
        codes = [c.code for s in schedules for c in self.sandbox.ask(redemption.test_codes, schedule=s.code)]
        told = {
            "institution": ["lp-kopi", "lp-niaga"],
            "voucher": self.heard.values.get("voucher_code", []),
            "partner": [w.partner for w in wallets],
            "number": [w.number for w in wallets],
            "redeem_code": [*issued, *codes, "TC1-001-200", "TC2-999-401", "ERRTRX40027"],
            "fault": [name for name in FAULTS if name not in ("request_lost", "reply_lost")],
            "prakerja_id": [self.ani.card, self.budi.card, "9999201000000000"],
            "schedule_code": [s.code for s in schedules],
            "course_code": [s.course for s in schedules],
            "amount": [650_000, 250_000],
            "otp": [OTP],
            "client_id": [credential.client_code],
            "scope": ["name email prakerjaid notelp"],
            "state": ["STATE-1"],
            "login_uri": ["https://lp.example/login"],
            "redirect_uri": ["https://lp.example/callback?x=1"],
            "sequence": [1, 2, 999],
            "email": [self.ani.email, self.budi.email],
            "password": [self.password(self.ani), self.password(self.budi)],
            "name": [self.ani.name, DEFAULT],
            "nik": [self.ani.nik],
            "phone": [self.ani.phone],
            "do": ["login", "logout", "dummy", "consent", "refuse", "scan", "allow", "deny"],
            "outcome": ["success", "no_match", "camera_refused", "abandoned"],
            "product_code": ["prakerja-barista-dasar", "pln-postpaid", "prakerja-tanya-karier"],
            "client_number": [self.ani.phone, "2121212"],
            "request_id": ["R-1"],
            "order": [o.id for o in self.sandbox.ask(Unit.find, kind=Order)],
            "person": [self.ani.card, self.budi.phone],
            "course": [BOUGHT, ORDERED],
        }
        if self.party == "admin":
            told["id"] = self.exchanges()
        buying = self.heard.bodies.setdefault(("prakerja", "/api/v1/integration/payment/send-otp"), [])
        buying += [one | {"prakerja_id": self.budi.card, "user_platform_id": "user-2"} for one in buying]
        for bodies in self.heard.bodies.values():
            for one in [*bodies]:
                if self.ani.card in one.values():
                    bodies.append({k: self.budi.card if v == self.ani.card else v for k, v in one.items()})
        finished = {"invoice_code": "INV-1", "name": self.budi.name, "score": 80}
        self.heard.bodies["prakerja", "/simulated/completions"] = [finished]
        login = {"client_id": credential.client_code, "state": "STATE-1", "scope": "name email"}
        login |= {"redirect_uri": "https://lp.example/callback", "login_uri": "https://lp.example/login"}
        entering = {"do": "login", "email": self.budi.email, "password": self.password(self.budi)}
        self.heard.bodies["prakerja", "/consent-sso"] = [login | entering, login | {"do": "allow"}]
        self.query = login
        logins = [{"email": one.email, "password": self.password(one)} for one in (self.ani, self.budi)]
        self.heard.bodies["prakerja", "/dashboard/login"] = logins
        for name, values in told.items():
            self.heard.values[name] = [*dict.fromkeys([*values, *self.heard.values.get(name, [])])]

    def exchanges(self):
        """The numbers of the last exchanges of the timeline."""
        listed = InProcess(self.parties.application).send("GET", "/s/default/__admin/timeline?limit=3").json()
        return [one["id"] for one in listed["exchanges"]]

    def password(self, participant):
        return self.sandbox.ask(first_password, card=participant.card)

    def dashboard(self):
        """A new token of a participant's own dashboard: who logs out ends all that there were."""
        told = json.dumps({"email": self.ani.email, "password": self.password(self.ani)}).encode()
        wire = InProcess(self.parties.application)
        entered = wire.send("POST", "/s/default/prakerja/dashboard/login", {}, told).json()
        return {"Authorization": f"Bearer {entered['data']['token']}"}

    def headers(self, case):
        """Whatever makes a request its sender's: a signature, a client's name, a login."""
        needed = {name for scheme in case.operation.definition.raw.get("security", ()) for name in scheme}
        path = case.operation.path
        if "signature" in needed:
            return self.signed(case, "lp-kopi" if is_of_institution(path) else "tokopedia")
        if "X-Signature" in needed:
            return {
                f"X-{name.title().replace('_Code', '-Id')}": v
                for name, v in self.signed(case, "lp-kopi").items()
            }
        if "X-Client-Id" in needed:
            return {"X-Client-Id": self.parties.sandboxes.credential_of(self.sandbox, "lp-kopi").client_code}
        if path.startswith("/dashboard/"):
            return self.dashboard()
        if path.startswith("/b2b/"):
            return self.reselling(case)
        if self.party not in registry.codes():
            return {}
        # Every other time as somebody did it: an institution's login, an OTP in the headers.
        self.turn = not self.turn
        return (self.turn and self.heard.as_asked(self.party, path)) or self.shopper

    def reselling(self, case):
        """The demo distributor's token and, over the body, his signature, as a client's library makes it."""
        credential = self.parties.sandboxes.credential_of(self.sandbox, deposits.DEMO)
        salted = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
        signed = key_pairs.pair(self.sandbox.seed, deposits.DEMO).sign(raw_of(case), salted, hashes.SHA256())
        signature = b64encode(signed).decode()
        return {"Authorization": f"Bearer {access_tokens.issue(credential)}", "Signature": signature}

    def signed(self, case, party):
        raw = raw_of(case)
        credential = self.parties.sandboxes.credential_of(self.sandbox, party)
        code, stamp = credential.client_code, unix_seconds(self.sandbox.now())
        method = case.method.upper()
        signature = sign(code, credential.sign_key, stamp, case.operation.path, compacted(raw), method=method)
        return {"client_code": code, "timestamp": str(stamp), "signature": signature}

    def acquaint(self, case, picks):
        """Let a made-up request name what is known, where the picks say so."""
        turns = cycle(picks)
        if isinstance(case.body, dict):
            case.body = self.told(case.body, turns)
        for part in (case.path_parameters, case.query):
            part.update(self.told(dict(part), turns))
        return case

    def at_home(self, schema):
        """Let most requests be examples or what was overheard, so that a walk along links gets somewhere."""
        known = self.heard.values

        @cache
        def at_best(operation, made_up):
            shown = operation.definition.raw["requestBody"]["content"].values()
            good = [one["value"] for kind in shown for one in kind.get("examples", {}).values()]
            good += self.heard.bodies_of(self.party, operation.path)
            acquainted = st.builds(self.exchanged, made_up, PICKS)
            return st.one_of(acquainted, *[st.sampled_from(good)] * 3) if good else acquainted

        @schema.hook
        def before_generate_body(context, strategy):
            return at_best(context.operation, strategy)

        @schema.hook
        def flatmap_query(context, query):
            return st.sampled_from([query, self.query]) if "client_id" in (query or ()) else st.just(query)

        @schema.hook
        def flatmap_path_parameters(context, path_parameters):
            first = {name: known[name][0] for name in path_parameters or () if name in SITES}
            return st.just({**path_parameters, **first} if path_parameters else path_parameters)

        return schema

    def exchanged(self, body, picks):
        """A made-up body with some of its parts exchanged; it may come wrapped with what is wrong in it."""
        if isinstance(body, GeneratedValue):
            return body.map_value(lambda inner: self.exchanged(inner, picks))
        return self.told(body, cycle(picks)) if isinstance(body, dict) else body

    def told(self, value, turns, name=""):
        """A value with some of its parts exchanged for known ones of the same name and type."""
        if isinstance(value, dict):
            return {key: self.told(inner, turns, key) for key, inner in value.items()}
        values = [one for one in self.heard.values.get(name, ()) if type(one) is type(value)]
        turn = next(turns)
        return values[turn // 2 % len(values)] if values and turn % 2 else value


def is_of_institution(path):
    return any(word in path for word in ("redeem-code", "tpm", "oauth"))


def tamed(case):
    """Requests that would only take long, made small."""
    if isinstance(case.body, dict) and isinstance(case.body.get("count"), int):
        case.body["count"] = min(case.body["count"], 2)
    return case
