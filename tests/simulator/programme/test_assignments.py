import pytest

from prakerja_sim.simulator.audit import invariants
from prakerja_sim.simulator.programme import assignments, redemption
from prakerja_sim.simulator.programme.assignments import Submitted
from prakerja_sim.simulator.programme.training_records import Assignment, Feedback
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.settings import Settings

NOT, PENDING, SUCCESS, FAILED = Submitted


class Marking:
    """An institution that hands in what a participant did, and marks it."""

    def __init__(self, story):
        self.story = story
        self.paid = story.buy()
        self.code = story.redeem_code(self.paid)

    def which(self, **more):
        arguments = {"institution": "kopi-kita", "redeem_code": self.code, "scope": "tpm", "sequence": 2}
        return arguments | more

    def submit(self, url_file="https://lp.example/f.pdf", **more):
        return self.story.do(assignments.submit, **self.which(**more), url_file=url_file)

    def mark(self, notes="Rapi", url_file="", **more):
        arguments = self.which(**more)
        return self.story.do(assignments.give_feedback, **arguments, notes=notes, url_file=url_file)

    def status(self, **more):
        return self.story.ask(assignments.status, **self.which(**more))


@pytest.fixture
def lp(story):
    return Marking(story)


def test_an_assignment_is_handed_in_and_then_marked(lp):
    assert lp.status() == (NOT, NOT)
    done = lp.submit()
    assert (done.url_file, done.submissions) == ("https://lp.example/f.pdf", 1)
    assert lp.status() == (SUCCESS, NOT)
    lp.mark()
    assert lp.status() == (SUCCESS, SUCCESS)
    assert lp.status(sequence=3) == lp.status(scope="uk", sequence=999) == (NOT, NOT)


def test_all_of_it_is_in_the_participants_own_chain(lp):
    lp.submit()
    lp.mark()
    mine = f"participant:{lp.story.card}"
    journal = [(e.subject, e.command) for e in lp.story.sandbox.journal()][-2:]
    assert journal == [(mine, f"assignments.{name}") for name in ("submit", "give_feedback")]


def test_a_status_moves_on_after_the_delay_on_the_sandboxs_clock(begin):
    lp = Marking(begin(settings=Settings(tpm_delay=60)))
    lp.submit()
    lp.story.after(59 * SECOND)
    lp.mark()
    assert lp.status() == (PENDING, PENDING)
    lp.story.after(SECOND)
    assert lp.status() == (SUCCESS, PENDING)
    lp.story.after(59 * SECOND)
    assert lp.status() == (SUCCESS, SUCCESS)


def test_only_a_fault_makes_an_assignment_fail_and_the_next_submission_mends_it(begin):
    lp = Marking(begin(settings=Settings(tpm_delay=60)))
    lp.story.sandbox.arm("assignment_failed")
    lp.submit()
    assert lp.status() == (PENDING, NOT)
    lp.story.after(60 * SECOND)
    assert lp.status() == (FAILED, NOT)
    lp.submit("https://lp.example/g.pdf")
    lp.story.after(60 * SECOND)
    assert lp.status() == (SUCCESS, NOT)


def test_handed_in_again_the_newer_one_replaces_the_older(lp):
    first, second = lp.submit(), lp.submit("https://lp.example/g.pdf")
    assert first.number != second.number
    assert lp.story.find(Assignment) == [second]
    assert second.submissions == 2
    lp.mark()
    again = lp.mark("Lebih rapi")
    assert lp.story.find(Feedback) == [again]
    assert (again.notes, again.submissions) == ("Lebih rapi", 2)


def test_there_is_no_marking_of_what_was_not_handed_in(lp):
    lp.submit(sequence=3)
    assert lp.story.refusal(lp.mark) is Reason.ASSIGNMENT_MISSING


@pytest.mark.parametrize("what", ["submit", "mark", "status"])
def test_the_code_must_exist_and_be_of_the_institution(lp, what):
    act = getattr(lp, what)
    assert lp.story.refusal(act, redeem_code="NONE") is Reason.REDEEM_CODE_UNKNOWN
    assert lp.story.refusal(act, institution="dapur") is Reason.REDEEM_CODE_OF_OTHER_INSTITUTION


def test_nothing_is_handed_in_for_a_cancelled_code_but_its_status_is_told(lp):
    lp.submit()
    lp.story.void(lp.paid)
    assert lp.story.refusal(lp.submit) is Reason.REDEEM_CODE_CANCELLED
    assert lp.story.refusal(lp.mark) is Reason.REDEEM_CODE_CANCELLED
    assert lp.status() == (SUCCESS, NOT)


def test_a_test_code_serves_too(story):
    lp = Marking(story)
    arguments = {"marketplace": "tokopedia", "schedule": story.schedule.code}
    lp.code = story.do(redemption.issue_test_code, **arguments).code
    lp.submit()
    lp.mark()
    assert lp.status() == (SUCCESS, SUCCESS)


def test_a_feedback_or_an_assignment_about_nothing_breaks_an_invariant(lp):
    lp.submit()
    feedback = lp.mark()
    assert lp.story.ask(invariants.violations) == []
    lp.story.plant(Feedback("X/tpm/1", 1, "", "", feedback.given_at))
    assert "is about nothing" in lp.story.ask(invariants.violations)[0]
    lp.story.plant(Assignment("X/tpm/1", "X", "tpm", 1, 1, "", feedback.given_at))
    assert "is of no redeem code" in lp.story.ask(invariants.violations)[0]
