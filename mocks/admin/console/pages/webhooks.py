"""Webhooks: where they go, what is in the outbox; hold, release, repeat, drop."""

from typing import Any

from prakerja_sim.mocks.admin.console.page import Page, Text, Visit
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.webhook_dialect import INBOX

LONGEST_LIST = 100
WORDS = {
    "title": Text("Webhooks", "Webhook"),
    "targets": Text("Targets", "Tujuan"),
    "target": Text("Target", "Tujuan"),
    "url": Text("Address", "Alamat"),
    "url_hint": Text(
        "inbox: keeps them here; or http(s) to this machine",
        "inbox: menyimpannya di sini; atau http(s) ke komputer ini",
    ),
    "called": Text("Called", "Nama"),
    "secret": Text("Secret", "Rahasia"),
    "register": Text("Register", "Daftarkan"),
    "stop": Text("Tell it nothing more", "Berhenti mengirim"),
    "hold": Text("Hold", "Tahan"),
    "release": Text("Release", "Lepaskan"),
    "release_reversed": Text("Release, newest first", "Lepaskan, terbaru dulu"),
    "held": Text("held", "ditahan"),
    "stopped_target": Text("stopped", "dihentikan"),
    "outbox": Text("Outbox", "Kotak keluar"),
    "event": Text("Event", "Peristiwa"),
    "attempts": Text("Attempts", "Percobaan"),
    "outcome": Text("Outcome", "Hasil"),
    "about": Text("About", "Tentang"),
    "repeat": Text("Repeat", "Ulangi"),
    "drop": Text("Drop", "Buang"),
    "arrived": Text("What reached the built-in inbox", "Yang sampai di kotak masuk bawaan"),
}


def show(visit: Visit) -> dict[str, Any]:
    """Targets, the outbox and the built-in inbox, newest first."""
    told = visit.ask("/webhooks")
    return {
        "targets": told["targets"],
        "webhooks": told["webhooks"][::-1][:LONGEST_LIST],
        "arrived": visit.ask("/inbox/webhooks")["messages"][::-1][:LONGEST_LIST],
        "marketplaces": [[code, registry.title(code)] for code in registry.codes()],
        "inbox": INBOX,
    }


PAGE = Page("webhooks", WORDS, show)
