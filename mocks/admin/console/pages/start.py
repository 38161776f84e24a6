"""Start: where everything is, with which credentials, and a request that works."""

from typing import Any

from flask import request

from prakerja_sim.mocks.admin.console.page import Page, Text, Visit
from prakerja_sim.mocks.shop import registry

WORDS = {
    "title": Text("Start", "Mulai"),
    "intro": Text(
        "A pretend Kartu Prakerja with pretend marketplaces. Nothing here is real; time stands still"
        " until you move it.",
        "Kartu Prakerja tiruan dengan platform digital tiruan. Tidak ada yang nyata di sini; waktu berhenti"
        " sampai Anda memajukannya.",
    ),
    "addresses": Text("Addresses", "Alamat"),
    "addresses_hint": Text(
        "Point your own system at these in place of the real ones.",
        "Arahkan sistem Anda ke alamat ini sebagai ganti alamat asli.",
    ),
    "party": Text("Party", "Pihak"),
    "address": Text("Address", "Alamat"),
    "contract": Text("Requests to try (Swagger)", "Permintaan untuk dicoba (Swagger)"),
    "also": Text("also, with no prefix", "juga, tanpa awalan"),
    "tls": Text("Behind TLS", "Dengan TLS"),
    "credentials": Text("Credentials", "Kredensial"),
    "credentials_hint": Text(
        "A client_code belongs to this sandbox: a request that carries it needs no other sign.",
        "Sebuah client_code milik sandbox ini: permintaan yang membawanya tidak perlu penanda lain.",
    ),
    "paste": Text("A signed request to paste", "Permintaan bertanda tangan untuk ditempel"),
    "paste_hint": Text(
        "Paste it into a terminal: it asks Prakerja for the seats of a course.",
        "Tempelkan di terminal. Perintah ini menanyakan kuota sebuah pelatihan kepada Prakerja.",
    ),
    "signed": Text("What is signed", "Yang ditandatangani"),
    "no_course": Text("No course is on sale yet, so there is nothing to ask for.", "Belum ada pelatihan."),
    "for_people": Text("Pages for people", "Halaman untuk pengguna"),
    "shop": Text("Shop", "Toko"),
    "dashboard": Text("A participant's dashboard at Prakerja", "Dasbor peserta di Prakerja"),
    "learning_site": Text("An institution's learning site", "Situs belajar lembaga pelatihan"),
    "role": Text("Role", "Peran"),
}
NOT_A_SITE = ("admin",)


def show(visit: Visit) -> dict[str, Any]:
    """Addresses, credentials, links, the request."""
    call = visit.call
    faces = [face for code, face in call.parties.faces.items() if code not in NOT_A_SITE]
    clients = visit.ask("/clients")["clients"]
    refused = visit.refused
    demo = visit.tried("/demo")
    visit.refused = refused
    return {
        "origin": request.host_url.rstrip("/"),
        "faces": [
            {"code": face.code, "title": face.title, "hosts": face.hosts, "roots": face.roots}
            for face in sorted(faces, key=lambda one: one.title)
        ],
        "tls_port": call.parties.about.get("tls_port"),
        "clients": clients,
        "institutions": [one["party"] for one in clients if "institution" in one["roles"]],
        "demo": demo,
        "shops": [[code, registry.title(code)] for code in registry.codes()],
    }


PAGE = Page("start", WORDS, show)
