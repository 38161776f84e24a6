"""What runs of pytest within a test need."""

import pytest

import prakerja_sim


@pytest.fixture(scope="session")
def everything_loaded() -> None:
    """All that a server needs is loaded in this process, so that a run of pytest within a test loads nothing.

    pytester takes such modules out of `sys.modules` again, but their packages keep them: then old and new
    modules mix, and what asks the one Flask for its request finds it in the other.
    """
    prakerja_sim.serve().close()
