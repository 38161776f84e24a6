"""Redeeming a voucher, so that a lost answer locks nobody out.

Only this institution may burn its vouchers.  So one that its marketplace calls used, and that
opened nothing here, was burned by a request whose answer was lost: the course opens all the same.
"""

from collections.abc import Callable

from mocks import marketplaces
from mocks.contract import Call
from mocks.desk import Desk, VoucherRefused
from mocks.institution import learning
from simulator.errors import Reason
from simulator.records import Enrolment


def redeem(call: Call, *, voucher: str, marketplace: str, email: str, name: str) -> Enrolment:
    """Burn a voucher at its marketplace and open the course that it is for.

    The same learner is answered the same again.  Raises VoucherRefused, NoReply, and Rejected
    for what the institution itself refuses, before anything is burned.
    """
    institution = call.path["institution"]
    who = {"voucher": voucher, "institution": institution, "learner": email}
    known: Enrolment | None = call.ask(learning.check_opening, **who)
    if known is not None:
        return known
    at = desk(call, marketplace)
    course = _burned(at.check, voucher)
    call.ask(learning.check_email, learner=email, course=course)
    course = _burned(at.redeem, voucher)
    opened: Enrolment = call.do(
        learning.open_course, marketplace=marketplace, name=name, course=course, **who
    )
    return opened


def _burned(ask: Callable[[str], str], voucher: str) -> str:
    """The course of a voucher, also of one that is burned already."""
    try:
        return ask(voucher)
    except VoucherRefused as refused:
        if refused.reason is not Reason.VOUCHER_USED or not refused.course:
            raise
        return refused.course


def desk(call: Call, marketplace: str) -> Desk:
    """The institution's connection to a marketplace; a voucher of one that does not exist is unknown."""
    if marketplace not in marketplaces.codes():
        raise VoucherRefused(Reason.VOUCHER_UNKNOWN, "", f"there is no marketplace {marketplace}")
    institution = call.path["institution"]
    secret = call.parties.sandboxes.credential_of(call.sandbox, institution).sign_key
    return marketplaces.desk(
        marketplace, call.parties.transport(marketplace, call.sandbox), institution, secret
    )
