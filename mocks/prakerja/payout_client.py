"""How Prakerja gets an incentive paid: it calls the payment partner and reads the answer.

Only an answer with one of the partner's own words counts.  After any other answer, or no answer, nobody
knows whether the instruction was carried out; Prakerja then asks for its status, by the same reference.
"""

from typing import Any
from urllib.parse import quote

import orjson

from prakerja_sim.mocks.http.timeline import because_of
from prakerja_sim.mocks.http.transport import Answer as Received
from prakerja_sim.mocks.http.transport import NoReply, Transport
from prakerja_sim.simulator.payout.instructions import PayoutInstruction
from prakerja_sim.simulator.payout.partners import Answer
from prakerja_sim.simulator.payout.records import PayoutStatus
from prakerja_sim.simulator.values.errors import Reason, Rejected

JSON = {"Content-Type": "application/json"}
MEANS = {
    reason.value: reason
    for reason in (
        Reason.PAYOUT_REJECTED,
        Reason.PARTNER_DOWN,
        Reason.WALLET_INACTIVE,
        Reason.WALLET_NOT_RUPIAH,
        Reason.WALLET_NOT_UPGRADED,
        Reason.WALLET_NAME_DIFFERS,
        Reason.WALLET_FULL,
        Reason.NIK_DIFFERS,
        Reason.PHONE_DIFFERS,
        Reason.PAYOUTS_CLOSED,
    )
}
"""A partner's reasons for refusing a payment; any other word becomes PAYOUT_REJECTED."""


class PayoutClient:
    """The client for the payment partners, over a transport."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def pay(self, instruction: PayoutInstruction) -> Answer | None:
        """Send an instruction; returns None if the result is not known."""
        payee = instruction.payee
        body = {
            "reference": instruction.reference,
            "number": instruction.number,
            "amount": instruction.amount.amount,
            "nik": payee.nik,
            "name": payee.name,
            "phone": payee.phone,
        }
        path = f"/{instruction.partner}/transfers"
        return _read(self._call(instruction, "POST", path, orjson.dumps(body)))

    def status(self, instruction: PayoutInstruction) -> Answer | None:
        """Ask for the status of an instruction; raises Rejected if it never arrived."""
        received = self._call(instruction, "GET", _path(instruction))
        if _never_arrived(received):
            raise Rejected(Reason.PAYOUT_UNKNOWN, reference=instruction.reference)
        return _read(received)

    def recall(self, instruction: PayoutInstruction) -> Answer | None:
        """Cancel an instruction that is not paid yet."""
        received = self._call(instruction, "POST", f"{_path(instruction)}/recall", b"{}")
        if _never_arrived(received):
            return Answer(PayoutStatus.REFUSED, Reason.PAYOUT_UNKNOWN)
        return _read(received)

    def _call(
        self, instruction: PayoutInstruction, method: str, path: str, body: bytes = b""
    ) -> Received | None:
        with because_of(f"incentive {instruction.reference}"):
            try:
                return self._transport.send(method, path, JSON if body else {}, body)
            except NoReply:
                return None


def _path(instruction: PayoutInstruction) -> str:
    return f"/{instruction.partner}/transfers/{quote(instruction.reference)}"


def _read(received: Received | None) -> Answer | None:
    """The result of an instruction, or None if the answer does not tell it."""
    fields = _body(received) if received is not None and received.status == 200 else {}
    status = fields.get("status")
    if status not in list(PayoutStatus):
        return None
    refusal = MEANS.get(str(fields.get("refusal")), Reason.PAYOUT_REJECTED)
    return Answer(PayoutStatus(status), refusal if status == PayoutStatus.REFUSED else None)


def _never_arrived(received: Received | None) -> bool:
    """Whether the partner does not know the reference; a 404 with another code proves nothing."""
    if received is None or received.status != 404:
        return False
    error = _body(received).get("error")
    return isinstance(error, dict) and error.get("code") == Reason.PAYOUT_UNKNOWN


def _body(received: Received) -> dict[str, Any]:
    try:
        body = received.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
