"""The description of one marketplace for the shop that all of them share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, TypeVar

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop.checkout import Supply
from prakerja_sim.mocks.shop.fields import Paged
from prakerja_sim.simulator.marketplace.records import Order, Shopper
from prakerja_sim.simulator.marketplace.refunds import Refunds
from prakerja_sim.simulator.programme.complaints import Support
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.ids import PartyCode

R = TypeVar("R")
T = TypeVar("T")
E = TypeVar("E", bound=Enum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A marketplace: what it is called, how it writes its numbers, what it allows."""

    code: PartyCode
    title: str
    voucher_number: str
    """The format of a voucher's code; see `simulator.marketplace.number_formats`, also for an order's."""
    order_number: str = "##########"
    invoice_prefix: str = ""
    invoice_url: str = ""
    """Where an invoice is shown, with `{order.id}` or `{order.invoice}` in it."""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """The prefix of an order's number in the path parameter of this name."""
    refunds: Refunds
    support: Support
    names: Mapping[str, str] = field(default_factory=dict)
    """What the site calls the fields of the shop's bodies."""
    own_ids: str = ""
    """The name from which the site's own ids of courses follow; without it the programme's code is the id."""
    demo_commission: int = 0
    """What it keeps of a sale in the default sandbox, in percent: one does, for the demo's books."""
    promos: bool = True
    """Whether there are promo codes."""
    place: Callable[..., Order] | None = None
    """The site's own command for an order, where it does more than the shop's."""
    refusals_with_voucher: frozenset[Reason] = frozenset({Reason.VOUCHER_USED})
    """The refusals with which an institution still gets the details of its voucher."""
    supply: Callable[[Call], Supply | None] = lambda _: None
    """The supplier of vouchers; without it the site makes them itself."""
    token: Callable[[Call, Shopper], str] = lambda _, __: ""
    """The token of a buyer who has logged in."""


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """A part of a list, and how long the whole is."""

    rows: list[R]
    number: int
    size: int
    total: int
    path: str

    def of(self, show: Callable[[R], T]) -> "Page[T]":
        """The same part of the list, with each of its rows shown."""
        return Page([show(one) for one in self.rows], self.number, self.size, self.total, self.path)


def page_of(call: Call, rows: list[R], request: Any) -> Page[R]:
    """The requested page; all rows where a site has no pages."""
    path = call.environ["PATH_INFO"]
    if not isinstance(request, Paged):
        return Page(rows, 1, len(rows), len(rows), path)
    start = (request.page - 1) * request.limit
    return Page(rows[start : start + request.limit], request.page, request.limit, len(rows), path)


def wordings(of: type[E], *words: str) -> dict[E, str]:
    """A site's names for some states or kinds, in their order."""
    return dict(zip(of, words, strict=True))


def named(call: Call, body: Any, field: str) -> tuple[str, str]:
    """What the body names in a field, else the one place of the path and what stands there."""
    value = getattr(body, field, None)
    if value is not None:
        return "", value
    [(place, value)] = call.path.items()
    return place, value
