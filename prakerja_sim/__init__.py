"""A simulator of Indonesia's Kartu Prakerja programme and of the marketplaces in front of it.

What partners use: `serve()` or `connect(URL)` gives a `Server`, its `lease()` a `Sandbox`, a whole world of
one's own. Everything is loaded when it is first used, so that importing this package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from prakerja_sim import simulator

if TYPE_CHECKING:
    from prakerja_sim.kit.errors import Mismatch as Mismatch
    from prakerja_sim.kit.errors import Refused as Refused
    from prakerja_sim.kit.errors import SimulatorError as SimulatorError
    from prakerja_sim.kit.errors import Unreachable as Unreachable
    from prakerja_sim.kit.people import Person as Person
    from prakerja_sim.kit.sandbox import Sandbox as Sandbox
    from prakerja_sim.kit.server import Server as Server
    from prakerja_sim.kit.server import connect as connect
    from prakerja_sim.kit.server import serve as serve

__version__ = simulator.VERSION
_FOUND_IN = {
    "Mismatch": "errors",
    "Person": "people",
    "Refused": "errors",
    "Sandbox": "sandbox",
    "Server": "server",
    "SimulatorError": "errors",
    "Unreachable": "errors",
    "connect": "server",
    "serve": "server",
}
__all__ = [  # noqa: PLE0604  # the rest of the names follow from the table
    "__version__",
    *_FOUND_IN,
]


def __getattr__(name: str) -> Any:
    """A name of the kit, loaded when it is first asked for."""
    if name not in _FOUND_IN:
        raise AttributeError(f"module 'prakerja_sim' has no attribute {name!r}")
    return getattr(import_module(f"prakerja_sim.kit.{_FOUND_IN[name]}"), name)
