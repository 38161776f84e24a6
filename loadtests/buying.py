"""How people of a load run buy: account, class, card, OTP, voucher, with what goes wrong on the way.

Each mistake is a small detour from which people come back to the way of all others; whoever does not come
back says why (`SaidNo`, `FlowBroken`).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from prakerja_sim.loadtests import paying
from prakerja_sim.loadtests.errors import FlowBroken
from prakerja_sim.loadtests.person import TRIES, Person, SaidNo
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.simulator.values.errors import Reason

SUPPORT_LOOKS = 14
"""On so many days in a row people look whether support has answered."""
VOUCHER = "Kode voucher: "
NEW_PASSWORD = "Baru-12345"
DAY = timedelta(days=1)
MONEY_BACK = (Reason.REFUND_NOT_OFFERED, Reason.REFUND_TOO_LATE)


def sign_up(person: Person) -> None:
    """Open the account; whoever forgets its login finds it again on another device."""
    row = person.row

    def ask() -> None:
        person.shop(person.shopper.sign_up, row["name"], row["phone"], row["email"])

    for left in reversed(range(TRIES)):
        ask()
        person.time.think()
        try:
            person.shop(person.shopper.enter_phone_code, person.code(ask), safe_again=False)
            break
        except NoReply:  # the code may be used up
            if not left:
                raise
    if person.makes("login_forgotten"):
        _find_account_again(person)


def _find_account_again(person: Person) -> None:
    """Find the account again on another device, with a code from the phone or from an e-mail."""
    for _ in range(TRIES):
        person.shopper = person.another_device()
        person.shop(person.shopper.recover, person.row["phone"], person.row["email"])
        code = person.next_code("1s") or person.mailed("Kode verifikasi: ")
        try:
            if code:
                person.shop(person.shopper.enter_recovery_code, code, NEW_PASSWORD, safe_again=False)
                return
        except NoReply:  # the code may be used up
            continue
    raise SaidNo((), f"the account was not found again in {TRIES} tries")


def buy(person: Person, courses: list[Mapping[str, Any]]) -> None:
    """Buy one of the courses, until the voucher is in hand. Raises SaidNo and FlowBroken."""
    wanted = person.choices.one_of(courses, "course")
    _pay(person, wanted)
    if person.makes("refund") and _got_money_back(person):
        others = [one for one in courses if one is not wanted] or courses
        person.wait(paying.RESEND_AFTER, "another OTP may be asked for")
        _pay(person, person.choices.one_of(others, "second course"), again=True)


def _pay(person: Person, wanted: Mapping[str, Any], *, again: bool = False) -> None:
    _order(person, wanted, abandons=not again and person.makes("abandoned"))
    person.time.think()
    if not again and person.choices.makes("otp_lost"):
        person.admin("POST", "/faults", {"fault": "sms_lost", "where": person.row["phone"]})
    paying.card(person)
    otp = paying.code(person) if again else paying.otp(person)
    person.time.think()
    loses_mail = not again and _any(person, "mail_lost_history", "mail_lost_support")
    if loses_mail:
        person.admin("POST", "/faults", {"fault": "mail_lost", "where": person.row["email"]})
    if again:
        paying.enter(person, otp)
    else:
        paying.confirm(person, otp)
    person.price = wanted["price"]
    person.voucher = _voucher(person) if not loses_mail else _lost_voucher(person)
    person.invoice = person.shop(person.shopper.order, person.order).invoice


def _any(person: Person, *mistakes: str) -> bool:
    return any(person.choices.makes(one) for one in mistakes)


def _order(person: Person, wanted: Mapping[str, Any], *, abandons: bool) -> None:
    """Find the class, and order it; whoever leaves the checkout orders once more."""
    found = person.shop(person.shopper.search, wanted["title"])
    person.time.think()
    person.course, person.institution = wanted["course_code"], wanted["institution"]
    if person.course not in [one.course for one in found]:
        raise FlowBroken(f"the search for {wanted['title']!r} does not find {person.course}")
    person.shop(person.shopper.look, person.course)
    for _ in range(1 + abandons):
        person.time.think()
        person.shop(person.shopper.add_to_cart, person.course)
        person.order = _checked_out(person)
    if not person.shop(person.shopper.payment_methods, person.order):
        raise FlowBroken("no way to pay is offered")


def _checked_out(person: Person) -> str:
    """The new order; without an answer another one is placed, since the cart may be empty."""
    for _ in range(TRIES):
        try:
            return person.shop(person.shopper.check_out, safe_again=False)
        except NoReply:
            person.shop(person.shopper.add_to_cart, person.course)
    raise FlowBroken("nobody answers to an order")


# The voucher


def _voucher(person: Person) -> str:
    """The voucher from the history."""
    mine = [one for one in person.shop(person.shopper.history) if one.order == person.order]
    if not mine or mine[0].voucher is None:
        raise FlowBroken("the history shows no voucher")
    return str(mine[0].voucher)


def _lost_voucher(person: Person) -> str:
    """The voucher whose e-mail got lost: in the history, or through support."""
    if person.mailed(VOUCHER):
        raise FlowBroken("the e-mail that was to be lost has come")
    if person.makes("mail_lost_history"):
        return _voucher(person)
    person.makes("mail_lost_support")
    text = "E-mail kode voucher tidak sampai."
    person.shop(person.shopper.complain, person.order, text, "voucher")
    answer = _answered(person)
    if "voucher" not in answer:
        raise FlowBroken(f"support answers {answer!r} to whom lost a voucher")
    person.shop(person.shopper.resend_mail, person.order)
    voucher = person.mailed(VOUCHER)
    if not voucher:
        raise FlowBroken("the voucher's e-mail was sent again and did not arrive")
    return voucher


def _answered(person: Person) -> str:
    """Support's answer to the newest complaint about the order."""
    for _ in range(SUPPORT_LOOKS):
        newest = person.shop(person.shopper.tickets, person.order)[0]
        if newest.status in ("resolved", "refused"):
            return newest.answer
        person.wait(DAY, f"support answers about {person.order}")
    raise FlowBroken(f"support has not answered within {SUPPORT_LOOKS} days")


def _got_money_back(person: Person) -> bool:
    """Ask for the money back; whether it comes is the marketplace's policy."""
    text = "Salah pilih kelas, mohon dananya dikembalikan."
    try:
        person.shop(person.shopper.complain, person.order, text, expects=MONEY_BACK)
    except SaidNo as no:
        if not set(no.reasons) & set(MONEY_BACK):
            raise
        return False
    _answered(person)
    if person.shop(person.shopper.order, person.order).status != "refunded":
        return False
    person.refunded, person.price, person.voucher = person.refunded + person.price, 0, ""
    return True
