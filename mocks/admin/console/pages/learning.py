"""Learning, for institutions: redeem codes, and for one of them each step with the exchange beside it."""

from typing import Any

from prakerja_sim.mocks.admin.console.page import Page, Text, Visit

LONGEST_LIST = 100
STEP = "POST /redeem-codes/<code>/steps"
OUTCOMES = ("success", "no_match", "camera_refused", "abandoned")
WORDS = {
    "title": Text("Learning", "Belajar"),
    "state": Text("State", "Keadaan"),
    "code": Text("Code", "Kode"),
    "codes": Text("Redeem codes", "Kode redeem"),
    "for_tests": Text("for tests, nobody's", "untuk pengujian, bukan milik siapa pun"),
    "redeemed_at": Text("Redeemed", "Ditukar"),
    "back": Text("All codes", "Semua kode"),
    "unknown": Text("There is no such code.", "Kode itu tidak ada."),
    "step_status": Text("Ask for its status", "Tanyakan statusnya"),
    "step_commit": Text("Redeem it", "Tukarkan"),
    "step_verification": Text("Verification with the face", "Verifikasi wajah"),
    "step_submission": Text("Submission", "Pengumpulan tugas"),
    "step_feedback": Text("Grade the submission", "Nilai tugas"),
    "step_certificate": Text("Certificate", "Sertifikat"),
    "outcome": Text("What the scan gives", "Hasil pindai wajah"),
    "success": Text("face matches", "wajah cocok"),
    "no_match": Text("another face", "wajah tidak cocok"),
    "camera_refused": Text("camera refused", "kamera ditolak"),
    "abandoned": Text("left half-way", "ditinggalkan"),
    "sequence": Text("Sequence", "Urutan"),
    "scope": Text("Task", "Tugas"),
    "file": Text("File's address", "Alamat berkas"),
    "notes": Text("Notes", "Catatan"),
    "score": Text("Score", "Nilai"),
    "do_it": Text("Do it", "Lakukan"),
    "said": Text("Prakerja said", "Jawaban Prakerja"),
    "exchanges": Text("What passed on the wire", "Permintaan dan jawabannya"),
}


def show(visit: Visit) -> dict[str, Any]:
    """The codes of one institution, person and state; or one code with its steps."""
    code = visit.query("code")
    if code:
        found = visit.ask("/redeem-codes", code=code)["redeem_codes"]
        done = visit.result if visit.done == STEP else None
        outcomes = [[one, WORDS[one]._asdict()[visit.language]] for one in OUTCOMES]
        return {"code": code, "one": found[0] if found else None, "answer": done, "outcomes": outcomes}
    picked = {"institution": visit.query("institution"), "person": visit.query("who")}
    answer = visit.tried("/redeem-codes", **picked, limit=1000)
    rows = answer["redeem_codes"] if answer else []
    state = visit.query("state")
    clients = visit.ask("/clients")["clients"]
    return {
        "code": "",
        "picked": {**picked, "state": state},
        "rows": [one for one in rows if state in ("", one["status"])][:LONGEST_LIST],
        "states": sorted({one["status"] for one in rows}),
        "institutions": [one["party"] for one in clients if "institution" in one["roles"]],
    }


PAGE = Page("learning", WORDS, show)
