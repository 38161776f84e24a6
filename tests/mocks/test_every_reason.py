"""Every reason there is, brought about over a wire: the timeline tells its rule, what decided, both texts.

Most are brought about by the tables of the parties' own tests, some by a story, the rest here.
"""

from contextlib import contextmanager
from functools import partial
from pathlib import Path

import orjson
import pytest

import prakerja_sim.scenarios
from prakerja_sim.mocks.http import why
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.server.mounts import known_faces
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Refused
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.marketplace import refunds
from prakerja_sim.simulator.programme.rulebook import RULES
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.reason_texts import TEXTS
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.refusals import reasons_of
from tests.mocks import reasons
from tests.mocks.institution.test_institution import Learner
from tests.mocks.market import Market
from tests.mocks.payout.test_payout import open_account, pay, status, switch
from tests.mocks.prakerja import test_prakerja_dashboard as dashboard
from tests.mocks.prakerja import test_prakerja_refusals as prakerja
from tests.mocks.prakerja.browser import Browser
from tests.mocks.tokopedia.conftest import Market as Tokopedia
from tests.mocks.tokopedia_b2b.distributors import Distributor
from tests.mocks.worlds import API, BARISTA, Partner, World
from tests.played import on_stage, perform, stories_in

STORIES = Path(prakerja_sim.scenarios.__file__).parent
IN_STORIES = {
    Reason.ALREADY_ENROLLED: ("deadline/revoked_tries_again", "kariermu"),
    Reason.ASSIGNMENT_MISSING: ("training/practical_task", "bukalapak"),
    Reason.COURSE_NOT_HOSTED: ("pijar/class_held_at_pijar", "pijar"),
    Reason.COURSE_UNFINISHED: ("training/content_withdrawn", "tokopedia"),
    Reason.COURSE_WITHDRAWN: ("training/content_withdrawn", "tokopedia"),
    Reason.EMAIL_TAKEN: ("redemption/one_email", "pijar"),
    Reason.PRE_TEST_MISSING: ("training/poor_score", "tokopedia"),
    Reason.REFUND_ASKED: ("refund/another_policy", "pijar"),
    Reason.REFUND_NOT_OFFERED: ("refund/only_the_organiser", "kemnaker"),
    Reason.REFUND_TOO_LATE: ("refund/too_late", "pijar"),
    Reason.SSO_CLIENT_MISSING: ("login/refused_programs", "tokopedia"),
    Reason.SSO_CLIENT_UNKNOWN: ("login/refused_programs", "tokopedia"),
    Reason.SSO_CODE_UNKNOWN: ("login/refused_programs", "tokopedia"),
    Reason.SSO_USER_UNKNOWN: ("login/refused_programs", "tokopedia"),
    Reason.VOUCHER_CANCELLED: ("purchase/voided", "pijar"),
    Reason.VOUCHER_OF_OTHER_INSTITUTION: ("redemption/redeemed_twice", "pijar"),
    Reason.VOUCHER_UNKNOWN: ("redemption/redeemed_twice", "pijar"),
    Reason.WEBHOOK_NOT_SO: ("webhooks/received_twice", "tokopedia"),
}
UNSAID = {
    Reason.ACCOUNT_SWITCHED: "why an incentive waits; the dashboard and the books show it",
    Reason.PAYOUT_REJECTED: "how a bank ended a transfer, in its answer of 200",
    Reason.PAYOUTS_CLOSED: "why an incentive is not paid any more; the books show it",
    Reason.REPORT_REFUSED: "how a story names a marketplace's refusal, which has its own reason",
    Reason.WALLET_FULL: "how a bank ended a transfer, in its answer of 200",
}
"""Reasons with which no request is refused: no endpoint declares them, and an undeclared refusal is a bug."""
HERE = {}


def by(reason):
    def register(act):
        HERE[reason] = act
        return act

    return register


def post(world, path, **body):
    return world.send("POST", path, orjson.dumps(body), Content_Type="application/json")


# The admin API: what is asked of it, and the reason


