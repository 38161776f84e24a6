"""Clock: move the time, see what is due next, and what happened on the way and why."""

from typing import Any

from prakerja_sim.mocks.admin.console.page import Page, Text, Visit
from prakerja_sim.mocks.http import secrets
from prakerja_sim.simulator.world.records import Due
from prakerja_sim.simulator.world.store import Unit

LONGEST_LIST = 20
SPANS = ("1m", "1h", "1d", "7d", "30d")
WORDS = {
    "title": Text("Clock", "Jam"),
    "frozen": Text("The clock stands still until you move it.", "Jam berhenti sampai Anda memajukannya."),
    "runs": Text(
        "The clock runs: so many seconds pass here in one second:",
        "Jam berjalan. Jumlah detik di sini untuk setiap detik nyata:",
    ),
    "advance": Text("Advance", "Majukan"),
    "by": Text("By", "Selama"),
    "span_hint": Text("such as 90s, 5m, 2h, 30d", "misalnya 90s, 5m, 2h, 30d"),
    "jump": Text("Jump to a date", "Lompat ke tanggal"),
    "at": Text("Date and time (WIB)", "Tanggal dan jam (WIB)"),
    "at_hint": Text("such as 2021-11-30 23:59:59", "misalnya 2021-11-30 23:59:59"),
    "jump_button": Text("Jump", "Lompat"),
    "step": Text("Step to what is due next", "Maju ke yang terjadwal berikutnya"),
    "scale": Text("Let it run", "Biarkan berjalan"),
    "scale_hint": Text(
        "seconds here in one second; 0 stops it", "detik di sini untuk setiap detik nyata; 0 menghentikannya"
    ),
    "scale_button": Text("Run", "Jalankan"),
    "due": Text("What is due next", "Yang terjadwal berikutnya"),
    "about": Text("About", "Tentang"),
    "happened": Text("What happened on the way", "Yang terjadi selama itu"),
    "nothing": Text("Nothing was due on the way.", "Tidak ada yang terjadwal selama itu."),
    "waits": Text("Refusals that time ends", "Penolakan yang berakhir setelah waktu tertentu"),
    "until": Text("Until", "Sampai"),
    "advance_to": Text("Advance by", "Majukan"),
    "rules": Text("Rules", "Aturan"),
}


def show(visit: Visit) -> dict[str, Any]:
    """The time, what is due, and what a move of the clock has just made happen."""
    due: list[Due] = visit.call.ask(Unit.find, kind=Due, done=False, limit=LONGEST_LIST)
    return {
        "clock": visit.ask("/clock"),
        "spans": SPANS,
        "due": [{"at": one.at, "event": one.event, "about": secrets.text(one.about)} for one in due],
        "happened": visit.result["happened"] if visit.done == "POST /clock" else None,
    }


PAGE = Page("clock", WORDS, show)
