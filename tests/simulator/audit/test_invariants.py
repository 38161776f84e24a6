import pytest
from msgspec.structs import replace

from prakerja_sim.simulator.audit import invariants
from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.marketplace.records import (
    Order,
    OrderStatus,
    Refund,
    RefundStatus,
    Voucher,
    VoucherStatus,
)
from prakerja_sim.simulator.marketplace.supply_records import Resale, ResaleStatus
from prakerja_sim.simulator.payout.records import Payout, PayoutStatus
from prakerja_sim.simulator.programme.incentive_records import Incentive, IncentiveStatus
from prakerja_sim.simulator.programme.records import (
    Invoice,
    Membership,
    Participant,
    Payment,
    Recovery,
    Schedule,
)
from prakerja_sim.simulator.programme.training_records import (
    Assignment,
    Feedback,
    Redeemable,
    RedeemStatus,
    Training,
    TrainingStatus,
    Verification,
    VerificationStatus,
)
from prakerja_sim.simulator.values.clock import DAY, SECOND, wib
from prakerja_sim.simulator.values.money import ZERO, Rupiah
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.records import Chain, Clock, Entry, Transfer


def order(story, number, status):
    """An order at a marketplace, as its server keeps it."""
    return Order(
        f"order-{number}", "tokopedia", "user-1", "barista-101", story.schedule.code, Rupiah(650_000), ZERO,
        f"INV-{number}", status, story.sandbox.now(),
    )  # fmt: skip


def voucher(story, number, status):
    """The voucher of that order."""
    now = story.sandbox.now()
    return Voucher(
        f"V-{number}", "tokopedia", f"order-{number}", "barista-101", "kopi-kita", status, now, now + DAY
    )


def by_card(story, number, invoice):
    """The order of that number, paid by card; its voucher was used."""
    return replace(order(story, number, OrderStatus.ISSUED), card=story.card, invoice=invoice)


def refund(story, number, status):
    """A refund of that order."""
    return Refund(f"order-{number}", "tokopedia", "buyer", status, story.sandbox.now())


def resale(story, status, **more):
    """A distributor's order."""
    now = story.sandbox.now()
    paid = (Rupiah(150_000), status, now, now)
    return Resale("toko/1", "toko", "tokopedia", "1", "prakerja-barista-101", "0811", "[]", *paid, **more)


@command("test.count")
def count(world, *, moves):
    """Count a voucher in the books, as a marketplace does."""
    ledger.book(world, "voucher", *moves)


@pytest.fixture
def whole(story):
    """A world in which everything has happened once: a purchase, a void, vouchers, pay, a revocation."""
    story.link_account()
    story.voided = story.buy(invoice="INV-0")
    story.void(story.voided)
    story.other = story.enrol(1)
    story.after(DAY)
    story.paid = story.buy()
    issued, redeemed, cancelled = (
        bookings.voucher_issued("tokopedia"),
        bookings.voucher_redeemed("tokopedia"),
        bookings.voucher_cancelled("tokopedia"),
    )
    for number, before, after, moves in [
        (1, OrderStatus.ISSUED, VoucherStatus.ISSUED, (issued,)),
        (2, OrderStatus.ISSUED, VoucherStatus.REDEEMED, (issued, redeemed)),
        (3, OrderStatus.REFUNDED, VoucherStatus.CANCELLED, (issued, cancelled)),
    ]:
        story.plant(order(story, number, before), voucher(story, number, after))
        story.do(count, moves=moves)
    story.plant(order(story, 4, OrderStatus.PENDING))
    story.finish(story.paid)
    story.after(40 * DAY)
    return story


def of(story, kind, name, /, **changes):
    """A record that is kept, changed."""
    return replace(story.get(kind, name), **changes)


def me(story, **changes):
    return of(story, Participant, story.card, **changes)


def account(story, name, by):
    """An account whose kept balance is off."""
    record = story.get(Account, name) or Account(name, 0, 0)
    return replace(record, balance=record.balance + by)


def training(story, **changes):
    return of(story, Training, story.paid.transaction, **changes)


