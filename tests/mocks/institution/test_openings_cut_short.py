"""Opening a class that another redemption or a kill comes between: it ends as one of them alone."""

import pytest

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.transport import Answer, NoReply
from prakerja_sim.mocks.institution import vouchers
from prakerja_sim.mocks.institution.words import message_for
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.simulator.institution import learning
from prakerja_sim.simulator.institution.records import Enrolment, Opening
from prakerja_sim.simulator.marketplace.records import Voucher, VoucherStatus
from prakerja_sim.simulator.programme import completion
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.values.clock import DAY, SECOND
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.holidays import working_days_later
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import INSTITUTION, Market

QUARTER = schedule.PATIENCE


class School(Market):
    """Somebody who holds a voucher."""

    def __init__(self, code="tokopedia", settings=None):
        super().__init__(code, settings)
        self.ani = self.enrol()
        self.buyer = self.shopper(self.ani)
        self.voucher = self.bought(self.buyer, self.ani).voucher

    @property
    def call(self):
        return Call({}, self.sandbox, self.parties, b"", path={"institution": INSTITUTION})

    def redeem(self, voucher=None, email="ani@example.com"):
        about = {"marketplace": self.code, "email": email, "name": self.ani.name}
        return vouchers.redeem(self.call, voucher=voucher or self.voucher, **about)

    def cut_short(self, fault):
        """Redeemed, and nothing came back: as far as this process knows, that is a kill."""
        self.sandbox.arm(fault, "redeem")
        with pytest.raises(NoReply):
            self.redeem()
        self.sandbox.disarm()

    def opened(self, voucher=None):
        return self.sandbox.ask(Unit.get, kind=Enrolment, key=voucher or self.voucher)

    def status(self):
        return self.sandbox.ask(Unit.need, kind=Voucher, key=self.voucher).status


@pytest.fixture
def school():
    made = School()
    yield made
    assert made.is_sound(), (made.sandbox.stopped, made.parties.bugs)


def refused(act, *arguments):
    with pytest.raises((Rejected, VoucherRefused)) as said:
        act(*arguments)
    return said.value.reason


def started_again(school):
    school.start_again()


def later(school):
    school.after(QUARTER)


# Where the fault strikes is the path at the marketplace, which differs; this one says "redeem".
@pytest.mark.parametrize("goes_on", [started_again, later])
@pytest.mark.parametrize(("fault", "used"), [("request_lost", False), ("reply_lost", True)])
def test_what_a_kill_left_behind_ends_as_the_marketplace_says(school, fault, used, goes_on):
    school.cut_short(fault)
    goes_on(school)
    assert (school.opened() is not None, school.status() is VoucherStatus.REDEEMED) == (used, used)
    assert not school.sandbox.ask(Unit.need, kind=Opening, key=school.voucher).open
    school.redeem()
    assert school.opened() is not None


def test_one_second_before_its_time_nothing_is_settled(school):
    school.cut_short("reply_lost")
    school.after(QUARTER - SECOND)
    assert school.opened() is None
    school.after(SECOND)
    assert school.opened() is not None


def test_a_marketplace_that_is_silent_is_asked_once_more_each_time(school):
    school.cut_short("reply_lost")
    school.sandbox.arm("request_lost", "voucher/status", 2)
    school.after(2 * QUARTER)
    assert school.opened() is None
    school.after(QUARTER)
    assert school.opened() is not None


class Between:
    """What stands on the wires of every party from now on."""

    def __init__(self, school):
        transport = school.parties.transport
        school.parties.transport = lambda *about, **more: self.over(transport(*about, **more))

    def over(self, wire):
        self.wire = wire
        return self


class Broken(Between):
    """A wire on which a voucher or a code is used, and then only this answer comes back."""

    def __init__(self, school, answer):
        super().__init__(school)
        self.answer = answer

    def send(self, method, path, *more):
        answer = self.wire.send(method, path, *more)
        return self.answer if path.endswith(("redeem", "commit")) else answer


BROKEN = [
    (503, b'{"code":"503","message":"x"}'),
    (429, b"{}"),
    (200, b"<html>"),
    (200, b'{"response_code":"00"}'),
]


