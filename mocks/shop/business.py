"""What a marketplace offers to other businesses beside its shop, in a folder of its own.

The folder is called as the marketplace with `_b2b` behind it and brings `BUSINESS` in its `business`;
the marketplace finds it through the registry, so neither imports the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from prakerja_sim.mocks.http.face import Enveloping, Face
from prakerja_sim.mocks.shop.checkout import Supply
from prakerja_sim.mocks.shop.webhook_dialect import Dialect


@dataclass(frozen=True, slots=True)
class Business:
    """What is mounted on the marketplace's face, and what its shop asks for."""

    add_to: Callable[[Face], None]
    """Register the endpoints, with what the OpenAPI adds to them."""
    envelopes: Mapping[str, Enveloping] = field(default_factory=dict)
    """The words of its surfaces, by the first part of the path."""
    dialects: Mapping[str, Dialect] = field(default_factory=dict)
    """How it tells its own events by webhook."""
    supply: Supply | None = None
    """Where vouchers come from while suppliers are live."""
