"""How Kemnaker answers: `{data, meta}` and Laravel's lists (seen); a text by field when it refuses."""

from collections.abc import Callable
from typing import Any

from prakerja_sim.mocks.http.face import Malformed, Reply
from prakerja_sim.mocks.kemnaker.codes import KINDS, ORDERS, TICKETS
from prakerja_sim.mocks.kemnaker.words import HTTP, INVALID, OTHERWISE, SAYS, VOUCHERS, Message
from prakerja_sim.mocks.shop.account import Profile
from prakerja_sim.mocks.shop.catalogue import Offer, redeem_url
from prakerja_sim.mocks.shop.envelope import Words
from prakerja_sim.mocks.shop.ordering import Purchase, Sent
from prakerja_sim.mocks.shop.partner_api import Judged
from prakerja_sim.mocks.shop.site import Page
from prakerja_sim.simulator.marketplace.records import OrderStatus, Review
from prakerja_sim.simulator.programme.records import Ticket

API = "https://api.kemnaker.go.id"
META = {"version": "1.0", "hostname": "api-simulasi", "client_ip": "127.0.0.1"}
"""The `meta` of every answer (seen); the values are constants."""


def answer(data: Any, status: int = 200) -> Reply:
    """An answer in the site's envelope."""
    return Reply({"data": data, "meta": META}, status)


def refusal(what: Message, data: Any = None) -> Reply:
    """A refusal, about a field or as a whole."""
    more = {"data": data} if data is not None else {}
    headers = {"Retry-After": "60"} if what.status == 429 else {}
    if what.field:
        return Reply({"message": INVALID, "errors": {what.field: [what.text]}, **more, "meta": META}, 422)
    return Reply({"message": what.text, **more, "meta": META}, what.status, headers)


def malformed(problem: Malformed) -> Reply:
    """Each field with what is wrong with it."""
    errors: dict[str, list[str]] = {}
    for one in problem.indonesian:
        field, _, why = one.partition(": ")
        name, what = (field, why) if why and " " not in field else ("body", one)
        errors.setdefault(name, []).append(f"Isian {name} tidak sesuai: {what}")
    return Reply({"message": INVALID, "errors": errors, "meta": META}, 422)


WORDS = Words(SAYS, VOUCHERS, HTTP, OTHERWISE, "/partner/v1/", refusal, malformed)


def data(show: Callable[[Any], Any], status: int = 200) -> Callable[[Any], Reply]:
    """The view that answers one thing."""
    return lambda result: answer(show(result), status)


