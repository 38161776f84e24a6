"""People: find somebody, enrol one's own, and see what the programme knows of a person."""

from typing import Any

from prakerja_sim.mocks.admin.bringing import STATES
from prakerja_sim.mocks.admin.console.page import Page, Text, Visit
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.ledger import bookings
from prakerja_sim.simulator.programme.records import Course, Participant
from prakerja_sim.simulator.programme.waves import WAVES
from prakerja_sim.simulator.world.store import Unit

LONGEST_LIST = 50
BRING = "/bring"
WORDS = {
    "title": Text("People", "Peserta"),
    "who": Text("Name, card, phone or e-mail", "Nama, kartu, telepon, atau e-mail"),
    "found": Text("Found", "Ditemukan"),
    "nobody": Text("Nobody is called so.", "Peserta itu tidak ada."),
    "enrol": Text("Enrol people", "Daftarkan peserta"),
    "enrol_hint": Text(
        "Synthetic people: NIK, phone and e-mail belong to nobody.",
        "Peserta buatan: NIK, telepon, dan e-mail bukan milik siapa pun.",
    ),
    "count": Text("How many", "Berapa"),
    "own_phone": Text(
        "Phone, if one person needs a certain one", "Telepon, jika satu peserta memerlukan nomor tertentu"
    ),
    "videos": Text("Has watched the videos", "Sudah menonton video"),
    "wallet": Text("Has a bank or e-wallet account", "Punya rekening bank atau e-wallet"),
    "late": Text("Even if its last day is over", "Walau hari terakhirnya sudah lewat"),
    "balance": Text("Balance", "Saldo"),
    "nik": Text("NIK", "NIK"),
    "blocked": Text("Block this account", "Blokir akun ini"),
    "freed": Text("Free this account", "Buka blokir akun ini"),
    "dashboard": Text("Open the dashboard as this person", "Buka dasbor sebagai peserta ini"),
    "dashboard_changed": Text(
        "The dashboard's password was changed by this person, so only they can log in.",
        "Kata sandi dasbor sudah diganti peserta ini, jadi hanya ia yang dapat masuk.",
    ),
    "accounts": Text("Accounts", "Akun"),
    "user": Text("User", "Pengguna"),
    "verified": Text("Phone verified", "Telepon terverifikasi"),
    "pays": Text("Pays with the card", "Membayar dengan kartu"),
    "incentives": Text("Incentives are paid to", "Insentif dibayar ke"),
    "not_linked": Text("no account yet", "belum ada rekening"),
    "eligibility": Text("May this person buy?", "Bolehkah peserta ini membeli?"),
    "may": Text("Yes, every rule holds.", "Ya, semua aturan terpenuhi."),
    "may_not": Text("No.", "Tidak."),
    "holds": Text("Holds", "Terpenuhi"),
    "not_judged": Text("not judged", "tidak dinilai"),
    "judge": Text("Judge", "Nilai"),
    "bring": Text("Bring to", "Bawa ke"),
    "bring_hint": Text(
        "Does all that comes before, over the real wire, in one go.",
        "Melakukan semua langkah sebelumnya, lewat API yang sebenarnya, sekaligus.",
    ),
    "bring_button": Text("Bring", "Bawa"),
    "purchases": Text("Purchases", "Pembelian"),
    "history": Text("Card history", "Riwayat kartu"),
    "flow": Text("This person in the timeline", "Peserta ini di linimasa"),
    "inbox": Text("This person's messages", "Pesan untuk peserta ini"),
    "back": Text("All people", "Semua peserta"),
}


def show(visit: Visit) -> dict[str, Any]:
    """Those who were found, or one person whole."""
    given: dict[str, Any] = {
        "waves": [[number, number] for number in sorted(WAVES)],
        "enrolled": visit.result["people"] if visit.done == "POST /people" else [],
        "who": visit.query("person"),
        "one": None,
        "people": [],
    }
    found = _found(visit, given["who"])
    if len(found) == 1 and given["who"]:
        return given | {"one": _whole(visit, found[0])}
    return given | {"people": found}


def _found(visit: Visit, text: str) -> list[Participant]:
    """The people whose name, card, phone or e-mail holds the text; all without one."""
    everybody: list[Participant] = visit.call.ask(Unit.find, kind=Participant)
    if not text:
        return everybody[:LONGEST_LIST]
    text = text.lower()
    exactly = [one for one in everybody if text in (one.card, one.phone, one.email.lower(), one.name.lower())]
    held = [one for one in everybody if text in f"{one.name}\n{one.card}\n{one.phone}\n{one.email}".lower()]
    return exactly if len(exactly) == 1 else held[:LONGEST_LIST]


def _whole(visit: Visit, who: Participant) -> dict[str, Any]:
    listed = next(one for one in visit.ask("/people")["people"] if one["prakerja_id"] == who.card)
    courses = [[one.code, f"{one.title} ({one.code})"] for one in visit.call.ask(Unit.find, kind=Course)]
    course = visit.query("course", courses[0][0] if courses else "")
    marketplace = visit.query("marketplace", registry.DEFAULT)
    return {
        "who": who,
        "password": listed["password"],
        "account": _account(visit, who),
        "accounts": visit.ask("/accounts", person=who.card),
        "payments": visit.ask("/payments", person=who.card)["payments"][::-1],
        "courses": courses,
        "marketplaces": [[code, registry.title(code)] for code in registry.codes()],
        "course": course,
        "marketplace": marketplace,
        "judged": visit.tried("/eligibility", person=who.card, course=course, marketplace=marketplace)
        if visit.query("judge") and course
        else None,
        "bring": visit.offers("POST", BRING),
        "states": [[state, state] for state in STATES],
    }


def _account(visit: Visit, who: Participant) -> dict[str, Any]:
    """The card's account with its transfers, newest first."""
    book = visit.ask("/ledger", account=bookings.card(who.card))
    balance = book["accounts"][0]["balance"] if book["accounts"] else 0
    return {"balance": balance, "transfers": book["transfers"][::-1]}


PAGE = Page("people", WORDS, show)
