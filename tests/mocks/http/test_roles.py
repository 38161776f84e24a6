"""Who may call what: every endpoint names the role of its callers, and nobody of another role gets in."""

import base64

import orjson
import pytest

from prakerja_sim.mocks.http.credentials import PARTNERS, Role
from prakerja_sim.mocks.http.envelope import Plain
from prakerja_sim.mocks.http.face import Face, Provenance
from prakerja_sim.mocks.prakerja.server import FACE
from prakerja_sim.mocks.server.mounts import discovered
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.mocks.tokopedia_b2b import pis_callbacks, sat
from prakerja_sim.simulator.values.clock import unix_seconds
from tests.mocks.market import Market
from tests.mocks.worlds import API, CAKE, Partner, World, sign, told, unnumbered

ENDPOINTS = [(face.code, one) for face in discovered() for one in face.endpoints]
OF_PARTNERS = [one for one in FACE.endpoints if one.callers in PARTNERS]
PARTIES = {"tokopedia": Role.MARKETPLACE, "lp-kopi": Role.INSTITUTION, "distributor": Role.DISTRIBUTOR}
UNKNOWN = (401, "ERR40180", "Unauthorized")


def test_every_endpoint_names_its_callers():
    assert ENDPOINTS
    for code, one in ENDPOINTS:
        assert isinstance(one.callers, Role), (code, one.path)
        checked = one.sender is not None
        assert checked or one.callers in (Role.ANYBODY, Role.PERSON), (code, one.path)


def test_an_endpoint_that_names_none_is_not_registered():
    face = Face("silent", "Silent", Plain)
    with pytest.raises(TypeError, match="silent: GET /x does not say who may call it"):
        face.endpoint("GET", "/x", provenance=Provenance.SIMULATED)(lambda _: None)


def test_payments_are_for_marketplaces_and_codes_attendance_and_tasks_for_institutions():
    says = {one.path: one.callers for one in FACE.endpoints}
    for path, role in says.items():
        if path.startswith((f"{API}/payment/redeem-code/", f"{API}/oauth/", f"{API}/tpm/")):
            assert role is Role.INSTITUTION, path
        elif path == "/simulated/attendance-reports":
            assert role is Role.INSTITUTION
        elif path.startswith((f"{API}/payment/", "/simulated/")):
            assert role is Role.MARKETPLACE, path
        elif path.startswith("/api/v1/"):
            assert role is Role.INSTITUTION, path  # single sign-on


def asked(world, one, party, code=None):
    """The endpoint's answer to a well signed request of that party; `code` is said in place of its own."""
    partner = Partner(world, party)
    if one.path.startswith(API) or "/simulated/" in one.path:
        headers = partner.headers(one.path, b"{}") | ({"client_code": code} if code else {})
        return partner.wire.send("POST", one.path, headers, b"{}")
    stamp = unix_seconds(world.sandbox.now())
    headers = {"X-Client-Id": code or partner.code, "X-Timestamp": str(stamp)}
    headers["X-Signature"] = sign(partner.code, partner.key, stamp, one.path, b"", method=one.method)
    return partner.wire.send(one.method, one.path, headers, b"")


@pytest.fixture(scope="module")
def standing():
    return World()


@pytest.mark.parametrize("party", PARTIES)
@pytest.mark.parametrize("one", OF_PARTNERS, ids=lambda one: one.path)
def test_a_partner_of_another_role_is_an_unknown_sender(standing, one, party):
    before = standing.digest()
    stranger = asked(standing, one, party, code="nobody")
    answer = asked(standing, one, party)
    same = (answer.status, answer.body, unnumbered(answer)) == (
        stranger.status,
        stranger.body,
        unnumbered(stranger),
    )
    assert same is (PARTIES[party] is not one.callers), answer.body
    assert standing.digest() == before


@pytest.mark.parametrize("code", ["TC1-001-200", "TC1-001-400", "ERRTRX40021", "PRAT-XXXXXX"])
def test_a_code_with_a_meaning_lets_no_marketplace_in(world, code):
    for endpoint in ("status", "commit", "reset"):
        answer = world.dp.post(f"/payment/redeem-code/{endpoint}", redeem_code=code, sequence=1)
        assert told(answer) == UNKNOWN
    assert world.lp.post("/payment/redeem-code/commit", redeem_code="TC1-001-200", sequence=1).status == 200


def test_an_institution_cannot_pay_take_back_or_look_at_what_a_marketplace_sold(world):
    ani = world.enrol()
    world.bought(ani)
    before = world.digest()
    assert told(world.send_otp(ani, CAKE, by=world.lp)) == UNKNOWN
    assert told(world.authorize("x" * 32, "123456", by=world.lp)) == UNKNOWN
    for endpoint in ("status", "void"):
        body = {"invoice_code": "INV-1", "transaction_code": "X"}
        assert told(world.lp.post(f"/payment/{endpoint}", **body)) == UNKNOWN
    assert told(world.lp.report(invoice_code="INV-1", name=ani.name, score=80)) == UNKNOWN
    assert world.digest() == before


