"""The marketplaces there are: every folder of mocks that brings a shopper.

What a folder holds is found by name, so that one more marketplace is one more folder and no
edit anywhere else.
"""

from functools import cache
from importlib import import_module
from pathlib import Path

from mocks.desk import Desk
from mocks.shopper import Shopper
from mocks.transport import Transport
from simulator.errors import Reason
from simulator.ids import PartyCode

DEFAULT = PartyCode("tokopedia")
"""Where examples, test codes and load runs buy when nobody says where."""


@cache
def codes() -> tuple[PartyCode, ...]:
    """All of them, sorted."""
    home = Path(__file__).parent
    return tuple(sorted(PartyCode(path.parent.name) for path in home.glob("*/shopper.py")))


def title(code: str) -> str:
    """What a marketplace is called; one that is not played here goes by its code."""
    if code not in codes():
        return code.title()
    return str(import_module(f"mocks.{code}.words").MARKETPLACE.title)


def shopper(code: str, transport: Transport) -> Shopper:
    """Somebody new in front of a marketplace."""
    made: Shopper = import_module(f"mocks.{code}.shopper").Shopper(transport)
    return made


def desk(code: str, transport: Transport, institution: str, secret: str) -> Desk:
    """An institution's connection to a marketplace."""
    made: Desk = import_module(f"mocks.{code}.desk").Desk(transport, institution, secret)
    return made


def rejections(code: str) -> list[tuple[Reason, str]]:
    """Which of its own codes a marketplace says for a reason; some have a second code at another step."""
    words = import_module(f"mocks.{code}.words")
    further: dict[str, Reason] = getattr(words, "FURTHER", {})
    return [*words.REJECTIONS.items(), *((reason, said) for said, reason in further.items())]
