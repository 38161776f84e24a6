"""What holds at every marketplace there is, whichever its dialect; a new folder is found by itself."""

from pathlib import Path

import pytest

from prakerja_sim import mocks
from prakerja_sim.mocks.http.transport import Answer, InProcess, NoReply
from prakerja_sim.mocks.server.mounts import discovered
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Host, Refused
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.marketplace.records import Voucher
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import COURSE, INSTITUTION, Market, refused, wire_names

CODES = registry.codes()
FACES = {face.code: face for face in discovered()}


def means(code, refusal):
    """What a refusal may mean there."""
    return [reason for reason, said in registry.rejections(code) if said == refusal.code]


@pytest.fixture(params=CODES)
def market(request):
    world = Market(request.param)
    yield world
    assert world.is_sound(), (world.sandbox.stopped, world.parties.bugs)


# Wrong states and other people's orders

NO_SESSION = {Reason.ORDER_CLOSED, Reason.ORDER_UNKNOWN, Reason.TOKEN_UNKNOWN}
"""There is nothing yet that an OTP could confirm; sites word it by what they were given."""
STATES = [
    ("card in letters", "open", lambda s, o, w: s.enter_card(o, "x" * 16), {Reason.CARD_MALFORMED}),
    ("OTP before the card", "open", lambda s, o, w: s.enter_otp(o, "123456"), NO_SESSION),
    ("e-mail before paying", "open", lambda s, o, w: s.resend_mail(o), {Reason.ORDER_CLOSED}),
    ("review before paying", "open", lambda s, o, w: s.write_review(o, 5, "x"), {Reason.REVIEW_TOO_EARLY}),
    ("refund before paying", "open", lambda s, o, w: s.complain(o, "x"), {Reason.ORDER_CLOSED}),
    ("review before redeeming", "paid", lambda s, o, w: s.write_review(o, 5, "x"), {Reason.REVIEW_TOO_EARLY}),
    ("methods of a paid order", "paid", lambda s, o, w: s.payment_methods(o), {Reason.ORDER_CLOSED}),
    ("card of a paid order", "paid", lambda s, o, w: s.enter_card(o, "1" * 16), {Reason.ORDER_CLOSED}),
]


@pytest.mark.parametrize(("order", "act", "reasons"), [row[1:] for row in STATES], ids=[r[0] for r in STATES])
def test_a_wrong_state_is_refused_and_changes_nothing(market, order, act, reasons):
    ani = market.enrol()
    shopper = market.shopper(ani)
    held = {
        "paid": market.bought(shopper, ani).order if order == "paid" else "",
        "open": market.ordered(shopper),
    }
    before = market.sandbox.digest()
    said = refused(act, shopper, held[order], market)
    assert reasons & set(means(market.code, said)), said
    assert market.sandbox.digest() == before


