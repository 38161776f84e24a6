"""Several people doing something at the same moment, so that what must be one step is seen to be one."""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from prakerja_sim.scenarios.engine.errors import StepRefused

OFTEN = 1e-6
"""After how many seconds threads take turns meanwhile; usually each would be done before the next begins."""


def at_once(actions: Sequence[Callable[[], object]]) -> list[StepRefused | None]:
    """Do all of them at once; for each its refusal, or None if it went well. Anything else is raised."""
    start = Barrier(len(actions))

    def do(action: Callable[[], object]) -> StepRefused | None:
        start.wait()
        try:
            action()
        except StepRefused as refusal:
            return refusal
        return None

    usual = sys.getswitchinterval()
    sys.setswitchinterval(OFTEN)
    try:
        with ThreadPoolExecutor(len(actions)) as pool:
            return list(pool.map(do, actions))
    finally:
        sys.setswitchinterval(usual)
