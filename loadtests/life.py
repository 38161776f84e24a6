"""One life of a load run: somebody enrols, buys, learns, and is paid; its journey says what became of it."""

from collections.abc import Callable, Mapping
from typing import Any

from prakerja_sim.loadtests import buying, earning, own_client
from prakerja_sim.loadtests.choices import choose
from prakerja_sim.loadtests.connection import Connection
from prakerja_sim.loadtests.earning import Earnings
from prakerja_sim.loadtests.errors import FlowBroken
from prakerja_sim.loadtests.journeys import Journey, State
from prakerja_sim.loadtests.offer import Offer
from prakerja_sim.loadtests.person import Caller, Person, SaidNo, Time
from prakerja_sim.loadtests.plan import Plan
from prakerja_sim.loadtests.shared_clock import RunEnds
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.simulator.values.clock import last_second_of, parse_instant
from prakerja_sim.simulator.values.errors import Reason

PRE_TEST, FINAL_TEST = 40, 90
STARS, REVIEW = 5, "Materi jelas dan mudah diikuti."


class Life:
    """One life; who wants to live otherwise changes a step: `enrol`, `buy`, `learn`, `review`, `earn`."""

    def __init__(
        self, connection: Connection, time: Time, plan: Plan, offer: Offer, wall: Callable[[], float]
    ) -> None:
        self.connection, self.time, self.plan, self.offer, self._wall = connection, time, plan, offer, wall
        self.person: Person | None = None
        self.earnings = Earnings()
        self.began, self.flow_seconds = wall(), 0.0

    def live(self) -> None:
        """All of it. Raises SaidNo, NoReply, FlowBroken or RunEnds if it ends before."""
        self.enrol()
        self.buy()
        self.learn()
        self.review()
        self.flow_seconds = self._wall() - self.began - self.time.waited
        if self.plan.until == "incentive":
            self.earn()

    # The steps

    def enrol(self) -> None:
        """Be taken into the wave that takes people now; the server says who one is."""
        wave = self.offer.wave(self.time.now())["wave"]
        caller = Caller(self.connection, self.time)
        [row] = caller.admin("POST", "/people", {"count": 1, "wave": wave})["people"]
        self.person = Person(self.connection, self.time, row, choose(self.plan, row["prakerja_id"]))

    def buy(self) -> None:
        """Open an account at the marketplace and buy a class, until the voucher is in hand."""
        buying.sign_up(self.who)
        buying.buy(self.who, self.offer.courses)

    def learn(self) -> None:
        """Redeem the voucher and finish the class, on the institution's site or by its own program."""
        if self.who.institution in self.plan.institution_clients:
            own_client.learn(self.who, self.offer.clients, score=FINAL_TEST)
            return
        who, place = self.who, f"/{self.who.institution}/vouchers"
        learner = {"marketplace": who.choices.marketplace, "email": who.row["email"], "name": who.row["name"]}
        redeemed = {"voucher_code": who.voucher, **learner}
        opened = self.institution(f"{place}/redeem", redeemed)
        self.institution(f"{place}/{who.voucher}/pre-test", {"score": PRE_TEST})
        for _ in range(opened["lessons"]):
            self.institution(f"{place}/{who.voucher}/lessons")
        done = self.institution(f"{place}/{who.voucher}/final-test", {"score": FINAL_TEST})
        if not done["certificate"]:
            raise FlowBroken("no certificate was issued")

    def institution(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What an institution's site answers."""
        self.time.think()
        return self.who.ask("institution", "POST", path, body)

    def review(self) -> None:
        """Write a review at the marketplace."""
        self.time.think()
        written = (self.who.shopper.write_review, self.who.order, STARS, REVIEW)
        with self.who.done_before(Reason.ALREADY_REVIEWED):
            self.who.shop(*written, expects=(Reason.ALREADY_REVIEWED,))

    def earn(self) -> None:
        """Come back until all has arrived, or can arrive no more."""
        row = next(one for one in self.offer.waves if one["wave"] == self.who.row["wave"])
        until = last_second_of(parse_instant(row["payout_until"]).date())
        earning.earn(self.who, self.earnings, until)

    @property
    def who(self) -> Person:
        """The person, once he is enrolled."""
        assert self.person is not None, "enrol comes first"
        return self.person

    # How it ended

    def journey(self, end: BaseException | None) -> Journey:
        """What became of it; `end` is what it was cut short by."""
        state, reason = self._state(end)
        until, who, earned = None, self.person, self.earnings
        if who is None:
            return Journey(
                person="",
                card="",
                marketplace="",
                state=state,
                reason=reason,
                began=self.began,
                ended=self._wall(),
            )
        if state == "waiting":
            until = who.waits_until
        return Journey(
            person=str(who.row["name"]),
            card=str(who.row["prakerja_id"]),
            marketplace=who.choices.marketplace,
            state=state,
            reason=reason,
            waits_until=until.isoformat() if until else "",
            mistakes=tuple(who.mistakes),
            course=who.course,
            order=who.order,
            invoice=who.invoice,
            voucher=who.voucher,
            began=self.began,
            ended=self._wall(),
            flow_seconds=self.flow_seconds,
            price=who.price,
            refunded=who.refunded,
            received=earned.received,
            instalments=earned.instalments,
            surveys=earned.surveys,
        )

    def _state(self, end: BaseException | None) -> tuple[State, str]:
        if isinstance(end, SaidNo):
            return "refused", str(end)
        if isinstance(end, RunEnds) or (end is not None and not isinstance(end, Exception)):
            waits_for = self.person.waits_for if self.person is not None else ""
            return "waiting", waits_for or "the run ended in the middle of a visit"
        if end is not None:
            kind = "" if isinstance(end, (FlowBroken, NoReply)) else f"{type(end).__name__}: "
            return "lost", f"{kind}{end}"
        if self.earnings.closed:
            return "refused", f"{self.earnings.closed} did not come before the last day of payments"
        return "paid", ""
