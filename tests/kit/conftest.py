"""What runs of pytest within a test need."""

from collections.abc import Callable
from functools import partial

import pytest

import prakerja_sim
from prakerja_sim.kit import pytest_plugin

ONLY_OURS = ("--disable-plugin-autoload", "-p", "xdist", "-p", "prakerja-sim", "-p", "no:cacheprovider")
"""Other plugins are what a run, and each worker of its own, would spend most of its start on."""


@pytest.fixture(scope="session")
def everything_loaded() -> None:
    """All that a server needs is loaded in this process, so that a run of pytest within a test loads nothing.

    pytester takes such modules out of `sys.modules` again, but their packages keep them: then old and new
    modules mix, and what asks the one Flask for its request finds it in the other.
    """
    prakerja_sim.serve().close()


@pytest.fixture
def run_pytest(
    everything_loaded: None, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., pytest.RunResult]:
    """Run pytest in this process, with our plugin alone and no server that runs elsewhere."""
    monkeypatch.delenv(pytest_plugin.URL, raising=False)
    return partial(pytester.runpytest, *ONLY_OURS, "-n", "0")