def test_a_marketplace_that_teaches_is_an_institution_too(world):
    commit = ("/payment/redeem-code/commit", {"redeem_code": "TC1-001-200"})
    pijar = Partner(world, "pijar")
    assert told(pijar.post(commit[0], **commit[1])) == UNKNOWN
    world.list_course("desain", institution="pijar")
    assert pijar.post(commit[0], **commit[1]).status == 200
    assert told(pijar.post("/payment/status", invoice_code="INV-1"))[1] == "ERRPLT40099"


ROLES = [
    ("my-shop", "", {Role.INSTITUTION}),
    ("my-shop", "marketplace", {Role.MARKETPLACE}),
    ("my-shop", "marketplace,institution", {Role.MARKETPLACE, Role.INSTITUTION}),
    ("bukalapak", "", {Role.MARKETPLACE}),
    ("bukalapak", "institution", {Role.INSTITUTION}),
    ("lp-kopi", "", {Role.INSTITUTION}),
    ("distributor", "", {Role.DISTRIBUTOR}),
]


@pytest.mark.parametrize(("party", "said", "roles"), ROLES)
def test_a_credential_acts_as_its_owner_said_or_as_its_party_is_known(world, party, said, roles):
    made = world.sandboxes.add_client(world.sandbox, "own", "key", party, roles=said)
    assert {role for role in Role if made.acts_as(role)} == roles
    world.sandboxes.reset("default")
    again = world.sandboxes.credential("own", to=world.sandbox, named=True)
    assert {role for role in Role if again.acts_as(role)} == roles


def test_the_diagnosis_names_the_role(world):
    world.lp.post("/payment/status", invoice_code="INV-1")
    [request] = world.send("GET", "/__admin/requests?status=401").json()["requests"]
    looked = world.send("GET", f"/__admin/requests/{request['id']}/signature").json()
    [difference] = looked["differences"]
    assert difference["part"] == "role"
    assert "lp-kopi is no marketplace here" in difference["say"]


class Overheard:
    """A wire that keeps the last answer."""

    def __init__(self, wire):
        self.wire = wire

    def send(self, *request):
        self.answer = self.wire.send(*request)
        return self.answer


@pytest.mark.parametrize("code", registry.codes())
def test_at_a_marketplace_only_institutions_ask_about_vouchers(code):
    market = Market(code)
    other = next(one for one in registry.codes() if one != code)
    key = {party: market.sandboxes.credential_of(market.sandbox, party).sign_key for party in (other, code)}
    key["distributor"] = market.sandboxes.credential_of(market.sandbox, "distributor").sign_key
    answers = {}
    for party in (*key, "nobody"):
        wire = Overheard(market.wire)
        client = registry.institution_client(code, wire, party, key.get(party, "k"))
        with pytest.raises(VoucherRefused):
            client.redeem("X")
        answers[party] = (wire.answer.status, wire.answer.body)
    assert answers == dict.fromkeys(answers, answers["nobody"])
    assert answers["nobody"][0] == 401


def bearer(market, party):
    """An access token of Tokopedia's for a party's credential."""
    one = market.sandboxes.credential_of(market.sandbox, party)
    pair = base64.b64encode(f"{one.client_code}:{one.sign_key}".encode()).decode()
    at = "/accounts/token?grant_type=client_credentials"
    token = market.send("POST", at, headers={"Authorization": f"Basic {pair}"}).json()["access_token"]
    return {"Authorization": f"Bearer {token}", "Client-Guid": one.client_code}


OF_ROLE = [
    ("GET", f"{sat.AT}/v2/account", "distributor"),
    ("POST", f"{sat.AT}/v2/order", "distributor"),
    ("POST", pis_callbacks.AT, "kopi-kita"),
    ("GET", "/fs/v1/fs/13004", "kopi-kita"),
]


@pytest.mark.parametrize(("method", "path", "owner"), OF_ROLE)
def test_a_token_of_another_role_is_none(method, path, owner):
    market = Market("tokopedia")
    raw = orjson.dumps({}) if method == "POST" else b""
    nobody = market.send(method, path, headers={"Authorization": "Bearer x"}, raw=raw)
    for party in ("kopi-kita", "distributor", "bukalapak"):
        answer = market.send(method, path, headers=bearer(market, party), raw=raw)
        same = (answer.status, answer.body) == (nobody.status, nobody.body)
        # An order of the right role still lacks its signature.
        assert same is (party != owner or path.endswith("/order")), (party, answer.body)
