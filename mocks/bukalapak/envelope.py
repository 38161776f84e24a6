"""How Bukalapak answers: `{data, meta}` in v4, errors with whole-number codes, times in UTC."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from prakerja_sim.mocks.bukalapak.codes import BILL, INVOICES, KINDS, PAYMENT, STATES, VERTICAL
from prakerja_sim.mocks.bukalapak.words import TO_PROVIDERS, done, refusal
from prakerja_sim.mocks.http.face import Reply
from prakerja_sim.mocks.shop.catalogue import Offer, redeem_url
from prakerja_sim.mocks.shop.ordering import Purchase, Sent
from prakerja_sim.mocks.shop.partner_api import Judged
from prakerja_sim.mocks.shop.site import Page
from prakerja_sim.simulator.marketplace.records import Review, Shopper, Voucher, VoucherStatus
from prakerja_sim.simulator.marketplace.refunds import Asker, Refunds
from prakerja_sim.simulator.programme.records import Course, Ticket
from prakerja_sim.simulator.values.clock import WIB

ONE_CARD = "Satu akun hanya dapat menggunakan satu Nomor Kartu Prakerja."
AT_THE_PROVIDER = "Kupon ditukarkan di situs penyedia kursus sebelum masa berlakunya habis."
AVATAR = "https://www.bukalapak.com/images/default_avatar/medium/default.jpg"
"""The picture of who has none (seen)."""
View = Callable[[Any], Reply]


def v4(show: Callable[[Any], Any], status: int = 200) -> View:
    """The view that answers one thing."""
    return lambda result: done(show(result), status)


def some(show: Callable[[Any], Any]) -> Callable[[Page[Any]], Reply]:
    """The view of a part of a list, whose `meta` tells which part."""

    def view(part: Page[Any]) -> Reply:
        meta = {"limit": part.size, "offset": part.number, "total": part.total}
        return done([show(one) for one in part.rows], **meta)

    return view


def named(code: str) -> dict[str, str]:
    """A category, or a provider: an institution."""
    return {"id": code, "name": code}


def utc(instant: datetime) -> str:
    """A time as v4 writes it."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def local(instant: datetime) -> str:
    """A time as v2 writes it."""
    return instant.astimezone(WIB).isoformat(timespec="seconds")


def user_name(account: Shopper) -> str:
    """The name that a user chose, or his number."""
    return account.username or account.user


def profile(account: Shopper) -> dict[str, Any]:
    """An account."""
    return {
        "id": int(account.user),
        "username": user_name(account),
        "name": account.name,
        "email": account.email,
        "phone": account.phone,
        "phone_confirmed": account.phone_verified,
        "tfa_status": "active" if account.phone_verified else "inactive",
        "avatar": {"id": int(account.user), "url": AVATAR},
    }


def product(course: Course) -> dict[str, Any]:
    """A course among the site's products."""
    return {
        "id": course.code,
        "name": course.title,
        "price": course.price.amount,
        "category": named(course.category),
        "url": f"https://www.bukalapak.com/prakerja/{course.code}",
    }


def course(offer: Offer) -> dict[str, Any]:
    """A course in a list."""
    sold = offer.course
    return {
        "id": sold.code,
        "title": sold.title,
        "price": sold.price.amount,
        "normal_price": sold.price.amount,
        "provider": named(sold.institution),
        "category": named(sold.category),
        "rating": {"average": offer.average, "count": len(offer.stars)},
        "type": KINDS[sold.kind],
        "quota_left": offer.seats,
    }


def course_page(offer: Offer) -> dict[str, Any]:
    """A course with its curriculum, its dates, its terms."""
    starts, ends = offer.schedule.starts, offer.schedule.ends
    dates = {"starts_at": utc(starts) if starts else None, "ends_at": utc(ends) if ends else None}
    return course(offer) | {
        "curriculum": [f"Materi {number}" for number in offer.lessons],
        "schedules": [{"id": offer.schedule.code, **dates, "quota_left": offer.seats}],
        "duration_hours": (ends - starts) // timedelta(hours=1) if starts and ends else None,
        "redeem_instructions": [
            f"Buat akun di penyedia kursus {offer.course.institution}.",
            f"Buka {redeem_url(offer.course.institution)}.",
            "Masukkan kode kupon dari Detail Tagihan atau e-mail.",
            "Periksa kursus yang tampil, lalu mulai belajar.",
        ],
        "tnc": [_about_refunds(offer.policy), ONE_CARD, AT_THE_PROVIDER],
    }


def _in_words(span: timedelta) -> str:
    units = {"hari": timedelta(days=1), "jam": timedelta(hours=1), "menit": timedelta(minutes=1)}
    for name, unit in units.items():
        if not span % unit:
            return f"{span // unit} {name}"
    return f"{span // timedelta(seconds=1)} detik"


