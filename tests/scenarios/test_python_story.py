"""Stories in Python: the same steps, the same checks, lines of their own."""

from contextlib import contextmanager
from pathlib import Path

import pytest

from prakerja_sim.scenarios.engine.errors import BadScenarios, StepRefused, refused
from prakerja_sim.scenarios.engine.finding import discover
from prakerja_sim.scenarios.engine.python_story import stories
from prakerja_sim.scenarios.engine.runner import play, run
from prakerja_sim.scenarios.engine.scene import Scene
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

    def newest(self):
        return ""

    def scene(self):
        return Scene("toy")

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
        ('"""A \u202e title.\n\nWhy.\n"""\ndef scenario(stage): ...', 1, ["U+202E", "remove it"]),
        (PYTHON, 1, ["no story in it", "define scenario(stage)"]),
        (PYTHON + "def scenario(): ...", 5, ["no story in it", "define scenario(stage)"]),
        (PYTHON + "def scenario(stage, *more): ...", 5, ["no story in it", "define scenario(stage)"]),
        (PYTHON + "def scenario(stage): yield", 5, ["yields", "ordinary function"]),
        (PYTHON + "def scenario(stage):\n  for n in (yield 1): ...", 5, ["yields", "ordinary function"]),
        (PYTHON + "async def scenario(stage): ...", 5, ["awaits", "ordinary function"]),
        (PYTHON + "def scenario(stage:", 5, ["SyntaxError", "mend it"]),
        (PYTHON + "\0", 1, ["mend it"]),
        (
            PYTHON + "MARKETPLACES = ['tokopdia']\ndef scenario(stage): ...",
            5,
            ["MARKETPLACES", "'tokopedia'?"],
        ),
        (PYTHON + "START = 'now'\ndef scenario(stage): ...", 5, ["START", "write 2021-09-22"]),
        (PYTHON + "BREAKS = KEEPS = ['R99']\ndef scenario(stage): ...", 5, ["BREAKS: ", "R99"]),
        (PYTHON + "if True:\n    START = 'now'\ndef scenario(stage): ...", 6, ["START is not read here"]),
        (PYTHON + "START, A = 'now', 1\ndef scenario(stage): ...", 5, ["START is not read here"]),
        (PYTHON + "SETTING = {}\ndef scenario(stage): ...", 5, ["unknown constant SETTING", "SETTINGS?"]),
        (
            PYTHON + "\nSTART: str = now()\ndef scenario(stage): ...",
            6,
            ["START is no plain value"],
        ),
        (PYTHON + "SETTINGS = {'otp': 1}\ndef scenario(stage): ...", 5, ["SETTINGS", "otp_digits"]),
        (PYTHON + "def scenario(stage):\n    stage.byu()", 6, ["unknown verb 'byu'", "mean 'buy'?"]),
        (PYTHON + "def scenario(stage):\n    stage.check()", 6, ["unknown verb 'check'"]),
        (PYTHON + "def scenario(stage):\n    stage.buy(prise=1)", 6, ["'prise'", "mean 'price'?"]),
        (PYTHON + "def scenario(stage):\n    stage.buy()", 6, ["buy needs 'course'"]),
        (PYTHON + "def scenario(stage):\n    stage.buy(18)", 6, ["by name", "stage.buy(course=18)"]),
        (PYTHON + "def scenario(it):\n    it.add(n='x')", 6, ["add: n: 'x' is not a whole number"]),
        (PYTHON + "def scenario(stage):\n    stage.add(n=1, m=x)", 6, ["add takes no 'm'"]),
        (PYTHON + "def a(stage):\n    stage.ad()\ndef scenario(stage): a(stage)", 6, ["mean 'add'?"]),
    ],
)
def test_a_bad_python_story_is_refused_with_line_and_remedy(tmp_path, text, line, words):
    with pytest.raises(BadScenarios) as caught:
        told(tmp_path, text)
    problems = [(problem.line, problem.message) for problem in caught.value.problems]
    assert any(at == line and all(word in message for word in words) for at, message in problems), problems


