"""What must always hold; checked after every scenario step and at the end of every load run.

Each check computes in a second way what an operation stored: balances from the transfers,
seats from the payments, hashes from the entries.  It yields the violations and repairs nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from prakerja_sim.simulator.audit import incentive_invariants, party_invariants
from prakerja_sim.simulator.ledger import ledger
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Voucher, VoucherStatus
from prakerja_sim.simulator.marketplace.supply_records import Resale, ResaleStatus
from prakerja_sim.simulator.programme.records import (
    Invoice,
    Membership,
    Participant,
    Payment,
    PaymentStatus,
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
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.policies import MOST_COMMISSION
from prakerja_sim.simulator.world import journal
from prakerja_sim.simulator.world.records import Entry, Transfer
from prakerja_sim.simulator.world.store import Unit

Invariant = Callable[[Unit], Iterator[str]]
INVARIANTS: list[Invariant] = []


def invariant(check: Invariant) -> Invariant:
    """Register a check; it yields one sentence for each violation."""
    INVARIANTS.append(check)
    return check


def violations(world: Unit) -> list[str]:
    """All violations, each with the name of its invariant; empty if everything holds."""
    return [f"{check.__name__}: {wrong}" for check in INVARIANTS for wrong in check(world)]


@invariant
def balances_follow_from_the_transfers(world: Unit) -> Iterator[str]:
    """L1, L2, L5: each stored balance is the sum of its transfers; nothing appears or disappears."""
    moved: defaultdict[str, int] = defaultdict(int)
    moves: Counter[str] = Counter()
    for t in world.log(Transfer):
        moved[t.source] -= t.amount
        moved[t.target] += t.amount
        moves.update((t.source, t.target))
        if ledger.family(t.source).asset != ledger.family(t.target).asset:
            yield f"{t.entry} moves from {t.source} to {t.target}, which count different things"
    for account in world.find(Account):
        if (account.balance, account.moves) != (moved.pop(account.name, 0), moves[account.name]):
            yield f"{account.name} holds {account.balance}, its transfers say otherwise"
    for name, amount in moved.items():
        yield f"{name} has transfers of {amount} but is not kept"


@invariant
def no_account_is_overdrawn(world: Unit) -> Iterator[str]:
    """L4: only a source may be below zero."""
    for account in world.find(Account):
        if account.balance < 0 and not ledger.family(account.name).source:
            yield f"{account.name} is at {account.balance}"


@invariant
def every_granted_rupiah_is_somewhere(world: Unit) -> Iterator[str]:
    """L3, MI1, MI4: granted = on the card + spent + returned; a revoked card holds nothing."""
    granted: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    returned: Counter[str] = Counter()
    for t in world.log(Transfer):
        if t.event == "grant":
            granted[t.target] += t.amount
        elif t.event == "lapse":
            returned[t.source] += t.amount
        elif t.event == "purchase" and t.source.startswith("card:"):
            spent[t.source] += t.amount
        elif t.event == "void" and t.target.startswith("card:"):
            spent[t.target] -= t.amount
    for participant in world.find(Participant):
        account = f"card:{participant.card}"
        left = ledger.balance(world, account)
        if granted[account] != left + spent[account] + returned[account]:
            yield f"{account}: {granted[account]} granted, {left} left, {spent[account]} spent"
        if participant.status is Membership.REVOKED and (left or spent[account]):
            yield f"{account} is revoked and holds {left}, with {spent[account]} spent"


@invariant
def balance_never_becomes_cash(world: Unit) -> Iterator[str]:
    """R09: a card pays marketplaces and gives back to the programme, and nobody else."""
    for t in world.log(Transfer):
        if t.source.startswith("card:") and not t.target.startswith(("platform:", "programme:")):
            yield f"{t.entry} moves {t.amount} from {t.source} to {t.target}"


@invariant
def a_payment_is_resolved_once(world: Unit) -> Iterator[str]:
    """L7, L9, MI2, R17: one debit a paid payment, one more to undo it, none for any other."""
    paid: Counter[str] = Counter()
    for payment in world.find(Payment):
        if payment.status in (PaymentStatus.PAID, PaymentStatus.VOIDED):
            sign = payment.status is PaymentStatus.PAID
            kept = payment.amount - payment.passed_on
            paid[f"platform:{payment.marketplace}"] += kept.amount * sign
            paid[f"institution:{payment.institution}"] += payment.passed_on.amount * sign
            invoice = world.get(Invoice, f"{payment.marketplace}/{payment.invoice}")
            if invoice is None or invoice.token != payment.token:
                yield f"payment {payment.token} is not the one of its invoice {payment.invoice}"
    for account in world.find(Account):
        if account.name.startswith(("platform:", "institution:")) and account.balance != paid[account.name]:
            yield f"{account.name} holds {account.balance}, its paid payments say {paid[account.name]}"


@invariant
def platform_and_institution_together_hold_what_was_paid(world: Unit) -> Iterator[str]:
    """The commission is at most 15 % (Permenko 11/2020, art. 40), and what cards paid is held by both."""
    paid = sum(p.amount.amount for p in world.find(Payment) if p.status is PaymentStatus.PAID)
    held = [a.balance for a in world.find(Account) if a.name.startswith(("platform:", "institution:"))]
    if sum(held) != paid:
        yield f"platforms and institutions hold {sum(held)}, {paid} was paid"
    for payment in world.find(Payment):
        if not 0 <= payment.commission.amount * 100 <= MOST_COMMISSION * payment.amount.amount:
            yield f"payment {payment.token} of {payment.amount} has a commission of {payment.commission}"


@invariant
def a_paid_payment_has_training_and_redeem_code(world: Unit) -> Iterator[str]:
    """V1, V3: a purchase, its training and its redeem code are valid together or void together."""
    codes = {(r.marketplace, r.invoice): r for r in world.find(Redeemable) if r.card is not None}
    for payment in world.find(Payment):
        if payment.status not in (PaymentStatus.PAID, PaymentStatus.VOIDED):
            continue
        voided = payment.status is PaymentStatus.VOIDED
        training = world.get(Training, payment.transaction or "")
        code = codes.pop((payment.marketplace, payment.invoice), None)  # type: ignore[arg-type]  # paid: has one
        if training is None or (training.status is TrainingStatus.VOIDED) is not voided:
            yield f"payment {payment.token} is {payment.status}, its training is not"
        if code is None or (code.status is RedeemStatus.CANCELLED) is not voided:
            yield f"payment {payment.token} is {payment.status}, its redeem code is not"
    for code in codes.values():
        yield f"a redeem code of invoice {code.invoice} belongs to no payment"


@invariant
def presence_is_proved_for_a_code_in_use(world: Unit) -> Iterator[str]:
    """R34: a verification is of a code that exists; a successful one, of a code that is redeemed."""
    for one in world.find(Verification):
        code = world.get(Redeemable, one.redeem_code)
        if code is None or code.course != one.course:
            yield f"verification {one.state} is of no code of {one.course}"
        elif one.status is VerificationStatus.SUCCEEDED and code.status is not RedeemStatus.REDEEMED:
            yield f"verification {one.state} succeeded, its code is {code.status}"


@invariant
def a_feedback_is_about_an_assignment(world: Unit) -> Iterator[str]:
    """There is feedback only on a submitted assignment, and only for a code that exists."""
    assignments = {one.key: one for one in world.find(Assignment)}
    for key in (one.key for one in world.find(Feedback)):
        if key not in assignments:
            yield f"feedback {key} is about nothing that was handed in"
    for one in assignments.values():
        if world.get(Redeemable, one.redeem_code) is None:
            yield f"assignment {one.key} is of no redeem code"


@invariant
def seats_are_people(world: Unit) -> Iterator[str]:
    """Q1, Q2: sold seats are paid payments or distributors' orders, and none is sold twice."""
    taken = Counter(p.schedule for p in world.find(Payment) if p.status is PaymentStatus.PAID)
    taken.update(r.seat for r in world.find(Resale) if r.seat and r.status is not ResaleStatus.FAILED)
    for schedule in world.find(Schedule):
        free = ledger.balance(world, f"seats:{schedule.code}")
        sold = ledger.balance(world, f"taken:{schedule.code}")
        if sold != taken[schedule.code] or free + sold != schedule.capacity:
            paid = taken[schedule.code]
            yield f"{schedule.code}: {free} free, {sold} sold, {paid} paid of {schedule.capacity}"


