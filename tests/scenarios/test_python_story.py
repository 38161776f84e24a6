"""Stories in Python: the same steps, the same checks, lines of their own."""

from contextlib import contextmanager
from pathlib import Path

import pytest

from prakerja_sim.scenarios.engine.errors import BadScenarios, StepRefused, refused
from prakerja_sim.scenarios.engine.finding import discover
from prakerja_sim.scenarios.engine.python_story import stories
from prakerja_sim.scenarios.engine.runner import play
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings


class Toy:
    """A few verbs, and what the runner asks."""

    def __init__(self):
        self.count = 0
        self.broken = []

    def buy(self, *, course: str, price: Rupiah | None = None) -> None:
        """Buy a course."""

    def step_clock(self) -> int:
        """Go to what is due next."""
        return 5

    def add(self, *, n: int = 1) -> int:
        """Count up."""
        self.count += n
        return self.count

    def take(self) -> None:
        """Be refused."""
        raise StepRefused(Reason.BALANCE_TOO_LOW, "Saldo tidak cukup")

    def cook_books(self) -> None:
        """Break an invariant."""
        self.broken = ["L1: debit is not credit"]

    def check(self) -> list[str]:
        """Not a verb."""
        return self.broken

    def errors(self) -> list[str]:
        """Not a verb."""
        return []

    def unfinished(self) -> list[str]:
        """Not a verb."""
        return []

    def digest(self) -> str:
        """Not a verb."""
        return ""


VERBS = vocabulary(Toy, ["tokopedia", "pijar"])


@contextmanager
def toy_stage(story, marketplace):
    yield Toy()


def told(tmp_path, text):
    file = tmp_path / "story.py"
    file.write_text(text)
    (story,) = stories(file, VERBS)
    return story


def steps_of(story):
    steps = []
    story.play(steps.append)
    return steps


PYTHON = '"""A loop buys once.\n\nBecause YAML has none.\n"""\n'


def test_a_python_story_does_the_same_steps_with_lines_of_its_own(tmp_path):
    text = PYTHON + (
        'MARKETPLACES = ["pijar"]\nSTART = "2021-09-22"\nSETTINGS = {"otp_lifetime": 60}\n\n'
        "def twice(stage):\n    for n in range(2):\n        stage.buy(course=n, price=650_000)\n\n"
        "def scenario(stage):\n    twice(stage)\n    stage.step_clock()\n"
    )
    story = told(tmp_path, text)
    assert (story.title, story.why) == ("A loop buys once", "Because YAML has none.")
    assert (story.marketplaces, story.start) == (("pijar",), wib(2021, 9, 22))
    assert story.settings == Settings(otp_lifetime=60)
    assert [(s.number, s.line, s.verb, s.arguments) for s in steps_of(story)] == [
        (1, 11, "buy", {"course": "0", "price": Rupiah(650_000)}),
        (2, 11, "buy", {"course": "1", "price": Rupiah(650_000)}),
        (3, 15, "step_clock", {}),
    ]


def test_a_python_story_hears_what_a_verb_answers(tmp_path):
    text = PYTHON + "def scenario(stage):\n    assert stage.step_clock() == 5\n"
    story = told(tmp_path, text)
    story.play(lambda _: 5)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("def scenario(stage): ...", 1, ["no title", "docstring"]),
        ('"""Only a title."""\ndef scenario(stage): ...', 1, ["why the story exists", "docstring"]),
        (PYTHON, 1, ["no story in it", "define scenario(stage)"]),
        (PYTHON + "def scenario(): ...", 1, ["no story in it", "define scenario(stage)"]),
        (PYTHON + "def scenario(stage): yield", 1, ["yields", "ordinary function"]),
        (PYTHON + "async def scenario(stage): ...", 1, ["awaits", "ordinary function"]),
        (PYTHON + "def scenario(stage:", 5, ["SyntaxError", "mend it"]),
        (PYTHON + "\nx = 1 / 0", 6, ["ZeroDivisionError", "mend it"]),
        (
            PYTHON + "MARKETPLACES = ['tokopdia']\ndef scenario(stage): ...",
            1,
            ["MARKETPLACES", "'tokopedia'?"],
        ),
        (PYTHON + "START = 'now'\ndef scenario(stage): ...", 1, ["START", "write 2021-09-22"]),
        (PYTHON + "SETTINGS = {'otp': 1}\ndef scenario(stage): ...", 1, ["SETTINGS", "otp_digits"]),
    ],
)
def test_a_bad_python_story_is_refused_with_line_and_remedy(tmp_path, text, line, words):
    with pytest.raises(BadScenarios) as caught:
        told(tmp_path, text)
    problems = [(problem.line, problem.message) for problem in caught.value.problems]
    assert any(at == line and all(word in message for word in words) for at, message in problems), problems


