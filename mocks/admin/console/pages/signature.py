"""Signature box: paste a request, see the string that is signed and what differs."""

from typing import Any

from prakerja_sim.mocks.admin.console.page import Page, Text, Visit

JUDGE = "POST /signature"
WORDS = {
    "title": Text("Signature box", "Kotak tanda tangan"),
    "intro": Text(
        "Paste the headers and the body of a request of yours as it was sent. Nothing is sent anywhere.",
        "Tempelkan header dan body permintaan Anda seperti saat dikirim. Tidak ada yang dikirim ke mana pun.",
    ),
    "method": Text("Method", "Metode"),
    "path": Text("Path, as it is signed", "Path, seperti ditandatangani"),
    "headers": Text("Headers, a line each", "Header, satu per baris"),
    "headers_hint": Text(
        "client_code, timestamp and signature at least; from curl's -H too",
        "setidaknya client_code, timestamp, dan signature; boleh juga dari -H milik curl",
    ),
    "body": Text("Body, exactly as it was sent", "Body, persis seperti dikirim"),
    "judge": Text("See what differs", "Lihat perbedaannya"),
    "right": Text("The signature is right.", "Tanda tangannya benar."),
    "differs": Text("What differs", "Perbedaannya"),
    "server_signed": Text("What is signed here", "Yang ditandatangani di sini"),
}


def show(visit: Visit) -> dict[str, Any]:
    """The form, with what was pasted, and what it was judged to be."""
    done = visit.done == JUDGE
    return {
        "found": visit.result if done else None,
        "pasted": {name: values[-1] for name, values in visit.typed.items()} if done else {},
    }


PAGE = Page("signature", WORDS, show)
