"""What every page of the console says, in English and Indonesian; each page has its own words, too."""

from collections.abc import Mapping
from types import SimpleNamespace

from prakerja_sim.simulator.values.reason_texts import Text

LANGUAGES: Mapping[str, str] = {"id": "Bahasa Indonesia", "en": "English"}
"""The languages by their codes; the first one is spoken where a browser asks for neither."""

WORDS: Mapping[str, Text] = {
    "app": Text("Prakerja simulator", "Simulator Prakerja"),
    "skip": Text("Skip to the content", "Langsung ke isi"),
    "pages": Text("Pages", "Halaman"),
    "sandbox": Text("Sandbox", "Sandbox"),
    "time_here": Text("Time here", "Waktu di sini"),
    "books_agree": Text("books agree", "pembukuan cocok"),
    "stopped": Text("stopped", "berhenti"),
    "language": Text("Language", "Bahasa"),
    "log_in": Text("Log in", "Masuk"),
    "log_out": Text("Log out", "Keluar"),
    "token": Text("Admin token", "Token admin"),
    "token_hint": Text(
        "The server was started with PRAKERJA_SIM_TOKEN; type its value.",
        "Server dijalankan dengan PRAKERJA_SIM_TOKEN; ketik nilainya.",
    ),
    "token_wrong": Text("That is not the token.", "Token itu salah."),
    "done": Text("Done.", "Selesai."),
    "what_it_did": Text("See what it did", "Lihat akibatnya"),
    "refused": Text("Refused; nothing was changed.", "Ditolak; tidak ada yang berubah."),
    "rule": Text("Rule", "Aturan"),
    "reason": Text("Reason", "Alasan"),
    "copy": Text("Copy", "Salin"),
    "copied": Text("Copied", "Tersalin"),
    "find": Text("Find", "Cari"),
    "show": Text("Show", "Tampilkan"),
    "open": Text("Open", "Buka"),
    "all": Text("all", "semua"),
    "none": Text("none yet", "belum ada"),
    "yes": Text("yes", "ya"),
    "no": Text("no", "tidak"),
    "person": Text("Person", "Peserta"),
    "people": Text("People", "Peserta"),
    "name": Text("Name", "Nama"),
    "card": Text("Card", "Kartu"),
    "phone": Text("Phone", "Telepon"),
    "email": Text("E-mail", "E-mail"),
    "wave": Text("Wave", "Gelombang"),
    "status": Text("Status", "Status"),
    "password": Text("Password", "Kata sandi"),
    "marketplace": Text("Marketplace", "Platform digital"),
    "institution": Text("Institution", "Lembaga pelatihan"),
    "course": Text("Course", "Pelatihan"),
    "schedule": Text("Schedule", "Jadwal"),
    "amount": Text("Amount", "Jumlah"),
    "price": Text("Price", "Harga"),
    "when": Text("When", "Kapan"),
    "what": Text("What", "Apa"),
    "whom": Text("Whom", "Siapa"),
    "why": Text("Why", "Mengapa"),
    "moved": Text("Moved", "Berpindah"),
    "from": Text("From", "Dari"),
    "to": Text("To", "Ke"),
    "invoice": Text("Invoice", "Invoice"),
    "transaction": Text("Transaction", "Transaksi"),
    "order": Text("Order", "Pesanan"),
    "redeem_code": Text("Redeem code", "Kode redeem"),
    "voucher": Text("Voucher", "Voucher"),
    "values": Text("Values", "Nilai"),
    "live": Text("Live: looks anew every two seconds.", "Langsung: diperbarui setiap dua detik."),
    "pause": Text("Pause", "Jeda"),
    "go_on": Text("Go on", "Lanjutkan"),
}


def spoken(language: str, *tables: Mapping[str, Text]) -> SimpleNamespace:
    """The words of these tables in one language, as attributes."""
    return SimpleNamespace(
        **{name: getattr(text, language) for table in tables for name, text in table.items()}
    )
