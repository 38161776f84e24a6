"""A refund that another one, a redemption or a kill comes between: it ends as one of them alone."""

import pytest

from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import checkout, registry, support
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient, Refused
from prakerja_sim.simulator.marketplace import refunds
from prakerja_sim.simulator.marketplace.records import RefundStatus, Voucher, VoucherStatus
from prakerja_sim.simulator.programme import redemption
from prakerja_sim.simulator.programme.complaints import PAID_BACK
from prakerja_sim.simulator.programme.records import TicketStatus
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import Market
from tests.mocks.shop.test_refunds import LATER, Shop, refused

QUARTER = schedule.PATIENCE


@pytest.fixture
def shop():
    made = Shop()
    yield made
    assert made.is_sound(), (made.sandbox.stopped, made.parties.bugs)


def reserved(shop):
    """Killed before Prakerja was asked."""
    shop.sandbox.do(refunds.reserve, order=shop.view.order, asker="buyer")


def voided(shop):
    """Killed after Prakerja did it."""
    reserved(shop)
    order = shop.order
    client = PrakerjaClient.of(shop.parties, shop.sandbox, shop.code)
    client.void(invoice_code=order.invoice, transaction_code=order.transaction)


def settled(shop):
    """Killed before the ticket was opened."""
    voided(shop)
    shop.sandbox.do(refunds.pay_back, order=shop.view.order, asker="buyer")


def started_again(shop):
    shop.start_again()


def later(shop):
    shop.after(QUARTER)


def asked_again(shop):
    shop.ask()


def voucher(shop):
    return shop.sandbox.ask(Unit.need, kind=Voucher, key=shop.view.voucher).status


@pytest.mark.parametrize("goes_on", [started_again, later, asked_again])
@pytest.mark.parametrize("cut_short", [reserved, voided])
def test_what_a_kill_left_behind_is_carried_to_its_end(shop, cut_short, goes_on):
    cut_short(shop)
    goes_on(shop)
    assert (shop.order.status, voucher(shop)) == ("refunded", VoucherStatus.CANCELLED)
    assert (shop.refund.status, shop.balance(shop.ani)) == (RefundStatus.PAID_BACK, 1_000_000)
    assert shop.sandbox.ask(schedule.cut_short) == []


@pytest.mark.parametrize("cut_short", [reserved, voided])
def test_one_second_before_its_time_nothing_goes_on(shop, cut_short):
    cut_short(shop)
    shop.after(QUARTER - SECOND)
    assert shop.refund.status is RefundStatus.SENDING


def test_a_refund_killed_before_its_ticket_was_opened_is_over(shop):
    settled(shop)
    started_again(shop)
    assert (shop.order.status, shop.balance(shop.ani)) == ("refunded", 1_000_000)
    assert shop.mails(shop.ani)[-1].subject == "Dana dikembalikan"
    assert refused(shop.ask) is Reason.ORDER_CLOSED


def test_a_reservation_that_prakerja_refuses_for_good_frees_the_voucher(shop):
    reserved(shop)
    [training] = shop.sandbox.ask(Unit.find, kind=Training, card=shop.ani.card)
    told = {"redeem_code": training.redeem_code, "institution": "kopi-kita"}
    shop.sandbox.do(redemption.commit, **told)
    later(shop)
    assert (shop.refund.status, shop.refund.reason) == (RefundStatus.REFUSED, "void_after_redeem")
    shop.redeem()
    assert voucher(shop) is VoucherStatus.REDEEMED
    assert shop.balance(shop.ani) == 350_000


def test_trouble_at_prakerja_frees_the_voucher_of_whoever_asked_without_a_ticket(shop):
    stamp = shop.parties.stamp
    shop.parties.stamp = lambda *_: 0  # a stale signature: refused, and nothing was voided
    with pytest.raises(Refused):
        shop.ask()
    shop.parties.stamp = stamp
    assert (shop.refund.status, shop.refund.ticket) == (RefundStatus.REFUSED, None)
    shop.redeem()


@pytest.mark.parametrize("code", registry.codes())
def test_no_institution_can_redeem_while_prakerja_is_asked(code):
    shop = Market(code)
    ani = shop.enrol()
    view = shop.bought(shop.shopper(ani), ani)
    shop.sandbox.do(refunds.reserve, order=view.order)
    client = shop.institution_client()
    for ask in (client.check, client.redeem):
        with pytest.raises(VoucherRefused) as said:
            ask(view.voucher)
        assert (said.value.reason, bool(said.value.message)) == (Reason.VOUCHER_LOCKED, True)
    shop.after(QUARTER)
    assert shop.balance(ani) == 1_000_000
    assert shop.is_sound()


def test_a_redemption_that_was_first_leaves_nothing_to_refund(shop):
    shop.redeem()
    assert refused(checkout.void, shop.call, shop.order) is Reason.VOUCHER_USED
    assert (shop.refund, shop.balance(shop.ani)) == (None, 350_000)


def test_of_two_tickets_that_ask_at_once_one_gets_the_money(shop):
    tickets = []
    shop.meanwhile(lambda: tickets.append(shop.ask()))
    assert refused(shop.ask) is Reason.ORDER_CLOSED
    [ticket] = tickets
    assert (ticket.status, ticket.answer, shop.refund.ticket) == (TicketStatus.RESOLVED, PAID_BACK, ticket.id)
    assert shop.balance(shop.ani) == 1_000_000


def test_a_redemption_while_prakerja_is_asked_is_refused(shop):
    said = []

    def redeem():
        with pytest.raises(VoucherRefused) as refusal:
            shop.redeem()
        said.append(refusal.value.reason)

    shop.meanwhile(redeem)
    assert shop.ask().status is TicketStatus.RESOLVED
    assert said == [Reason.VOUCHER_LOCKED]


def test_of_two_requests_at_once_the_second_is_told_that_one_waits(shop):
    told = {"order": shop.view.order, "topic": "refund", "text": "Salah beli", "asker": "buyer"}
    times = {"take_up": 3600, "answer": 86_400}
    shop.sandbox.do(support.open_ticket, **told, **times)
    assert refused(shop.sandbox.do, support.open_ticket, **told, **times) is Reason.REFUND_ASKED


def test_a_request_during_a_void_without_an_answer_gets_its_money_with_it(shop):
    shop.sandbox.arm("reply_lost", "payment/void")
    with pytest.raises(NoReply):
        checkout.void(shop.call, shop.order)
    ticket = shop.ask(care=LATER)
    assert (shop.refund.status, shop.refund.ticket) == (RefundStatus.SENDING, ticket.id)
    assert refused(shop.ask, care=LATER) is Reason.REFUND_ASKED
    later(shop)
    assert shop.refund.status is RefundStatus.PAID_BACK
    assert (shop.ticket(ticket).status, shop.ticket(ticket).answer) == (TicketStatus.RESOLVED, PAID_BACK)
