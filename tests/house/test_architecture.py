"""The house keeps its own rules: layers, sizes, words, top level, provenance of every endpoint."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from prakerja_sim.mocks.server.mounts import discovered
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.simulator.values.errors import Reason
from tests.live import REPOSITORY

TOP_LEVEL = {
    "prakerja_sim", "simulator", "scenarios", "mocks", "loadtests", "tests", "docs", "examples",
    "pyproject.toml", "constraints.txt", "Makefile", "README.md", "README.id.md", "CHANGELOG.md", "LICENSE",
    "Dockerfile", "compose.yaml", "action.yml",
}  # fmt: skip
LONG_MODULES = {
    "simulator/programme/rulebook.py": "the table of the programme's forty rules",
    "simulator/values/reason_texts.py": "the table of what each reason means",
    "mocks/institution/supply.py": "one handler a call, with its encryption",
    "mocks/prakerja/server.py": "one handler an endpoint, with its models",
}
LONG_FUNCTIONS = {
    "serve": "one argument an option",
    "replay": "one argument an option",
}
LARGE_CLASSES = {"Shopper": "a buyer's app, one method for each thing that a buyer does"}
"""By the end of their names: every site has a shopper."""
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base", "models", "manager", "core"}
HALLOWED = re.compile(r"(Manager|Service|Handler|Processor|Info|Helper|Util)$")


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (REPOSITORY / name).exists()]


def modules() -> list[str]:
    return [name for name in tracked() if name.endswith(".py") and not name.startswith("tests/")]


def test_the_top_level_holds_only_what_the_house_names() -> None:
    found = {name.split("/")[0] for name in tracked()}
    assert {name for name in found if not name.startswith(".")} <= TOP_LEVEL


def test_a_decision_has_a_number_of_its_own() -> None:
    numbers = re.findall(
        r"^\| (D\d+[a-z]?) \|", (REPOSITORY / "docs" / "decisions.md").read_text(), re.MULTILINE
    )
    assert len(numbers) > 100
    assert sorted(numbers) == sorted(set(numbers))


def test_imports_run_downward_only() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", modules())
def test_a_module_is_short_named_well_and_opens_with_its_decision(name: str) -> None:
    text = (REPOSITORY / name).read_text()
    tree = ast.parse(text)
    assert Path(name).stem not in VAGUE
    assert text.count("\n") <= 300 or name in LONG_MODULES
    story = name.startswith("scenarios/") and not name.startswith("scenarios/engine/")
    assert ast.get_docstring(tree), "a module says what it holds"
    assert story or len((ast.get_docstring(tree) or "").splitlines()) <= 8
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 45 or node.name in LONG_FUNCTIONS, f"{node.name} has {length} lines"
        if isinstance(node, ast.ClassDef):
            assert not HALLOWED.search(node.name), f"{node.name}: say what it is"
            methods = sum(isinstance(one, ast.FunctionDef) for one in node.body)
            large = any(node.name.endswith(end) for end in LARGE_CLASSES)
            assert methods <= 25 or large, f"{node.name} has {methods} methods"


def test_every_exception_in_these_tables_is_still_needed() -> None:
    for name in LONG_MODULES:
        assert (REPOSITORY / name).read_text().count("\n") > 300, f"{name} is short enough now"


def test_secrets_are_never_compared_with_a_plain_equals() -> None:
    suspicious = re.compile(
        r"(signature|secret|sign_key)\s*(==|!=)|(==|!=)\s*\w*(signature|secret|sign_key)\b"
    )
    for name in modules():
        for number, line in enumerate((REPOSITORY / name).read_text().splitlines(), 1):
            assert not suspicious.search(line), f"{name}:{number}: use hmac.compare_digest"


@pytest.mark.parametrize("face", discovered(), ids=lambda face: face.code)
def test_every_endpoint_says_how_well_it_is_known_and_what_it_does(face) -> None:
    assert face.endpoints
    for endpoint in face.endpoints:
        assert endpoint.summary, endpoint.path
        assert endpoint.provenance, endpoint.path


def test_every_reason_is_spelt_once_and_named_after_its_value() -> None:
    for reason in Reason:
        assert reason.name.lower() == reason.value


def test_every_verb_has_a_help_line() -> None:
    for verb in vocabulary(Stage, ["tokopedia"]).verbs.values():
        assert verb.help, verb.name


def test_the_readme_shows_the_two_commands_and_says_what_is_not_simulated() -> None:
    readme = (REPOSITORY / "README.md").read_text()
    assert "make replay" in readme
    assert "make test" in readme
    assert "## What is not simulated" in readme


def test_no_lock_records_an_address_and_every_version_is_pinned() -> None:
    for line in (REPOSITORY / "constraints.txt").read_text().splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!_-]+", line), line


def test_decisions_name_every_dependency() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    decisions = (REPOSITORY / "docs" / "decisions.md").read_text().lower()
    extras = project["optional-dependencies"]
    for wanted in [*project["dependencies"], *extras["granian"], *extras["load"]]:
        name = re.split(r"[<>=; ]", wanted)[0]
        assert name in decisions, f"{name} has no reason in docs/decisions.md"


def test_every_test_module_has_a_name_of_its_own() -> None:
    names = [Path(name).name for name in tracked() if Path(name).name.startswith("test_")]
    twice = sorted({name for name in names if names.count(name) > 1})
    assert not twice, f"pytest reads only one of two modules of a name: {', '.join(twice)}"
