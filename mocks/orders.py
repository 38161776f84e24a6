"""The order core that every marketplace shares: account, cart, order, voucher, review.

The marketplaces only translate: their envelope, their words, their codes.  Paying by card goes
through Prakerja's signed API in three steps, with no unit of work open while it is asked; a
lost answer leaves the order pending until Prakerja's status says what happened.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from mocks.forms import filled
from simulator import bookings, chance, ledger, messages
from simulator.clock import last_second_of
from simulator.cohorts import YEAR_2021, YEAR_2022
from simulator.errors import Reason, Rejected
from simulator.ids import (
    DIGITS,
    UNAMBIGUOUS,
    CardNumber,
    InvoiceCode,
    OrderId,
    PartyCode,
    PaymentToken,
    Phone,
    TransactionCode,
    VoucherCode,
    is_card_number,
)
from simulator.lifecycle import Event
from simulator.money import Rupiah
from simulator.records import (
    Cart,
    Course,
    CourseKind,
    Mail,
    Order,
    OrderStatus,
    Schedule,
    Shopper,
    Voucher,
    VoucherStatus,
)
from simulator.store import Unit

ORDER: Mapping[tuple[OrderStatus, str], OrderStatus] = {
    (OrderStatus.WAITING_CARD, "card"): OrderStatus.WAITING_OTP,
    (OrderStatus.WAITING_OTP, "card"): OrderStatus.WAITING_OTP,
    (OrderStatus.WAITING_OTP, "ask"): OrderStatus.PENDING,
    (OrderStatus.PENDING, "ask"): OrderStatus.PENDING,
    (OrderStatus.PENDING, "refuse"): OrderStatus.WAITING_OTP,
    (OrderStatus.PENDING, "pay"): OrderStatus.ISSUED,
    # A look at the order found it unpaid while the payment was still on its way.
    (OrderStatus.WAITING_OTP, "pay"): OrderStatus.ISSUED,
    (OrderStatus.ISSUED, "refund"): OrderStatus.REFUNDED,
}
VOUCHER: Mapping[tuple[VoucherStatus, Event], VoucherStatus] = {
    (VoucherStatus.ISSUED, Event.COMMIT): VoucherStatus.REDEEMED,
    (VoucherStatus.ISSUED, Event.CANCEL): VoucherStatus.CANCELLED,
}
CODE_LIFETIME = timedelta(minutes=5)
CODE_TRIES = 5
MAIL_AFTER = timedelta(seconds=60)
"""How long after a voucher's e-mail it may be sent again (simulated)."""
REVIEWED_AMONG = 500
"""Reviews are looked for among so many orders, since orders have no index by course."""
PROMOS: Mapping[str, int] = {"BELAJAR50": 50_000, "PRAKERJA10": 10_000}
"""Promo codes and what they take off, in rupiah (simulated)."""


def subject(shopper: str) -> str:
    """The journal's chain of a shopper, who is named MARKETPLACE/USER."""
    return f"shopper:{shopper}"


# The account


def sign_up(
    world: Unit, *, marketplace: PartyCode, name: str, phone: str, email: str, password: str = ""
) -> Shopper:
    """Open an account; a phone has one account at a marketplace, which is answered again.

    The password comes as a digest, and may be left out where one logs in by phone.
    """
    known = world.find(Shopper, marketplace=marketplace, phone=phone, limit=1)
    if known:
        return known[0]

    user = chance.code(DIGITS, 9, world.seed, "user", marketplace, phone)
    key = f"{marketplace}/{user}"
    world.subject = subject(key)
    shopper = Shopper(key, marketplace, user, name, Phone(phone), email, password=password)
    world.put(shopper)
    return shopper