@invariant
def at_most_one_training_is_open(world: Unit) -> Iterator[str]:
    """T1, R16: a card has one unfinished training at most, the one that is kept with it.

    Where the next one may be bought ahead, one of them is kept: the one that comes first.
    """
    unfinished: defaultdict[str, list[str]] = defaultdict(list)
    for training in world.find(Training):
        if training.status not in (TrainingStatus.RATED, TrainingStatus.VOIDED):
            unfinished[training.card].append(training.transaction)
    for participant in world.find(Participant):
        open_, first = unfinished[participant.card], participant.unfinished
        ahead = world.settings.buy_ahead and first in open_
        if not ahead and open_ != ([first] if first else []):
            yield f"card of wave {participant.wave} has unfinished trainings {open_}"


for check in incentive_invariants.CHECKS:
    invariant(check)


@invariant
def a_recovery_wave_gives_out_revoked_places(world: Unit) -> Iterator[str]:
    """R40: no more places are freed than were revoked, and no more are given than were freed."""
    for recovery in world.find(Recovery):
        recovered = wave(int(recovery.wave)).recovers
        of = [p for number in recovered for p in world.find(Participant, wave=number)]
        revoked = sum(p.status is Membership.REVOKED for p in of)
        if not 0 <= recovery.given <= recovery.freed <= revoked:
            yield f"wave {recovery.wave}: {revoked} revoked, {recovery.freed} freed, {recovery.given} given"