@pytest.mark.parametrize(("status", "body"), BROKEN)
def test_a_broken_answer_leaves_open_whether_the_voucher_is_used_and_the_clock_finds_out(status, body):
    school = School()
    Broken(school, Answer(status, {}, body))
    assert refused(school.redeem) is Reason.VOUCHER_UNKNOWN
    assert refused(school.redeem, None, "budi@example.com") is Reason.VOUCHER_USED
    school.after(QUARTER)
    assert school.opened().learner == "ani@example.com"
    assert school.is_sound()


def test_a_marketplace_that_is_busy_is_asked_once_more_each_time(school):
    school.cut_short("reply_lost")
    school.sandbox.arm("rate_limited", "voucher/status", 2)
    school.after(2 * QUARTER)
    assert school.opened() is None
    school.after(QUARTER)
    assert school.opened() is not None


def test_a_voucher_that_was_refunded_meanwhile_opens_nothing(school):
    school.cut_short("request_lost")
    order = school.sandbox.ask(Unit.need, kind=Voucher, key=school.voucher).order
    school.buyer.complain(order, "Salah beli")
    school.after(QUARTER)
    assert (school.opened(), school.status()) == (None, VoucherStatus.CANCELLED)


def test_a_learner_with_two_vouchers_of_a_course_uses_one_of_them(school):
    """The other voucher stays good: the institution refuses before it is used."""
    budi = school.enrol(1)
    other = school.bought(school.shopper(budi), budi).voucher
    school.cut_short("request_lost")
    assert refused(school.redeem, other) is Reason.EMAIL_TAKEN
    assert school.sandbox.ask(Unit.need, kind=Voucher, key=other).status is VoucherStatus.ISSUED
    assert school.redeem(other, "budi@example.com").learner == "budi@example.com"


def test_another_learner_cannot_take_a_voucher_that_is_being_redeemed(school):
    school.cut_short("request_lost")
    assert refused(school.redeem, None, "budi@example.com") is Reason.VOUCHER_USED
    school.after(QUARTER)
    assert school.redeem(None, "budi@example.com").learner == "budi@example.com"


class Meanwhile(Between):
    """A wire on which something happens once, just before a voucher or a code is used."""

    def __init__(self, school, act):
        super().__init__(school)
        self.act = act

    def send(self, method, path, *more):
        wire, act = self.wire, self.act
        if path.endswith(("redeem", "commit")) and act is not None:
            self.act = None
            act()
        return wire.send(method, path, *more)


def test_a_voucher_that_is_refunded_at_the_last_moment_leaves_nothing_reserved(school):
    order = school.sandbox.ask(Unit.need, kind=Voucher, key=school.voucher).order
    Meanwhile(school, lambda: school.buyer.complain(order, "Salah beli"))
    assert refused(school.redeem) is Reason.VOUCHER_CANCELLED
    assert (school.opened(), school.balance(school.ani)) == (None, 1_000_000)
    assert school.sandbox.ask(schedule.cut_short) == []


def test_of_two_learners_with_one_voucher_at_once_the_first_has_the_class(school):
    said = []
    Meanwhile(school, lambda: said.append(refused(school.redeem, None, "budi@example.com")))
    assert school.redeem().learner == "ani@example.com"
    assert said == [Reason.VOUCHER_USED]


# The redeem code


class Attester(School):
    """Somebody whose class is open and who has the redeem code."""

    def __init__(self):
        super().__init__()
        self.redeem()
        [training] = self.sandbox.ask(Unit.find, kind=Training)
        self.code_ = training.redeem_code

    def attest(self, voucher=None):
        return vouchers.attest(self.call, voucher=voucher or self.voucher, redeem_code=self.code_)

    def attested(self):
        return self.opened().redeem_code == self.code_


@pytest.mark.parametrize("goes_on", [started_again, later])
@pytest.mark.parametrize(("fault", "used"), [("request_lost", False), ("reply_lost", True)])
def test_a_code_whose_commit_was_cut_off_ends_as_prakerja_says(fault, used, goes_on):
    school = Attester()
    school.sandbox.arm(fault, "redeem-code/commit")
    with pytest.raises(NoReply):
        school.attest()
    goes_on(school)
    assert school.attested() is used
    assert school.sandbox.ask(schedule.cut_short) == []
    if not used:
        school.attest()
    assert school.attested()
    assert school.is_sound()


