"""Timeline: what passed on the wires, as it passes; one exchange whole; a person's flow as a diagram."""

from collections.abc import Sequence
from typing import Any

from flask import request
from markupsafe import Markup

from prakerja_sim.mocks.admin import again, exchange_views, queries, sequence_svg, snippets
from prakerja_sim.mocks.admin.console.page import Page, Text, Visit
from prakerja_sim.mocks.http import timeline as kept
from prakerja_sim.mocks.http import why
from prakerja_sim.mocks.http.exchanges import ITSELF
from prakerja_sim.simulator.world.faults import FAULTS

FILTERS = ("party", "asker", "path", "status", "reason", "fault", "person", "invoice", "text", "since")
LONGEST_LIST = 60
EXPORTS = ("har", "mermaid", "text")
WORDS = {
    "title": Text("Timeline", "Linimasa"),
    "party": Text("Who was asked", "Yang diminta"),
    "asker": Text("Who asked", "Yang meminta"),
    "path": Text("End of the path", "Akhir path"),
    "fault": Text("Fault that struck", "Gangguan yang terjadi"),
    "text": Text("Any text in it", "Teks apa pun di dalamnya"),
    "person_hint": Text("name, card, phone, e-mail", "nama, kartu, telepon, e-mail"),
    "clear": Text("Clear", "Bersihkan"),
    "exchanges": Text("Exchanges, newest first", "Percakapan, terbaru di atas"),
    "exchange": Text("Exchange", "Percakapan"),
    "request": Text("Request", "Permintaan"),
    "answer": Text("Answer", "Jawaban"),
    "lost": Text("lost", "hilang"),
    "headers": Text("Headers", "Header"),
    "body": Text("Body", "Body"),
    "empty": Text("empty", "kosong"),
    "diagram": Text("Sequence diagram", "Diagram urutan"),
    "exports": Text("The same list as", "Daftar yang sama sebagai"),
    "effects": Text("What it did", "Akibatnya"),
    "nothing": Text("It changed nothing.", "Tidak ada yang berubah."),
    "within": Text("What was sent within it", "Yang dikirim di dalamnya"),
    "parent": Text("The exchange within which it was sent", "Percakapan yang menyebabkannya"),
    "cause": Text("Cause", "Sebab"),
    "operation": Text("Known as", "Sumber"),
    "took": Text("Took", "Lamanya"),
    "why_refused": Text("Why it was refused", "Mengapa ditolak"),
    "signature": Text("What is wrong with its signature", "Yang salah pada tanda tangannya"),
    "server_signed": Text("What is signed here", "Yang ditandatangani di sini"),
    "as_code": Text("As a program", "Sebagai program"),
    "as_code_hint": Text(
        "Holds card, code and keys whole. A signed request signs itself anew.",
        "Berisi kartu, kode, dan kunci utuh. Permintaan bertanda tangan akan ditandatangani ulang.",
    ),
    "again": Text("Send again, signed anew", "Kirim lagi, ditandatangani ulang"),
    "again_answer": Text("This came back:", "Ini jawabannya:"),
    "see_it": Text("See that exchange", "Lihat percakapan itu"),
    "forgotten": Text("That exchange is not remembered any more.", "Percakapan itu sudah tidak tersimpan."),
    "back": Text("All exchanges", "Semua percakapan"),
    "due": Text("Will happen", "Akan terjadi"),
    "webhook": Text("Webhook", "Webhook"),
}


def show(visit: Visit) -> dict[str, Any]:
    """One exchange, or those that the filters pick."""
    number = visit.query("id")
    given: dict[str, Any] = {"one": None, "rows": [], "filters": {}, "diagram": "", "number": number}
    if number:
        return given | {"one": _whole(visit, number)}
    filters = {name: visit.query(name) for name in FILTERS}
    answer = visit.tried("/timeline", **filters, limit=LONGEST_LIST)
    rows = answer["exchanges"] if answer else []
    drawn = visit.query("diagram") != "" and rows
    return given | {
        "rows": rows,
        "filters": filters,
        "depth": exchange_depths(rows[::-1]),
        "diagram": _diagram(visit, [one["id"] for one in rows[::-1]]) if drawn else "",
        "parties": sorted(queries.VALUES["asker"](visit.call)),
        "reasons": sorted(why.NAMES),
        "faults": sorted(FAULTS),
        "exports": EXPORTS,
    }


def exchange_depths(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """By its id, within how many of the others an exchange was sent."""
    depth: dict[str, int] = {}
    for one in rows:
        depth[one["id"]] = depth.get(one["parent"] or "", -1) + 1
    return depth


def _diagram(visit: Visit, ids: Sequence[str]) -> Markup:
    found = {one.id: one for one in kept.remembered(visit.call.sandbox)}
    shown = [exchange_views.whole(found[number]) for number in ids if number in found]
    at = f"{visit.base}/console/timeline?id="
    label = WORDS["diagram"]._asdict()[visit.language]
    return sequence_svg.svg(shown, label=label, link=lambda number: at + number)


def _whole(visit: Visit, number: str) -> dict[str, Any] | None:
    found = kept.find(visit.call.sandbox, number)
    if found is None:
        return None
    language = visit.query("as")
    code = ""
    if language in snippets.LANGUAGES:
        at = f"{request.host_url.rstrip('/')}{visit.base}/{found.party}"
        at = at.replace("/admin", "/__admin") if found.party == "admin" else at
        code = snippets.program(language, found, at, again.signer(visit.call, found))
    return {
        **visit.ask("/timeline/<id>", id=number),
        "within_kept": kept.find(visit.call.sandbox, found.parent) is not None,
        "sent": found.party != ITSELF,
        "languages": list(snippets.LANGUAGES),
        "language": language,
        "code": code,
        "signature": visit.ask("/requests/<id>/signature", id=number) if found.evidence else None,
        "again": visit.result if visit.done == "POST /timeline/<id>/again" else None,
    }


PAGE = Page("timeline", WORDS, show)
