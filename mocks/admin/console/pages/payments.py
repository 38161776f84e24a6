"""Payments and orders: also those that came by the partner API; take one back."""

from typing import Any

from prakerja_sim.mocks.admin.console.page import Page, Text, Visit

LONGEST_LIST = 50
WORDS = {
    "title": Text("Payments and orders", "Pembayaran dan pesanan"),
    "payments": Text("Payments at Prakerja", "Pembayaran di Prakerja"),
    "payments_hint": Text(
        "Also those that came by the partner API alone.", "Termasuk yang datang hanya lewat API mitra."
    ),
    "orders": Text("Orders at the marketplaces", "Pesanan di platform digital"),
    "training": Text("Training", "Pelatihan berjalan"),
    "void": Text("Take back", "Batalkan"),
    "sure": Text("Take this purchase back?", "Batalkan pembelian ini?"),
}


def show(visit: Visit) -> dict[str, Any]:
    """Both lists, newest first, of one person or one invoice if that is asked for."""
    asked = {"person": visit.query("who"), "invoice": visit.query("which"), "limit": LONGEST_LIST}
    payments, orders = visit.tried("/payments", **asked), visit.tried("/orders", **asked)
    rows = payments["payments"][::-1] if payments else []
    ordered = {one["invoice_code"] for one in visit.ask("/orders", limit=1000)["orders"]}
    for one in rows:
        one["own_order"] = one["invoice_code"] in ordered
    return {
        "who": asked["person"],
        "which": asked["invoice"],
        "payments": rows,
        "orders": orders["orders"][::-1] if orders else [],
    }


PAGE = Page("payments", WORDS, show)