@pytest.mark.parametrize(
    "body",
    [
        "    stage.buy(**{'course': 'a'})",
        "    stage.buy(course=x, price=y)",
        "    def within(): yield 1\n    list(within())",
        "    sorted([2], key=lambda n: (yield n))",
    ],
)
def test_what_is_known_only_when_it_is_played_is_left_alone(tmp_path, body):
    assert told(tmp_path, PYTHON + f"def scenario(stage):\n{body}\n")


def test_reading_a_python_story_does_not_run_it(tmp_path):
    run = tmp_path / "run"
    text = f"import pathlib\npathlib.Path({str(run)!r}).touch()\nimport nothing_of_that_name\n"
    assert told(tmp_path, PYTHON + text + "def scenario(stage): ...\n").title == "A loop buys once"
    assert not run.exists()


@pytest.mark.parametrize(
    ("call", "told_"),
    [
        ("it.byu()", "did you mean 'buy'?"),
        ("it.check()", "unknown verb 'check'"),
        ("it.buy(prise=1)", "did you mean 'price'?; buy needs 'course'"),
        ("it.buy('a')", "buy takes its arguments by name; write such as stage.buy(course='a')"),
    ],
)
def test_a_python_story_may_only_use_the_verbs(tmp_path, call, told_):
    story = told(tmp_path, PYTHON + f"def scenario(stage):\n    it = stage\n    {call}\n")
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
        (
            ["it = stage", "it.ad()"],
            "before step 1 (loop.py:7): AttributeError: unknown verb 'ad'; did you mean 'add'?",
        ),
        (
            ["stage.add()", "stage.add(n='x' * 2)"],
            "after step 1 (loop.py:7): TypeError: add: n: 'xx' is not a whole",
        ),
        (
            ["n = stage.add()", "assert n == 2"],
            "after step 1 (loop.py:7): this does not hold: assert n == 2; give it words: `assert ..., words`",
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


OWN_WAYS = [
    # what a story does besides, and what is said of it
    ("import sys\nsys.exit(0)\n", "pass", "before step 1 (odd.py:6): sys.exit(0): a story must not end"),
    (
        "import sys\n",
        "stage.add(); sys.exit(3)",
        "after step 1 (odd.py:8): sys.exit(3): a story",
    ),
    (
        "import pytest\n",
        "pytest.skip('later')",
        "before step 1 (odd.py:8): Skipped: later; a story",
    ),
    (
        "import pytest\npytest.skip('x', allow_module_level=True)\n",
        "pass",
        "before step 1 (odd.py:6): Skipped",
    ),
    (
        "import argparse\n",
        "argparse.ArgumentParser().parse_args(['-x'])",
        "before step 1 (odd.py:8): sys.exit(2)",
    ),
    ("raise GeneratorExit\n", "pass", "before step 1 (odd.py:5): GeneratorExit"),
    ("x = 1 / 0\n", "pass", "before step 1 (odd.py:5): ZeroDivisionError: division by zero"),
]


@pytest.mark.parametrize(("head", "body", "told"), OWN_WAYS)
def test_a_story_that_goes_its_own_way_fails_alone(tmp_path, monkeypatch, head, body, told):
    monkeypatch.chdir(tmp_path)
    text = '"""{}.\n\nWhy.\n"""\n{}\n\ndef scenario(stage):\n    {}\n'
    Path("before.py").write_text(text.format("Before", "", "stage.add()"))
    Path("odd.py").write_text(text.format("Odd", head.rstrip("\n"), body))
    Path("then.py").write_text(text.format("Then", "", "stage.add()"))
    heard = []

    report = run(discover(["."], VERBS), ("tokopedia", "pijar"), toy_stage, hear=heard.append)

    assert list(report.outcomes) == heard
    assert [(one.story.title, one.passed) for one in heard] == [
        *[("Before", True)] * 2,
        *[("Odd", False)] * 2,
        *[("Then", True)] * 2,
    ]
    assert report.outcomes[2].message.startswith(f"Odd (tokopedia): {told}")


def test_only_the_person_at_the_keyboard_ends_a_run(tell_in_python):
    with pytest.raises(KeyboardInterrupt):
        play(tell_in_python(["raise KeyboardInterrupt"]), "pijar", toy_stage)


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
