"""The programme year of some people in a sandbox of their own, by the operations alone.

No wire in between: what is exercised is the programme, what is due in it, and its books, and the shops'
orders and vouchers.  People act on the hour, and go on when a certificate or a payment shows up.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from prakerja_sim.loadtests.programme_year import published
from prakerja_sim.loadtests.programme_year.persona import HOUR, Persona, awake
from prakerja_sim.loadtests.programme_year.published import Course
from prakerja_sim.simulator.marketplace import accounts, orders, paying, vouchers
from prakerja_sim.simulator.marketplace.records import Order
from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.programme import (
    catalogue,
    completion,
    enrolment,
    payment,
    payout_accounts,
    people,
    redemption,
    surveys,
)
from prakerja_sim.simulator.programme.cohorts import RATED_ON_DASHBOARD_FROM
from prakerja_sim.simulator.programme.incentive_records import Incentive
from prakerja_sim.simulator.programme.people import Person
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.errors import Rejected
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.records import Sms
from prakerja_sim.simulator.world.schedule import Happened
from prakerja_sim.simulator.world.store import Unit

VOUCHER = "V??????????"
URL = "https://shop.example/orders/"


class Life:
    """One person: who he is, what he intends, and what he holds."""

    __slots__ = ("card", "course", "order", "persona", "transaction", "who")

    def __init__(self, persona: Persona, who: Person) -> None:
        self.persona, self.who = persona, who
        self.card = self.transaction = ""
        self.course: Course | None = None
        self.order: Order | None = None


Act = Callable[[Life], None]


class Year:
    """All lives of one sandbox, in the order of time."""

    def __init__(self, sandbox: Sandbox, personas: Iterable[Persona]) -> None:
        self.sandbox, self.do, self.ask = sandbox, sandbox.do, sandbox.ask
        self.refused: Counter[str] = Counter()
        """How often the programme said no, by reason."""
        self._by_card: dict[str, Life] = {}
        self._by_transaction: dict[str, Life] = {}
        self._queue: list[tuple[datetime, int, Act, Life]] = []
        self._queued = 0
        seed = seed_bytes(sandbox.seed)
        for one in personas:
            self._later(one.wave.announced, self._enrol, Life(one, people.person(seed, one.number)))

    def live(self) -> None:
        """From the first announcement to the last payment."""
        for course in (*published.COURSES, published.SECOND_COURSE):
            self.do(
                catalogue.list_course,
                code=course.code,
                title=course.code,
                category="Pelatihan",
                institution=course.institution,
                price=Rupiah(course.price),
            )
        while self._queue and (at := self._queue[0][0]) <= published.ENDS:
            self._pass_time(at)
            while self._queue and self._queue[0][0] <= at:
                _, _, act, life = heapq.heappop(self._queue)
                try:
                    act(life)
                except Rejected as refusal:
                    self.refused[refusal.reason.value] += 1
        self._pass_time(published.ENDS)

    def _later(self, at: datetime, act: Act, life: Life) -> None:
        self._queued += 1
        heapq.heappush(self._queue, (awake(at), self._queued, act, life))

    def _pass_time(self, to: datetime) -> None:
        for happened in self.sandbox.advance(to):
            self._notice(happened)

    def _notice(self, happened: Happened) -> None:
        """Somebody sees on his dashboard that something has come."""
        if happened.event == "certificate":
            life = self._by_transaction[happened.about]
            self._later(happened.at + life.persona.rates_after, self._rate, life)
        elif happened.event == "incentive_transfer" and happened.about.endswith("/job-1"):
            row = self.ask(Unit.need, kind=Incentive, key=happened.about)
            if row.paid_at is not None:
                self._plan_survey(self._by_card[row.card], row.paid_at, 1)

    # What people do

    def _enrol(self, life: Life) -> None:
        who, mine = life.who, life.persona
        participant = self.do(
            enrolment.enrol,
            wave=mine.wave.number,
            name=who.name,
            nik=who.nik,
            phone=who.phone,
            email=who.email,
            born=who.born,
            education=who.education,
        )
        life.card = participant.card
        self._by_card[life.card] = life
        if mine.wave.videos:
            self.do(enrolment.watch_videos, card=participant.card)
        if mine.buys_at is not None:
            self._later(mine.buys_at, self._buy_first, life)

    def _buy_first(self, life: Life) -> None:
        self._buy(life, published.COURSES[life.persona.course])
        if life.persona.links:
            self._link(life)

    def _buy_another(self, life: Life) -> None:
        self._buy(life, published.SECOND_COURSE)

    def _buy(self, life: Life, course: Course) -> None:
        """Sign up, put into the cart, order, card, OTP, voucher: the order core and Prakerja in turn."""
        who, shop = life.who, life.persona.marketplace
        contact = {"name": who.name, "phone": who.phone, "email": who.email}
        shopper = self.do(accounts.sign_up, marketplace=shop, **contact)
        if not shopper.phone_verified:
            sent = self.do(accounts.send_code, shopper=shopper.key, sender=shop)
            self.do(accounts.verify_phone, shopper=shopper.key, code=sent.code or "")
        self.do(orders.add_to_cart, shopper=shopper.key, course=course.code)
        order = self.do(orders.checkout, shopper=shopper.key, prefix="INV-")
        token = self.do(
            payment.send_otp,
            marketplace=shop,
            card=life.card,
            user=shopper.user,
            course=course.code,
            schedule=order.schedule,
            amount=order.total.amount,
        )
        self.do(paying.take_card, order=order.id, card=life.card, token=token)
        self.do(paying.ask_payment, order=order.id)
        paid = self.do(
            payment.authorize,
            marketplace=shop,
            token=token,
            otp=self._code(life),
            invoice=order.invoice,
            invoice_url=URL + order.id,
        )
        life.transaction = paid.transaction or ""
        self._by_transaction[life.transaction] = life
        self.do(paying.issue_voucher, order=order.id, transaction=life.transaction, form=VOUCHER, title=shop)
        life.order = self.ask(Unit.need, kind=Order, key=order.id)
        life.course = course
        self._later(self.sandbox.now() + life.persona.begins_after, self._begin, life)

    def _link(self, life: Life) -> None:
        who = life.who
        partner = who.paid_by(self.sandbox.now().date())
        self.do(
            partners.open_wallet,
            partner=partner,
            number=who.account,
            phone=who.phone,
            nik=who.nik,
            name=who.name,
        )
        self.do(payout_accounts.link, card=life.card, partner=partner, number=who.account)
        self.do(payout_accounts.confirm_link, card=life.card, otp=self._code(life))

    def _begin(self, life: Life) -> None:
        """Redeem the voucher and the redeem code at the institution, and learn."""
        order, mine = life.order, life.persona
        assert order is not None and order.voucher is not None and life.course is not None
        lp = life.course.institution
        self.do(vouchers.redeem_voucher, marketplace=order.marketplace, code=order.voucher, institution=lp)
        training = self.ask(Unit.need, kind=Training, key=life.transaction)
        self.do(redemption.commit, institution=lp, redeem_code=training.redeem_code)
        if mine.learns_for is not None:
            self._later(self.sandbox.now() + mine.learns_for, self._finish, life)

    def _finish(self, life: Life) -> None:
        assert life.order is not None
        shop, invoice = life.order.marketplace, life.order.invoice
        self.do(completion.report, marketplace=shop, invoice=invoice, name=life.who.name, score=70)

    def _rate(self, life: Life) -> None:
        review: Any = {"stars": 5, "review": "Bermanfaat"}
        if self.sandbox.now() < RATED_ON_DASHBOARD_FROM:  # the platform's review was the rating
            assert life.order is not None
            shop, invoice = life.order.marketplace, life.order.invoice
            self.do(completion.take_review, marketplace=shop, invoice=invoice, **review)
        else:
            self.do(completion.rate, card=life.card, transaction=life.transaction, **review)
        participant = self.ask(Unit.need, kind=Participant, key=life.card)
        first = participant.first == life.transaction
        price = published.COURSES[life.persona.course].price + published.SECOND_COURSE.price
        affordable = price <= life.persona.wave.scheme.training_balance.amount
        if first and life.persona.buys_another and affordable:
            self._later(self.sandbox.now() + HOUR, self._buy_another, life)

    def _plan_survey(self, life: Life, now: datetime, number: int) -> None:
        if number > life.persona.surveys:
            return
        opens = life.persona.wave.survey_opens(number, now)
        self._later(
            max(opens, now) + life.persona.survey_after, lambda one: self._fill(one, number, now), life
        )

    def _fill(self, life: Life, number: int, first_paid: datetime) -> None:
        self.do(surveys.fill, card=life.card, number=number)
        self._plan_survey(life, first_paid, number + 1)

    def _code(self, life: Life) -> str:
        """What the phone shows."""
        return self.ask(Unit.log, kind=Sms, phone=life.who.phone, limit=1)[0].otp or ""
