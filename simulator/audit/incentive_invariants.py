"""The invariants of incentives; `invariants` adds them to its own."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.payout.records import Payout, PayoutStatus
from prakerja_sim.simulator.programme.incentive_records import Incentive, IncentiveStatus
from prakerja_sim.simulator.programme.incentive_rows import FINAL, OPEN
from prakerja_sim.simulator.programme.records import Membership, Participant
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.world.store import Unit


def incentives_stay_within_the_scheme(world: Unit) -> Iterator[str]:
    """N1, N2, MI3, MI4: the scheme's slots and amounts only, for one certified and rated training."""
    for incentive in world.find(Incentive):
        participant = world.need(Participant, incentive.card)
        scheme = wave(participant.wave).scheme
        months = [f"job-{month + 1}" for month in range(scheme.incentive_months)]
        answers = [f"survey-{number + 1}" for number in range(scheme.surveys)]
        amounts = dict.fromkeys(months, scheme.incentive) | dict.fromkeys(answers, scheme.survey)
        if incentive.amount != amounts.get(incentive.slot):
            yield f"{incentive.slot} is of {incentive.amount}, the scheme says {amounts.get(incentive.slot)}"
        if participant.status is Membership.REVOKED:
            yield f"{incentive.slot} stands on a revoked card"
        training = world.get(Training, participant.first or "")
        if training is None or training.rated_at is None:
            yield f"{incentive.slot} stands without a rated first training"
        elif training.certified_at is None or (incentive.paid_at or world.now) < training.rated_at:
            yield f"{incentive.slot} was paid before the first training was certified and rated"


def incentives_are_where_their_rows_say(world: Unit) -> Iterator[str]:
    """MI3, MI5, L3: awarded = owed + on the way + delivered + returned, to the rupiah and by whom."""
    expected: Counter[str] = Counter()
    for row in world.find(Incentive):
        if row.status is IncentiveStatus.PAID:
            expected[f"incentive:{row.card}"] += row.amount.amount
        elif row.status is IncentiveStatus.SENT:
            expected[f"payout:{(row.wallet or '').partition('/')[0]}"] += row.amount.amount
        elif row.status is IncentiveStatus.UNDELIVERED:
            expected[f"treasury:{world.need(Participant, row.card).wave}"] += row.amount.amount
        else:
            expected[f"owed:{row.card}"] += row.amount.amount
    families = ("incentive", "payout", "treasury", "owed")
    balances = {a.name: a.balance for a in world.find(Account) if a.name.partition(":")[0] in families}
    for account in balances.keys() | expected.keys():
        if balances.get(account, 0) != expected[account]:
            yield f"{account} holds {balances.get(account, 0)}, the incentives say {expected[account]}"


def a_slot_is_paid_once_at_its_partner(world: Unit) -> Iterator[str]:
    """N1, MI3: whatever was lost or sent again, a partner paid one instruction of a slot at most.

    With no instruction at all in this store, the partners keep their books elsewhere.
    """
    paid: defaultdict[str, list[Payout]] = defaultdict(list)
    kept_here = world.find(Payout)
    for payout in kept_here:
        if payout.status is PayoutStatus.PAID:
            paid[payout.reference.rpartition("#")[0]].append(payout)
    for row in world.find(Incentive):
        payouts = paid.pop(row.key, [])
        if len(payouts) > 1 or (kept_here and not payouts and row.status is IncentiveStatus.PAID):
            yield f"{row.slot} is {row.status} and was paid {len(payouts)} times by its partner"
        elif payouts and row.status not in (IncentiveStatus.PAID, *OPEN):
            yield f"{row.slot} is {row.status}, its partner has paid it"
        elif payouts and (payouts[0].amount, payouts[0].wallet) != (row.amount, row.wallet):
            yield f"{row.slot} was paid {payouts[0].amount} into another account or in part"


def money_of_a_closed_cohort_has_arrived_or_gone_back(world: Unit) -> Iterator[str]:
    """MI5, R37: from the day after the cohort's last payment day, all money is paid or returned.

    An exception is money whose partner does not even answer the recall: it may still be there.
    """
    for row in world.find(Incentive):
        closes = wave(world.need(Participant, row.card).wave).payout_until + SECOND
        if world.now > closes and row.status not in (*FINAL, *OPEN):
            yield f"{row.slot} is still {row.status} after the close-out"
        if row.paid_at is not None and row.paid_at > closes:
            yield f"{row.slot} was paid after the close-out"


CHECKS = (
    incentives_stay_within_the_scheme,
    incentives_are_where_their_rows_say,
    a_slot_is_paid_once_at_its_partner,
    money_of_a_closed_cohort_has_arrived_or_gone_back,
)
