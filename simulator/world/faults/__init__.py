"""Faults on demand: a fault is one class that does what goes wrong at its point.

A point is a moment in a message's life; its base class says what passes there and what `where` means. An
armed fault strikes the next messages that pass, as many times as it was told. Every file of this folder is
imported automatically; docs/faults.md teaches how to write one.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import ClassVar, Self, TypeVar

from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.records import ArmedFault
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

ADMIN = "admin:"
"""The paths of the admin API begin with this, at a point; a fault strikes there only if it names them."""

FIRST = "000001"
"""The key of the first fault that a sandbox arms; they are numbered."""


class Fault:
    """Something that goes wrong at a point. The docstring of its class is its row in docs/faults.md."""

    name: ClassVar[str]
    point: ClassVar[str]

    def unfinished(self) -> NotImplementedError:
        """The bug of a fault that says its point and not what goes wrong there."""
        return NotImplementedError(
            f"the fault {self.name} has no behaviour at its point, {self.point}: "
            f"write what goes wrong in {type(self).__name__}.apply()"
        )

    @classmethod
    def place(cls, where: str) -> str:
        """`where` as it is compared with what passes this point."""
        return where

    @classmethod
    def striking(cls, world: Unit, *, at: str) -> Self | None:
        """The fault of this point that strikes what passes now, counted down; None when all is well."""
        struck = strike(world, point=cls.point, at=at)
        assert struck is None or isinstance(struck, cls), f"{struck} is no {cls}"
        return struck


F = TypeVar("F", bound=type[Fault])
FAULTS: dict[str, type[Fault]] = {}


def fault(name: str) -> Callable[[F], F]:
    """Register a fault under the name that scenarios and the admin API use."""

    def register(kind: F) -> F:
        assert name not in FAULTS, f"two faults are called {name}"
        kind.name = name
        FAULTS[name] = kind
        return kind

    return register


@command("faults.arm")
@refuses(Reason.FAULT_UNKNOWN)
def arm(world: Unit, *, fault: str, where: str = "", times: int = 1) -> str:
    """Let a fault strike the next times that something passes its point; the number of this arming.

    `where` is the end of an endpoint's path, or a phone or e-mail address; `/PARTY/*` is all of a party's
    endpoints; empty is anywhere but in the admin API.
    """
    if fault not in FAULTS:
        raise Rejected(Reason.FAULT_UNKNOWN, fault=fault, known=", ".join(sorted(FAULTS)))
    assert times >= 1, times
    number, kind = len(world.find(ArmedFault)) + 1, FAULTS[fault]
    key = f"{number:06}"
    world.put(ArmedFault(key, fault, kind.point, kind.place(where), times))
    return key


@command("faults.strike")
def strike(world: Unit, *, point: str, at: str) -> Fault | None:
    """The fault that strikes what passes this point now; found and counted down in one unit of work."""
    if world.get(ArmedFault, FIRST) is None:  # nothing was ever armed: the usual case, and a quick one
        return None
    for armed in world.find(ArmedFault, point=point, spent=False):
        all_of = armed.where.endswith("/*") and at.startswith(armed.where[:-1])
        if all_of or (at.endswith(armed.where) and (armed.where or not at.startswith(ADMIN))):
            left = armed.left - 1
            world.put(armed.but(left=left, spent=left == 0, struck=armed.struck + 1))
            return FAULTS[armed.fault]()
    return None


@command("faults.disarm")
@refuses(Reason.FAULT_UNKNOWN)
def disarm(world: Unit, *, number: str = "") -> None:
    """End all faults at once, or the one that got this number when it was armed."""
    if number and world.get(ArmedFault, number) is None:
        raise Rejected(Reason.FAULT_UNKNOWN, number=number)

    for armed in world.find(ArmedFault):
        if not armed.spent and number in ("", armed.key):
            world.put(armed.but(left=0, spent=True))


def any_armed(world: Unit) -> bool:
    """Whether any fault still waits at its point."""
    return any(not armed.spent for armed in world.find(ArmedFault))


for _file in iter_modules(__path__):
    import_module(f"{__name__}.{_file.name}")
