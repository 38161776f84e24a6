"""The schema for editors: it takes what the reader takes, and refuses what a schema can refuse."""

from datetime import datetime, timedelta

import pytest
from jsonschema import Draft202012Validator

from prakerja_sim.scenarios.engine.errors import BadScenarios
from prakerja_sim.scenarios.engine.finding import HOME
from prakerja_sim.scenarios.engine.kinds import kind_of
from prakerja_sim.scenarios.engine.story_schema import story_schema
from prakerja_sim.scenarios.engine.strict_yaml import load, read
from prakerja_sim.scenarios.engine.vocabulary import reader_for
from prakerja_sim.scenarios.engine.words import WaveNumber
from prakerja_sim.scenarios.engine.yaml_story import stories
from tests.played import WORDS

SCHEMA = story_schema(WORDS)
VALIDATOR = Draft202012Validator(SCHEMA)
OURS = sorted(path for path in HOME.rglob("*.yaml") if "engine" not in path.parts)
HEAD = "# W\nscenario: A\n"
GOOD = HEAD + "steps: [step_clock]\n"
HINTS = {
    (verb.name, name): argument.hint for verb in WORDS.verbs.values() for name, argument in verb.takes.items()
}
VALUES = [
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        3,
        123456,
        10**15,
        "",
        "0",
        "7",
        "007",
        "650_000",
        "1_",
        "-5",
        "x",
        "right",
    ),
    *(
        "wrong",
        "old",
        "USD",
        "usd",
        "IDR",
        "5m",
        "90s",
        "5y",
        "m",
        "2021-09-22",
        "2021-09-22 23:59:59",
        "12:30",
    ),
    *("20210922", "2021-W38-3", "tokopedia", "reply_lost", "success", "name email", "order.paid", "Selesai"),
    *([], ["order.paid"], ["x"], [1], {}, {"a": 1}, "9990 0000", "job-1 Gagal", 18, "18", 99),
]


def test_it_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_it_takes_every_story_of_ours(path):
    assert [error.message for error in VALIDATOR.iter_errors(load(path).root.plain())] == []


@pytest.mark.parametrize(("verb", "name"), HINTS, ids=lambda said: said)
def test_an_argument_is_taken_by_both_or_refused_by_both(verb, name):
    hint = HINTS[verb, name]
    reader, schema = reader_for(hint), Draft202012Validator(kind_of(hint).schema)
    for value in VALUES:
        try:
            reader(value)
            taken = True
        except ValueError:
            taken = False
        if taken or hint not in (datetime, datetime | None, timedelta, timedelta | None, WaveNumber):
            assert schema.is_valid(value) is taken, (value, taken)


@pytest.mark.parametrize(
    "text",
    [
        "# W\nsteps: [step_clock]",
        HEAD,
        "# W\nscenario: ''\nsteps: [step_clock]",
        f"# W\nscenario: {'x' * 201}\nsteps: [step_clock]",
        "# W\nscenario: 5\nsteps: [step_clock]",
        GOOD + "step: [step_clock]",
        GOOD + "marketplaces: [tokopdia]",
        GOOD + "marketplaces: []",
        GOOD + "marketplaces: tokopedia",
        GOOD + "except: {tokopdia: so}",
        GOOD + "except: {tokopedia: ''}",
        GOOD + "shows: [F99]",
        GOOD + "shows: [R01]",
        GOOD + "breaks: [R01, R01]",
        GOOD + "keeps: R01",
        GOOD + "start: 5",
        GOOD + "settings: {otp_lifetme: 3}",
        GOOD + "settings: {otp_digits: 3}",
        GOOD + "settings: {otp_digits: 9}",
        GOOD + "settings: {price_check: sometimes}",
        GOOD + "settings: {magic: 1}",
        GOOD + "settings: 5",
        GOOD + "cases: []",
        GOOD + "cases: [5]",
        HEAD + "steps: []",
        HEAD + "steps: step_clock",
        HEAD + "steps: [5]",
        HEAD + "steps: [byu: {course: a}]",
        HEAD + "steps: [{step_clock: , disarm: }]",
        HEAD + "steps: [fails: otp_wrong]",
        HEAD + "steps: [{step_clock: , fails: otp_wrng}]",
        HEAD + "steps: [{step_clock: , fails: }]",
        HEAD + "steps: [buy]",
        HEAD + "steps: [buy: ]",
        HEAD + "steps: [buy: kopi]",
        HEAD + "steps: [buy: {}]",
        HEAD + "steps: [buy: {course: a, prise: 5}]",
        HEAD + "steps: [step_clock: {by: 5m}]",
        HEAD + "steps: [enter_otp: {otp: rigth}]",
        HEAD + "steps: [rate: {stars: many}]",
        HEAD + "steps: [advance]",
        HEAD + "steps: [advance: {by: 5}]",
        HEAD + "steps: [advance: {by: 5m, to: 2021-09-22}]",
        HEAD + "steps: [arm: {fault: reply_losd}]",
        HEAD + "steps: [arm: {fault: reply_lost, times: 0}]",
        HEAD + "steps: [expect]",
        HEAD + "steps: [expect: {person: budi}]",
        HEAD + "steps: [expect: {balance: null}]",
        HEAD + "steps: [list_course: {kind: webinar}]",
    ],
)
def test_what_the_reader_refuses_it_refuses(text, tmp_path):
    file = tmp_path / "story.yaml"
    file.write_text(text)
    with pytest.raises(BadScenarios):
        stories(file, WORDS)
    assert not VALIDATOR.is_valid(read(text.encode(), file).root.plain())


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "cases: [{n: 1}]\nsteps: [{rate: {stars: $n}, fails: $n}]",
        HEAD + "cases: [{n: 1}]\nsteps: [expect: {incentives: [$n, job-1 Gagal]}]",
        HEAD + "steps: [advance: {by: null, to: 2021-09-22}]",
        HEAD + "steps: [expect: {seats: 1_000, balance: 0}]",
        GOOD + "start: 2021-09-22T23:59:59+07:00",
        GOOD + "settings: {otp_lifetime: 1_000, fixed_otp: '123456', commission: {pijar: 3}}",
    ],
)
def test_what_it_must_let_pass(text):
    assert [one.message for one in VALIDATOR.iter_errors(read(text.encode(), HOME).root.plain())] == []
