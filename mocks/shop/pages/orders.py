"""Afterwards: the history, an order with its voucher, its class, a review, customer service."""

from urllib.parse import quote

from werkzeug.exceptions import NotFound

from prakerja_sim.mocks.http import pages
from prakerja_sim.mocks.http.face import Malformed, Reply
from prakerja_sim.mocks.shop.buyer import Certified, Host
from prakerja_sim.mocks.shop.pages.visit import HEADERS, Visit

TOPICS = {
    "refund": "Pengembalian dana",
    "otp": "Kode OTP tidak datang",
    "card": "Nomor kartu ditolak",
    "voucher": "Kode voucher",
    "account": "Akun",
    "unfinished": "Pelatihan sebelumnya",
    "other": "Lainnya",
}
TICKETS = {"open": "Diterima", "in_progress": "Diproses", "resolved": "Selesai", "refused": "Ditolak"}
STATES = {
    "waiting_card": "Menunggu pembayaran",
    "waiting_otp": "Menunggu kode OTP",
    "pending": "Sedang diproses",
    "issued": "Berhasil",
    "refunded": "Dana dikembalikan",
}
LONGEST = 2000


def history(visit: Visit) -> Reply:
    """All orders, the newest first."""
    return visit.page("history.html", orders=visit.shopper.history(), states=STATES)


def order(visit: Visit) -> Reply:
    """One order with its voucher; right after paying it says so."""
    shown = visit.shopper.order(visit.named("order"))
    shopper = visit.shopper
    hosted = isinstance(shopper, Host) and shown.voucher is None and shown.status == "issued"
    certified = isinstance(shopper, Certified) and shown.status == "issued"
    certificates = shopper.certificates(shown.order) if certified else {}  # type: ignore[attr-defined]
    return visit.page(
        "order.html",
        order=shown,
        states=STATES,
        hosted=hosted,
        certificates=certificates,
        mailed="terkirim" in visit.call.query and visit.problem is None,
    )


def act(visit: Visit) -> Reply:
    """Have the e-mail sent again, or open a class that the site holds itself."""
    number, shopper = visit.named("order"), visit.shopper
    if visit.typed("do") == "mail":
        shopper.resend_mail(number)
        return visit.to(f"/pesanan/{quote(number, safe='')}?terkirim=1")
    if visit.typed("do") == "start" and isinstance(shopper, Host):
        shopper.start_class(number)
        return pages.sent_to(shopper.order(number).redeem_url or visit.base, HEADERS)
    raise Malformed("do: no such button")


def review_page(visit: Visit) -> Reply:
    """The form for a review."""
    return visit.page(
        "review.html", order=visit.shopper.order(visit.named("order")), typed=visit.typed("text")
    )


def review(visit: Visit) -> Reply:
    """Write a review of the course."""
    number, stars = visit.named("order"), visit.typed("stars")
    if stars not in ("1", "2", "3", "4", "5"):
        raise Malformed("stars: from 1 to 5")
    visit.shopper.write_review(number, int(stars), _text(visit))
    return visit.to(f"/kelas/{quote(visit.shopper.order(number).course, safe='')}")


def support_page(visit: Visit) -> Reply:
    """The complaints about an order, and the form for another one."""
    number = visit.named("order")
    return visit.page(
        "support.html",
        order=visit.shopper.order(number),
        tickets=visit.shopper.tickets(number),
        topics=TOPICS,
        states=TICKETS,
        typed=visit.typed("text"),
    )


def complain(visit: Visit) -> Reply:
    """Write to customer service, or say that an answer did not help."""
    number, ticket = visit.named("order"), visit.typed("ticket")
    if ticket:
        visit.shopper.complain_again(ticket, _text(visit))
    elif visit.typed("topic") in TOPICS:
        visit.shopper.complain(number, _text(visit), visit.typed("topic"))
    else:
        raise Malformed("topic: no such one")
    return visit.to(f"/pesanan/{quote(number, safe='')}/bantuan")


def invoice(visit: Visit) -> Reply:
    """The order of an invoice, whose address Prakerja and e-mails hold."""
    number = visit.named("invoice")
    for one in visit.shopper.history():
        code = one.invoice or visit.shopper.order(one.order).invoice
        if number in (one.order, code.removeprefix(visit.site.invoice_prefix)):
            return visit.to(f"/pesanan/{quote(one.order, safe='')}")
    raise NotFound


def _text(visit: Visit) -> str:
    text = visit.typed("text")
    if not 0 < len(text) <= LONGEST:
        raise Malformed(f"text: from 1 to {LONGEST} characters")
    return text