@pytest.mark.parametrize(
    ("call", "told_"),
    [
        ("stage.byu()", "did you mean 'buy'?"),
        ("stage.check()", "unknown verb 'check'"),
        ("stage.buy(prise=1)", "did you mean 'price'?; buy needs 'course'"),
    ],
)
def test_a_python_story_may_only_use_the_verbs(tmp_path, call, told_):
    story = told(tmp_path, PYTHON + f"def scenario(stage):\n    {call}\n")
    with pytest.raises((AttributeError, TypeError)) as caught:
        story.play(lambda _: None)
    assert told_ in str(caught.value)


def test_an_expected_refusal_in_python_must_happen_and_for_that_reason():
    with refused(Reason.OTP_WRONG):
        raise StepRefused(Reason.OTP_WRONG, "salah")
    with refused("no_reply"):
        raise StepRefused("no_reply")
    with pytest.raises(AssertionError, match="succeeded, expected otp_wrong"), refused(Reason.OTP_WRONG):
        pass
    told_otherwise = pytest.raises(
        AssertionError, match=r"refused with otp_expired \(basi\), expected otp_wrong"
    )
    with told_otherwise, refused(Reason.OTP_WRONG):
        raise StepRefused(Reason.OTP_EXPIRED, "basi")


# How they are played


@pytest.fixture
def tell_in_python(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def told(body, head=""):
        lines = "".join(f"    {line}\n" for line in body)
        Path("loop.py").write_text(f'"""A loop.\n\nWhy.\n"""\n{head}def scenario(stage):\n{lines}')
        (story,) = discover(["loop.py"], VERBS)
        return story

    return told


def test_a_python_story_is_looked_at_after_every_verb(tell_in_python):
    story = tell_in_python(["for _ in range(3):", "    stage.add()", "stage.cook_books()", "stage.add()"])
    outcome = play(story, "pijar", toy_stage)
    assert outcome.steps == 4
    assert (
        outcome.message
        == "A loop (pijar): step 4 (loop.py:8), cook_books: invariant broken: L1: debit is not credit"
    )


def test_a_python_story_may_expect_a_refusal(tell_in_python):
    body = ["with refused('balance_too_low'):", "    stage.take()", "assert stage.add() == 1"]
    head = "from prakerja_sim.scenarios.engine.errors import refused\n"
    assert play(tell_in_python(body, head), "pijar", toy_stage).passed
    body[0] = "with refused('otp_wrong'):"
    assert play(tell_in_python(body, head), "pijar", toy_stage).message == (
        "A loop (pijar): after step 1 (loop.py:7): "
        "refused with balance_too_low (Saldo tidak cukup), expected otp_wrong"
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (["stage.take()"], "step 1 (loop.py:6), take: refused with balance_too_low (Saldo tidak cukup)"),
        (["stage.add()", "assert False, 'so'"], "after step 1 (loop.py:7): so"),
        (["stage.ad()"], "before step 1 (loop.py:6): AttributeError: unknown verb 'ad'; did you mean 'add'?"),
        (
            ["stage.add()", "stage.add(n='x')"],
            "after step 1 (loop.py:7): TypeError: add: n: 'x' is not a whole",
        ),
        (["pass"], "before step 1 (loop.py:1): nothing was played; a story takes at least one step"),
        (
            ["try:", "    stage.cook_books()", "except Exception:", "    stage.add()"],
            "step 1 (loop.py:7), cook_books:",
        ),
        (
            ["try:", "    stage.cook_books()", "finally:", "    stage.add()"],
            "step 1 (loop.py:7), cook_books:",
        ),
    ],
)
def test_a_python_story_fails_where_it_went_wrong(tell_in_python, body, told):
    outcome = play(tell_in_python(body), "pijar", toy_stage)
    assert outcome.message.startswith(f"A loop (pijar): {told}")


def test_a_python_story_says_which_failures_and_rules_it_is_about(tmp_path):
    named = 'SHOWS = ["F11"]\nBREAKS = ("R13",)\nKEEPS = ["R06"]\n'
    story = told(tmp_path, PYTHON + named + "def scenario(stage): ...\n")
    assert (story.shows, story.breaks, story.keeps) == (("F11",), ("R13",), ("R06",))


@pytest.mark.parametrize("named", ['SHOWS = ["F99"]', 'BREAKS = ["F11"]', 'KEEPS = "R06"'])
def test_a_python_story_with_an_unknown_id_is_refused(tmp_path, named):
    with pytest.raises(BadScenarios) as caught:
        told(tmp_path, PYTHON + named + "\ndef scenario(stage): ...\n")
    (problem,) = caught.value.problems
    assert problem.message.startswith(named.partition(" ")[0])
    assert ";" in problem.message
