"""Finding and playing: which stories, in which order, and when one has failed."""

import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from prakerja_sim.scenarios.engine.errors import BadScenarios, StepRefused
from prakerja_sim.scenarios.engine.finding import discover
from prakerja_sim.scenarios.engine.runner import play, run
from prakerja_sim.scenarios.engine.scene import Scene
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.simulator.values.errors import Reason

PLACES = ("tokopedia", "pijar")


class Toy:
    """A till: it counts, refuses to go below zero, and can be broken in every way."""

    def __init__(self, marketplace="tokopedia"):
        self.marketplace = marketplace
        self.count = 0
        self.seen = []
        self.broken = []
        self.asked = []
        self.unused = []

    def add(self, *, n: int = 1) -> int:
        """Count up."""
        self.count += n
        return self.count

    def take(self, *, n: int = 1) -> None:
        """Count down."""
        if n > self.count:
            raise StepRefused(Reason.BALANCE_TOO_LOW, "Saldo tidak cukup")
        self.count -= n

    def lose(self) -> None:
        """Get no answer."""
        raise StepRefused("no_reply")

    def mumble(self, *, known: bool = True) -> None:
        """Get an answer that may mean several things, or nothing that is known."""
        raise StepRefused.either([Reason.OTP_WRONG, Reason.OTP_EXPIRED] if known else [], "ERR9")

    def expect(self, *, count: int) -> None:
        """Compare."""
        if self.count != count:  # pytest would add words of its own to an assert
            raise AssertionError(f"count is {self.count}, expected {count}")

    def only(self, *, marketplace: str) -> None:
        """Compare the place."""
        if self.marketplace != marketplace:
            raise AssertionError(f"played on {self.marketplace}")

    def crash(self) -> None:
        """Be a bug of the stage."""
        raise KeyError("till")

    def bare(self) -> None:
        """Be a bug that an assertion finds."""
        raise AssertionError

    def fail_inside(self, *, refuse: bool = False) -> None:
        """Be a bug behind the wire."""
        self.seen.append("POST /authorize: ZeroDivisionError")
        if refuse:
            raise StepRefused("no_reply")

    def cook_books(self) -> None:
        """Break an invariant."""
        self.broken.append("L1: debit is not credit")

    def check(self):
        self.asked.append(self.count)
        return self.broken

    def errors(self):
        seen, self.seen = self.seen, []
        return seen

    def newest(self):
        return ""

    def scene(self):
        return Scene("toy")

    def unfinished(self):
        return self.unused

    def prepare(self, *, what: str) -> None:
        """Make something ready that may stay unused."""
        self.unused.append(f"{what} was not used")

    def digest(self):
        return f"{self.count:04}"


VERBS = vocabulary(Toy, PLACES)


@contextmanager
def toy_stage(story, marketplace):
    yield Toy(marketplace)


@pytest.fixture
def tell(tmp_path, monkeypatch):
    """Writes a story below the folder that the test stands in, and reads it."""
    monkeypatch.chdir(tmp_path)

    def told(steps, title="A promise", name="story.yaml", more=""):
        file = Path("stories", name)
        file.parent.mkdir(exist_ok=True)
        file.write_text(
            f"# Why.\nscenario: {title}\n{more}steps:\n" + "".join(f"  - {one}\n" for one in steps)
        )
        (story,) = discover([file], VERBS)
        return story

    return told


# Playing


def test_a_story_passes_when_everything_goes_as_told(tell):
    story = tell(
        ["add: {n: 3}", "take: {n: 5}\n    fails: balance_too_low", "lose:\n    fails: no_reply", "add"]
    )
    outcome = play(story, "tokopedia", toy_stage)
    assert outcome.passed
    assert (outcome.steps, outcome.digest, outcome.failure, outcome.message) == (4, "0004", None, "")
    assert outcome.seconds >= 0


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("expect: {count: 1}", "expect: count is 3, expected 1"),
        ("take: {n: 5}", "take: refused with balance_too_low (Saldo tidak cukup)"),
        ("lose", "lose: refused with no_reply"),
        ("mumble", "mumble: refused with otp_wrong or otp_expired (ERR9)"),
        (
            "mumble:\n    fails: otp_too_soon",
            "mumble: refused with otp_wrong or otp_expired (ERR9), expected otp_too_soon",
        ),
        ("mumble: {known: false}", "mumble: refused with a code that means no known reason (ERR9)"),
        ("add:\n    fails: otp_wrong", "add: succeeded, expected otp_wrong"),
        (
            "take: {n: 5}\n    fails: otp_wrong",
            "take: refused with balance_too_low (Saldo tidak cukup), expected otp_wrong",
        ),
        ("crash", "crash: KeyError: 'till'"),
        ("crash:\n    fails: otp_wrong", "crash: KeyError: 'till'"),
        ("bare", "bare: this does not hold: raise AssertionError; give it words: `assert ..., words`"),
        ("fail_inside", "fail_inside: internal error: POST /authorize: ZeroDivisionError"),
        (
            "fail_inside: {refuse: true}\n    fails: no_reply",
            "fail_inside: internal error: POST /authorize: ZeroDivisionError",
        ),
        ("cook_books", "cook_books: invariant broken: L1: debit is not credit"),
    ],
)
def test_a_story_fails_at_the_step_that_went_otherwise(tell, last, told):
    outcome = play(tell(["add: {n: 3}", last, "add"]), "tokopedia", toy_stage)
    assert not outcome.passed
    assert outcome.message.strip() == f"A promise (tokopedia): step 2 (stories/story.yaml:5), {told}".strip()
    assert outcome.steps == 2
    assert outcome.digest


