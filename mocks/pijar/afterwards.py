"""After the payment: the orders, their e-mail, "Mulai Belajar" for a class that Pijar holds itself.

Such a class is learnt at Pijar's own learning site, which burns the voucher that its buyer never
sees; the site is an institution like any other and is reached over the wire.
"""

from typing import Any

import orjson

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.pijar.account import account_of
from prakerja_sim.mocks.pijar.buying import learn_url, own, settled, shown
from prakerja_sim.mocks.pijar.catalogue import paged
from prakerja_sim.mocks.pijar.fields import Paged, asked
from prakerja_sim.mocks.pijar.words import MARKETPLACE, success
from prakerja_sim.simulator.marketplace import orders, vouchers
from prakerja_sim.simulator.marketplace.records import Order, Voucher
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.store import Unit

INFERRED, SEEN = Provenance.INFERRED, Provenance.SEEN
CANNOT_START = (
    Reason.ORDER_UNKNOWN,
    Reason.ORDER_CLOSED,
    Reason.COURSE_NOT_HOSTED,
    Reason.SERVICE_UNAVAILABLE,
)


def history(call: Call) -> Reply:
    """The buyer's orders in pages, the newest first; whoever looks at a pending one settles it."""
    wanted = asked(call, Paged)
    mine: list[Order] = call.ask(orders.history, shopper=call.sender)
    return paged([shown(call, settled(call, one)) for one in mine], wanted)


def one_order(call: Call) -> Reply:
    """One order, with its voucher or the address of its class once it is paid."""
    return success(shown(call, settled(call, own(call, call.path["order_id"]))))


def resend_email(call: Call) -> Reply:
    """Send the e-mail of a paid order again, at most once in 60 seconds."""
    found = own(call, call.path["order_id"])
    if call.do(vouchers.resend_mail, order=found.id, title=MARKETPLACE.title) is not None:
        raise Rejected(Reason.MAIL_TOO_SOON)
    return success({"email": account_of(call).email}, "E-mail telah dikirim.", 202)


def start(call: Call) -> Reply:
    """Open a class that is held here ("Mulai Belajar"); pressed again, it answers the same."""
    found = settled(call, own(call, call.path["order_id"]))
    course: Course = call.ask(Unit.need, kind=Course, key=found.course)
    if not vouchers.is_hosted(MARKETPLACE.code, course):
        raise Rejected(Reason.COURSE_NOT_HOSTED)
    voucher: Voucher | None = call.ask(vouchers.voucher_of, order=found.id)
    if voucher is None or found.status.value != "issued":
        raise Rejected(Reason.ORDER_CLOSED, status=found.status)
    account = account_of(call)
    opened = {
        "voucher_code": voucher.code,
        "marketplace": MARKETPLACE.code,
        "email": account.email,
        "name": account.name,
    }
    _learning(call, opened)
    return success({"orderId": found.id, "learnUrl": learn_url(voucher)}, "Selamat belajar!")


def add_to(face: Face) -> None:
    """Mount the paths."""
    at = "/api/v1/orders"
    unknown = (Reason.ORDER_UNKNOWN,)
    face.endpoint("GET", at, provenance=INFERRED, body=Paged, raw=True)(history)
    face.endpoint("GET", f"{at}/<order_id>", provenance=INFERRED, refuses=unknown)(one_order)
    mailed = face.endpoint(
        "POST",
        f"{at}/<order_id>/resend-email",
        provenance=INFERRED,
        refuses=(Reason.ORDER_UNKNOWN, Reason.ORDER_CLOSED, Reason.MAIL_TOO_SOON),
    )
    mailed(resend_email)
    face.endpoint("POST", f"{at}/<order_id>/start", provenance=SEEN, refuses=CANNOT_START)(start)


def _learning(call: Call, opened: dict[str, Any]) -> None:
    """Have the learning site open the class; raises Rejected if it does not."""
    site = call.parties.transport("institution", call.sandbox)
    headers = {"Content-Type": "application/json"}
    try:
        answer = site.send("POST", f"/{MARKETPLACE.code}/vouchers/redeem", headers, orjson.dumps(opened))
    except NoReply:
        raise Rejected(Reason.SERVICE_UNAVAILABLE) from None
    if answer.status != 200:
        raise Rejected(Reason.SERVICE_UNAVAILABLE, status=answer.status)
