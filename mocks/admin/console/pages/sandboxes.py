"""Sandboxes: lease, reset, snapshot, fork, drop; each is a world of its own."""

from typing import Any

from prakerja_sim.mocks.admin.console.page import Page, Text, Visit
from prakerja_sim.mocks.http.credentials import DEFAULT

WORDS = {
    "title": Text("Sandboxes", "Sandbox"),
    "intro": Text(
        "Each sandbox is a world of its own, with its own time, people and books.",
        "Setiap sandbox adalah dunia tersendiri, dengan waktu, peserta, dan pembukuannya sendiri.",
    ),
    "here": Text("you are here", "Anda di sini"),
    "drop": Text("Drop", "Hapus"),
    "drop_sure": Text("Drop this sandbox with all that is in it?", "Hapus sandbox ini beserta isinya?"),
    "reset": Text("Begin this sandbox again", "Mulai sandbox ini dari awal"),
    "reset_sure": Text(
        "Begin again? All that happened is forgotten.", "Mulai dari awal? Semua yang sudah terjadi dihapus."
    ),
    "lease": Text("Lease a sandbox", "Sewa sandbox"),
    "called": Text("Name: a-z, 0-9, - and _", "Nama: a-z, 0-9, - dan _"),
    "seed": Text("Seed", "Seed"),
    "start": Text("Its time at the start", "Waktu saat mulai"),
    "fill": Text(
        "With the demo's people, courses and partners", "Dengan peserta, pelatihan, dan mitra dari demo"
    ),
    "snapshot": Text("Keep a snapshot of this sandbox", "Simpan snapshot sandbox ini"),
    "snapshots": Text("Snapshots", "Snapshot"),
    "restore": Text("Restore", "Pulihkan"),
    "restore_sure": Text(
        "Put the snapshot in this sandbox's place?", "Ganti sandbox ini dengan snapshot tersebut?"
    ),
    "fork": Text("Fork this sandbox", "Cabangkan sandbox ini"),
    "keep": Text("Keep", "Simpan"),
    "digest": Text("Digest", "Digest"),
}


def show(visit: Visit) -> dict[str, Any]:
    """The sandboxes of the server, and the snapshots if it keeps any."""
    kept = visit.ask("/snapshots")["snapshots"] if visit.offers("GET", "/snapshots") else []
    lease = next(one for one in visit.face.endpoints if (one.method, one.path) == ("POST", "/sandboxes"))
    assert lease.body is not None
    return {
        "names": visit.ask("/sandboxes")["sandboxes"],
        "default": DEFAULT,
        "digest": visit.ask("/digest")["digest"],
        "fills": "fill" in lease.body.model_fields,
        "snapshots": kept,
        "can_snapshot": visit.offers("POST", "/snapshots"),
        "can_fork": visit.offers("POST", "/fork"),
        "can_restore": visit.offers("POST", "/restore"),
    }


PAGE = Page("sandboxes", WORDS, show)
