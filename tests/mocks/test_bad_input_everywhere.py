"""Bad input at every endpoint of every dialect: strangers, unknown ids, other people's, wrong types.

The endpoints are found by discovery, and for each its golden play has made a request that is good; so a new
endpoint is asked too, and one that lets something pass must be named here.  Wrong states and values that only
one site knows are in the tables of its own folder.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import orjson
import pytest

from prakerja_sim.mocks.http.face import Malformed
from prakerja_sim.mocks.http.openapi import refusals
from prakerja_sim.mocks.server.mounts import discovered
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.marketplace.records import Order, Voucher
from prakerja_sim.simulator.programme.records import Participant, Ticket
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.institution.test_institution_golden import play as play_institution
from tests.mocks.market import Market, wire_names
from tests.mocks.tokopedia.conftest import Market as Tokopedia
from tests.mocks.worlds import World
from tests.wire.test_golden_pairs import endpoint_of

CODES = registry.codes()
FACES = {face.code: face for face in discovered()}
OF_PARTNERS = re.compile(r"partner|^/b2b/|^/fs/|^/accounts/|^/api/v2/|/tokens$")
"""Who asks there is known by another secret than a shopper's login."""
SIX = re.compile(r"\b[0-9]{6}\b")
COUNTED = {Reason.CODE_WRONG}
"""A wrong code is refused and counted."""
FILTERED = "a list in which nothing is found"
NO_MATTER = ("Content-Type", "Accept")


@dataclass(frozen=True)
class Good:
    """A well-formed request to an endpoint."""

    endpoint: object
    method: str
    path: str
    headers: dict
    body: str


class Played:
    """The world after a site's golden play, the good requests of it, and Eve, who bought nothing."""

    def __init__(self, code):
        self.code, self.face = code, FACES[code]
        self.market = Tokopedia() if code == "tokopedia" else Market(code)
        kept = import_module(f"tests.mocks.{code}.test_{code}_golden").play(self.market)
        self.wire = self.market.parties.transport(code, self.market.sandbox)
        eve = self.market.enrol(7, name="Eva Contoh", email="eva@example.com")
        self.login = dict(self.market.shopper(eve, self.wire).login)
        found = {f"{e.method} {e.path}": e for e in self.face.endpoints}
        self.good = {}
        for _, raw in sorted(kept.items(), key=lambda pair: pair[0].endswith("_refused")):
            pair = orjson.loads(raw)
            at = endpoint_of(self.face, pair)
            self.good.setdefault(at, Good(found[at], **pair["request"]))
        self.ids = {
            str(value)
            for kind, field in ((Order, "id"), (Voucher, "code"), (Ticket, "id"))
            for value in (getattr(one, field) for one in self.market.sandbox.ask(Unit.find, kind=kind))
        }

    def as_eve(self, good):
        return good.headers if OF_PARTNERS.search(good.path) else good.headers | self.login

    def mentions(self, good):
        """The ids of somebody's things in a request."""
        return [one for one in self.ids if one in good.path + good.body]

    def refused(self, good, *, path=None, body=None, headers=None):
        """Whether that is refused; then in the site's envelope, and nothing was changed."""
        before = self.market.sandbox.digest()
        told = good.body if body is None else body
        answer = self.wire.send(good.method, path or good.path, headers, told.encode())
        assert answer.status < 500, (good.path, answer.body)
        if not says_no(answer):
            found = [one for one in self.ids if one.encode() in answer.body]
            is_filter = good.method == "GET" and "?" in good.path and not found
            return FILTERED if is_filter else None
        if answer.body:
            assert set(shape(answer.json())) in self.envelopes(good), (good.path, answer.body)
        counts = COUNTED & set(good.endpoint.refuses)
        assert self.market.sandbox.digest() == before or counts, good.path
        return answer

    def envelopes(self, good):
        environ = {"PATH_INFO": good.endpoint.path, "REQUEST_METHOD": good.method, "sim.path": good.path}
        words = self.face.envelope(environ)
        said = [reply for _, reply, _ in refusals(self.face, good.endpoint)]
        said += [words.malformed(Malformed("x")), words.unauthorized(), words.unknown(404)]
        return [set(shape(one.body)) for one in said] + [{"data"}, {"error", "error_description"}]


