"""What must hold from one step to the next; what holds at any moment is `simulator.audit.invariants`."""

from collections.abc import Mapping

from prakerja_sim.simulator.ledger.ledger import family
from prakerja_sim.simulator.marketplace import lifecycle as shop_lifecycle
from prakerja_sim.simulator.marketplace import vouchers
from prakerja_sim.simulator.marketplace.records import Order, Voucher
from prakerja_sim.simulator.programme import lifecycle, payment
from prakerja_sim.simulator.programme.incentive_records import Incentive
from prakerja_sim.simulator.programme.records import Participant, Payment, PaymentStatus
from prakerja_sim.simulator.programme.training_records import Redeemable, Training
from prakerja_sim.simulator.programme.waves import PUBLISHED
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.world.records import Entry, Transfer


def reachable(table: Mapping) -> set:
    """Pairs of statuses between which a table leads, in any number of moves."""
    pairs = {(before, after) for (before, _), after in table.items()}
    while more := {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs:
        pairs |= more
    return pairs


TABLES = {
    Payment: reachable(lifecycle.PAYMENT),
    Redeemable: reachable(lifecycle.REDEEM),
    Training: reachable(lifecycle.TRAINING),
    Participant: reachable(lifecycle.MEMBERSHIP),
    Incentive: reachable(lifecycle.INCENTIVE),
    Order: reachable(shop_lifecycle.ORDER),
    Voucher: reachable(vouchers.VOUCHER),
}


class Watch:
    """Remembers the world as it was before a step."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.now = sandbox.ask(lambda world: world.now)
        self.heads: list[str] = []
        self.moves = 0
        self.statuses: dict = {}

    def complaints(self) -> list[str]:
        """What went wrong in this step."""
        return self.sandbox.ask(lambda world: list(self._look(world)))

    def _look(self, world):
        if world.now < self.now:
            yield f"C2: the clock went back from {self.now} to {world.now}"
        self.now = world.now
        entries = world.log(Entry)
        heads = [entry.head for entry in entries]
        if heads[: len(self.heads)] != self.heads:
            yield "L6, A2: an entry that was there is gone or has changed"
        self.heads = heads
        transfers = world.log(Transfer)
        new = [t for t in transfers[self.moves :] if family(t.source).asset == "IDR"]
        for one in entries:
            if one.outcome != "ok" and one.transfers != "[]":
                yield f"DU3: {one.command} was refused with {one.outcome} and booked {one.transfers}"
        self.moves = len(transfers)
        yield from self._transitions(world)
        yield from self._deadlines(world, new)
        yield from self._otps(world)

    def _transitions(self, world):
        """T2: from one status to another only as the tables say."""
        for kind, allowed in TABLES.items():
            for record in world.find(kind):
                key = kind, getattr(record, record.__struct_fields__[0])
                before = self.statuses.get(key, record.status)
                if before is not record.status and (before, record.status) not in allowed:
                    yield f"T2: {kind.__name__} went from {before} to {record.status}"
                self.statuses[key] = record.status

    def _deadlines(self, world, new):
        """B1, B3, MI4: nothing is bought after its last second; what is over holds nothing."""
        cards = {f"card:{one.card}": one for one in world.find(Participant)}
        for t in new:
            if t.event == "purchase" and t.at > PUBLISHED[cards[t.source].wave].spend_until:
                yield f"B3: {t.source} paid at {t.at}"
        for one in cards.values():
            wave = PUBLISHED[one.wave]
            first = world.get(Training, one.first) if one.first else None
            if first is not None and first.bought_at > wave.buy_first_until:
                yield f"B3: the first purchase was at {first.bought_at}, wave {wave.number}"

    def _otps(self, world):
        """O5, O6, V6: wrong codes are counted and bounded; a paid payment answers to its invoice."""
        for one in world.find(Payment):
            if one.wrong_otps > world.settings.otp_tries:
                yield f"O5: {one.wrong_otps} wrong codes for one payment"
            if one.status is PaymentStatus.PAID:
                again = payment.status(world, marketplace=one.marketplace, invoice=one.invoice or "")
                if again != one:
                    yield f"V6: the status of {one.invoice} is another payment"
