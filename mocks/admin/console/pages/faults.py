"""Faults: arm one from lists that know what exists, see how often it struck, disarm."""

from typing import Any

from prakerja_sim.mocks.admin import fault_places
from prakerja_sim.mocks.admin.console.page import Page, Text, Visit
from prakerja_sim.simulator.world.faults import FAULTS

WORDS = {
    "title": Text("Faults", "Gangguan"),
    "fault": Text("Fault", "Gangguan"),
    "where": Text("Where; empty is anywhere", "Di mana; kosong berarti di mana saja"),
    "times": Text("How often", "Berapa kali"),
    "arm": Text("Arm", "Pasang"),
    "choose": Text("Choose", "Pilih"),
    "armed": Text("Armed", "Terpasang"),
    "left": Text("Left", "Sisa"),
    "struck": Text("Struck", "Terjadi"),
    "disarm": Text("Disarm", "Lepas"),
    "disarm_all": Text("Disarm all", "Lepas semua"),
    "seen": Text("Where it struck", "Di mana terjadi"),
    "anywhere": Text("anywhere", "di mana saja"),
}


def show(visit: Visit) -> dict[str, Any]:
    """What is armed, and for the chosen fault the places at which it can strike."""
    fault = visit.query("fault", next(iter(sorted(FAULTS))))
    places = fault_places.known(fault, visit.call.parties.faces.values()) if fault in FAULTS else []
    return {
        "armed": visit.ask("/faults")["faults"],
        "faults": [[name, f"{name}: {_what(name)}"] for name in sorted(FAULTS)],
        "fault": fault,
        "places": places,
    }


def _what(fault: str) -> str:
    return (FAULTS[fault].__doc__ or "").split("\n")[0]


PAGE = Page("faults", WORDS, show)