def shape(told):
    return told[0] if isinstance(told, list) else told


def says_no(answer):
    signs = (b'"success":false', b'"errors":[{', b'"responseCode":1', b'"status":"ERROR"')
    code = re.search(rb'"response_code":"(\d+)"', answer.body)
    odd = any(sign in answer.body for sign in signs) or (code is not None and code[1] != b"00")
    return answer.status >= 400 or odd


@cache
def played(code):
    return Played(code)


@pytest.fixture(params=CODES)
def site(request):
    world = played(request.param)
    yield world
    assert world.market.is_sound(), world.market.parties.bugs


def test_every_endpoint_is_asked(site):
    assert set(site.good) == {f"{e.method} {e.path}" for e in site.face.endpoints}


# What a site tells and does for people without login; every other endpoint refuses them.
GQL, CATALOGUE = "POST /gql/graphql", "GET /api/skillhub/catalogue/v1"
PUBLIC = {
    "bukalapak": {
        "GET /accounts/oauth/authorize",
        "POST /accounts/oauth/authorize",
        "POST /accounts/oauth/token",
    },
    "kariermu": {
        "GET /program/prakerja",
        "GET /program/prakerja/filter",
        "GET /program/detail/<slug>",
        "GET /program/review/<slug>",
        "POST /v2/auth/password/forgot",
    },
    "kemnaker": {
        "GET /account/auth",
        "GET /account/auth/login",
        "POST /account/api/v1/password/forgot",
        f"{CATALOGUE}/institutions",
        f"{CATALOGUE}/vocationals",
        f"{CATALOGUE}/trainings",
        f"{CATALOGUE}/trainings/<training_id>",
        f"{CATALOGUE}/trainings/<training_id>/reviews",
    },
    "pijar": {
        "GET /api/v1/categories",
        "GET /api/v1/institutions",
        "GET /api/v1/classes",
        "GET /api/v1/classes/<class_id>",
        "GET /api/v1/classes/<class_id>/reviews",
        "POST /api/v1/auth/login",
        "POST /api/v1/auth/password/forgot",
        "POST /api/v1/auth/phone/otp",
    },
    "tokopedia": {
        "GET /b2b/api/ping",
        GQL,
        f"{GQL}/IsAuthenticated",
        f"{GQL}/register",
        f"{GQL}/OTPModeList",
        f"{GQL}/OTPRequest",
        f"{GQL}/SearchProductQueryV4",
        f"{GQL}/prakerjaClassDetail",
        f"{GQL}/productReviewList",
        f"{GQL}/rechargeCatalogMenuDetail",
        f"{GQL}/rechargeCatalogOperatorSelectGroup",
        f"{GQL}/rechargeCatalogProductInputMultiTab",
    },
}


def test_a_stranger_is_refused_wherever_a_login_is_needed(site):
    let_in = set()
    for at, good in site.good.items():
        headers = {name: value for name, value in good.headers.items() if name in NO_MATTER}
        if site.refused(good, headers=headers) in (None, FILTERED):
            let_in.add(at)
    assert let_in == PUBLIC[site.code]


def test_what_is_somebody_elses_is_refused(site):
    asked = 0
    for good in site.good.values():
        if site.mentions(good) and not OF_PARTNERS.search(good.path):
            asked += 1
            assert site.refused(good, headers=site.as_eve(good)), good
    assert asked >= 8


def test_what_is_not_there_is_refused(site):
    for good in site.good.values():
        path, body = good.path, good.body
        for one in site.mentions(good):
            unknown = re.sub(r"[0-9A-Za-z]", "0", one)
            path, body = path.replace(one, unknown), body.replace(one, unknown)
        if (path, body) != (good.path, good.body):
            assert site.refused(good, path=path, body=body, headers=site.as_eve(good)), good


def test_what_is_named_in_the_path_must_exist(site):
    for at, good in site.good.items():
        for name in re.findall(r"<(\w+)>", at):
            values = site.face.app.url_map.bind("").match(good.path.partition("?")[0], good.method)[1]
            odd = good.path.replace(values[name], "tidak-ada")
            assert site.refused(good, path=odd, headers=site.as_eve(good)), (at, odd)


