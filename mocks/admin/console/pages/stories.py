"""Stories: play one, and see it step by step; record what was done in this sandbox as a new one."""

from typing import Any

from prakerja_sim.mocks.admin.console.page import Page, Text, Visit
from prakerja_sim.mocks.shop import registry

LONGEST_LIST = 60
WORDS = {
    "title": Text("Stories", "Skenario"),
    "intro": Text(
        "Each story is one promise, played in a sandbox of its own that stays afterwards.",
        "Setiap skenario menguji satu hal, di sandbox tersendiri yang tetap ada sesudahnya.",
    ),
    "without": Text("This server was started without stories.", "Server ini dijalankan tanpa skenario."),
    "word": Text("A word in it", "Kata di dalamnya"),
    "story": Text("Story", "Skenario"),
    "play": Text("Play", "Mainkan"),
    "passed": Text("It went as it is told.", "Berjalan sesuai skenario."),
    "failed": Text("It did not go as it is told.", "Tidak berjalan sesuai skenario."),
    "step": Text("Step", "Langkah"),
    "must_fail": Text("must be refused", "harus ditolak"),
    "look": Text("What passed from here on", "Yang lewat sejak langkah ini"),
    "its_sandbox": Text("Its sandbox", "Sandbox-nya"),
    "record": Text("Record this sandbox as a story", "Rekam sandbox ini sebagai skenario"),
    "record_hint": Text(
        "A story that repeats, in a new sandbox, all that was done here: on these pages or by your system.",
        "Skenario yang mengulangi, di sandbox baru, semua yang dilakukan di sini: lewat halaman ini atau oleh"
        " sistem Anda.",
    ),
    "its_title": Text("Title", "Judul"),
    "record_button": Text("Record", "Rekam"),
    "recorded": Text("The story", "Skenarionya"),
    "recorded_hint": Text("Save it as a file, then play it:", "Simpan sebagai berkas, lalu mainkan:"),
    "more": Text("More; type a word to find them:", "Lainnya; ketik kata untuk menemukannya:"),
}


def show(visit: Visit) -> dict[str, Any]:
    """The stories with a word in them; the one that was just played, step by step."""
    word = visit.query("word").lower()
    stories = visit.ask("/stories")["stories"]
    found = [one for one in stories if word in f"{one['title']} {one['path']} {one['why']}".lower()]
    return {
        "word": word,
        "marketplace": visit.query("marketplace", registry.DEFAULT),
        "marketplaces": [[code, registry.title(code)] for code in registry.codes()],
        "there": bool(stories),
        "stories": found[:LONGEST_LIST],
        "name": (name := visit.query("name") or "A recording"),
        "recorded": _recorded(visit, name) if stories and visit.query("record") else None,
        "others": max(len(found) - LONGEST_LIST, 0),
        "played": visit.result if visit.done == "POST /stories/play" else None,
    }


def _recorded(visit: Visit, title: str) -> Any:
    """What was done in this sandbox as a story, or why there is none."""
    return visit.call.parties.stories().recorded(visit.ask("/recording"), title)


PAGE = Page("stories", WORDS, show)
