"""Stories in YAML: what is read, how it is typed, and what a bad file is told."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from prakerja_sim.scenarios.engine.errors import BadScenarios
from prakerja_sim.scenarios.engine.script import START
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.scenarios.engine.yaml_story import stories
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings


class Toy:
    """A stage of every kind of argument."""

    def buy(
        self,
        *,
        course: str,
        price: Rupiah | None = None,
        seats: int = 1,
        online: bool = False,
        tags: list[str] | None = None,
    ) -> None:
        """Buy a course.

        And more.
        """

    def advance(self, *, by: timedelta) -> None:
        """Let time pass."""

    def set_clock(self, *, to: datetime) -> None:
        """Move the clock."""

    def step_clock(self) -> None:
        """Go to what is due next."""

    def expect(self, *, balance: Rupiah | None = None) -> None:
        """Compare."""

    def check(self) -> list[str]:
        """Not a verb."""
        return []

    def _hidden(self, *, world: Path) -> None: ...


VERBS = vocabulary(Toy, ["tokopedia", "bukalapak", "pijar"])
HEAD = "# Why it is told.\nscenario: A promise\n"


def told(tmp_path, text):
    file = tmp_path / "story.yaml"
    file.write_text(text)
    return stories(file, VERBS)


def steps_of(story):
    steps = []
    story.play(steps.append)
    return steps


def problems_of(tmp_path, text):
    with pytest.raises(BadScenarios) as caught:
        told(tmp_path, text)
    return [(problem.line, problem.message) for problem in caught.value.problems]


# What is read


def test_the_public_methods_of_a_stage_are_its_verbs():
    assert set(VERBS.verbs) == {"advance", "buy", "expect", "set_clock", "step_clock"}
    assert VERBS.verbs["buy"].help == "Buy a course."


def test_a_verb_that_no_file_can_say_is_a_bug_of_the_stage():
    class Odd:
        def look(self, *, path: Path) -> None: ...

    with pytest.raises(TypeError, match="no way to write"):
        vocabulary(Odd, [])


def test_a_story_says_what_where_when_and_why(tmp_path):
    text = (
        "# Because it\n# happened.\nscenario: A promise\nmarketplaces: [pijar, tokopedia]\n"
        "start: 2021-09-22 23:59:59\nsettings: {otp_lifetime: 60, fixed_otp: 012345}\nsteps: [step_clock]\n"
    )
    (story,) = told(tmp_path, text)
    assert (story.title, story.why) == ("A promise", "Because it\nhappened.")
    assert story.marketplaces == ("pijar", "tokopedia")
    assert story.start == wib(2021, 9, 22, 23, 59, 59)
    assert story.settings == Settings(otp_lifetime=60, fixed_otp="012345")


def test_a_story_is_for_each_marketplace_unless_it_names_some(tmp_path):
    (plain,) = told(tmp_path, HEAD + "steps: [step_clock]\n")
    (each,) = told(tmp_path, HEAD + "marketplaces: each\nsteps: [step_clock]\n")
    (some,) = told(tmp_path, HEAD + "marketplaces: [pijar]\nsteps: [step_clock]\n")
    everywhere = ("tokopedia", "pijar")
    assert plain.played_on(everywhere) == each.played_on(everywhere) == everywhere
    assert some.played_on(everywhere) == ("pijar",)
    assert some.played_on(("tokopedia",)) == ()
    assert (plain.start, plain.settings) == (START, Settings())


def test_steps_keep_their_order_lines_and_expected_refusals(tmp_path):
    text = HEAD + (
        "steps:\n  - buy: {course: barista}\n    fails: otp_wrong\n\n  - step_clock\n  - step_clock:\n"
        "  - advance: {by: 5m}\n    fails: no_reply\n"
    )
    (story,) = told(tmp_path, text)
    assert [(s.number, s.line, s.verb, dict(s.arguments), s.fails) for s in steps_of(story)] == [
        (1, 4, "buy", {"course": "barista"}, Reason.OTP_WRONG),
        (2, 7, "step_clock", {}, None),
        (3, 8, "step_clock", {}, None),
        (4, 9, "advance", {"by": timedelta(minutes=5)}, Reason.NO_REPLY),
    ]


@pytest.mark.parametrize(
    ("step", "arguments"),
    [
        ("buy: {course: 012345}", {"course": "012345"}),
        ("buy: {course: 123456}", {"course": "123456"}),
        ("buy: {course: a, price: 650_000}", {"course": "a", "price": Rupiah(650_000)}),
        ("buy: {course: a, price: 650000}", {"course": "a", "price": Rupiah(650_000)}),
        ("buy: {course: a, price: null}", {"course": "a", "price": None}),
        ("buy: {course: a, seats: 1_000}", {"course": "a", "seats": 1000}),
        ("buy: {course: a, online: true}", {"course": "a", "online": True}),
        ("buy: {course: a, tags: [012, 5]}", {"course": "a", "tags": ["012", "5"]}),
        ("set_clock: {to: 2021-09-22}", {"to": wib(2021, 9, 22)}),
        ("set_clock: {to: 2021-09-22T10:00:00+00:00}", {"to": wib(2021, 9, 22, 17)}),
        ("advance: {by: 30d}", {"by": timedelta(days=30)}),
        ("expect: {balance: 350_000}", {"balance": Rupiah(350_000)}),
    ],
)
def test_arguments_are_typed_by_the_verb(tmp_path, step, arguments):
    (story,) = told(tmp_path, HEAD + f"steps:\n  - {step}\n")
    (one,) = steps_of(story)
    assert one.arguments == arguments
    assert [type(value) for value in one.arguments.values()] == [type(value) for value in arguments.values()]


def test_a_table_tells_the_story_once_per_row(tmp_path):
    text = HEAD + (
        "cases:\n"
        "  - {title: too short, card: 99900, refusal: card_malformed, seats: 2}\n"
        "  - {title: right, card: '9990000000000000', refusal: null, seats: 3}\n"
        "steps:\n"
        "  - buy: {course: $card, seats: $seats, tags: [no-$card, $$5, 'a $ b']}\n"
        "    fails: $refusal\n"
    )
    short, right = told(tmp_path, text)
    assert [short.title, right.title] == ["A promise: too short", "A promise: right"]
    (step,) = steps_of(short)
    assert step.arguments == {"course": "99900", "seats": 2, "tags": ["no-99900", "$5", "a $ b"]}
    assert step.fails == Reason.CARD_MALFORMED
    (step,) = steps_of(right)
    assert step.arguments["course"] == "9990000000000000"
    assert step.fails is None


def test_a_title_may_name_columns(tmp_path):
    text = "# Why.\nscenario: With {n} seats\ncases: [{n: 1}, {n: 2}]\nsteps: [buy: {course: a, seats: $n}]\n"
    assert [story.title for story in told(tmp_path, text)] == ["With 1 seats", "With 2 seats"]


def test_rows_without_a_title_are_numbered(tmp_path):
    text = HEAD + "cases: [{n: 1}, {n: 2}]\nsteps: [buy: {course: a, seats: $n}]\n"
    assert [story.title for story in told(tmp_path, text)] == ["A promise: case 1", "A promise: case 2"]


@pytest.mark.parametrize(
    ("text", "title", "why"),
    [
        ("---\n# Why.\nscenario: A\nsteps: [step_clock]\n", "A", "Why."),
        ("# Why.\n---\n# More.\nscenario: A\nsteps: [step_clock]\n", "A", "Why.\nMore."),
        ("# W\nscenario: 'Beli #1'  # quoted\nsteps: [step_clock]  # so\n", "Beli #1", "W"),
        ("# W\nscenario: Beli kopi#1\nsteps: [step_clock]\n", "Beli kopi#1", "W"),
        ("# W\nscenario: Keluarga \U0001f468\u200d\U0001f469\nsteps:\n- step_clock  # !\n", None, "W"),
        ("# W\nscenario: Bendera \U0001f3f4\U000e0067\U000e007f\nsteps: [step_clock]\n", None, "W"),
    ],
)
def test_what_yaml_and_emoji_allow_is_read(tmp_path, text, title, why):
    (story,) = told(tmp_path, text)
    assert story.title == (title or text.splitlines()[1].partition(": ")[2])
    assert story.why == why


def test_a_story_knows_the_line_of_its_title(tmp_path):
    text = "# W\n\nscenario: A\ncases:\n  - {n: 1}\n  - {n: 2}\nsteps: [buy: {course: $n}]\n"
    assert [story.line for story in told(tmp_path, text)] == [5, 6]
    (plain,) = told(tmp_path, "# W\n\nscenario: A\nsteps: [step_clock]\n")
    assert plain.line == 3


# What a bad file is told


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("scenario: A\nsteps: [step_clock]", 1, ["why the story exists", "# comment"]),
        ("# yaml-language-server: $schema=x\nscenario: A\nsteps: [step_clock]", 1, ["why", "# comment"]),
        ("# W\n- a", 2, ["a story is a mapping", "scenario:"]),
        ("# W\nsteps: [step_clock]", 1, ["no `scenario:`", "add it"]),
        (HEAD, 1, ["no `steps:`", "add it"]),
        ("# W\nscenario:\nsteps: [step_clock]", 2, ["title", "write one"]),
        ('# W\nscenario: "a\\nb"\nsteps: [step_clock]', 2, ["title is one line", "without line breaks"]),
        (f"# W\nscenario: {'x' * 201}\nsteps: [step_clock]", 2, ["limit of 200", "shorter"]),
        (
            HEAD + "step: [step_clock]\nsteps: [step_clock]",
            3,
            ["unknown key 'step'", "did you mean 'steps'?"],
        ),
        (HEAD + "marketplaces: [tokopdia]\nsteps: [step_clock]", 3, ["'tokopdia'", "mean 'tokopedia'?"]),
        (HEAD + "marketplaces: tokopedia\nsteps: [step_clock]", 3, ["neither `each` nor a list", "write"]),
        (HEAD + "marketplaces: []\nsteps: [step_clock]", 3, ["neither `each` nor a list", "write"]),
        (HEAD + "start: 12:30\nsteps: [step_clock]", 3, ["'12:30' is not a time", "2021-09-22 23:59:59"]),
        (HEAD + "start: 0001-01-01T00:00:00+23:00\nsteps: [step_clock]", 3, ["0001-01-01", "write"]),
        (HEAD + "settings: {otp_lifetme: 3}\nsteps: [step_clock]", 3, ["'otp_lifetme'", "'otp_lifetime'?"]),
        (HEAD + "settings: {otp_lifetime: x}\nsteps: [step_clock]", 3, ["otp_lifetime", "whole number"]),
        (
            HEAD + "settings: {otp_digits: 3}\nsteps: [step_clock]",
            3,
            ["otp_digits must be a whole number from 4 to 8"],
        ),
        (HEAD + "settings: 5\nsteps: [step_clock]", 3, ["settings is a mapping", "{otp_lifetime: 300}"]),
        (HEAD + "steps: []", 3, ["not empty", "- verb:"]),
        (HEAD + "steps: buy", 3, ["steps is a list", "- verb:"]),
        (HEAD + "steps:\n  - byu: {course: a}", 4, ["unknown verb 'byu'", "did you mean 'buy'?"]),
        (HEAD + "steps:\n  - pots", 4, ["unknown verb 'pots'", "there are advance, buy, expect"]),
        (HEAD + "steps:\n  - check", 4, ["unknown verb 'check'"]),
        (HEAD + "steps:\n  - 5", 4, ["a step is a verb", "- verb:"]),
        (HEAD + "steps:\n  -", 4, ["a step is a verb", "- verb:"]),
        (HEAD + "steps:\n  - fails: otp_wrong", 4, ["no verb", "one verb a step"]),
        (
            HEAD + "steps:\n  - step_clock:\n    buy: {course: a}",
            4,
            ["2 verbs (step_clock, buy)", "one verb"],
        ),
        (HEAD + "steps:\n  - buy: barista", 4, ["'barista' has no name", "{argument: value}"]),
        (HEAD + "steps:\n  - buy: {}", 4, ["buy needs 'course'", "add it"]),
        (HEAD + "steps:\n  - buy:", 4, ["buy needs 'course'", "add it"]),
        (HEAD + "steps:\n  - buy:\n      course: a\n      prise: 5", 6, ["no 'prise'", "mean 'price'?"]),
        (HEAD + "steps:\n  - step_clock: {by: 5m}", 4, ["takes no 'by'", "there are none"]),
        (HEAD + "steps:\n  - buy: {course: null}", 4, ["course: null is not text", "quotes"]),
        (HEAD + "steps:\n  - buy: {course: true}", 4, ["course: true is not text", "quotes"]),
        (HEAD + "steps:\n  - buy: {course: [a]}", 4, ["is not text"]),
        (HEAD + "steps:\n  - buy: {course: a, price: 1.50}", 4, ["price: '1.50'", "650_000"]),
        (HEAD + "steps:\n  - buy: {course: a, price: true}", 4, ["price: True", "650_000"]),
        (HEAD + "steps:\n  - buy: {course: a, seats: 012}", 4, ["seats: '012'", "write 3"]),
        (HEAD + "steps:\n  - buy: {course: a, seats: null}", 4, ["seats: null", "write 3"]),
        (HEAD + "steps:\n  - buy: {course: a, online: yes}", 4, ["online: 'yes'", "write true or false"]),
        (HEAD + "steps:\n  - buy: {course: a, tags: x}", 4, ["tags: 'x' is not a list", "write ['x']"]),
        (HEAD + "steps:\n  - advance: {by: 5}", 4, ["by: 5 is not a stretch", "5m"]),
        (HEAD + "steps:\n  - advance: {by: 60y}", 4, ["by: '60y'", "30d"]),
        (HEAD + "steps:\n  - advance: {by: 99999d}", 4, ["longer than fifty years"]),
        (HEAD + "steps:\n  - set_clock: {to: 20210922}", 4, ["to: 20210922 is not a time", "2021-09-22"]),
        (HEAD + "steps:\n  - set_clock: {to: 2021-13-01}", 4, ["'2021-13-01' is not a time", "write"]),
        (HEAD + "steps:\n  - set_clock: {to: 0001-01-01T00:00:00+23:00}", 4, ["set_clock: to: "]),
        (HEAD + "steps:\n  - step_clock:\n    fails: otp_wrng", 5, ["'otp_wrng'", "mean 'otp_wrong'?"]),
        (HEAD + "steps:\n  - step_clock:\n    fails:", 5, ["unknown reason None"]),
        (HEAD + "steps:\n  - step_clock:\n    fails: [otp_wrong]", 5, ["unknown reason"]),
        (HEAD + "steps:\n  - buy: {course: $card}", 4, ["no value for $card", "cases:", "$$"]),
        (HEAD + "cases: []\nsteps: [step_clock]", 3, ["cases is a list of rows", "write"]),
        (HEAD + "cases: {a: 1}\nsteps: [step_clock]", 3, ["cases is a list of rows", "write"]),
        (HEAD + "cases: [5]\nsteps: [step_clock]", 3, ["row 1 is not a mapping", "write"]),
        (HEAD + "cases: [{n: 1}]\nsteps: [step_clock]", 3, ["no step uses column 'n'", "write $n"]),
        (HEAD + "cases: [{n: 1}]\nsteps:\n  - buy: {course: $m}", 5, ["no value for $m in 'case 1'", "n"]),
        (HEAD + "cases: [{n: [1]}]\nsteps:\n  - buy: {course: a-$n}", 5, ["inside text", "quotes"]),
        ("# W\nscenario: A {x}\ncases: [{n: 1}]\nsteps: [buy: {course: $n}]", 2, ["no value for $x"]),
        (
            HEAD + "cases:\n  - {title: a, n: 1}\n  - {title: b, n: 2}\n  - {title: a, n: 3}\n"
            "steps: [buy: {course: $n}]",
            6,
            ["the row in line 4 has the same title, 'A promise: a'", "give each row a `title:`"],
        ),
        (
            "# W\nscenario: With {n}\ncases: [{n: 1},\n {n: 1}]\nsteps: [buy: {course: $n}]",
            4,
            ["the row in line 3 has the same title, 'With 1'", "name a column that differs"],
        ),
        ("# W\nscenario: Beli #1 dari toko\nsteps: [step_clock]", 2, ["' #1' begins a comment", "quote the"]),
        ("# W\nscenario: Beli # dari toko\nsteps: [step_clock]", 2, ["ends before '# dari toko'", "quotes"]),
        ("# W\nscenario: A \u202e b\nsteps: [step_clock]", 2, ["U+202E", "remove it"]),
        (HEAD + "steps:\n  - buy:\n      course: kopi #2", 5, ["' #2' begins a comment", "quote the text"]),
        (HEAD + "steps:\n  - buy: {course: kopi # 2}", 4, ["' #' begins a comment", "quote text"]),
        (
            HEAD + "steps:\n  - step_clock\n      fails: otp_wrong",
            5,
            ["`step_clock` has no colon", "- step_clock:`"],
        ),
        (
            HEAD + "steps:\n  - step_clock\n    fails: otp_wrong",
            5,
            ["`step_clock` has no colon", "- step_clock:`"],
        ),
        (
            HEAD + "steps:\n  - step_clock:\n      fails: otp_wrong",
            5,
            ["`fails:` is no argument", "indent it like"],
        ),
        (HEAD + "note: a: b\nsteps: [step_clock]", 3, ["mapping values are not allowed", "': '"]),
    ],
)
def test_a_bad_story_is_refused_with_line_and_remedy(tmp_path, text, line, words):
    problems = problems_of(tmp_path, text)
    matching = [message for at, message in problems if at == line and all(word in message for word in words)]
    assert matching, problems
    assert "\n" not in matching[0]


def test_everything_wrong_with_a_file_is_told_at_once_in_the_order_of_its_lines(tmp_path):
    text = (
        "scenario: A\nstart: never\nsteps:\n  - byu:\n    fails: otp_wrng\n  - buy: {prise: 1, seats: x}\n"
        "  - advance: {by: 5m}\n  - step_clock: 5\n"
    )
    problems = problems_of(tmp_path, text)
    assert [line for line, _ in problems] == [1, 2, 4, 5, 6, 6, 6, 8]


def test_the_same_mistake_is_told_once_however_many_rows_make_it(tmp_path):
    text = HEAD + "cases: [{n: 1}, {n: 2}, {n: 3}]\nsteps:\n  - byu: {seats: $n}\n  - buy: {course: $n}\n"
    assert len(problems_of(tmp_path, text)) == 1


def test_the_limit_of_steps_is_named(tmp_path):
    ((line, message),) = problems_of(tmp_path, HEAD + "steps:\n" + "- x\n" * 100_001)
    assert (line, message) == (3, "more steps than the limit of 100,000; split the story")


def test_a_problem_reads_as_a_place_and_a_message(tmp_path):
    with pytest.raises(BadScenarios) as caught:
        told(tmp_path, HEAD + "steps:\n  - byu\n")
    assert str(caught.value) == f"{tmp_path}/story.yaml:4: unknown verb 'byu'; did you mean 'buy'?"


def test_a_story_says_which_failures_and_rules_it_is_about(tmp_path):
    text = HEAD + "shows: [F11, F40b]\nbreaks: [R13]\nkeeps: [R06, R13]\nsteps: [step_clock]\n"
    (story,) = told(tmp_path, text)
    assert (story.shows, story.breaks, story.keeps) == (("F11", "F40b"), ("R13",), ("R06", "R13"))
    (silent,) = told(tmp_path, HEAD + "steps: [step_clock]\n")
    assert (silent.shows, silent.breaks, silent.keeps) == ((), (), ())


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("shows: [F52]", "unknown failure 'F52'; did you mean"),
        ("shows: F11", "'F11' is no list of failure ids; write [F11]"),
        ("shows: []", "is no list of failure ids; write [F11]"),
        ("shows: [R13]", "R13 is no failure; name it under `breaks:` or `keeps:`"),
        ("shows: [F11, F11]", "failure F11 is named twice; name it once"),
        ("shows: [[F11]]", "unknown failure \"['F11']\"; did you mean"),
        ("breaks: [R41]", "unknown rule 'R41'; did you mean"),
        ("breaks: [r13]", "unknown rule 'r13'"),
        ("keeps: [R00]", "unknown rule 'R00'; did you mean"),
        ("keeps: [F11]", "F11 is no rule; name it under `shows:`"),
        ("keeps: {R13: true}", "is no list of rule ids; write [R13]"),
        ("keeps: null", "None is no list of rule ids; write [R13]"),
    ],
)
def test_an_id_that_no_reference_knows_is_refused_with_its_line_and_the_remedy(tmp_path, key, said):
    ((line, message),) = problems_of(tmp_path, HEAD + key + "\nsteps: [step_clock]\n")
    assert line == 3
    assert said in message