def fields(good):
    """Each field of a body, and how the body looks with something of the wrong type there."""
    told = orjson.loads(good.body) if good.body[:1] == "{" else {}
    variables = told.get("variables")
    if isinstance(variables, dict):
        for name in variables:
            yield name, {**told, "variables": {**variables, name: [1]}}
    elif good.endpoint.body is not None and good.method != "GET":
        for name in wire_names(good.endpoint.body):
            yield name, {**told, name: {"x": [1]}}


def test_a_field_of_the_wrong_type_is_refused(site):
    for good in site.good.values():
        for name, wrong in fields(good):
            told = site.refused(good, body=orjson.dumps(wrong).decode(), headers=site.as_eve(good))
            assert told, (good.path, name)


def test_a_query_of_the_wrong_kind_is_refused(site):
    for good in site.good.values():
        if good.method == "GET" and good.endpoint.body is not None:
            for name in wire_names(good.endpoint.body):
                path = f"{good.path.partition('?')[0]}?{name}=%00" + "x" * 2000
                assert site.refused(good, path=path, headers=site.as_eve(good)), (good.path, name)


# What may be done again at the end of an order's life: another e-mail, another complaint, another webhook.
AGAIN = {
    "bukalapak": {"POST /api/invoices/<invoice>/coupon-emails", "POST /api/complaints"},
    "kariermu": {"POST /transaction/<order_id>/email", "POST /complaint"},
    "kemnaker": {
        "POST /api/skillhub/order/v1/orders/<order_id>/voucher-email",
        "POST /api/care/v1/tickets",
    },
    "pijar": {"POST /api/v1/orders/<order_id>/resend-email", "POST /api/v1/tickets"},
    "tokopedia": {"POST /fs/v1/fs/<fs>/trigger"},
}


class Logins:
    """The headers of a request with a login of today, where that of the play has expired or was ended."""

    def __init__(self, world):
        self._world, self._made = world, {}
        self._orders = world.market.sandbox.ask(Unit.find, kind=Order)

    def __call__(self, good):
        if self._world.code == "tokopedia" or OF_PARTNERS.search(good.path):
            return good.headers
        [order, *_] = [one for one in self._orders if self._is_about(good, one)]
        if order.card not in self._made:
            market = self._world.market
            owner = market.sandbox.ask(Unit.need, kind=Participant, key=order.card)
            shopper = market.somebody(self._world.wire)
            before = len(market.mails(owner))
            shopper.recover(owner.phone, owner.email)
            mailed = [code for mail in market.mails(owner)[before:] for code in SIX.findall(mail.text)]
            shopper.enter_recovery_code((mailed or [market.otp(owner)])[-1], "kata-sandi-hari-ini")
            self._made[order.card] = dict(shopper.login)
        return good.headers | self._made[order.card]

    def _is_about(self, good, order):
        tickets = self._world.market.sandbox.ask(Unit.find, kind=Ticket)
        ids = [order.id, *(one.id for one in tickets if order.id in one.about)]
        return order.card is not None and any(one in good.path + good.body for one in ids)


@pytest.mark.parametrize("code", CODES)
def test_what_was_done_is_not_done_again(code):
    """The same requests after the end of it all: refused in that state, or answered as before."""
    world, done = Played(code), set()
    logins = Logins(world)
    for at, good in world.good.items():
        if good.method != "GET" and world.mentions(good):
            headers = logins(good)
            before = world.market.sandbox.digest()
            answer = world.wire.send(good.method, good.path, headers, good.body.encode())
            assert answer.status < 500, answer.body
            assert answer.status != 401, good.path
            if world.market.sandbox.digest() != before:
                assert not says_no(answer), answer.body
                done.add(at)
    assert done == AGAIN[code]
    assert world.market.is_sound()


