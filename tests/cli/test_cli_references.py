"""`verbs`, `reasons`, `settings`, `faults`: all there are, each with what one needs to know."""

import json
from dataclasses import fields

import pytest

from prakerja_sim.mocks.docs.reference import DOCS
from prakerja_sim.mocks.http.why import BEFORE
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.faults import FAULTS
from tests.cli.test_cli import refused, run
from tests.played import WORDS


def told(*arguments):
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("command", "key", "names"),
    [
        ("verbs", "verb", list(WORDS.verbs)),
        ("reasons", "reason", [*(reason.value for reason in Reason), *BEFORE]),
        ("settings", "setting", [one.name for one in fields(Settings)]),
        ("faults", "fault", list(FAULTS)),
    ],
)
def test_all_are_told_and_nothing_is_empty(command, key, names):
    rows = told(command)
    assert sorted(row[key] for row in rows) == sorted(names)
    may_be_empty = {"arguments", "rules", "answered_by", "where", "default"}
    assert [row for row in rows if not all(row[name] for name in row.keys() - may_be_empty)] == []


def test_a_verb_tells_its_arguments_and_an_example():
    (buy,) = told("verbs", "buy")
    assert buy["does"].startswith("Press buy")
    assert [(one["name"], one["default"]) for one in buy["arguments"]] == [
        ("course", "must be there"),
        ("promo", ""),
        ("person", "peserta"),
    ]
    assert buy["example"].startswith("  - buy: {course: ")
    assert "  - buy: {course: " in run("verbs", "buy").output


def test_a_reason_tells_its_rule_and_who_answers_so():
    (wrong,) = told("reasons", "otp_wrong")
    assert wrong["rules"] == ["R11"]
    assert wrong["id"] == "Kode ini bukan kode yang terakhir dikirim."
    prakerja = next(one for one in wrong["answered_by"] if one["party"] == "prakerja")
    authorize = ["POST /api/v1/integration/payment/authorize"]
    assert prakerja == {"party": "prakerja", "status": 400, "code": "ERRPLT40094", "operations": authorize}
    assert "    prakerja: 400 ERRPLT40094, POST " in run("reasons", "otp_wrong").output


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("otp_digits", "otp_digits  whole number, 4 to 8; default 6"),
        ("price_check", "price_check  one of: at_most, exact; default at_most"),
        ("magic", "magic  true or false; default true"),
        ("fixed_otp", "fixed_otp  text; default null"),
        ("refunds", "refunds  mapping; default {}"),
    ],
)
def test_a_setting_tells_its_type_and_default(name, line):
    assert run("settings", name).output.splitlines()[0] == line


def test_a_fault_tells_where_it_may_strike():
    assert "`where`: the end of the path" in run("faults", "reply_lost").output


def test_the_schema_that_is_printed_is_the_one_in_docs():
    assert run("verbs", "--schema").output == (DOCS / "story.schema.json").read_text()


@pytest.mark.parametrize(
    ("command", "name", "meant"),
    [
        ("verbs", "by", "buy"),
        ("reasons", "otp_wrng", "otp_wrong"),
        ("settings", "otp_tris", "otp_tries"),
        ("faults", "reply_losd", "reply_lost"),
    ],
)
def test_a_name_that_is_not_there_is_bad_input(command, name, meant):
    assert f"there is no '{name}'; did you mean '{meant}'?" in refused(command, name)