ASKED = (
    (Reason.WAVE_UNKNOWN, "/people", {"wave": 99}),
    (Reason.WAVE_NOT_ANNOUNCED, "/people", {"wave": 23}),
    (Reason.WAVE_OVER, "/people", {"wave": 1}),
    (Reason.CLOCK_FORWARD_ONLY, "/clock", {"set": "2020-01-01 00:00:00"}),
    (Reason.FAULT_UNKNOWN, "/faults", {"fault": "nothing_of_the_kind"}),
    (Reason.FAULT_NOWHERE, "/faults", {"fault": "reply_lost", "where": "nowhere"}),
    (Reason.SANDBOX_TAKEN, "/sandboxes", {"name": "default", "seed": 7}),
    (Reason.SNAPSHOT_UNKNOWN, "/restore", {"snapshot": "nothing"}),
    (Reason.CLIENT_UNKNOWN, "/deposits", {"distributor": "nobody", "amount": 1}),
    (Reason.PERSON_UNKNOWN, "/bring", {"person": "9" * 16, "to": "paid"}),
    (Reason.WEBHOOK_UNKNOWN, "/webhooks/repeat", {"webhook": "nothing"}),
    (Reason.WEBHOOK_TARGET_UNKNOWN, "/webhooks/hold", {"target": "nothing"}),
    (
        Reason.WEBHOOK_TARGET_REFUSED,
        "/webhooks/targets",
        {"marketplace": "pijar", "url": "http://10.0.0.1/x"},
    ),
)


def admin(path, body):
    def act():
        world = World()
        post(world, f"/__admin{path}", **body)
        return world

    return act


HERE |= {reason: admin(path, body) for reason, path, body in ASKED}


@by(Reason.ALREADY_LISTED)
def _():
    world = World()
    told = {"title": "Barista", "category": "kopi", "institution": "lp-kopi", "price": 1}
    post(world, "/__admin/courses", code=BARISTA, **told)
    return world


@by(Reason.SNAPSHOT_TAKEN)
def _():
    world = World()
    for course in ("first", "second"):
        world.list_course(course)
        post(world, "/__admin/snapshots", name="mine")
    return world


@by(Reason.SANDBOX_UNKNOWN)
def _():
    world = World()
    world.send("DELETE", "/__admin/sandboxes/nobody")
    return world


@by(Reason.CLIENT_CODE_TAKEN)
def _():
    world = World()
    for key in ("a" * 16, "b" * 16):
        post(world, "/__admin/clients", client_code="mine", sign_key=key, party="tokopedia")
    return world


# Prakerja


@by(Reason.SIGNATURE_STALE)
def _():
    world = World()
    world.dp.send(f"{API}/payment/send-otp", b"{}", stamp=1)
    return world


def url_of(world, redirect_uri="https://lp.example/kembali"):
    """The address on which a learner proves his presence."""
    world.ani = world.enrol()
    world.bought(world.ani)
    asked = {"redeem_code": world.redeem_code(world.ani), "email": "ani@example.id"}
    answer = world.lp.post("/oauth/url-generate", redirect_uri=redirect_uri, **asked).json()
    return answer["data"]["url"] if answer["success"] else ""


@by(Reason.REDIRECT_UNREGISTERED)
def _():
    world = World()
    client = {"client_code": "mine", "sign_key": "k" * 32, "party": "lp-kopi"}
    post(world, "/__admin/clients", redirect_uris="https://lp.example/x", **client)
    world.lp = Partner(world, "lp-kopi")
    world.lp.code, world.lp.key = "mine", "k" * 32
    assert url_of(world) == ""
    return world


@by(Reason.VERIFICATION_UNKNOWN)
def _():
    world = World()
    world.send("GET", "/prakerja/verification?state=x")
    return world


@by(Reason.VERIFICATION_OVER)
def _():
    world = World()
    url = url_of(world)
    Browser(world).open(url).verify(world.ani)
    Browser(world).open(url)
    return world


@by(Reason.CONSENT_MISSING)
def _():
    world = World()
    browser = Browser(world).open(url_of(world)).log_in(world.ani)
    browser.post(do="scan", outcome="success", **browser.page.hidden)
    return world


@by(Reason.ACCOUNT_DIFFERS)
def _():
    world = World()
    Browser(world).open(url_of(world)).log_in(world.enrol())
    return world


@by(Reason.RATING_ELSEWHERE)
def _():
    world = World(start=wib(2021, 3, 3, 9))
    visitor = dashboard.Visitor(world, world.enrol(wave=12))
    bought = world.bought(visitor.participant)["transaction_code"]
    visitor.post(f"/trainings/{bought}/review", stars=5, review="x")
    return world


# Marketplaces, institutions, banks


@by(Reason.PHONE_UNKNOWN)
def _():
    market = Market("pijar")
    market.send("POST", "/api/v1/auth/phone/otp", {"phone": "81200000001"})
    return market


@by(Reason.ACCOUNT_TAKEN)
def _():
    market = Market("bukalapak")
    ani, guest = market.enrol(), market.somebody()
    market.shopper(ani)
    guest.categories()
    told = {"name": "Ani", "phone": ani.phone, "email": "lain@example.com", "password": "rahasia"}
    market.send("POST", "/api/users", told, guest.login)
    return market