def test_another_institutions_voucher_is_neither_shown_burned_nor_reported(site):
    site.market.list_course("kue-lain", 100_000, institution="lp-lain")
    key = site.market.sandboxes.credential_of(site.market.sandbox, "lp-lain").sign_key
    client = registry.institution_client(site.code, site.wire, "lp-lain", key)
    vouchers = site.market.sandbox.ask(Unit.find, kind=Voucher)
    before = site.market.sandbox.digest()
    for ask in (
        client.check,
        client.redeem,
        lambda voucher: client.report(voucher, name="Ani Contoh", score=80),
    ):
        with pytest.raises(VoucherRefused) as said:
            ask(vouchers[0].code)
        assert said.value.reason in (Reason.VOUCHER_OF_OTHER_INSTITUTION, Reason.VOUCHER_UNKNOWN)
    assert site.market.sandbox.digest() == before


# The institution, whose endpoints are found by who teaches and by voucher


class Site:
    """An institution after its golden play, with the good requests of it."""

    def __init__(self):
        self.world = World()
        self.kept = [orjson.loads(raw) for raw in play_institution(self.world).values()]
        self.voucher = self.world.sandbox.ask(Unit.find, kind=Voucher)[0].code

    def refused(self, method, path, body):
        """The status and the code of a refusal that changed nothing."""
        before = self.world.digest()
        raw = body.encode() if isinstance(body, str) else orjson.dumps(body) if body is not None else b""
        answer = self.world.send(method, f"/institution{path}", raw)
        assert self.world.digest() == before, path
        if "/situs/" in path and answer.body[:1] != b"{":
            wrong = re.search(r'role="alert">([^<]+)<', answer.body.decode())
            assert (answer.status == 400 and wrong) or answer.headers["Location"].endswith("/masuk"), path
            return answer.status, None
        told = answer.json()
        if "/pis/" in path and "error" not in told:
            return answer.status, told["response_code"]
        assert list(told["error"]) == ["code", "message"]
        return answer.status, told["error"]["code"]


@pytest.fixture(scope="module")
def institution():
    made = Site()
    yield made
    assert made.world.is_sound(), made.world.parties.bugs


def asked(site):
    """One good request for each endpoint of the institution's."""
    face = FACES["institution"]
    found = {endpoint_of(face, pair): pair["request"] for pair in reversed(site.kept)}
    assert set(found) == {f"{e.method} {e.path}" for e in face.endpoints}
    return [(at, told["method"], told["path"], told["body"]) for at, told in found.items()]


def test_an_institution_that_teaches_nothing_answers_nothing(institution):
    for _, method, path, body in asked(institution):
        told = institution.refused(method, path.replace("/lp-kopi/", "/nobody/"), body)
        needs_login = path.endswith(("/me", "/logout")) or "/accounts/complaints" in path
        assert told == ((401, "unauthorized") if needs_login else (404, "not_found")), path


@pytest.mark.parametrize("other", ["lp-niaga", "lp-kopi"])
def test_a_voucher_that_is_not_there_or_elsewhere_opens_nothing(institution, other):
    for at, method, path, body in asked(institution):
        if "<voucher>" in at:
            voucher = institution.voucher if other != "lp-kopi" else "TKPDTIDAKADA"
            odd = path.replace(institution.voucher, voucher).replace("lp-kopi", other)
            told = institution.refused(method, odd, body)
            assert told in ((404, "enrolment_unknown"), (303, None)), path


def test_what_an_institution_cannot_read_is_told(institution):
    bodies = {f"{e.method} {e.path}": e.body for e in FACES["institution"].endpoints}
    for at, method, path, body in asked(institution):
        if "/pis/" in path:
            assert institution.refused(method, path, "nothing of the kind") == (200, "32")
        elif "/accounts/complaints" in path:
            assert institution.refused(method, path, "{") == (401, "unauthorized")
        elif bodies[at] is not None:
            for raw in ("", "{", "[]", "null"):
                assert institution.refused(method, path, raw) == (400, "malformed"), path
            for name in bodies[at].model_fields:
                told = institution.refused(method, path, body | {name: [1]})
                assert told == (400, "malformed"), (path, name)
        elif "/situs/" in path and method == "POST":
            assert institution.refused(method, path, "x=%FF&do=tidur"), path
