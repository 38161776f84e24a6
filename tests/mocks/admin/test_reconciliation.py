"""Every discrepancy is planted once and must be named; a world in which all agree has none."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.simulator.audit import reconciliation
from prakerja_sim.simulator.audit.reconciliation import Kind
from prakerja_sim.simulator.audit.statements import Moved, statements
from prakerja_sim.simulator.institution.records import Enrolment
from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Voucher, VoucherStatus
from prakerja_sim.simulator.programme.records import Course, Invoice, Payment, PaymentStatus
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.ids import masked
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.records import Logged
from prakerja_sim.simulator.world.schedule import PATIENCE
from prakerja_sim.simulator.world.store import Unit
from tests.played import on_stage

STORY = Story(Path("reconciled"), "Reconciled", "", (), START, Settings(), lambda _: None)


class Books:
    """A world with three buyers: ani has finished, budi holds a voucher, citra was refunded."""

    def __init__(self, stage, sandbox):
        self.stage, self.sandbox = stage, sandbox
        stage.list_course()
        stage.list_course(course="kue", price=Rupiah(250_000), title="Kue", institution="lp-kue")
        for person in ("ani", "budi", "citra"):
            stage.enrol(person=person)
            stage.buy(course="barista-dasar", person=person)
            stage.enter_card(person=person)
            stage.enter_otp(person=person)
        stage.redeem(person="ani")
        stage.attest(person="ani")
        stage.pre_test(person="ani")
        stage.study(person="ani")
        stage.finish(person="ani")
        stage.void(person="citra")

    def sell(self, amount):
        """Budi's class for another amount, at all parties."""
        order, payment = self.order("budi"), self.payment("budi")
        self.plant(
            replace(order, discount=order.price - amount),
            replace(payment, amount=amount),
            replace(self.get(Account, "institution:lp-kopi"), balance=650_000 + amount.amount),
        )

    def order(self, person):
        return self.get(Order, self.stage.people[person].order)

    def payment(self, person):
        invoice = self.order(person).invoice
        return self.get(Payment, self.get(Invoice, f"tokopedia/{invoice}").token)

    def voucher(self, person):
        return self.sandbox.ask(Unit.find, kind=Voucher, order=self.order(person).id)[0]

    def opened(self, person):
        return self.get(Enrolment, self.voucher(person).code)

    def training(self, person):
        return self.get(Training, self.payment(person).transaction)

    def get(self, kind, key):
        return self.sandbox.ask(Unit.need, kind=kind, key=key)

    def plant(self, *records):
        def work(world):
            for record in records:
                (world.append if isinstance(record, Logged) else world.put)(record)

        self.sandbox.store.run(self.sandbox.name, work, self.sandbox.seed, self.sandbox.settings)

    def kinds(self):
        return {one.kind for one in self.discrepancies()}

    def discrepancies(self, **more):
        return self.sandbox.ask(reconciliation.discrepancies, **more)


@pytest.fixture
def books():
    with ExitStack() as stack:
        yield Books(*stack.enter_context(on_stage(STORY)))


@command("test.redeem_again")
def redeem_again(world, *, code, marketplace):
    ledger.book(world, "voucher", bookings.voucher_redeemed(marketplace))


def redeemed_twice(b):
    """The same voucher was burned a second time, books and all; budi's pays for it."""
    b.sandbox.do(redeem_again, code=b.voucher("ani").code, marketplace="tokopedia")


@command("test.book_a_purchase")
def book_a_purchase(world, *, payment, marketplace, invoice):
    paid = world.need(Payment, payment)
    ledger.book(world, "purchase", *bookings.purchase(marketplace, paid.card, paid.schedule, Rupiah(100_000)))


def booked_twice(b):
    """Budi's card pays a second time for the same invoice."""
    paid = b.payment("budi")
    b.sandbox.do(book_a_purchase, payment=paid.token, marketplace="tokopedia", invoice=paid.invoice)


def booked_alone(b):
    """Money is moved for an invoice of which nobody keeps anything else."""
    b.sandbox.do(book_a_purchase, payment=b.payment("budi").token, marketplace="tokopedia", invoice="INV-0")


