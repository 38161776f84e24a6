"""Ledger: accounts in groups, rupiah and seats apart, transfers, and where the parties' records disagree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from prakerja_sim.mocks.admin import lookups
from prakerja_sim.mocks.admin.console.page import Page, Text, Visit
from prakerja_sim.simulator.ledger import bookings
from prakerja_sim.simulator.ledger.ledger import FAMILIES
from prakerja_sim.simulator.marketplace.records import Order
from prakerja_sim.simulator.world.store import Unit

LONGEST_LIST, MOST = 100, 1000
BOOKS = {"IDR": "rupiah", "SEAT": "seats", "VOUCHER": "vouchers"}
"""The title of each book, by what its accounts count."""
VOIDED = ("paid_without_order", "refunded_but_paid", "amount_differs", "paid_below_half")
"""What a marketplace ends by voiding the payment."""
ASKED_AGAIN = ("issued_but_voided",)
"""What its marketplace's own void ends."""
WORDS = {
    "title": Text("Ledger", "Buku besar"),
    "rupiah": Text("Rupiah", "Rupiah"),
    "seats": Text("Seats", "Kuota"),
    "vouchers": Text("Vouchers", "Voucher"),
    "account": Text("Account", "Rekening"),
    "accounts": Text("accounts", "rekening"),
    "balance": Text("Balance", "Saldo"),
    "moves": Text("Moves", "Mutasi"),
    "sum": Text("Sum", "Jumlah"),
    "transfers": Text("Newest transfers", "Transfer terbaru"),
    "transfers_of": Text("Transfers of a person", "Transfer seorang peserta"),
    "everything": Text("all transfers", "semua transfer"),
    "entry": Text("Entry", "Entri"),
    "disagree": Text("Where records disagree", "Catatan yang berbeda"),
    "agree": Text("All parties agree.", "Catatan semua pihak cocok."),
    "kind": Text("Kind", "Jenis"),
    "remedy": Text("Remedy", "Penyelesaian"),
    "do_remedy": Text("Void it now", "Batalkan sekarang"),
    "by_clock": Text("Let time pass: 15 minutes", "Biarkan waktu berlalu: 15 menit"),
}


def show(visit: Visit) -> dict[str, Any]:
    """The books of the sandbox, of one person if that is asked for."""
    who = visit.query("who")
    people = lookups.people(visit.call, who) if who else []
    card = bookings.card(people[0].card) if people else ""
    if who and not people:
        visit.tried("/accounts", person=who)  # says that nobody is called so
    moved = visit.ask("/ledger", account=card, limit=LONGEST_LIST)["transfers"]
    accounts = visit.ask("/ledger", limit=1)["accounts"]
    return {
        "who": who,
        "books": [
            {"title": WORDS[name]._asdict()[visit.language], "groups": groups, "money": name == "rupiah"}
            for name, groups in _books(accounts).items()
        ],
        "transfers": moved[::-1],
        "differences": [_remedied(visit, one) for one in visit.ask("/reconciliation")["discrepancies"]],
    }


def _books(accounts: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, list[Mapping[str, Any]]]]:
    """The accounts by what they hold, then by how their names begin."""
    books: dict[str, dict[str, list[Mapping[str, Any]]]] = {title: {} for title in BOOKS.values()}
    for one in accounts:
        group = one["account"].partition(":")[0]
        books[BOOKS[FAMILIES[group].asset]].setdefault(group, []).append(one)
    return {name: defaultdict(list, sorted(groups.items())) for name, groups in books.items() if groups}


def _remedied(visit: Visit, one: Mapping[str, Any]) -> dict[str, Any]:
    """A difference with the operation that ends it: a void, or time, in which parties ask each other."""
    operation, fields = "POST /clock", {"advance": "15m"}
    if one["kind"] in VOIDED:
        operation, fields = "POST /payments/void", {"invoice": one["about"], "marketplace": one["party"]}
    elif one["kind"] in ASKED_AGAIN:
        orders: list[Order] = visit.call.ask(Unit.find, kind=Order)
        found = next((each.id for each in orders if each.invoice == one["about"]), "")
        operation, fields = ("POST /orders/<order>/void", {"order": found}) if found else (operation, fields)
    return {**one, "operation": operation, "fields": fields}


PAGE = Page("ledger", WORDS, show)
