"""Every Python block of docs/python.md and of the README's quickstart is run as it stands."""

import re
import runpy
from pathlib import Path

import pytest

from tests.live import REPOSITORY

pytest_plugins = ["pytester"]


def blocks(name: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (REPOSITORY / name).read_text(), re.DOTALL)


TESTS = [block for name in ("README.md", "docs/python.md") for block in blocks(name) if "def test_" in block]
PROGRAMS = [block for block in blocks("docs/python.md") if "def test_" not in block]


def test_the_tests_pass(run_pytest, pytester: pytest.Pytester) -> None:
    for number, block in enumerate(TESTS):
        (pytester.path / f"test_block_{number}.py").write_text(block)
    done = run_pytest()
    done.assert_outcomes(passed=sum(block.count("def test_") for block in TESTS))
    assert len(TESTS) >= 7


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_programs_run(tmp_path: Path, program: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "program.py").write_text(program)
    runpy.run_path(str(tmp_path / "program.py"))
    said = capsys.readouterr().out
    assert said.startswith("Siti Aminah 1000000\nsequenceDiagram\n")


def test_every_method_that_a_table_names_is_there() -> None:
    from prakerja_sim.kit import books, calls, clock, inboxes, people, sandbox  # noqa: PLC0415  # only here

    known = {
        name
        for module in (books, calls, clock, inboxes, people, sandbox)
        for one in vars(module).values()
        if isinstance(one, type)
        for name in dir(one)
    }
    text = (REPOSITORY / "docs/python.md").read_text()
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"\.(\w+)\(", row)}
    assert named
    assert named <= known
