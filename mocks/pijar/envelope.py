"""How Pijar answers: `{success, message, data}` for everything, with a code when it refuses (inferred)."""

from collections.abc import Callable
from typing import Any

from prakerja_sim.mocks.http.face import Malformed, Reply
from prakerja_sim.mocks.pijar.codes import KINDS, ORDERS, TICKETS
from prakerja_sim.mocks.pijar.words import HTTP, INVALID, OTHERWISE, SAYS, VOUCHERS, Message
from prakerja_sim.mocks.shop.account import CODE_SECONDS, Profile
from prakerja_sim.mocks.shop.catalogue import Offer, redeem_url
from prakerja_sim.mocks.shop.envelope import Words
from prakerja_sim.mocks.shop.ordering import Discount, Purchase, Sent
from prakerja_sim.mocks.shop.partner_api import Judged
from prakerja_sim.mocks.shop.site import Page
from prakerja_sim.simulator.marketplace.records import Review, Shopper, Voucher
from prakerja_sim.simulator.programme.records import Ticket


def success(data: Any, message: str = "Berhasil", status: int = 200, meta: Any = None) -> Reply:
    """An answer in the site's envelope."""
    body = {"success": True, "message": message, "data": data}
    return Reply(body if meta is None else {**body, "meta": meta}, status)


def refusal(what: Message, detail: str = "", data: Any = None) -> Reply:
    """A refusal in the site's envelope; the detail says where a request is wrong."""
    text = f"{what.text} {detail}" if detail else what.text
    return Reply({"success": False, "message": text, "code": what.code, "data": data}, what.status)


def malformed(problem: Malformed) -> Reply:
    """Where a request is wrong."""
    return refusal(INVALID, "; ".join(problem.indonesian))


WORDS = Words(SAYS, VOUCHERS, HTTP, OTHERWISE, "/api/v1/partner/", refusal, malformed)


def success_of(show: Callable[[Any], Any], *message: Any) -> Callable[[Any], Reply]:
    """The view of a success, with a message and a status of its own."""
    return lambda result: success(show(result), *message)


def paged(show: Callable[[Any], Any]) -> Callable[[Page[Any]], Reply]:
    """The view of one page of a list, with the numbers of all."""

    def view(page: Page[Any]) -> Reply:
        pages = -(-page.total // page.size)
        meta = {"page": page.number, "size": page.size, "totalData": page.total, "totalPage": pages}
        return success([show(one) for one in page.rows], meta=meta)

    return view


def user(session: Profile) -> dict[str, Any]:
    """An account."""
    account = session.account
    content = {"id": account.user, "fullname": account.name, "email": account.email, "phone": account.phone}
    return {**content, "phoneVerified": account.phone_verified}


def logged_in(session: Profile) -> dict[str, Any]:
    """The user and the JSON web token."""
    return {"token": session.token, "user": user(session)}


def code_sent(account: Shopper) -> dict[str, Any]:
    """A code is on its way."""
    return {"phone": account.phone, "expiresIn": CODE_SECONDS}


def listed(offer: Offer) -> dict[str, Any]:
    """A class in a list."""
    course = offer.course
    return {
        "id": offer.id,
        "prakerjaCode": course.code,
        "title": course.title,
        "category": course.category,
        "institution": course.institution,
        "price": course.price.amount,
        "type": KINDS[course.kind],
        "quota": offer.seats,
    }


def page_of_class(offer: Offer) -> dict[str, Any]:
    """A class's own page, with how its voucher is redeemed where it needs one."""
    return {
        **listed(offer),
        "schedule": [{"id": offer.schedule.code, "start": offer.starts, "end": offer.ends}],
        "syllabus": [f"Materi {number}" for number in offer.lessons],
        "redeemGuide": _guide(offer),
        "selfHosted": offer.hosted,
        "rating": {"average": offer.average, "count": len(offer.stars)},
    }


def review(one: Review) -> dict[str, Any]:
    """What somebody wrote."""
    return {
        "rating": one.stars,
        "comment": one.text,
        "name": one.author or "Peserta",
        "createdAt": one.written_at.isoformat(),
    }


def discount(promo: Discount) -> dict[str, Any]:
    """What a promo code takes off."""
    return {"promoCode": promo.promo, "discount": promo.amount.amount, "total": promo.total.amount}


def sent(otp: Sent) -> dict[str, Any]:
    """An OTP is on its way."""
    return {"orderId": otp.order.id, "otpDigit": otp.digits, "expiresIn": otp.seconds}


def order(purchase: Purchase) -> dict[str, Any]:
    """An order with the voucher or, for a class held here, its address."""
    one, voucher, course = purchase.order, purchase.voucher, purchase.course
    visible = voucher if not purchase.hosted else None
    return {
        "orderId": one.id,
        "orderNo": one.invoice,
        "status": ORDERS[one.status],
        "classId": purchase.course_id,
        "prakerjaCode": course.code,
        "title": course.title,
        "institution": course.institution,
        "price": one.price.amount,
        "discount": one.discount.amount,
        "total": one.total.amount,
        "createdAt": one.ordered_at.isoformat(),
        "paidAt": one.paid_at.isoformat() if one.paid_at else None,
        "voucherCode": visible.code if visible else None,
        "voucherStatus": voucher.status.value if voucher else None,
        "validUntil": voucher.valid_until.isoformat() if voucher else None,
        "redeemUrl": redeem_url(course.institution) if visible else None,
        "learnUrl": learn_url(voucher) if voucher and purchase.hosted else None,
    }


def verified(purchase: Purchase) -> Reply:
    """The order after its OTP."""
    if purchase.pending:
        return success(order(purchase), "Pembayaran sedang diproses.", 202)
    return success(order(purchase), "Pembayaran Berhasil")


def learn_url(voucher: Voucher) -> str:
    """Where a class that is held here is learnt."""
    return f"https://pijarmahir.id/belajar/{voucher.code}"


def ticket(one: Ticket) -> dict[str, Any]:
    """A ticket."""
    return {
        "ticketNo": one.id,
        "orderId": one.about,
        "category": one.topic,
        "status": TICKETS[one.status],
        "answer": one.answer,
        "createdAt": one.opened_at.isoformat(),
    }


def judged(message: str = "Berhasil") -> Callable[[Judged], Reply]:
    """The view of a voucher, as its institution sees it."""

    def view(verdict: Judged) -> Reply:
        voucher = verdict.voucher
        content = {
            "voucherCode": voucher.code,
            "prakerjaCode": voucher.course,
            "status": voucher.status.value,
            "validUntil": voucher.valid_until.isoformat(),
            "redeemedAt": voucher.redeemed_at.isoformat() if voucher.redeemed_at else None,
        }
        return (
            refusal(VOUCHERS[verdict.reason], data=content) if verdict.reason else success(content, message)
        )

    return view


def _guide(offer: Offer) -> list[str]:
    if offer.hosted:
        return ["Selesaikan pembayaran.", "Tekan Mulai Belajar; kelas terbuka di Pijar tanpa kode voucher."]
    return [
        f"Buat akun di lembaga pelatihan {offer.course.institution}.",
        f"Buka {redeem_url(offer.course.institution)}.",
        "Masukkan kode voucher dari halaman pesanan atau e-mail.",
    ]
