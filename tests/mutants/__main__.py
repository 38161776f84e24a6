"""Mutation testing: each mutant of the modules that decide must make some test fail (`make mutants`).

A mutant is loaded in a forked child in place of its module; first the tests that are about the
module are run, then, if it lives, all of the core's.  What survives is printed; less than 90 of a
hundred killed is a failure.  Nothing on disk is changed.
"""

import argparse
import ast
import importlib.abc
import importlib.util
import os
import signal
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest

from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.making import Mutant, mutants

HOME = Path(__file__).parent.parent.parent
DEMANDED = 90
PATIENCE = 240
OURS = ("prakerja_sim", "tests")
PLUGINS = ["-o", "addopts=--disable-plugin-autoload -p timeout", "-p", "no:cacheprovider"]
"""Most of a child's time would go into others."""
CORE = [
    "tests/simulator",
    "--ignore=tests/simulator/stores",
    "--ignore=tests/simulator/programme/test_people.py",
]
ROOMS = {
    "rules": "programme",
    "incentive_rules": "programme",
    "ledger": "ledger",
    "bookings": "ledger",
    "lifecycle": "programme",
}
"""The room of each module."""
ABOUT = {
    # the module, the tests that are about it
    "rules": ["test_rules", "test_operator_actions", "test_payment"],
    "incentive_rules": [
        "test_operator_actions",
        "test_payout_accounts",
        "test_incentives",
        "test_incentive_payments",
        "test_completion",
    ],
    "ledger": ["test_ledger", "test_invariants"],
    "bookings": ["test_bookings", "test_payment", "test_deadlines", "test_incentives", "test_catalogue"],
    "lifecycle": ["test_lifecycle", "test_payment", "test_completion", "test_redemption", "test_complaints"],
}


def source(name: str) -> Path:
    """Where a module of the core is written."""
    return HOME / f"simulator/{ROOMS[name]}/{name}.py"


def dotted(name: str) -> str:
    """What it is imported as."""
    return f"prakerja_sim.simulator.{ROOMS[name]}.{name}"


class Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads a mutant under its module's name."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.tree = name, path, tree

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def create_module(self, spec):
        return None

    def exec_module(self, module) -> None:
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)


def survives(name: str, mutant: Mutant, tests: list[str]) -> bool:
    """Whether all those tests pass with the mutant; in a child, which may do as it likes."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(PATIENCE)  # a mutant that never ends is as good as killed
            for handle in (1, 2):
                os.dup2(os.open(os.devnull, os.O_WRONLY), handle)
            for loaded in [one for one in sys.modules if one.partition(".")[0] in OURS]:
                del sys.modules[loaded]
            sys.meta_path.insert(0, Instead(dotted(name), source(name), mutant.tree))
            code = int(pytest.main(["-x", "-q", *PLUGINS, *tests]))
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def lives(name: str, mutant: Mutant, quick: bool) -> bool:
    about = [str(path) for one in ABOUT[name] for path in (HOME / "tests/simulator").rglob(f"{one}.py")]
    return survives(name, mutant, about) and (quick or survives(name, mutant, CORE))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(ABOUT), help=f"of {', '.join(ABOUT)}")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--quick", action="store_true", help="only the tests that are about the module")
    asked = parser.parse_args()
    os.chdir(HOME)
    import_module("tests.simulator.conftest")  # and into what everything imports
    total: Counter[str] = Counter()
    for name in asked.modules:
        made = list(mutants(source(name).read_text(), import_module(dotted(name))))
        with ThreadPoolExecutor(asked.workers) as pool:
            alive = pool.map(lambda one, name=name: lives(name, one, asked.quick), made)
            counted: Counter[str] = Counter()
            for mutant, living in zip(made, alive, strict=True):
                excuse = EQUIVALENT.get((name, mutant.said)) if living else None
                counted["equivalent" if excuse else "alive" if living else "killed"] += 1
                if living:
                    said = f"{mutant.said}{f' (equal: {excuse})' if excuse else ''}"
                    print(f"  {source(name).relative_to(HOME)}:{mutant.line}: {said}", flush=True)
        share = 100 * counted["killed"] // max(counted["killed"] + counted["alive"], 1)
        print(f"{name}: {len(made)} mutants, {dict(counted)}, {share} of a hundred killed", flush=True)
        total += counted
    share = 100 * total["killed"] // max(total["killed"] + total["alive"], 1)
    print(f"{dict(total)}, {share} of a hundred killed, {DEMANDED} are demanded")
    return 0 if share >= DEMANDED else 1


if __name__ == "__main__":
    sys.exit(main())