PLANTED = [
    # what is named, beside what else that makes differ, and how it is planted
    ("paid_not_issued", {"voucher_without_order"}, lambda b: b.plant(
        replace(b.order("budi"), status=OrderStatus.PENDING))),
    ("paid_without_order", {"voucher_without_order"}, lambda b: b.plant(
        replace(b.order("budi"), invoice="LOST", status=OrderStatus.WAITING_CARD))),
    ("issued_not_paid", {"booked_otherwise", "ledger_differs"}, lambda b: b.plant(
        replace(b.payment("budi"), invoice=None, status=PaymentStatus.AWAITING_OTP))),
    ("issued_but_voided", {"booked_otherwise", "ledger_differs"}, lambda b: b.plant(
        replace(b.payment("budi"), status=PaymentStatus.VOIDED))),
    ("refunded_but_paid", {"voucher_without_order"}, lambda b: b.plant(
        replace(b.order("budi"), status=OrderStatus.REFUNDED))),
    ("amount_differs", {}, lambda b: b.plant(replace(b.order("budi"), discount=Rupiah(1)))),
    ("paid_below_half", {"booked_otherwise"}, lambda b: b.sell(Rupiah(324_999))),
    ("transaction_differs", {}, lambda b: b.plant(replace(b.order("budi"), transaction="T-2"))),
    ("voucher_missing", {"ledger_differs"}, lambda b: b.plant(
        replace(b.voucher("budi"), status=VoucherStatus.CANCELLED))),
    ("voucher_twice", {"ledger_differs"}, lambda b: b.plant(replace(b.voucher("budi"), code="TKPDSECOND"))),
    ("voucher_without_order", {"ledger_differs"}, lambda b: b.plant(
        replace(b.voucher("budi"), code="TKPDNOWHERE", order="0"))),
    ("voucher_redeemed_twice", {"ledger_differs"}, redeemed_twice),
    ("redeemed_not_opened", {"ledger_differs"}, lambda b: b.plant(
        replace(b.voucher("budi"), status=VoucherStatus.REDEEMED))),
    ("opened_not_redeemed", {}, lambda b: b.plant(
        replace(b.opened("ani"), key=b.voucher("budi").code, certificate=None))),
    ("opened_not_redeemed", {}, lambda b: b.plant(replace(b.opened("ani"), key="TKPDNOWHERE"))),
    ("finished_not_reported", {}, lambda b: b.plant(
        replace(b.training("ani"), status=TrainingStatus.BOUGHT))),
    ("booked_otherwise", {"ledger_differs"}, booked_twice),
    ("booked_otherwise", {"ledger_differs"}, booked_alone),
    ("ledger_differs", {}, lambda b: b.plant(
        replace(b.get(Account, "platform:tokopedia"), balance=1_300_001))),
    ("ledger_differs", {}, lambda b: b.plant(Account("issued:nowhere", 1, 1))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "others", "plant"), PLANTED, ids=[f"{kind}-{at}" for at, (kind, _, _) in enumerate(PLANTED)]
)
def test_a_planted_discrepancy_is_named_with_its_remedy(books, kind, others, plant):
    plant(books)
    assert books.kinds() == {kind, *others}
    (named,) = (one for one in books.discrepancies() if one.kind == kind)
    assert named.about
    assert named.told
    assert named.remedy
    assert named in books.discrepancies(party=named.party)
    assert books.discrepancies(party="somebody else") == []


def test_each_kind_is_planted_and_checked_once():
    assert {kind for kind, _, _ in PLANTED} == set(Kind)
    assert [kind for kind, _, _ in reconciliation.CHECKS] == list(Kind)


def test_where_all_agree_there_is_none(books):
    assert books.discrepancies() == []


def test_half_of_the_price_is_not_named_and_one_rupiah_less_is(books):
    books.sell(Rupiah(325_000))
    assert Kind.PAID_BELOW_HALF not in books.kinds()
    books.sell(Rupiah(324_999))
    (named,) = (one for one in books.discrepancies() if one.kind is Kind.PAID_BELOW_HALF)
    order, card = books.order("budi"), books.payment("budi").card
    assert (named.party, named.about) == ("tokopedia", order.invoice)
    assert named.told == f"card {masked(card)} paid Rp324.999 for barista-dasar, which costs Rp650.000"
    assert card not in named.told


def test_what_was_voided_is_not_named_however_little_was_paid(books):
    books.plant(
        replace(books.payment("citra"), amount=Rupiah(1)),
        replace(books.order("citra"), discount=Rupiah(649_999)),
    )
    assert books.discrepancies() == []


