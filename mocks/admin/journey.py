"""A person's way through the programme, step by step over the real wires, as people and partners walk it.

Nothing is written into the books by hand: whatever a party refuses ends the way there.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import orjson

from prakerja_sim.mocks.http import exchanges, timeline, why
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Host, Refused, Shopper
from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus
from prakerja_sim.simulator.payout.partners import ALWAYS
from prakerja_sim.simulator.payout.records import Wallet
from prakerja_sim.simulator.programme import account_password
from prakerja_sim.simulator.programme.incentive_records import Incentive, IncentiveStatus, LinkedAccount
from prakerja_sim.simulator.programme.records import Course, CourseKind, Participant, Schedule
from prakerja_sim.simulator.programme.training_records import (
    Redeemable,
    RedeemStatus,
    Training,
    TrainingStatus,
)
from prakerja_sim.simulator.values.ids import masked
from prakerja_sim.simulator.world import messages, schedule
from prakerja_sim.simulator.world.records import Due
from prakerja_sim.simulator.world.store import Unit

T = TypeVar("T")
PRE_TEST, FINAL_TEST, STARS = 55, 80, 5
LONGEST_WAIT = timedelta(days=200)
"""So far the clock is moved at most for what somebody else has to do."""
FIRST_INSTALMENT = "job-1"


class StepEnded(Exception):
    """A step came to nothing; the message says why, in the words of whoever said no."""

    def __init__(self, step: str, message: str, told: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.step = step
        self.told = dict(told or {})
        """The reason with rule and values, and the request (`exchange`) that was refused, if one was."""


@dataclass
class Journey:
    """One participant on the way, at one marketplace."""

    call: Call
    card: str
    market: str
    happened: list[dict[str, str]] = field(default_factory=list)
    """What the clock did on the way."""
    _shopper: Shopper | None = None

    @property
    def person(self) -> Participant:
        """The participant as he stands now."""
        found: Participant = self.call.ask(Unit.need, kind=Participant, key=self.card)
        return found

    # What there is

    def training(self, course: str | None) -> Training | None:
        """The latest training here that was not taken back, in that course if one is named."""
        mine: list[Training] = self.call.ask(Unit.find, kind=Training, card=self.card)
        fit = [t for t in mine if t.status is not TrainingStatus.VOIDED and course in (None, t.course)]
        return max(fit, key=lambda t: (t.marketplace == self.market, t.bought_at), default=None)

    def order_of(self, training: Training) -> Order | None:
        """The order at the marketplace by which a training was bought; None if it came by the API alone."""
        orders: list[Order] = self.call.ask(Unit.find, kind=Order, course=training.course)
        return next((one for one in orders if one.transaction == training.transaction), None)

    def is_redeemed(self, training: Training) -> bool:
        """Whether the redeem code was committed at Prakerja."""
        code: Redeemable = self.call.ask(Unit.need, kind=Redeemable, key=training.redeem_code)
        return code.status is RedeemStatus.REDEEMED

    def instalment(self) -> Incentive | None:
        """The first instalment of the incentive, once its row is there."""
        key = f"{self.card}/{FIRST_INSTALMENT}"
        row: Incentive | None = self.call.ask(Unit.get, kind=Incentive, key=key)
        return row

    def is_paid(self) -> bool:
        """Whether the first instalment has arrived."""
        row = self.instalment()
        return row is not None and row.status is IncentiveStatus.PAID

    # The steps

    def be_selected(self) -> None:
        """Wait until the training assistance is on the card."""
        with self._step("selected"):
            due: list[Due] = self.call.ask(Unit.find, kind=Due, done=False)
            if any(one.event == "balance_loaded" and one.about == self.card for one in due):
                self._wait(lambda: self.call.ask(ledger.balance, account=bookings.card(self.person.card)) > 0)

    def pay(self, course: str) -> None:
        """Watch the videos, buy the course and enter the OTP."""
        if not self.person.videos_watched:
            with self._step("videos"):
                self._dashboard("POST", "/videos")
        shopper = self._signed_up()
        with self._step("cart"):
            shopper.add_to_cart(course)
            order = shopper.check_out()
        with self._step("card"):
            before = self._texts()
            shopper.enter_card(order, self.card)
        with self._step("otp"):
            shopper.enter_otp(order, self._code(before))
            self._wait(lambda: self._is_issued(order))

    def redeem(self, training: Training) -> None:
        """Open the class with the voucher, and commit the redeem code; a webinar's at its start."""
        order = self.order_of(training)
        course: Course = self.call.ask(Unit.need, kind=Course, key=training.course)
        run: Schedule = self.call.ask(Unit.need, kind=Schedule, key=training.schedule)
        with self._step("voucher"):
            if order is None or order.voucher is None:
                raise StepEnded("voucher", "there is no voucher: it was not bought at a simulated shop")
            if course.kind is not CourseKind.SELF_PACED and run.starts is not None:
                self._move(run.starts)
            if course.institution == order.marketplace:
                shopper = self._signed_up()
                assert isinstance(shopper, Host), "who teaches courses at a shop holds them there"
                shopper.start_class(order.id)
            else:
                body = {"voucher_code": order.voucher, "marketplace": order.marketplace}
                body |= {"email": self.person.email, "name": self.person.name}
                self._ask("institution", "POST", f"/{course.institution}/vouchers/redeem", body)
        with self._step("redeem_code"):
            self._learn(course, order, "/redeem-code", {"redeem_code": training.redeem_code})

    def learn(self, training: Training) -> None:
        """Take both tests and all lessons; wait until the certificate shows."""
        order = self.order_of(training)
        course: Course = self.call.ask(Unit.need, kind=Course, key=training.course)
        if training.status is TrainingStatus.BOUGHT and training.finished_at is None:
            assert order is not None, "who redeemed a voucher has an order"
            with self._step("pre_test"):
                state = self._learn(course, order, "/pre-test", {"score": PRE_TEST})
            with self._step("lessons"):
                for _ in range(state["lessons"] - state["lessons_done"]):
                    self._learn(course, order, "/lessons")
            with self._step("final_test"):
                self._learn(course, order, "/final-test", {"score": FINAL_TEST})
        with self._step("certificate"):
            self._wait(lambda: self._now(training).certified_at is not None)

    def be_paid(self, training: Training) -> None:
        """Link an account, rate the training, and wait until the first instalment has arrived."""
        linked: LinkedAccount | None = self.call.ask(Unit.get, kind=LinkedAccount, key=self.card)
        if linked is None or linked.linked_at is None:
            with self._step("account"):
                self._link()
        if self._now(training).status is TrainingStatus.CERTIFIED:
            with self._step("rating"):
                body = {"stars": STARS, "review": "Bermanfaat"}
                self._dashboard("POST", f"/trainings/{training.transaction}/review", body)
        with self._step("first_instalment"):
            self._wait(self.is_paid)

    # How

    def _signed_up(self) -> Shopper:
        if self._shopper is None:
            self._shopper = registry.shopper(self.market, self._transport(self.market))
            with self._step("account_at_the_shop"):
                before = self._texts()
                self._shopper.sign_up(self.person.name, self.person.phone, self.person.email)
                self._shopper.enter_phone_code(self._code(before))
        return self._shopper

    def _is_issued(self, order: str) -> bool:
        record: Order | None = self.call.ask(Unit.get, kind=Order, key=order)
        return record is not None and record.status is OrderStatus.ISSUED

    def _link(self) -> None:
        who = self.person
        wallets: list[Wallet] = self.call.ask(Unit.find, kind=Wallet)
        own = next((one for one in wallets if one.nik == who.nik), None)
        if own is None:
            opened = {"number": who.phone, "phone": who.phone, "nik": who.nik, "name": who.name}
            self._ask("payout", "POST", f"/{ALWAYS}/accounts", opened)
        account = {"partner": own.partner, "number": own.number} if own else None
        before = self._texts()
        self._dashboard("POST", "/account", account or {"partner": ALWAYS, "number": who.phone})
        self._dashboard("POST", "/account/confirm", {"otp": self._code(before)})

    def _now(self, training: Training) -> Training:
        found: Training = self.call.ask(Unit.need, kind=Training, key=training.transaction)
        return found

    def _learn(self, course: Course, order: Order, path: str, body: Any = None) -> dict[str, Any]:
        where = f"/{course.institution}/vouchers/{order.voucher}{path}"
        return self._ask("institution", "POST", where, body)

    def _dashboard(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        who = self.person
        password = self.call.ask(account_password.known_password, card=who.card)
        login = {"email": who.email, "password": password or "?"}
        token = self._ask("prakerja", "POST", "/dashboard/login", login)["data"]["token"]
        return self._ask("prakerja", method, f"/dashboard{path}", body, {"Authorization": f"Bearer {token}"})

    def _ask(
        self, party: str, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        raw = orjson.dumps(body) if body is not None else b""
        sent = {"Content-Type": "application/json", **(headers or {})}
        answer = self._transport(party).send(method, path, sent, raw)
        if answer.status >= 400:
            raise Refused(str(answer.status), answer.body.decode(errors="replace")[:500])
        content: dict[str, Any] = answer.json()
        return content

    def _transport(self, party: str) -> Any:
        return self.call.parties.transport(party, self.call.sandbox)

    def _texts(self) -> int:
        return len(self.call.ask(messages.received, phone=self.person.phone))

    def _code(self, before: int) -> str:
        """The newest code that came after so many texts."""
        texts = self.call.ask(messages.received, phone=self.person.phone)[before:]
        codes = [one.otp for one in texts if one.otp]
        if not codes:
            raise StepEnded(
                "sms", f"no code has come to {masked(self.person.phone)}: the text is lost, or late"
            )
        return str(codes[-1])

    # Time

    def _move(self, to: datetime) -> None:
        if to > self.call.sandbox.now():
            self._note(self.call.sandbox.advance(to))

    def _wait(self, over: Callable[[], bool]) -> None:
        """Move the clock from event to event until that is so; raises StepEnded if it never becomes so."""
        until = self.call.sandbox.now() + LONGEST_WAIT
        while not over():
            due: Due | None = self.call.ask(schedule.next_due, until=until)
            if due is None:
                raise StepEnded("wait", "nothing is due any more that would bring it about")
            self._note(self.call.sandbox.step())

    def _note(self, happened: list[schedule.Happened]) -> None:
        self.happened += [
            {"at": one.at.isoformat(), "event": one.event, "about": one.about} for one in happened
        ]

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        """Raises StepEnded with the request that was refused meanwhile."""
        last = max((one.id for one in timeline.remembered(self.call.sandbox)), default="")
        try:
            yield
        except StepEnded as ended:
            raise StepEnded(name, str(ended), ended.told) from None
        except (Refused, NoReply) as said:
            tried = timeline.remembered(self.call.sandbox)
            refused = [one for one in tried if one.id > last and one.refusal is not None]
            raise StepEnded(name, str(said), _told(refused[-1]) if refused else None) from None


def _told(refused: exchanges.Exchange) -> dict[str, Any]:
    assert refused.refusal is not None
    return {**why.explained(refused.refusal), "exchange": refused.id}