def _about_refunds(policy: Refunds) -> str:
    """What the terms say of changing one's mind: what the policy in force does."""
    if Asker.BUYER not in policy.askers or policy.refused:
        return "Kursus yang sudah dibeli tidak dapat diganti atau dibatalkan oleh pembeli."
    within = policy.within
    limit = f" dan paling lambat {_in_words(within)} setelah pembayaran" if within is not None else ""
    return (
        "Kursus yang sudah dibeli tidak dapat diganti. Pengembalian seluruh dana dapat diajukan selama kupon"
        f" belum digunakan{limit}."
    )


def review(one: Review) -> dict[str, Any]:
    """A review, whose number follows from its order's."""
    return {
        "id": int(f"9{one.order}"),
        "rate": one.stars,
        "title": one.title,
        "content": one.text,
        "reviewer": one.author or "Peserta Prakerja",
        "created_at": utc(one.written_at),
    }


def transaction(purchase: Purchase) -> dict[str, Any]:
    """The order of one course, with the ids of its invoice and its payment."""
    order = purchase.order
    return {
        "id": int(order.id),
        "remote_transaction_id": order.id,
        "invoice_id": int(BILL + order.id),
        "payment_id": PAYMENT + order.id,
        "amount": order.total.amount,
        "discount": order.discount.amount,
        "state": STATES[order.status],
        "created_at": utc(order.ordered_at),
        "expired_at": None,
        "schedule_id": order.schedule,
        "coupon": _coupon(purchase),
    }


def bill(purchase: Purchase) -> dict[str, Any]:
    """An invoice: the bill of one transaction."""
    order, bought = purchase.order, purchase.course
    return {
        "id": int(BILL + order.id),
        "invoice_no": order.invoice,
        "payment_id": PAYMENT + order.id,
        "payment_type": VERTICAL,
        "amount": order.total.amount,
        "state": STATES[order.status],
        "created_at": utc(order.ordered_at),
        "paid_at": utc(order.paid_at) if order.paid_at else None,
        "url": INVOICES + order.invoice,
        "transactions": [
            {
                "id": int(order.id),
                "type": VERTICAL,
                "remote_transaction_id": order.id,
                "amount": order.total.amount,
                "state": STATES[order.status],
                "course": {"id": bought.code, "title": bought.title, "provider": bought.institution},
                "coupon": _coupon(purchase),
            }
        ],
    }


def paying(outcome: Sent | Purchase) -> Reply:
    """After "Bayar" the OTP is needed; after "Verifikasi" the bill is paid, or not known yet."""
    if isinstance(outcome, Sent):
        expires = outcome.at + timedelta(seconds=outcome.seconds)
        # Prakerja's answer does not say to which phone the OTP went, so neither can this.
        return done({"state": "otp_required", "masked_phone": "", "expired_at": utc(expires)}, 202)
    return done({"state": "processing"}, 202) if outcome.pending else done(bill(outcome))


def card(masked: str) -> dict[str, Any]:
    """A card number was entered; no published call lets a shop ask Prakerja about a card alone."""
    text = "Format nomor kartu benar. Kartu diperiksa Prakerja saat Anda menekan Bayar."
    return {"state": "card_entered", "card_number": masked, "message": text}


def ticket(one: Ticket) -> dict[str, Any]:
    """A complaint."""
    return {
        "ticket_no": one.id,
        "transaction_id": int(one.about),
        "reason": one.called,
        "state": one.status.value,
        "answer": one.answer,
        "created_at": utc(one.opened_at),
        "answer_expected_at": utc(one.answer_at),
    }


def judged(verdict: Judged) -> Reply:
    """A coupon as its provider sees it, also when it is refused."""
    voucher = verdict.voucher
    seen = {
        "code": voucher.code,
        "course_id": voucher.course,
        "state": _coupon_state(voucher, verdict.at),
        "buyer_name": verdict.buyer.name,
        "valid_until": utc(voucher.valid_until),
        "redeemed_at": utc(voucher.redeemed_at) if voucher.redeemed_at else None,
    }
    return refusal(TO_PROVIDERS[verdict.reason], data=seen) if verdict.reason else done(seen)


def _coupon(purchase: Purchase) -> dict[str, Any] | None:
    """The code that opens the course at its provider; there is none before the payment."""
    voucher = purchase.voucher
    if voucher is None:
        return None
    about = {"code": voucher.code, "valid_until": utc(voucher.valid_until)}
    state, url = _coupon_state(voucher, purchase.at), redeem_url(voucher.institution)
    return {**about, "state": state, "redeem_url": url}


def _coupon_state(voucher: Voucher, now: datetime) -> str:
    over = voucher.status is VoucherStatus.ISSUED and now > voucher.valid_until
    return "expired" if over else voucher.status.value