@by(Reason.TERMS_NOT_ACCEPTED)
def _():
    market = Market("bukalapak")
    shopper = market.shopper(market.enrol())
    body = {"course_id": reasons.COURSE, "tnc_accepted": False}
    market.send("POST", "/api/prakerja/transactions", body, shopper.login)
    return market


@by(Reason.VOUCHER_LOCKED)
def _():
    market = Market("pijar")
    ani = market.enrol()
    view = market.bought(market.shopper(ani), ani)
    market.sandbox.do(refunds.reserve, order=view.order)
    with pytest.raises(VoucherRefused):
        market.institution_client().redeem(view.voucher)
    return market


@by(Reason.DEPOSIT_TOO_LOW)
def _():
    market = Tokopedia()
    Distributor(market, deposit=1).order("R-1")
    return market


@by(Reason.REQUEST_REPEATED)
def _():
    market = Tokopedia()
    toko = Distributor(market)
    for number in ("081234567890", "081234567891"):
        toko.order("R-1", number=number)
    return market


@by(Reason.ENROLMENT_UNKNOWN)
def _():
    world = World()
    world.send("GET", "/institution/lp-kopi/vouchers/TKPDTIDAKADA")
    return world


@by(Reason.ATTENDANCE_UNPROVED)
def _():
    world = World()
    ani = Learner(world)
    ani.redeem()
    code = world.redeem_code(ani.me)
    ani.at("/attendance", redeem_code=code)
    ani.at("/attendance/return", redeem_code=code, sequence=1)
    return world


@by(Reason.PAYOUT_UNKNOWN)
def _():
    world = World()
    open_account(world)
    status(world)
    return world


@by(Reason.REFERENCE_USED)
def _():
    world = World()
    open_account(world)
    for amount in (600_000, 600_001):
        pay(world, amount=amount)
    return world


@by(Reason.PARTNER_DOWN)
def _():
    world = World()
    open_account(world)
    pay(world)
    switch(world, "payout_down")
    status(world)
    return world


# The tables of others


def at_prakerja(act, settings):
    def play():
        world = World(Settings(**settings))
        act(world)
        return world

    return play


def on_the_dashboard(act):
    def play():
        world = World()
        act(world, dashboard.Visitor(world, world.enrol()))
        return world

    return play


def at_a_shop(reason, act):
    def play():
        places = [code for code in registry.codes() if reason in dict(registry.rejections(code))]
        market = Market(places[-1])
        with pytest.raises(Refused):
            act(market)
        return market

    return play


ACTS = {reason: at_a_shop(reason, act) for reason, act in reasons.CASES.items()}
ACTS |= {reason: on_the_dashboard(act) for (_, reason), act in dashboard.CASES.items()}
ACTS |= {reason: at_prakerja(*case) for (_, reason), case in prakerja.CASES.items()}
ACTS |= HERE


@contextmanager
def brought_about(reason):
    """The admin API of a world in which somebody was refused for that."""
    if reason in ACTS:
        world = ACTS[reason]()
        wire = InProcess(world.parties.application, "/__admin")
        yield lambda path: wire.send("GET", path).json()
        assert world.is_sound()
        return
    name, marketplace = IN_STORIES[reason]
    for story in stories_in(STORIES / f"{name}.yaml"):
        with on_stage(story, marketplace=marketplace) as (stage, _):
            play(stage, story)
            ask = partial(stage.parties.admin, "GET")
            if ask(f"/timeline?reason={reason}")["exchanges"]:
                yield ask
                return
    raise AssertionError(f"{name} brings nobody to {reason}")


def play(stage, story):
    story.play(lambda step: perform(stage, step))


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in UNSAID])
def test_a_refusal_tells_its_rule_and_what_decided_in_both_languages(reason):
    with brought_about(reason) as ask:
        rows = ask(f"/timeline?reason={reason}")["exchanges"]
        told = [ask(f"/timeline/{row['id']}")["why"] for row in rows]
    assert told
    for one in told:
        assert one["says"] == TEXTS[reason]._asdict()
        assert one["says"]["en"] != one["says"]["id"]
        assert one["values"]
        assert set(one["rules"]) <= RULES.keys()
        assert one["rules"] or not any(reason in rule.reasons for rule in RULES.values())


def test_with_these_reasons_no_request_is_refused():
    endpoints = [one for face in known_faces() for one in face.endpoints]
    declared = {*reasons_of(*(one.sender for one in endpoints if one.sender))}
    declared |= {reason for one in endpoints for reason in one.refuses}
    assert set(Reason) - declared == set(UNSAID)


def test_a_reason_is_brought_about_in_one_way():
    assert not ACTS.keys() & IN_STORIES.keys()
    assert set(why.NAMES) - set(Reason) == set(why.BEFORE)