def paginated(show: Callable[[Any], Any]) -> Callable[[Page[Any]], Reply]:
    """The view of one page of a list as Laravel's resources show it (seen): `data`, `links`, `meta`."""

    def view(page: Page[Any]) -> Reply:
        at = API + page.path.removeprefix("/api")
        last = max(-(-page.total // page.size), 1)
        numbers = {"first": 1, "last": last, "prev": page.number - 1, "next": page.number + 1}
        links = {name: f"{at}?page={to}" if 1 <= to <= last else None for name, to in numbers.items()}
        start, rows = (page.number - 1) * page.size, [show(one) for one in page.rows]
        meta = {
            "current_page": page.number,
            "from": start + 1 if rows else None,
            "last_page": last,
            "path": at,
            "per_page": page.size,
            "to": start + len(rows) if rows else None,
            "total": page.total,
        }
        return Reply({"data": rows, "links": links, "meta": meta | META})

    return view


def user(session: Profile) -> dict[str, Any]:
    """The profile as the sign-on shows it; that `username` is the e-mail is inferred."""
    account = session.account
    return {
        "id": account.user,
        "username": account.email,
        "name": account.name,
        "email": account.email,
        "phone": account.phone,
        "phone_verified": account.phone_verified,
        "status": "active",
        "updated_at": session.at.isoformat(),
        "roles": [{"id": 1, "name": "user", "label": "Pencari Kerja"}],
    }


def institution(code: str) -> dict[str, str]:
    """An accredited institution."""
    return {"code": code, "name": code, "accreditation": "LA-LPK"}


def row(offer: Offer) -> dict[str, Any]:
    """A training in a list."""
    course = offer.course
    return {
        "id": offer.id,
        "code": course.code,
        "title": course.title,
        "vocational": {"code": course.category},
        "institution": institution(course.institution),
        "method": KINDS[course.kind],
        "price": course.price.amount,
        "quota": offer.seats,
    }


def training(offer: Offer) -> dict[str, Any]:
    """A training's own page."""
    course = offer.course
    return {
        **row(offer),
        "description": f"Pelatihan {course.title} oleh {course.institution}.",
        "version": 1,
        "status": "approved",
        "total_duration": course.lessons * 60,
        "sub_vocational": {"code": course.category},
        "program_topics": [_topic(course.code, number) for number in offer.lessons],
        "schedules": [{"id": offer.schedule.code, "starts_at": offer.starts, "ends_at": offer.ends}],
        "redeem_instruction": [
            "Buka riwayat pesanan atau e-mail dan salin kode voucher.",
            f"Tukarkan di {redeem_url(course.institution)}.",
            "Setelah lulus, lembaga memasukkan nilai agar sertifikat Kemnaker terbit.",
        ],
        "rating": {"average": offer.average, "count": len(offer.stars)},
    }


def review(one: Review) -> dict[str, Any]:
    """What somebody wrote."""
    return {"rating": one.stars, "comment": one.text, "created_at": one.written_at.isoformat()}


def sent(otp: Sent) -> dict[str, Any]:
    """An OTP is on its way."""
    about = {"order_id": otp.order.id, "status": ORDERS[OrderStatus.WAITING_OTP]}
    return {**about, "otp_digit": otp.digits, "expires_in": otp.seconds}


def order(purchase: Purchase) -> dict[str, Any]:
    """An order."""
    one, course = purchase.order, purchase.course
    return {
        "id": one.id,
        "number": one.invoice,
        "status": ORDERS[one.status],
        "training": {"id": purchase.course_id, "code": course.code, "title": course.title},
        "institution": course.institution,
        "total": one.total.amount,
        "created_at": one.ordered_at.isoformat(),
        "paid_at": one.paid_at.isoformat() if one.paid_at else None,
        "voucher": _voucher(purchase),
    }


def paid(purchase: Purchase) -> Reply:
    """What came of the payment."""
    return answer(order(purchase), 202 if purchase.pending else 200)


def ticket(one: Ticket) -> dict[str, Any]:
    """A complaint."""
    about = {"id": one.id, "order_id": one.about, "topic": one.topic, "status": TICKETS[one.status]}
    return {**about, "answer": one.answer, "created_at": one.opened_at.isoformat()}


def judged(status: int = 200) -> Callable[[Judged], Reply]:
    """The view of a voucher, as its institution sees it."""

    def view(verdict: Judged) -> Reply:
        voucher = verdict.voucher
        content = {
            "code": voucher.code,
            "training_code": voucher.course,
            "status": voucher.status.value,
            "expires_at": voucher.valid_until.isoformat(),
            "redeemed_at": voucher.redeemed_at.isoformat() if voucher.redeemed_at else None,
        }
        return refusal(VOUCHERS[verdict.reason], content) if verdict.reason else answer(content, status)

    return view


def _topic(code: str, number: int) -> dict[str, Any]:
    about = {"code": f"{code}-{number}", "title": f"Materi {number}", "description": ""}
    return {**about, "duration": 60, "type": "teori", "skkni_id": None}


def _voucher(purchase: Purchase) -> dict[str, Any] | None:
    voucher = purchase.voucher
    if voucher is None:
        return None
    expires, url = voucher.valid_until.isoformat(), redeem_url(voucher.institution)
    return {"code": voucher.code, "status": voucher.status.value, "expires_at": expires, "redeem_url": url}
