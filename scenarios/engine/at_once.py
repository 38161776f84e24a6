"""Several requests at the same moment, so that what must be one step is seen to be one.

Within this process each of them waits a moment before every unit of work, so that the others come as far as
it has: what is read in one unit and written in the next is then read by all before anybody writes.
"""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from types import FrameType
from typing import Any

from prakerja_sim.scenarios.engine.errors import StepRefused
from prakerja_sim.simulator import stores

MOMENT_SECONDS = 0.002
UNITS = ("run", "ask")
"""What a store's methods for one unit of work are called."""
_STORES = tuple(stores.__path__)


def at_once(actions: Sequence[Callable[[], object]]) -> list[StepRefused | None]:
    """Do all of them at once; for each its refusal, or None if it went well. Anything else is raised."""
    start, never = Barrier(len(actions)), Event()

    def wait(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_name in UNITS and code.co_filename.startswith(_STORES):
            never.wait(MOMENT_SECONDS)

    def do(action: Callable[[], object]) -> StepRefused | None:
        start.wait()
        sys.setprofile(wait)
        try:
            action()
        except StepRefused as refusal:
            return refusal
        finally:
            sys.setprofile(None)
        return None

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(do, actions))
