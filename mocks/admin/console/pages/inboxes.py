"""Inboxes: what phones and mailboxes show, as it arrives; an e-mail as it looks."""

import re
from typing import Any

from markupsafe import Markup, escape

from prakerja_sim.mocks.admin.console.page import Page, Text, Visit
from prakerja_sim.simulator.world.records import Mail
from prakerja_sim.simulator.world.store import Unit

LONGEST_LIST = 50
_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
WORDS = {
    "title": Text("Inboxes", "Kotak masuk"),
    "to_phone": Text("To which phone", "Ke telepon mana"),
    "to_address": Text("To which e-mail address", "Ke alamat e-mail mana"),
    "sms": Text("Text messages", "SMS"),
    "mails": Text("E-mails", "E-mail"),
    "newest_code": Text("Newest code", "Kode terbaru"),
    "code": Text("Code", "Kode"),
    "sender": Text("From", "Dari"),
    "text": Text("Text", "Teks"),
    "subject": Text("Subject", "Subjek"),
    "mail": Text("E-mail", "E-mail"),
    "gone": Text("There is no such e-mail.", "E-mail itu tidak ada."),
}


def show(visit: Visit) -> dict[str, Any]:
    """The newest messages of all, or of one phone and one address; one e-mail, if it was opened."""
    phone, address = visit.query("phone"), visit.query("address")
    sms = visit.ask("/inbox/sms", to=phone)
    mails = visit.ask("/inbox/mail", to=address)["messages"]
    number = visit.query("mail")
    return {
        "phone": phone,
        "address": address,
        "sms": sms["messages"][-LONGEST_LIST:][::-1],
        "otp": sms["otp"] if phone else None,
        "mails": list(enumerate(mails))[-LONGEST_LIST:][::-1],
        "opened": mails[int(number)] if _is_one(number, len(mails)) else None,
        "number": number,
    }


def show_mail(visit: Visit) -> dict[str, Any]:
    """The e-mail alone, in a frame without scripts; its addresses can be followed."""
    address, number = visit.query("address"), visit.query("n")
    mails: list[Mail] = visit.call.ask(Unit.log, kind=Mail, **({"address": address} if address else {}))
    return {"mail": mails[int(number)] if _is_one(number, len(mails)) else None, "linked": linked}


def linked(text: str) -> Markup:
    """A text with its addresses as links; everything else is escaped."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        parts += [escape(text[end : found.start()])]
        parts += [Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(found[0])]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _is_one(number: str, there: int) -> bool:
    return number.isascii() and number.isdigit() and len(number) < 10 and int(number) < there


PAGE = Page("inboxes", WORDS, show)
MAIL = Page("mail", {"title": WORDS["mail"], "gone": WORDS["gone"]}, show_mail, listed=False, framed=True)
