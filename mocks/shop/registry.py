"""The marketplaces there are: every folder of mocks that brings a shopper.

What a folder holds is found by name, so that one more marketplace is one more folder and no
edit anywhere else.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from prakerja_sim.mocks.http.transport import Transport
from prakerja_sim.mocks.shop.business import Business
from prakerja_sim.mocks.shop.buyer import Shopper
from prakerja_sim.mocks.shop.institution_client import InstitutionClient
from prakerja_sim.mocks.shop.pages.labels import Labels
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.mocks.shop.webhook_dialect import PLAIN, Dialect
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import PartyCode

DEFAULT = PartyCode("tokopedia")
"""Where examples, test codes and load runs buy when nobody says where."""


@cache
def codes() -> tuple[PartyCode, ...]:
    """All of them, sorted."""
    home = Path(__file__).parent.parent
    return tuple(sorted(PartyCode(path.parent.name) for path in home.glob("*/shopper.py")))


def site(code: str) -> Site:
    """What a marketplace is to the shop: `SITE` in its `codes`."""
    loaded: Site = import_module(f"prakerja_sim.mocks.{code}.codes").SITE
    return loaded


def title(code: str) -> str:
    """A marketplace's name; one that is not simulated here is called by its code."""
    return site(code).title if code in codes() else code.title()


def labels(code: str) -> Labels:
    """What the buttons of a marketplace's pages say: `LABELS` in its `words`, else the usual ones."""
    said: Labels = getattr(import_module(f"prakerja_sim.mocks.{code}.words"), "LABELS", Labels())
    return said


def shopper(code: str, transport: Transport) -> Shopper:
    """A new shopper of a marketplace."""
    made: Shopper = import_module(f"prakerja_sim.mocks.{code}.shopper").Shopper(transport)
    return made


def institution_client(code: str, transport: Transport, institution: str, secret: str) -> InstitutionClient:
    """An institution's connection to a marketplace."""
    client = import_module(f"prakerja_sim.mocks.{code}.institution_client").Client
    made: InstitutionClient = client(transport, institution, secret)
    return made


def dialect(code: str, event: str = "") -> Dialect:
    """How a marketplace sends webhooks: `DIALECT` in its `webhooks`, the plain one if it has none.

    Its business may send its own events in another dialect.
    """
    if code not in codes():
        raise Rejected(Reason.WEBHOOK_TARGET_REFUSED, why=f"there is no marketplace {code!r}")
    offered = business(code)
    if offered is not None and event in offered.dialects:
        return offered.dialects[event]
    if find_spec(f"prakerja_sim.mocks.{code}.webhooks") is None:
        return PLAIN
    spoken: Dialect = import_module(f"prakerja_sim.mocks.{code}.webhooks").DIALECT
    return spoken


@cache
def business(code: str) -> Business | None:
    """What a marketplace offers to other businesses: `BUSINESS` in the folder `CODE_b2b`, if there is one."""
    if find_spec(f"prakerja_sim.mocks.{code}_b2b") is None:
        return None
    loaded: Business = import_module(f"prakerja_sim.mocks.{code}_b2b.business").BUSINESS
    return loaded


def rejections(code: str) -> list[tuple[Reason, str]]:
    """Which of its codes a marketplace uses for a reason, or which text if it has no codes.

    Some have a second code at another step.
    """
    words = import_module(f"prakerja_sim.mocks.{code}.words")
    further: dict[str, Reason] = getattr(words, "FURTHER", {})
    usual = ((reason, str(getattr(message, "code", message.text))) for reason, message in words.SAYS.items())
    return [*usual, *((reason, message) for message, reason in further.items())]