@pytest.mark.parametrize(("status", "body"), [(503, b'{"code":"ERR50380"}'), (200, b"<html>"), (502, b"")])
def test_a_broken_answer_leaves_open_whether_the_code_is_used_and_the_clock_finds_out(status, body):
    school = Attester()
    Broken(school, Answer(status, {}, body))
    with pytest.raises(Refused):
        school.attest()
    school.after(QUARTER)
    assert school.attested()
    assert school.is_sound()


def test_while_prakerja_is_silent_about_a_code_it_is_asked_once_more_each_time():
    school = Attester()
    school.sandbox.arm("reply_lost", "redeem-code/commit")
    with pytest.raises(NoReply):
        school.attest()
    school.sandbox.arm("request_lost", "redeem-code/status", 2)
    school.after(2 * QUARTER)
    assert not school.attested()
    school.after(QUARTER)
    assert school.attested()


def test_of_two_learners_with_one_redeem_code_at_once_one_gets_it():
    school = Attester()
    budi = school.enrol(1)
    other = school.bought(school.shopper(budi), budi).voucher
    school.redeem(other, "budi@example.com")
    said = []
    Meanwhile(school, lambda: said.append(refused(school.attest, other)))
    school.attest()
    assert (school.attested(), said) == (True, [Reason.REDEEM_CODE_USED])
    assert school.opened(other).redeem_code is None


# The report


def test_a_certificate_whose_report_a_kill_cut_off_is_reported_on_the_next_working_day():
    school = School()
    school.redeem()
    school.sandbox.do(learning.take_pre_test, voucher=school.voucher, score=50)
    for _ in range(school.sandbox.ask(Unit.need, kind=Course, key=school.opened().course).lessons):
        school.sandbox.do(learning.study, voucher=school.voucher)
    school.sandbox.do(learning.finish, voucher=school.voucher, score=80)
    school.start_again()
    school.sandbox.advance(working_days_later(school.sandbox.now(), 1))
    [training] = school.sandbox.ask(Unit.find, kind=Training)
    assert (training.status, training.score) == (TrainingStatus.REPORTED, 80)


# A class that was bought ahead


def test_a_class_bought_ahead_opens_once_the_one_before_it_is_rated():
    school = School(settings=Settings(buy_ahead=True))
    school.list_course("roti-1", 100_000)
    second = school.bought(school.buyer, school.ani, "roti-1").voucher
    assert refused(school.redeem, second) is Reason.PREVIOUS_UNFINISHED
    assert school.sandbox.ask(Unit.need, kind=Voucher, key=second).status is VoucherStatus.ISSUED
    first, _ = sorted(school.sandbox.ask(Unit.find, kind=Training), key=lambda one: one.course)
    told = {"marketplace": school.code, "invoice": first.invoice, "name": school.ani.name, "score": 80}
    school.sandbox.do(completion.report, **told)
    school.after(20 * DAY)
    assert refused(school.redeem, second) is Reason.PREVIOUS_UNFINISHED
    rated = {"card": school.ani.card, "transaction": first.transaction, "stars": 5, "review": "Bagus"}
    school.sandbox.do(completion.rate, **rated)
    assert school.redeem(second).course == "roti-1"
    assert school.is_sound()


def test_the_first_class_opens_and_a_refund_of_it_lets_the_second_open():
    school = School(settings=Settings(buy_ahead=True))
    school.list_course("roti-1", 100_000)
    second = school.bought(school.buyer, school.ani, "roti-1").voucher
    order = school.sandbox.ask(Unit.need, kind=Voucher, key=school.voucher).order
    school.buyer.complain(order, "Salah beli")
    assert school.redeem(second).course == "roti-1"
    assert school.is_sound()


def test_the_institution_says_it_in_its_own_words():
    assert message_for(Rejected(Reason.PREVIOUS_UNFINISHED)).startswith("Pelatihan sebelumnya belum selesai.")
