"""How Karier.mu answers: `{status, data, message}` for everything, refusals too (seen)."""

from collections.abc import Callable
from typing import Any, NamedTuple

from prakerja_sim.mocks.http.face import Malformed, Reply
from prakerja_sim.mocks.kariermu.codes import KINDS, ORDERS, TICKETS
from prakerja_sim.mocks.kariermu.words import HTTP, OTHERWISE, SAYS, VOUCHERS, Message
from prakerja_sim.mocks.shop.account import Profile
from prakerja_sim.mocks.shop.catalogue import Offer, redeem_url
from prakerja_sim.mocks.shop.envelope import Words
from prakerja_sim.mocks.shop.ordering import Purchase
from prakerja_sim.mocks.shop.partner_api import Judged
from prakerja_sim.simulator.programme.records import Ticket


class Enrolled(NamedTuple):
    """A purchase, and the number of its program."""

    purchase: Purchase
    program: int


def answer(data: Any, message: str = "success", status: int = 200, **more: Any) -> Reply:
    """An answer in the site's envelope, whose status is that of HTTP."""
    return Reply({"status": status, "data": data, **more, "message": message}, status)


def refusal(what: Message, data: Any = None) -> Reply:
    """A refusal in the site's envelope."""
    return answer(data, what.text, what.status)


def malformed(problem: Malformed) -> Reply:
    """What does not fit."""
    return refusal(Message(f"Data tidak sesuai: {'; '.join(problem.indonesian)}", 422))


WORDS = Words(SAYS, VOUCHERS, HTTP, OTHERWISE, "/partner/", refusal, malformed)


def success_of(show: Callable[[Any], Any], message: str = "success") -> Callable[[Any], Reply]:
    """Answer with one thing, and perhaps a message."""
    return lambda result: answer(show(result), message)


def listed(show: Callable[[Any], Any]) -> Callable[[Any], Reply]:
    """Answer with a list."""
    return lambda page: answer([show(one) for one in page.rows])


def logged_in(session: Profile) -> Reply:
    """The user with the bare token beside."""
    return answer(profile(session), token={"token": session.token})


def profile(session: Profile) -> dict[str, Any]:
    """A user, and whether the phone is verified."""
    account = session.account
    content = {"id": account.user, "name": account.name, "email": account.email, "phone": account.phone}
    return {**content, "is_phone_verified": account.phone_verified}


def program(offer: Offer) -> dict[str, Any]:
    """A program in a list."""
    course = offer.course
    return {
        "slug": offer.id,
        "name": course.title,
        "category": course.category,
        "institution": course.institution,
        "price": course.price.amount,
        "type": KINDS[course.kind],
        "quota": offer.seats,
    }


def program_page(offer: Offer) -> dict[str, Any]:
    """A program's own page."""
    return {
        **program(offer),
        "schedules": [{"id": offer.schedule.code, "start": offer.starts, "quota": offer.seats}],
        "activities": [f"Materi {number}" for number in offer.lessons],
        "instructions": [
            "Masukkan Nomor Kartu Prakerja, lalu tekan Lanjutkan Pembayaran.",
            "Masukkan 6 angka kode OTP.",
            f"Tukarkan kode voucher di {redeem_url(offer.course.institution)}.",
        ],
    }


def transaction(purchase: Purchase) -> dict[str, Any]:
    """An order, as on the transaction card."""
    order, voucher = purchase.order, purchase.voucher
    return {
        "order_id": order.id,
        "invoice": order.invoice,
        "status": ORDERS[order.status],
        "slug": purchase.course_id,
        "name": purchase.course.title,
        "total": order.total.amount,
        "created_at": order.ordered_at.isoformat(),
        "voucher_code": voucher.code if voucher else None,
        "voucher_expired_at": voucher.valid_until.isoformat() if voucher else None,
        "redeem_url": redeem_url(purchase.course.institution) if voucher else None,
    }


def payment(purchase: Purchase) -> Reply:
    """The transaction after the six boxes."""
    if purchase.pending:
        return answer(transaction(purchase), "Pembayaran sedang diproses", 202)
    return answer(transaction(purchase), "Pembayaran berhasil")


def enrolled(bought: Enrolled) -> dict[str, Any]:
    """A program that was bought; public clients take those whose `status` is true, by their `id` (seen)."""
    purchase = bought.purchase
    return {
        "id": bought.program,
        "program_user_id": purchase.order.id,
        "status": not purchase.lapsed,
        "slug": purchase.course_id,
        "name": purchase.course.title,
    }


def complaint(ticket: Ticket) -> dict[str, Any]:
    """What became of a complaint."""
    about = {"complaint_id": ticket.id, "order_id": ticket.about, "topic": ticket.topic}
    return {**about, "status": TICKETS[ticket.status], "answer": ticket.answer}


def judged(verdict: Judged) -> Reply:
    """A voucher, as its institution sees it."""
    voucher = verdict.voucher
    content = {"voucher_code": voucher.code, "slug": voucher.course, "status": voucher.status.value}
    return refusal(VOUCHERS[verdict.reason], content) if verdict.reason else answer(content)