def code(story, **changes):
    return of(story, Redeemable, story.redeem_code(story.paid), **changes)


def proof(story, **changes):
    """A successful verification of the code that was redeemed."""
    fields = (story.redeem_code(story.paid), "barista-101", 1, "a@x.id", "https://x.id")
    now = story.sandbox.now()
    usual = Verification("state-1", *fields, VerificationStatus.SUCCEEDED, now, now)
    return replace(usual, **changes)


def slot(story, name, /, **changes):
    return of(story, Incentive, f"{story.card}/{name}", **changes)


def payout(story, month, /, **changes):
    return of(story, Payout, f"{story.card}/job-{month}#1", **changes)


def entry(story):
    return story.sandbox.journal()[-1]


def transfer(story, **changes):
    usual = Transfer("sandbox#99", "grant", story.sandbox.now(), "programme:18", "card:x", 1)
    return replace(usual, **changes)


CORRUPTIONS = [
    # the invariant that must notice, what is planted
    ("balances_follow_from_the_transfers", lambda s: account(s, f"card:{s.card}", 1)),
    ("balances_follow_from_the_transfers", lambda s: Account("card:x", 5, 1)),
    ("balances_follow_from_the_transfers", lambda s: replace(account(s, f"card:{s.card}", 0), moves=99)),
    ("balances_follow_from_the_transfers", lambda s: transfer(s, target="card:y")),
    ("balances_follow_from_the_transfers", lambda s: transfer(s, target="seats:y")),
    ("no_account_is_overdrawn", lambda s: Account("card:x", -1, 1)),
    ("every_granted_rupiah_is_somewhere", lambda s: account(s, f"card:{s.card}", 1)),
    ("every_granted_rupiah_is_somewhere", lambda s: me(s, status=Membership.REVOKED)),
    ("every_granted_rupiah_is_somewhere", lambda s: transfer(s, target=f"card:{s.card}")),
    ("every_granted_rupiah_is_somewhere", lambda s: transfer(s, event="lapse", source=f"card:{s.card}")),
    ("balance_never_becomes_cash", lambda s: transfer(s, source="card:x", target="incentive:x")),
    ("balance_never_becomes_cash", lambda s: transfer(s, source="card:x", target="card:y")),
    ("a_payment_is_resolved_once", lambda s: Invoice("tokopedia/INV-1", "another token")),
    ("a_payment_is_resolved_once", lambda s: of(s, Payment, s.paid.token, invoice="INV-9")),
    ("a_payment_is_resolved_once", lambda s: account(s, "platform:tokopedia", 1)),
    ("a_payment_is_resolved_once", lambda s: account(s, "platform:pijar", 1)),
    ("a_payment_is_resolved_once", lambda s: account(s, "institution:kopi-kita", 1)),
    (
        "platform_and_institution_together_hold_what_was_paid",
        lambda s: account(s, "institution:kopi-kita", 1),
    ),
    (
        "platform_and_institution_together_hold_what_was_paid",
        lambda s: of(s, Payment, s.paid.token, commission=Rupiah(650_000 * 15 // 100 + 1)),
    ),
    ("a_paid_payment_has_training_and_redeem_code", lambda s: training(s, status=TrainingStatus.VOIDED)),
    ("a_paid_payment_has_training_and_redeem_code", lambda s: of(s, Payment, s.paid.token, transaction=None)),
    ("a_paid_payment_has_training_and_redeem_code", lambda s: code(s, status=RedeemStatus.CANCELLED)),
    ("a_paid_payment_has_training_and_redeem_code", lambda s: code(s, card=None)),
    ("a_paid_payment_has_training_and_redeem_code", lambda s: code(s, code="X", invoice="INV-9")),
    ("presence_is_proved_for_a_code_in_use", lambda s: proof(s, redeem_code="X")),
    ("presence_is_proved_for_a_code_in_use", lambda s: proof(s, course="X")),
    ("presence_is_proved_for_a_code_in_use", lambda s: proof(s, redeem_code=s.redeem_code(s.voided))),
    ("a_feedback_is_about_an_assignment", lambda s: Feedback("X/tpm/1", 1, "", "", s.sandbox.now())),
    (
        "a_feedback_is_about_an_assignment",
        lambda s: Assignment("X/tpm/1", "X", "tpm", 1, 1, "", s.sandbox.now()),
    ),
    ("seats_are_people", lambda s: of(s, Schedule, s.schedule.code, capacity=999_999)),
    ("seats_are_people", lambda s: account(s, f"taken:{s.schedule.code}", 1)),
    ("seats_are_people", lambda s: account(s, f"seats:{s.schedule.code}", -1)),
    ("at_most_one_training_is_open", lambda s: me(s, unfinished=s.paid.transaction)),
    ("at_most_one_training_is_open", lambda s: training(s, status=TrainingStatus.CERTIFIED)),
    ("at_most_one_training_is_open", lambda s: training(s, transaction="T-2", status=TrainingStatus.BOUGHT)),
    ("incentives_stay_within_the_scheme", lambda s: slot(s, "job-1", amount=Rupiah(600_001))),
    ("incentives_stay_within_the_scheme", lambda s: slot(s, "job-4", key="k", slot="survey-1")),
    ("incentives_stay_within_the_scheme", lambda s: slot(s, "job-4", key="k", slot="job-5")),
    ("incentives_stay_within_the_scheme", lambda s: slot(s, "job-4", key="k", slot="survey-4")),
    ("incentives_stay_within_the_scheme", lambda s: slot(s, "job-4", key="k", card=s.other.card)),
    ("incentives_stay_within_the_scheme", lambda s: me(s, status=Membership.REVOKED)),
    ("incentives_stay_within_the_scheme", lambda s: me(s, first=None)),
    ("incentives_stay_within_the_scheme", lambda s: training(s, rated_at=None)),
    ("incentives_stay_within_the_scheme", lambda s: training(s, certified_at=None)),
    ("incentives_stay_within_the_scheme", lambda s: training(s, rated_at=s.slot("job-1").paid_at + SECOND)),
    ("incentives_are_where_their_rows_say", lambda s: slot(s, "job-4", status=IncentiveStatus.PAID)),
    ("incentives_are_where_their_rows_say", lambda s: slot(s, "job-1", status=IncentiveStatus.SCHEDULED)),
    ("incentives_are_where_their_rows_say", lambda s: slot(s, "job-4", status=IncentiveStatus.SENT)),
    ("incentives_are_where_their_rows_say", lambda s: slot(s, "job-4", status=IncentiveStatus.UNDELIVERED)),
    ("incentives_are_where_their_rows_say", lambda s: account(s, f"owed:{s.other.card}", 1)),
    ("incentives_are_where_their_rows_say", lambda s: account(s, "treasury:18", 1)),
    ("a_slot_is_paid_once_at_its_partner", lambda s: payout(s, 1, reference=f"{s.card}/job-1#2")),
    ("a_slot_is_paid_once_at_its_partner", lambda s: payout(s, 1, reference=f"{s.card}/job-4#1")),
    ("a_slot_is_paid_once_at_its_partner", lambda s: payout(s, 1, status=PayoutStatus.REFUSED)),
    ("a_slot_is_paid_once_at_its_partner", lambda s: payout(s, 1, wallet="dana/081")),
    ("a_slot_is_paid_once_at_its_partner", lambda s: payout(s, 1, amount=Rupiah(600_001))),
    (
        "money_of_a_closed_cohort_has_arrived_or_gone_back",
        lambda s: Clock("clock", wib(2022, 3, 6, 0, 0, 1)),
    ),
    (
        "money_of_a_closed_cohort_has_arrived_or_gone_back",
        lambda s: slot(s, "job-1", paid_at=wib(2022, 3, 6, 0, 0, 1)),
    ),
    ("a_recovery_wave_gives_out_revoked_places", lambda s: Recovery("22", 9, s.sandbox.now())),
    ("a_recovery_wave_gives_out_revoked_places", lambda s: Recovery("22", 0, s.sandbox.now(), 1)),
    ("vouchers_follow_from_paid_orders", lambda s: order(s, 5, OrderStatus.ISSUED)),
    ("vouchers_follow_from_paid_orders", lambda s: order(s, 1, OrderStatus.REFUNDED)),
    ("vouchers_follow_from_paid_orders", lambda s: order(s, 3, OrderStatus.ISSUED)),
    ("vouchers_follow_from_paid_orders", lambda s: voucher(s, 5, VoucherStatus.ISSUED)),
    ("vouchers_follow_from_paid_orders", lambda s: voucher(s, 1, VoucherStatus.REDEEMED)),
    ("vouchers_follow_from_paid_orders", lambda s: account(s, "issued:tokopedia", 1)),
    ("a_voucher_that_opened_a_class_is_paid", lambda s: by_card(s, 2, "INV-9")),
    ("a_voucher_that_opened_a_class_is_paid", lambda s: refund(s, 2, RefundStatus.SENDING)),
    ("a_voucher_that_opened_a_class_is_paid", lambda s: refund(s, 2, RefundStatus.PAID_BACK)),
    ("resold_goods_are_paid_from_deposits", lambda s: resale(s, ResaleStatus.PENDING)),
    ("resold_goods_are_paid_from_deposits", lambda s: resale(s, ResaleStatus.FAILED, voucher="V-1")),
    ("resold_goods_are_paid_from_deposits", lambda s: account(s, "deposit:toko", 1)),
    ("resold_goods_are_paid_from_deposits", lambda s: account(s, "resale:tokopedia", 1)),
    ("the_journal_is_whole", lambda s: Chain("sandbox", 99, "")),
    ("the_journal_is_whole", lambda s: replace(entry(s), outcome="otp_wrong")),
    ("the_journal_is_whole", transfer),
    ("the_journal_is_whole", lambda s: transfer(s, entry=f"{entry(s).subject}#{entry(s).n}")),
]


def test_a_void_behind_the_marketplaces_back_is_no_broken_invariant_but_one_that_it_was_asked_for_is(whole):
    name = "a_voucher_that_opened_a_class_is_paid"
    whole.plant(by_card(whole, 2, "INV-0"))  # its payment was voided
    assert name not in {wrong.partition(":")[0] for wrong in whole.sandbox.check()}
    whole.plant(refund(whole, 2, RefundStatus.REQUESTED))
    assert name in {wrong.partition(":")[0] for wrong in whole.sandbox.check()}


@pytest.mark.parametrize(
    ("name", "corruption"), CORRUPTIONS, ids=[f"{name}-{at}" for at, (name, _) in enumerate(CORRUPTIONS)]
)
def test_a_planted_corruption_is_named_and_stops_the_sandbox(whole, name, corruption):
    whole.plant(corruption(whole))
    assert name in {wrong.partition(":")[0] for wrong in whole.sandbox.check()}
    assert whole.sandbox.stopped


def test_each_invariant_has_a_corruption_planted():
    assert [check.__name__ for check in invariants.INVARIANTS] == list(dict(CORRUPTIONS))


def test_a_world_in_which_everything_happened_breaks_none(whole):
    assert whole.sandbox.check() == []
    assert whole.get(Participant, whole.other.card).status is Membership.REVOKED
    assert len(whole.find_logged(Entry)) > 20


def test_a_used_voucher_whose_purchase_is_paid_breaks_none(whole):
    whole.plant(by_card(whole, 2, whole.get(Payment, whole.paid.token).invoice))
    for status in set(RefundStatus) - {RefundStatus.SENDING, RefundStatus.PAID_BACK}:
        whole.plant(refund(whole, 2, status))
        assert whole.sandbox.check() == []


def test_an_empty_world_breaks_none(story):
    story.reset()
    assert story.sandbox.check() == []


def test_a_violation_is_told_in_one_line(whole):
    whole.plant(account(whole, f"card:{whole.card}", 1))
    assert all("\n" not in wrong for wrong in whole.sandbox.check())