def test_a_lost_reply_is_a_discrepancy_until_the_marketplace_has_asked(books):
    books.stage.enrol(person="dewi")
    books.stage.buy(course="barista-dasar", person="dewi")
    books.stage.enter_card(person="dewi")
    books.stage.arm(fault="reply_lost", where="payment/authorize")
    with pytest.raises(Exception, match="pending"):
        books.stage.enter_otp(person="dewi")
    (found,) = books.discrepancies()
    assert (found.kind, found.party) == (Kind.PAID_NOT_ISSUED, "tokopedia")
    assert found.until == books.sandbox.now() + PATIENCE, "by then the marketplace asks"
    books.stage.enter_otp(person="dewi")
    assert books.discrepancies() == []


def test_money_that_was_booked_twice_is_wrong_at_once_even_if_the_marketplace_will_ask(books):
    books.stage.enrol(person="dewi")
    books.stage.buy(course="barista-dasar", person="dewi")
    books.stage.enter_card(person="dewi")
    books.stage.arm(fault="reply_lost", where="payment/authorize")
    with pytest.raises(Exception, match="pending"):
        books.stage.enter_otp(person="dewi")
    paid = books.payment("dewi")
    books.sandbox.do(book_a_purchase, payment=paid.token, marketplace="tokopedia", invoice=paid.invoice)
    pending = {one.kind: one.until is not None for one in books.discrepancies()}
    assert pending == {Kind.PAID_NOT_ISSUED: True, Kind.BOOKED_OTHERWISE: False, Kind.LEDGER_DIFFERS: False}


def test_a_party_that_keeps_nothing_here_is_not_judged(books):
    """A real marketplace calls Prakerja, and its orders are in its own database."""
    elsewhere = replace(books.payment("budi"), token="t" * 32, marketplace="pijar", invoice="INV-1")
    held = books.get(Account, "institution:lp-kopi")
    books.plant(elsewhere, replace(held, balance=held.balance + elsewhere.amount.amount))
    assert books.kinds() == {Kind.BOOKED_OTHERWISE}, "only that the books were not moved for it"


# Statements


def test_a_statement_adds_up_from_period_to_period(books):
    books.sandbox.advance(wib(2021, 12, 3, 9))
    shop, kopi = books.sandbox.ask(statements)
    assert (shop.party, shop.role) == ("tokopedia", "marketplace")
    (row,) = shop.periods
    assert row.period == f"{START:%Y-%m}"
    assert row.moved == {
        "orders": Moved(3, 1_950_000),
        "payments": Moved(3, 1_950_000),
        "passed_on": Moved(3, 1_950_000),
        "given_back": Moved(1, 650_000),
        "voids": Moved(1, 650_000),
        "vouchers": Moved(3, 1_950_000),
        "redemptions": Moved(1, 650_000),
    }
    assert (row.opening, row.closing) == (0, 0)
    assert row.closing == books.get(Account, "platform:tokopedia").balance
    assert (kopi.party, kopi.role) == ("lp-kopi", "institution")
    assert kopi.periods[-1].moved["reported"] == Moved(1, 650_000)
    assert kopi.periods[-1].closing == books.get(Account, "institution:lp-kopi").balance == 1_300_000


@pytest.mark.parametrize(("by", "first"), [("day", "%Y-%m-%d"), ("month", "%Y-%m"), ("year", "%Y")])
def test_the_next_period_opens_with_what_the_last_one_closed(books, by, first):
    later = wib(2022, 3, 10, 9)
    books.sandbox.advance(later)
    books.stage.enrol(person="dewi", wave=23)
    books.stage.buy(course="kue", person="dewi")
    books.stage.enter_card(person="dewi")
    books.stage.enter_otp(person="dewi")
    (kopi,) = books.sandbox.ask(statements, by=by, party="lp-kopi")
    (kue,) = books.sandbox.ask(statements, by=by, party=books.get(Course, "kue").institution)
    (shop,) = books.sandbox.ask(statements, by=by, party="tokopedia")
    assert [row.period for row in shop.periods] == [f"{START:{first}}", f"{later:{first}}"]
    assert [row.opening for row in kopi.periods[1:]] == [row.closing for row in kopi.periods[:-1]]
    assert (kopi.periods[-1].closing, kue.periods[-1].closing) == (1_300_000, 250_000)


def test_who_was_only_asked_for_an_otp_is_in_no_statement(books):
    before = books.sandbox.ask(statements)
    books.stage.enrol(person="dewi")
    books.stage.buy(course="barista-dasar", person="dewi")
    books.stage.enter_card(person="dewi")
    (told,) = (one for one in books.sandbox.ask(statements) if one.party == "lp-kopi")
    assert told in before


def test_a_party_without_movements_has_no_statement(books):
    assert books.sandbox.ask(statements, party="lp-kue") == []
