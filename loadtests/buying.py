"""How people of a load run buy: account, class, card, OTP, voucher, with what goes wrong on the way.

Each mistake is a small detour from which people come back to the way of all others; whoever does not come
back says why (`SaidNo`, `FlowBroken`).
"""

from collections.abc import Mapping
from datetime import timedelta
from threading import Thread
from typing import Any

from prakerja_sim.loadtests.errors import FlowBroken
from prakerja_sim.loadtests.person import Person, SaidNo
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop.buyer import OrderView
from prakerja_sim.simulator.values.errors import Reason

RESEND_AFTER = timedelta(seconds=61)
"""From one OTP to the next that may be asked for (the setting `otp_resend_after`), and a second."""
STATUS_AFTER = timedelta(minutes=16)
"""When a marketplace has asked by itself what became of a payment without an answer, and a minute."""
SUPPORT_LOOKS = 14
"""On so many days in a row people look whether support has answered."""
VOUCHER = "Kode voucher: "
NEW_PASSWORD = "Baru-12345"
DAY = timedelta(days=1)
MONEY_BACK = (Reason.REFUND_NOT_OFFERED, Reason.REFUND_TOO_LATE)
SENT = (Reason.OTP_TOO_SOON,)
CLOSED = (Reason.ORDER_CLOSED, Reason.REFUND_ASKED)


def sign_up(person: Person) -> None:
    """Open the account; whoever forgets its login finds it again on another device."""
    row = person.row
    person.shop(person.shopper.sign_up, row["name"], row["phone"], row["email"])
    person.time.think()
    person.shop(person.shopper.enter_phone_code, person.code())
    if person.makes("login_forgotten"):
        person.shopper = person.another_device()
        person.shop(person.shopper.recover, row["phone"], row["email"])
        person.shop(person.shopper.enter_recovery_code, _recovery_code(person), NEW_PASSWORD)


def buy(person: Person, courses: list[Mapping[str, Any]]) -> None:
    """Buy one of the courses, until the voucher is in hand. Raises SaidNo and FlowBroken."""
    wanted = person.choices.one_of(courses, "course")
    _pay(person, wanted)
    if person.makes("refund") and _got_money_back(person):
        others = [one for one in courses if one is not wanted] or courses
        person.wait(RESEND_AFTER, "another OTP may be asked for")
        _pay(person, person.choices.one_of(others, "second course"), again=True)


def _pay(person: Person, wanted: Mapping[str, Any], *, again: bool = False) -> None:
    _order(person, wanted, abandons=not again and person.makes("abandoned"))
    person.time.think()
    if not again and person.choices.makes("otp_lost"):
        person.admin("POST", "/faults", {"fault": "sms_lost", "where": person.row["phone"]})
    _card(person)
    otp = person.code() if again else _otp(person)
    person.time.think()
    loses_mail = not again and _any(person, "mail_lost_history", "mail_lost_support")
    if loses_mail:
        person.admin("POST", "/faults", {"fault": "mail_lost", "where": person.row["email"]})
    if again:
        _enter(person, otp)
    else:
        _confirm(person, otp)
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
        person.order = person.shop(person.shopper.check_out)
    if not person.shop(person.shopper.payment_methods, person.order):
        raise FlowBroken("no way to pay is offered")


# The OTP


def _card(person: Person) -> None:
    """Enter the card; whose first answer got lost hears that the OTP is on its way already."""
    try:
        person.shop(person.shopper.enter_card, person.order, person.row["prakerja_id"], expects=SENT)
    except SaidNo as no:
        if not set(no.reasons) & set(SENT):
            raise


def _otp(person: Person) -> str:
    """The code to enter, after what may go wrong with it."""
    if person.makes("otp_lost"):
        if person.next_code("0s"):
            raise FlowBroken("the text message that was to be lost has come")
        person.wait(RESEND_AFTER, "another OTP may be asked for")
        person.shop(person.shopper.resend_otp, person.order)
        return person.code()
    first = person.code()
    if person.makes("otp_late"):
        person.wait(RESEND_AFTER, "another OTP may be asked for")
        person.shop(person.shopper.resend_otp, person.order)
        newest = person.code()
        _wrong(person, first, newest)
        return newest
    if person.makes("wrong_otp"):
        _wrong(person, _another(first), first)
    return first


def _wrong(person: Person, entered: str, right: str) -> None:
    if entered == right:
        return
    try:
        person.shop(person.shopper.enter_otp, person.order, entered, expects=(Reason.OTP_WRONG,))
    except SaidNo as no:
        if Reason.OTP_WRONG not in no.reasons:
            raise
    else:
        raise FlowBroken("a wrong OTP was taken")


def _another(code: str) -> str:
    return str((int(code) + 1) % 10 ** len(code)).zfill(len(code))


def _recovery_code(person: Person) -> str:
    """The code that finds an account again, from the phone or from an e-mail."""
    code = person.next_code("1s") or person.mailed("Kode verifikasi: ")
    if not code:
        raise FlowBroken("no code came that finds the account again")
    return code


# Paying


def _confirm(person: Person, otp: str) -> None:
    """Enter the OTP and pay, once, however it is pressed."""
    if person.makes("double_press"):
        _press_twice(person, otp)
    elif person.makes("impatient_retry"):
        _without_answer(person, otp)
        _enter(person, otp)
    elif person.makes("reply_lost"):
        _without_answer(person, otp)
        _await_payment(person, otp)
    else:
        _enter(person, otp)


def _without_answer(person: Person, otp: str) -> None:
    person.connection.lose_answer()
    try:
        person.shop(person.shopper.enter_otp, person.order, otp, tries=1)
    except NoReply:
        person.connection.judge()
        return
    raise FlowBroken("an answer came that was to be lost")


def _enter(person: Person, otp: str) -> None:
    """Enter the OTP; without an answer, or with an open one, the order says what became of it."""
    try:
        outcome = person.shop(person.shopper.enter_otp, person.order, otp, tries=1)
    except NoReply:
        person.connection.judge()
        outcome = "pending"
    if outcome != "paid":
        _await_payment(person, otp)


def _press_twice(person: Person, otp: str) -> None:
    """Press pay twice at the same moment: whichever way each press ends, the order is paid once."""
    ends: list[BaseException] = []

    def press() -> None:
        try:
            person.shop(person.shopper.enter_otp, person.order, otp, expects=CLOSED)
        except BaseException as end:
            ends.append(end)

    second = Thread(target=press)
    second.start()
    press()
    second.join()
    for end in ends:
        if not (isinstance(end, NoReply) or (isinstance(end, SaidNo) and set(end.reasons) & set(CLOSED))):
            raise end
    if ends:
        _await_payment(person, otp)


def _await_payment(person: Person, otp: str) -> OrderView:
    """Look at the order until it is known what became of it; an OTP that arrived nowhere is entered again."""
    for _ in range(4):
        view = person.shop(person.shopper.order, person.order)
        if view.status == "issued":
            return view
        if view.status == "waiting_otp":
            person.shop(person.shopper.enter_otp, person.order, otp, expects=CLOSED)
        elif view.status == "pending":
            person.wait(STATUS_AFTER, f"the payment of {person.order} is pending")
        else:
            raise FlowBroken(f"the order is {view.status} after its OTP was entered")
    raise FlowBroken("nobody says what became of the payment")


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
