"""Refunds: the policy as data, the one rule that judges by it, and how an allowed one is carried out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop import checkout, registry, support
from prakerja_sim.simulator.marketplace import refunds, webhooks_outbox
from prakerja_sim.simulator.marketplace.records import Order, Refund, RefundStatus
from prakerja_sim.simulator.marketplace.refunds import Asker, Refunds
from prakerja_sim.simulator.programme import redemption
from prakerja_sim.simulator.programme.complaints import NOT_PAID_BACK, PAID_BACK, Support
from prakerja_sim.simulator.programme.records import Ticket, TicketStatus
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.records import Mail
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import COURSE, Market

BUYER, ORGANISER = Asker.BUYER, Asker.ORGANISER
BOTH = Refunds(frozenset({BUYER, ORGANISER}))
WEEK = Refunds(frozenset({BUYER, ORGANISER}), within=timedelta(days=7))
NOBODY = Refunds(frozenset())
AT_ONCE = Support("x", timedelta(hours=1), timedelta(hours=24))
LATER = replace(AT_ONCE, refund=timedelta(hours=24))


class Shop(Market):
    """A market in which somebody has bought."""

    def __init__(self):
        super().__init__("tokopedia")
        self.ani = self.enrol()
        self.buyer = self.shopper(self.ani)
        self.view = self.bought(self.buyer, self.ani)

    @property
    def call(self):
        return Call({}, self.sandbox, self.parties, b"")

    @property
    def order(self):
        return self.sandbox.ask(Unit.need, kind=Order, key=self.view.order)

    @property
    def refund(self):
        return self.sandbox.ask(Unit.get, kind=Refund, key=self.view.order)

    def ask(self, policy=BOTH, care=AT_ONCE, asker=BUYER):
        told = {"topic": "refund", "text": "Salah beli", "support": care, "policy": policy, "asker": asker}
        return support.open_complaint(self.call, self.order, **told)

    def ticket(self, ticket):
        return self.sandbox.ask(Unit.need, kind=Ticket, key=ticket.id)

    def redeem(self):
        self.institution_client().redeem(self.view.voucher)


@pytest.fixture
def shop():
    made = Shop()
    yield made
    assert made.is_sound(), (made.sandbox.stopped, made.parties.bugs)


def refused(act, *arguments, **named):
    with pytest.raises(Rejected) as refusal:
        act(*arguments, **named)
    return refusal.value.reason


JUDGED = [
    (BOTH, BUYER, 0, None),
    (BOTH, ORGANISER, 0, None),
    (NOBODY, BUYER, 0, Reason.REFUND_NOT_OFFERED),
    (NOBODY, ORGANISER, 0, Reason.REFUND_NOT_OFFERED),
    (Refunds(frozenset({ORGANISER})), BUYER, 0, Reason.REFUND_NOT_OFFERED),
    (Refunds(frozenset({ORGANISER})), ORGANISER, 0, None),
    (Refunds(frozenset({BUYER})), ORGANISER, 0, Reason.REFUND_NOT_OFFERED),
    (WEEK, BUYER, 7 * 86_400, None),
    (WEEK, BUYER, 7 * 86_400 + 1, Reason.REFUND_TOO_LATE),
    (WEEK, ORGANISER, 7 * 86_400 + 1, None),
    (BOTH, BUYER, 60 * 86_400, None),
]


@pytest.mark.parametrize(("policy", "asker", "age", "expected"), JUDGED)
def test_the_policy_says_who_may_ask_and_until_when(shop, policy, asker, age, expected):
    shop.after(age * SECOND)
    told = {"order": shop.order.id, "asker": asker, "policy": policy}
    if expected is None:
        shop.sandbox.ask(refunds.judge, **told)
    else:
        assert refused(shop.sandbox.ask, refunds.judge, **told) is expected


def test_the_reasons_have_an_order(shop):
    shop.redeem()
    shop.after(8 * 86_400 * SECOND)
    assert refused(shop.ask, NOBODY) is Reason.REFUND_NOT_OFFERED
    assert refused(shop.ask, WEEK) is Reason.VOUCHER_USED
    unpaid = shop.ordered(shop.buyer)
    told = {"order": unpaid, "asker": BUYER, "policy": NOBODY}
    assert refused(shop.sandbox.ask, refunds.judge, **told) is Reason.ORDER_CLOSED


def test_a_refusal_leaves_no_ticket_and_changes_nothing(shop):
    before = shop.sandbox.digest()
    assert refused(shop.ask, NOBODY) is Reason.REFUND_NOT_OFFERED
    assert shop.sandbox.digest() == before


def test_where_the_desk_pays_at_once_the_ticket_is_resolved(shop):
    ticket = shop.ask()
    assert (ticket.status, ticket.answer) == (TicketStatus.RESOLVED, PAID_BACK)
    assert (shop.refund.status, shop.refund.ticket) == (RefundStatus.PAID_BACK, ticket.id)
    assert (shop.balance(shop.ani), shop.buyer.order(shop.view.order).status) == (1_000_000, "refunded")
    assert refused(shop.ask) is Reason.ORDER_CLOSED


def test_where_it_takes_a_day_the_money_comes_back_with_the_answer(shop):
    ticket = shop.ask(care=LATER)
    assert (ticket.status, shop.refund.status) == (TicketStatus.OPEN, RefundStatus.REQUESTED)
    assert refused(shop.ask, care=LATER) is Reason.REFUND_ASKED
    shop.after(86_399 * SECOND)
    assert (shop.ticket(ticket).status, shop.balance(shop.ani)) == (TicketStatus.IN_PROGRESS, 350_000)
    shop.after(SECOND)
    assert (shop.ticket(ticket).status, shop.ticket(ticket).answer) == (TicketStatus.RESOLVED, PAID_BACK)
    assert (shop.refund.status, shop.balance(shop.ani)) == (RefundStatus.PAID_BACK, 1_000_000)


def test_a_voucher_used_while_the_desk_thinks_is_not_paid_back(shop):
    ticket = shop.ask(care=LATER)
    shop.redeem()
    shop.after(86_400 * SECOND)
    assert (shop.ticket(ticket).status, shop.ticket(ticket).answer) == (TicketStatus.REFUSED, NOT_PAID_BACK)
    assert (shop.refund.status, shop.refund.reason) == (RefundStatus.REFUSED, "voucher_used")
    assert shop.balance(shop.ani) == 350_000


def test_a_refund_that_prakerja_does_not_answer_is_asked_for_again_by_the_clock(shop):
    ticket = shop.ask(care=LATER)
    shop.sandbox.arm("reply_lost", "payment/void")
    shop.after(86_400 * SECOND)
    assert (shop.refund.status, shop.balance(shop.ani)) == (RefundStatus.SENDING, 1_000_000)
    shop.after(15 * 60 * SECOND)
    assert (shop.refund.status, shop.ticket(ticket).status) == (RefundStatus.PAID_BACK, TicketStatus.RESOLVED)
    assert shop.balance(shop.ani) == 1_000_000


def test_nothing_else_brings_an_unanswered_refund_back_earlier(shop):
    shop.ask(care=LATER)
    told = {"party": "tokopedia", "name": "default", "url": "inbox:", "events": "order.refunded"}
    shop.sandbox.do(webhooks_outbox.register, **told)
    shop.sandbox.telling = True
    shop.sandbox.arm("request_lost", "payment/void")
    shop.after(86_400 * SECOND)
    assert shop.buyer.order(shop.view.order).status == "issued"  # a request, and the clock's steps
    shop.after((15 * 60 - 1) * SECOND)
    assert shop.refund.status is RefundStatus.SENDING
    shop.after(SECOND)
    assert shop.refund.status is RefundStatus.PAID_BACK


def test_a_void_that_prakerja_will_never_do_refuses_the_refund(shop):
    ticket = shop.ask(care=LATER)
    training = shop.sandbox.ask(Unit.find, kind=Training, card=shop.ani.card)[0]
    told = {"redeem_code": training.redeem_code, "institution": "kopi-kita"}
    shop.sandbox.do(redemption.commit, **told)
    shop.after(86_400 * SECOND)
    assert (shop.refund.status, shop.refund.reason) == (RefundStatus.REFUSED, "void_after_redeem")
    assert shop.ticket(ticket).status is TicketStatus.REFUSED


def test_trouble_at_prakerja_refuses_nothing_and_is_tried_again(shop):
    shop.ask(care=LATER)
    stamp = shop.parties.stamp
    shop.parties.stamp = lambda *_: 0  # a stale signature
    shop.after(86_400 * SECOND)
    assert shop.refund.status is RefundStatus.APPROVED
    shop.parties.stamp = stamp
    shop.after(15 * 60 * SECOND)
    assert (shop.refund.status, shop.balance(shop.ani)) == (RefundStatus.PAID_BACK, 1_000_000)


def test_an_organiser_who_cancels_pays_back_all_who_have_not_redeemed(shop):
    budi, cici = shop.enrol(1), shop.enrol(2)
    used = shop.bought(shop.shopper(budi), budi)
    shop.institution_client().redeem(used.voucher)
    unpaid = shop.ordered(shop.shopper(cici))
    told = support.cancel_class(shop.call, COURSE, lambda code: registry.site(code).refunds)
    assert told == {shop.view.order: "refunded", used.order: "voucher_used"}
    assert unpaid not in told
    assert (shop.balance(shop.ani), shop.refund.asker) == (1_000_000, "organiser")
    mails = shop.sandbox.ask(Unit.log, kind=Mail, address=shop.ani.email)
    assert mails[-1].subject == "Dana dikembalikan"
    assert support.cancel_class(shop.call, COURSE, lambda _: NOBODY) == {used.order: "refund_not_offered"}


def test_a_marketplace_may_take_an_order_back_whatever_its_policy(shop):
    checkout.void(shop.call, shop.order)
    assert (shop.refund.asker, shop.refund.status) == ("marketplace", RefundStatus.PAID_BACK)


@pytest.mark.parametrize("code", registry.codes())
def test_every_marketplace_declares_policy_and_care(code):
    policy, care = registry.site(code).refunds, registry.site(code).support
    assert ORGANISER in policy.askers
    assert care.contact
    assert timedelta() <= care.take_up <= care.answer