def test_an_empty_otp_is_the_buyers_mistake_and_no_trouble_of_prakerjas(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.ordered(shopper)
    shopper.enter_card(order, ani.card)
    said = refused(shopper.enter_otp, order, "")
    trouble = {Reason.SERVICE_UNAVAILABLE, Reason.NO_REPLY}
    assert not trouble & set(means(market.code, said)), said


ABOUT_AN_ORDER = {
    "look": lambda s, o: s.order(o),
    "methods": lambda s, o: s.payment_methods(o),
    "card": lambda s, o: s.enter_card(o, "9" * 16),
    "resend": lambda s, o: s.resend_otp(o),
    "otp": lambda s, o: s.enter_otp(o, "123456"),
    "mail": lambda s, o: s.resend_mail(o),
    "review": lambda s, o: s.write_review(o, 5, "Bagus"),
    "complain": lambda s, o: s.complain(o, "Salah beli"),
}


@pytest.mark.parametrize("act", ABOUT_AN_ORDER.values(), ids=ABOUT_AN_ORDER)
def test_other_peoples_orders_do_not_exist(market, act):
    ani, budi = market.enrol(0), market.enrol(1)
    order, other = market.carded(market.shopper(ani), ani), market.shopper(budi)
    before = market.sandbox.digest()
    foreign, unknown = refused(act, other, order), refused(act, other, "0000000000")
    assert (foreign.code, foreign.message) == (unknown.code, unknown.message)
    assert means(market.code, foreign)
    assert market.sandbox.digest() == before


# Wrong types, at every endpoint with a body

RAWS = [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"a":' * 40 + b"1" + b"}" * 40]
ENDPOINTS = [
    (code, endpoint)
    for code in CODES
    for endpoint in FACES[code].endpoints
    if endpoint.body is not None and endpoint.method == "POST"
]


@pytest.mark.parametrize(("code", "endpoint"), ENDPOINTS, ids=[f"{c}: {e.path}" for c, e in ENDPOINTS])
def test_a_body_of_the_wrong_kind_is_refused_and_changes_nothing(code, endpoint):
    market = Market(code)
    shopper = market.shopper(market.enrol())
    path = endpoint.path.replace("<", "").replace(">", "")
    names = wire_names(endpoint.body)
    wrong = [f'{{"{name}":{{"x":[1]}}}}'.encode() for name in names]
    before = market.sandbox.digest()
    for raw in [*RAWS, *wrong]:
        answer = market.send("POST", path, headers=shopper.login, raw=raw)
        # Two surfaces say no inside HTTP 200, and what GraphQL does not know it ignores.
        says_no = 400 <= answer.status < 500 or b'"status":"ERROR"' in answer.body or endpoint.raw
        assert says_no, (raw, answer.status, answer.body)
        assert answer.status < 500, raw
        assert answer.json(), raw
    assert market.sandbox.digest() == before
    assert market.is_sound()


# A fault at one marketplace is that marketplace's alone


@pytest.mark.parametrize("fault", ["request_lost", "reply_lost"])
@pytest.mark.parametrize("ill", CODES)
def test_a_fault_at_one_marketplace_never_shows_at_another(ill, fault):
    market = Market(ill)
    market.sandbox.arm(fault, f"/{ill}/*", 1000)
    with pytest.raises(NoReply):
        market.somebody().search("kartu prakerja")
    for number, code in enumerate(code for code in CODES if code != ill):
        market.code, market.wire = code, market.parties.transport(code, market.sandbox)
        person = market.enrol(number)
        shopper = market.shopper(person)
        assert shopper.search("kartu prakerja")
        bought = market.bought(shopper, person)
        assert market.institution_client().redeem(bought.voucher) == COURSE
        shopper.write_review(bought.order, 5, "Bagus")
    assert market.is_sound()


# What each folder must bring


@pytest.mark.parametrize("code", CODES)
def test_a_course_that_is_listed_is_on_every_marketplace(code):
    market = Market(code)
    shopper = market.somebody()
    (found,) = shopper.search("kartu prakerja")
    assert (found.course, found.institution, found.price) == (COURSE, INSTITUTION, 650_000)
    assert shopper.categories() == ["kopi"]
    assert shopper.institutions("kopi") == [INSTITUTION]
    assert [one.course for one in shopper.courses(INSTITUTION)] == [COURSE]


def test_the_code_of_a_phone_is_wanted_before_anything_is_ordered(market):
    ani = market.enrol()
    shopper = market.somebody()
    shopper.sign_up(ani.name, ani.phone, ani.email)
    with pytest.raises(Refused) as said:
        market.ordered(shopper)
    assert Reason.PHONE_UNVERIFIED in means(market.code, said.value) or not shopper.login


def test_an_institutions_client_checks_burns_and_reports(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    voucher = market.bought(shopper, ani).voucher
    client = market.institution_client()
    assert client.check(voucher) == COURSE
    assert client.redeem(voucher) == COURSE
    assert market.sandbox.ask(Unit.need, kind=Voucher, key=voucher).status == "redeemed"
    client.report(voucher, name=ani.name, score=80)


@pytest.mark.parametrize("code", CODES)
def test_a_shopper_only_opens_classes_where_the_site_holds_them(code):
    assert isinstance(registry.shopper(code, None), Host) == (code == "pijar")


# How clients come (reference, section 6)


@pytest.mark.parametrize(("code", "host"), [(code, host) for code in CODES for host in FACES[code].hosts])
def test_a_real_host_reaches_its_marketplace(code, host):
    """Trap 12: some clients have fixed hosts."""
    market = Market(code)
    told = InProcess(market.parties.application, host=host).send("GET", "/openapi.json").json()
    assert told["info"]["title"] == f"{registry.title(code)} (simulated)"


@pytest.mark.parametrize("prefix", ["/s/default/{}/", "/s/default//{}//", "//s/default/{}"])
def test_a_base_address_may_end_in_a_slash_or_hold_two(market, prefix):
    """Trap 11: base addresses with a path, with and without a slash at the end."""
    market.wire = InProcess(market.parties.application, prefix.format(market.code))
    person = market.enrol()
    assert market.bought(market.shopper(person), person).status == "issued"


# Nothing but a marketplace's own folder knows its name


def test_no_other_code_names_a_marketplace():
    home = Path(mocks.__file__).parent.parent
    known = {
        "mocks/shop/registry.py",  # the default one
        "simulator/marketplace/resale.py",  # the interface that one marketplace has towards distributors
        "mocks/institution/supply.py",  # the interface that one marketplace has towards its suppliers
        "loadtests/programme_year/published.py",  # the list of 2021, as the press had it
    }
    for folder in ("simulator", "mocks", "scenarios", "loadtests"):
        for path in (home / folder).rglob("*.py"):
            name = path.relative_to(home).as_posix()
            for code in CODES:
                own = (
                    name.startswith((f"mocks/{code}/", f"mocks/{code}_b2b/", f"scenarios/{code}/"))
                    or name in known
                )
                assert own or f'"{code}"' not in path.read_text(), f"{name} names {code}"


# What an institution's system makes of an answer that it does not understand

ODD = [
    (502, b"<html>Bad Gateway</html>"),
    (200, b"[]"),
    (200, b"null"),
    (200, b"{}"),
    (401, b'{"errors":[]}'),
    (200, b'{"success":true,"status":200,"response_code":["00"],"message":"ok","data":null}'),
]


class Said:
    """A marketplace that always answers the same."""

    def __init__(self, status, body):
        self._answer = Answer(status, {"Content-Type": "application/json"}, body)

    def send(self, *_):
        return self._answer


@pytest.mark.parametrize(("status", "body"), ODD)
@pytest.mark.parametrize("code", CODES)
def test_an_institutions_client_takes_an_odd_answer_for_a_refusal(code, status, body):
    client = registry.institution_client(code, Said(status, body), INSTITUTION, "key")
    with pytest.raises(VoucherRefused):
        client.redeem("VOUCHER")