def send_code(world: Unit, *, shopper: str, sender: str) -> Shopper:
    """Send a code to the account's phone, in place of any older one."""
    account = world.need(Shopper, shopper)

    world.subject = subject(shopper)
    sent = account.codes_sent + 1
    code = chance.code(DIGITS, 6, world.seed, "phone code", shopper, sent)
    account = account.but(code=code, code_sent_at=world.now, codes_sent=sent, wrong_codes=0)
    world.put(account)
    messages.otp_text(world, account.phone, sender, code, int(CODE_LIFETIME.total_seconds()) // 60)
    return account


def verify_phone(world: Unit, *, shopper: str, code: str) -> Shopper:
    """Enter the code; a wrong one counts, and too many end it."""
    account = world.need(Shopper, shopper)
    if account.code is None or account.code_sent_at is None:
        raise Rejected(Reason.CODE_EXPIRED)
    if account.wrong_codes >= CODE_TRIES:
        raise Rejected(Reason.CODE_TRIES_EXHAUSTED)
    if world.now - account.code_sent_at > CODE_LIFETIME:
        raise Rejected(Reason.CODE_EXPIRED)
    world.subject = subject(shopper)
    if code != account.code:
        world.put(account.but(wrong_codes=account.wrong_codes + 1))
        raise Rejected(Reason.CODE_WRONG, counts=True)

    verified = account.but(phone_verified=True, code=None, code_sent_at=None)
    world.put(verified)
    return verified


def change_password(world: Unit, *, shopper: str, code: str, password: str) -> Shopper:
    """Give a forgotten password's place to another, known by its digest, with a code sent to the phone."""
    verified = verify_phone(world, shopper=shopper, code=code)

    changed = verified.but(password=password)
    world.put(changed)
    return changed


# Cart and order


def add_to_cart(world: Unit, *, shopper: str, course: str) -> Cart:
    """Put a course into the cart, in place of what was in it."""
    account = world.need(Shopper, shopper)
    if not account.phone_verified:
        raise Rejected(Reason.PHONE_UNVERIFIED)
    if world.get(Course, course) is None:
        raise Rejected(Reason.COURSE_UNKNOWN, course=course)
    schedule = world.find(Schedule, course=course, limit=1)[0]
    if ledger.balance(world, bookings.seats(schedule.code)) < 1:
        raise Rejected(Reason.QUOTA_EXHAUSTED)

    world.subject = subject(shopper)
    before = world.get(Cart, shopper)
    cart = Cart(shopper, schedule.course, schedule.code, orders=before.orders if before else 0)
    world.put(cart)
    return cart


def apply_promo(world: Unit, *, shopper: str, promo: str) -> Cart:
    """Enter a promo code; it never makes a course free."""
    cart = filled_cart(world, shopper=shopper)
    price = world.need(Course, cart.course).price
    if promo not in PROMOS or PROMOS[promo] >= price.amount:
        raise Rejected(Reason.PROMO_UNKNOWN)

    world.subject = subject(shopper)
    changed = cart.but(promo=promo, discount=Rupiah(PROMOS[promo]))
    world.put(changed)
    return changed


def cancel_promo(world: Unit, *, shopper: str) -> Cart:
    """Take the promo code out again."""
    cart = filled_cart(world, shopper=shopper)

    world.subject = subject(shopper)
    changed = cart.but(promo=None, discount=Rupiah(0))
    world.put(changed)
    return changed


def filled_cart(world: Unit, *, shopper: str) -> Cart:
    """The cart, which must hold something."""
    cart = world.get(Cart, shopper)
    if cart is None or not cart.course:
        raise Rejected(Reason.CART_EMPTY)
    return cart


def drop_cart(world: Unit, *, shopper: str) -> None:
    """Empty the cart."""
    cart = filled_cart(world, shopper=shopper)

    world.subject = subject(shopper)
    world.put(_emptied(cart))


def checkout(world: Unit, *, shopper: str, prefix: str, form: str = "##########") -> Order:
    """Make an order of the cart; its id has that form, its invoice code begins with the prefix."""
    cart = filled_cart(world, shopper=shopper)
    course = world.need(Course, cart.course)
    account = world.need(Shopper, shopper)

    world.subject = subject(shopper)
    number = cart.orders + 1
    order = Order(
        OrderId(filled(form, world.now, world.seed, "order", shopper, number)),
        account.marketplace,
        shopper,
        cart.course,
        cart.schedule,
        course.price,
        cart.discount,
        InvoiceCode(prefix + chance.code(UNAMBIGUOUS, 13, world.seed, "invoice", shopper, number)),
        OrderStatus.WAITING_CARD,
        world.now,
    )
    world.put(order)
    world.put(_emptied(cart).but(orders=number))
    return order


def order_of(world: Unit, *, marketplace: str, shopper: str, order: str) -> Order:
    """An order of this shopper; other people's orders do not exist for him."""
    found = world.get(Order, order)
    if found is None or found.marketplace != marketplace or found.shopper != shopper:
        raise Rejected(Reason.ORDER_UNKNOWN)
    return found


def history(world: Unit, *, shopper: str) -> list[Order]:
    """A shopper's orders, the newest first."""
    return sorted(world.find(Order, shopper=shopper), key=lambda o: (o.ordered_at, o.id), reverse=True)


def voucher_of(world: Unit, *, order: str) -> Voucher | None:
    """The voucher of an order, if it has one."""
    found = world.find(Voucher, order=order, limit=1)
    return found[0] if found else None


# Paying; `mocks.checkout` asks Prakerja between these


def take_card(world: Unit, *, order: str, card: str, token: PaymentToken) -> Order:
    """Prakerja accepted the card and sent the OTP."""
    found = world.need(Order, order)

    world.subject = subject(found.shopper)
    status = ORDER[found.status, "card"]
    changed = found.but(status=status, card=CardNumber(card), token=token)
    world.put(changed)
    return changed


def ask_payment(world: Unit, *, order: str) -> Order:
    """Prakerja is about to be asked for the money; from now on the outcome may be unknown."""
    found = world.need(Order, order)
    if (found.status, "ask") not in ORDER:
        raise Rejected(Reason.ORDER_CLOSED, status=found.status)

    world.subject = subject(found.shopper)
    changed = found.but(status=ORDER[found.status, "ask"])
    if changed != found:
        world.put(changed)
    return changed


def refuse_payment(world: Unit, *, order: str) -> Order:
    """Prakerja did not take the money."""
    found = world.need(Order, order)
    if (found.status, "refuse") not in ORDER:
        return found

    world.subject = subject(found.shopper)
    changed = found.but(status=ORDER[found.status, "refuse"])
    world.put(changed)
    return changed


def issue_voucher(world: Unit, *, order: str, transaction: str, form: str, title: str) -> Voucher:
    """Prakerja took the money: hand the voucher over, by history and by e-mail; once.

    Its code has the marketplace's form (see `mocks.forms`).
    """
    found = world.need(Order, order)
    known = voucher_of(world, order=order)
    if known is not None:
        return known
    course = world.need(Course, found.course)
    schedule = world.need(Schedule, found.schedule)
    account = world.need(Shopper, found.shopper)

    world.subject = subject(found.shopper)
    voucher = Voucher(
        _free_voucher(world, found, form),
        found.marketplace,
        found.id,
        found.course,
        course.institution,
        VoucherStatus.ISSUED,
        world.now,
        _valid_until(world.now, course, schedule),
    )
    world.put(voucher)
    world.put(
        found.but(
            status=ORDER[found.status, "pay"],
            transaction=TransactionCode(transaction),
            paid_at=world.now,
            voucher=voucher.code,
        )
    )
    ledger.book(world, "voucher", bookings.voucher_issued(found.marketplace))
    mail_voucher(world, order=found.id, address=account.email, title=title, voucher=voucher.code)
    return voucher


def mail_voucher(world: Unit, *, order: str, address: str, title: str, voucher: str) -> None:
    """Send the voucher's e-mail (text simulated); a resend is one more."""
    found = world.need(Order, order)
    course = world.need(Course, found.course)

    world.subject = subject(found.shopper)
    messages.mail(
        world,
        address,
        title,
        "Pembelian pelatihan berhasil",
        f"Nomor pesanan: {found.id}\nPelatihan: {course.title}\nLembaga: {course.institution}\n"
        f"Kode voucher: {voucher}\nTukarkan di halaman lembaga pelatihan sebelum kelas dimulai.",
    )


def resend_mail(world: Unit, *, order: str, title: str) -> datetime | None:
    """Send a voucher's e-mail once more, or answer the time from which that may be done again.

    The wait counts from the last e-mail that arrived, so a lost one can be asked for at once.
    """
    found = world.need(Order, order)
    account = world.need(Shopper, found.shopper)
    voucher = voucher_of(world, order=order)
    if voucher is None or voucher.status is VoucherStatus.CANCELLED:
        raise Rejected(Reason.ORDER_CLOSED, status=found.status)
    sent = [mail.at for mail in world.log(Mail, address=account.email) if voucher.code in mail.text]
    if sent and world.now - sent[-1] < MAIL_AFTER:
        return sent[-1] + MAIL_AFTER

    mail_voucher(world, order=order, address=account.email, title=title, voucher=voucher.code)
    return None


def refund(world: Unit, *, order: str) -> Order:
    """Prakerja took the purchase back: the voucher is worth nothing any more."""
    found = world.need(Order, order)
    voucher = voucher_of(world, order=order)
    assert voucher is not None, f"order {order} was refunded without a voucher"

    world.subject = subject(found.shopper)
    changed = found.but(status=ORDER[found.status, "refund"])
    world.put(changed)
    world.put(voucher.but(status=VOUCHER[voucher.status, Event.CANCEL]))
    ledger.book(world, "voucher", bookings.voucher_cancelled(found.marketplace))
    return changed


# The voucher, as an institution asks about it


def check_voucher(world: Unit, *, marketplace: str, code: str, institution: str) -> Voucher:
    """A voucher that may be redeemed now, by the institution whose course it opens."""
    voucher = world.get(Voucher, code)
    if voucher is None or voucher.marketplace != marketplace:
        raise Rejected(Reason.VOUCHER_UNKNOWN)
    if voucher.institution != institution:
        raise Rejected(Reason.VOUCHER_OF_OTHER_INSTITUTION)
    if voucher.status is VoucherStatus.CANCELLED:
        raise Rejected(Reason.VOUCHER_CANCELLED)
    if voucher.status is VoucherStatus.REDEEMED:
        raise Rejected(Reason.VOUCHER_USED)
    if world.now > voucher.valid_until:
        raise Rejected(Reason.VOUCHER_EXPIRED)
    return voucher


def redeem_voucher(world: Unit, *, marketplace: str, code: str, institution: str) -> Voucher:
    """Burn a voucher; it opens its course once."""
    voucher = check_voucher(world, marketplace=marketplace, code=code, institution=institution)

    world.subject = subject(world.need(Order, voucher.order).shopper)
    status = VOUCHER[voucher.status, Event.COMMIT]
    redeemed = voucher.but(status=status, redeemed_at=world.now)
    world.put(redeemed)
    ledger.book(world, "voucher", bookings.voucher_redeemed(voucher.marketplace))
    return redeemed


def review(world: Unit, *, order: str, stars: int, text: str) -> Order:
    """Write a review on the marketplace ("Tulis Ulasan"), once the voucher was used."""
    found = world.need(Order, order)
    voucher = voucher_of(world, order=order)
    if voucher is None or voucher.status is not VoucherStatus.REDEEMED:
        raise Rejected(Reason.REVIEW_TOO_EARLY)
    if found.rating is not None:
        raise Rejected(Reason.ALREADY_REVIEWED)

    world.subject = subject(found.shopper)
    changed = found.but(rating=stars, review=text)
    world.put(changed)
    return changed


def reviewed(world: Unit, *, marketplace: str, course: str) -> list[Order]:
    """The orders of a course at a marketplace that have a review."""
    found = world.find(Order, limit=REVIEWED_AMONG)
    return [one for one in found if one.course == course and one.marketplace == marketplace and one.rating]


def check_card_form(card: str) -> None:
    """Sixteen digits, refused before Prakerja is asked (R01, F01)."""
    if not is_card_number(card):
        raise Rejected(Reason.CARD_MALFORMED)


def _emptied(cart: Cart) -> Cart:
    return Cart(cart.shopper, type(cart.course)(""), type(cart.schedule)(""), orders=cart.orders)


def _free_voucher(world: Unit, order: Order, form: str) -> VoucherCode:
    attempt = 0
    while True:
        code = VoucherCode(filled(form, world.now, world.seed, "voucher", order.id, attempt))
        if world.get(Voucher, code) is None:
            return code
        attempt += 1


def _valid_until(now: datetime, course: Course, schedule: Schedule) -> datetime:
    if course.kind is CourseKind.WEBINAR and schedule.ends is not None:
        return schedule.ends
    year = YEAR_2021 if now.year <= 2021 else YEAR_2022
    return last_second_of(year.voucher_until.replace(year=now.year))
