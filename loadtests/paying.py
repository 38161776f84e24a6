"""How people of a load run pay: card, OTP, confirmation, once, whatever goes wrong on the way."""

from datetime import timedelta
from threading import Thread

from prakerja_sim.loadtests.errors import FlowBroken
from prakerja_sim.loadtests.person import Person, SaidNo
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop.buyer import OrderView
from prakerja_sim.simulator.values.errors import Reason

RESEND_AFTER = timedelta(seconds=61)
"""From one OTP to the next that may be asked for (the setting `otp_resend_after`), and a second."""
STATUS_AFTER = timedelta(minutes=16)
"""When a marketplace has asked by itself what became of a payment without an answer, and a minute."""
SENT = (Reason.OTP_TOO_SOON,)
CLOSED = (Reason.ORDER_CLOSED, Reason.REFUND_ASKED)


def card(person: Person) -> None:
    """Enter the card; whoever hears that an OTP was just sent, since an answer got lost, asks again later."""
    entered = (person.shopper.enter_card, person.order, person.row["prakerja_id"])
    try:
        person.shop(*entered, expects=SENT)
    except SaidNo as no:
        if not set(no.reasons) & set(SENT):
            raise
        person.wait(RESEND_AFTER, "another OTP may be asked for")
        person.shop(*entered)


def otp(person: Person) -> str:
    """The code to enter, after what may go wrong with it."""
    if person.makes("otp_lost"):
        if person.next_code("0s"):
            raise FlowBroken("the text message that was to be lost has come")
        person.wait(RESEND_AFTER, "another OTP may be asked for")
        person.shop(person.shopper.resend_otp, person.order)
        return code(person)
    first = code(person)
    if person.makes("otp_late"):
        person.wait(RESEND_AFTER, "another OTP may be asked for")
        person.shop(person.shopper.resend_otp, person.order)
        newest = code(person)
        _wrong(person, first, newest)
        return newest
    if person.makes("wrong_otp"):
        _wrong(person, _another(first), first)
    return first


def code(person: Person) -> str:
    """The code of the text message; whoever gets none asks for another one as soon as he may."""
    return person.code(lambda: person.shop(person.shopper.resend_otp, person.order), RESEND_AFTER)


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


# Confirming


def confirm(person: Person, otp: str) -> None:
    """Enter the OTP and pay, once, however it is pressed."""
    if person.makes("double_press"):
        _press_twice(person, otp)
    elif person.makes("impatient_retry"):
        _without_answer(person, otp)
        enter(person, otp)
    elif person.makes("reply_lost"):
        _without_answer(person, otp)
        _await_payment(person, otp)
    else:
        enter(person, otp)


def _without_answer(person: Person, otp: str) -> None:
    person.connection.lose_answer()
    try:
        person.shop(person.shopper.enter_otp, person.order, otp, safe_again=False)
    except NoReply:
        return
    raise FlowBroken("an answer came that was to be lost")


def enter(person: Person, otp: str) -> None:
    """Enter the OTP; without an answer, or with an open one, the order says what became of it."""
    try:
        outcome = person.shop(person.shopper.enter_otp, person.order, otp, safe_again=False)
    except NoReply:
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
