"""Each marketplace's refund policy and the times of its support: its own, or what the settings say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.simulator.marketplace.refunds import Asker, Refunds
from prakerja_sim.simulator.programme.complaints import PRAKERJA, PRAKERJA_SUPPORT, Support
from prakerja_sim.simulator.values import policies
from prakerja_sim.simulator.values.settings import Settings, changed


def refunds_of(site: Site, settings: Settings) -> Refunds:
    """Who may ask a marketplace for the money back, until when, and what comes of it."""
    own = policies.read("refunds", settings.refunds).get(site.code, {})
    if "askers" in own:
        own["askers"] = frozenset(map(Asker, own["askers"]))
    if "outcome" in own:
        own["refused"] = own.pop("outcome")
    return replace(site.refunds, **own)


def support_of(site: Site, settings: Settings) -> Support:
    """How long a marketplace's support takes."""
    return _support(site.code, site.support, settings)


def prakerja_support(call: Call) -> Support:
    """How long Prakerja's own complaint form takes."""
    return _support(PRAKERJA, PRAKERJA_SUPPORT, call.sandbox.settings)


def settings_with(values: Mapping[str, Any]) -> Settings:
    """The default settings with some changed; raises ValueError with the place that is wrong."""
    settings = changed(dict(values))
    shops = registry.codes()
    for setting, known in (("refunds", shops), ("support", (*shops, PRAKERJA)), ("commission", shops)):
        for name in getattr(settings, setting):
            if name not in known:
                raise ValueError(f"setting {setting}: there is no {name!r}; there are {', '.join(known)}")
    return settings


def _support(code: str, usual: Support, settings: Settings) -> Support:
    own: dict[str, Any] = policies.read("support", settings.support).get(code, {})
    return replace(usual, **own)