def test_a_story_that_leaves_something_unused_fails_at_its_end(tell):
    outcome = play(tell(["prepare: {what: a fault}", "add"]), "tokopedia", toy_stage)
    assert outcome.message == (
        "A promise (tokopedia): after step 2 (stories/story.yaml:5): a fault was not used"
    )
    broken = play(tell(["prepare: {what: a fault}", "lose"]), "tokopedia", toy_stage)
    assert broken.message.endswith("lose: refused with no_reply")


@pytest.mark.parametrize("reason", ["otp_wrong", "otp_expired"])
def test_words_that_stand_for_several_reasons_satisfy_each(tell, reason):
    assert play(tell([f"mumble:\n    fails: {reason}"]), "pijar", toy_stage).passed


def test_a_bug_brings_its_traceback_and_an_expectation_does_not(tell):
    assert "KeyError: 'till'" in play(tell(["crash"]), "pijar", toy_stage).failure.detail
    assert "raise AssertionError" in play(tell(["bare"]), "pijar", toy_stage).failure.detail
    assert play(tell(["expect: {count: 1}"]), "pijar", toy_stage).failure.detail == ""


def test_a_failed_step_also_tells_what_it_broke(tell):
    class Worse(Toy):
        def take(self, *, n: int = 1) -> None:
            self.cook_books()
            super().take(n=n)

    @contextmanager
    def worse_stage(story, marketplace):
        yield Worse()

    message = play(tell(["take"]), "pijar", worse_stage).message
    assert message.endswith(
        "refused with balance_too_low (Saldo tidak cukup); invariant broken: L1: debit is not credit"
    )


def test_the_invariants_are_asked_after_every_step_refused_or_not(tell):
    stages = []

    @contextmanager
    def kept_stage(story, marketplace):
        stages.append(Toy())
        yield stages[0]

    play(tell(["add", "take: {n: 5}\n    fails: balance_too_low", "add", "take"]), "pijar", kept_stage)
    assert stages[0].asked == [1, 1, 2, 1]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_stage_that_cannot_be_made_or_closed_fails_the_story(tell, when):
    @contextmanager
    def broken_stage(story, marketplace):
        if when == "before":
            raise RuntimeError("no port\nfree")
        yield Toy()
        raise RuntimeError("no port\nfree")

    outcome = play(tell(["add", "add"]), "pijar", broken_stage)
    where = "before step 1" if when == "before" else "after step 2"
    assert outcome.message == f"A promise (pijar): {where} (stories/story.yaml:1): RuntimeError: no port free"


# Running many


def test_every_story_is_played_on_each_marketplace_it_is_for(tell):
    stories = [
        tell(["add"], "One", "one.yaml"),
        tell(["only: {marketplace: pijar}"], "Two", "two.yaml", "marketplaces: [pijar]\n"),
    ]
    heard = []
    report = run(stories, PLACES, toy_stage, hear=heard.append)
    plays = [(one.story.title, one.marketplace) for one in report.outcomes]
    assert plays == [("One", "tokopedia"), ("One", "pijar"), ("Two", "pijar")]
    assert heard == list(report.outcomes)
    assert report.passed


def test_results_are_the_same_and_in_the_same_order_however_many_play(tell):
    stories = [tell([f"add: {{n: {n}}}", "expect: {count: 3}"], f"Story {n}", f"{n}.yaml") for n in range(20)]
    alone, together = run(stories, PLACES, toy_stage), run(stories, PLACES, toy_stage, jobs=8)

    def seen(report):
        return [(one.story, one.marketplace, one.digest, one.message) for one in report.outcomes]

    assert seen(alone) == seen(together)
    assert alone.digest == together.digest
    assert alone.failed == together.failed == 38


def test_jobs_play_at_the_same_time(tell):
    meeting = threading.Barrier(2, timeout=30)

    @contextmanager
    def meeting_stage(story, marketplace):
        meeting.wait()
        yield Toy()

    assert run([tell(["add"])], PLACES, meeting_stage, jobs=2).passed


def test_the_digest_follows_from_what_happened_and_not_from_the_order(tell):
    one, two = tell(["add"], "One", "one.yaml"), tell(["add"], "Two", "two.yaml")
    changed = tell(["add: {n: 2}"], "Two", "two.yaml")
    digest = run([one, two], PLACES, toy_stage).digest
    assert digest == run([two, one], PLACES[::-1], toy_stage).digest
    assert digest != run([one, changed], PLACES, toy_stage).digest
    assert digest == "97b462e09029732e4866a18e973f3102a77931f84bbbe750c023f9a67c29b64b"


def test_a_run_of_nothing_is_refused(tell):
    story = tell(["add"], more="marketplaces: [pijar]\n")
    with pytest.raises(BadScenarios, match="no story is played on tokopedia; name another"):
        run([story], ["tokopedia"], toy_stage)