@invariant
def vouchers_follow_from_paid_orders(world: Unit) -> Iterator[str]:
    """V1, V2, V4: one live voucher for a paid order, none for any other, as counted in the books."""
    counted: Counter[str] = Counter()
    by_order = {voucher.order: voucher for voucher in world.find(Voucher)}
    for voucher in by_order.values():
        counted[f"{voucher.status}:{voucher.marketplace}"] += 1
    for order in world.find(Order):
        held = by_order.pop(order.id, None)
        live = held is not None and held.status is not VoucherStatus.CANCELLED
        if live is not (order.status is OrderStatus.ISSUED):
            yield f"order {order.id} is {order.status}, its voucher is {held.status if held else 'missing'}"
    for voucher in by_order.values():
        yield f"a voucher of order {voucher.order} belongs to no order"
    for account in world.find(Account):
        if account.name.partition(":")[0] in list(VoucherStatus) and account.balance != counted[account.name]:
            yield f"{account.name} counts {account.balance}, there are {counted[account.name]}"


for check in party_invariants.CHECKS:
    invariant(check)


@invariant
def resold_goods_are_paid_from_deposits(world: Unit) -> Iterator[str]:
    """L7, L9: an order of a distributor is paid once while it stands; a failed one costs nothing."""
    cost: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for sold in world.find(Resale):
        if sold.status is not ResaleStatus.FAILED:
            cost[sold.distributor] += sold.price.amount
            taken[f"resale:{sold.marketplace}"] += sold.price.amount
        held = world.get(Voucher, sold.voucher or "")
        good = sold.status is ResaleStatus.SUCCESS
        if (held is not None) is not (good and sold.order is not None):
            yield f"{sold.key} is {sold.status}, its voucher is {held.status if held else 'missing'}"
    for account in world.find(Account):
        family, _, whose = account.name.partition(":")
        if family == "deposit":
            in_all = -ledger.balance(world, f"distributor:{whose}")
            if in_all != account.balance + cost[whose]:
                yield f"{account.name}: {in_all} paid in, {account.balance} left, {cost[whose]} spent"
        elif family == "resale" and account.balance != taken.pop(account.name, 0):
            yield f"{account.name} holds {account.balance}, its orders say otherwise"
    for name, amount in taken.items():
        yield f"{name} should hold {amount}"


@invariant
def the_journal_is_whole(world: Unit) -> Iterator[str]:
    """A1: every entry follows from the one before it, and every transfer is filed under one."""
    yield from journal.broken_links(world)
    filed = {f"{e.subject}#{e.n}": e.transfers for e in world.log(Entry)}
    booked: defaultdict[str, list[list[object]]] = defaultdict(list)
    for t in world.log(Transfer):
        booked[t.entry].append([t.event, t.source, t.target, t.amount])
    for entry, transfers in filed.items():
        if journal.canonical(booked.pop(entry, [])) != transfers:
            yield f"entry {entry} and its transfers disagree"
    for entry in booked:
        yield f"transfers are filed under {entry}, which does not exist"
