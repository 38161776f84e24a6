"""Callbacks of a supplier: the result of an order that it had accepted, in the form of a payment's answer.

Documented are headers and fields, and that it is ignored once an end is known; the path is inferred.
"""

import orjson
from cryptography.exceptions import InvalidTag

from prakerja_sim.mocks.http import key_pairs
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.shop import access_tokens
from prakerja_sim.mocks.tokopedia_b2b import pis, pis_orders
from prakerja_sim.simulator.marketplace import supply
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus
from prakerja_sim.simulator.marketplace.supply_records import Supply
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.world.store import Unit

AT = "/partner/api/v1/pis/callback"
TEXTS = {
    "00": "Success", "12": "Transaction not found", "32": "Invalid signature",
    "33": "Decryption failed", "42": "Invalid parameter",
}  # fmt: skip


def add_to(face: Face) -> None:
    """Mount the callback."""
    register = face.endpoint(
        "POST", AT, provenance=Provenance.DOCUMENTED, callers=Role.INSTITUTION, sender=check_caller
    )
    register(pis_callback)


def check_caller(call: Call) -> None:
    """Establish the supplier by his token and his `Client-Guid`; raises Unauthorized."""
    client = access_tokens.client_of(call)
    call.admit(client)
    if call.headers.get("Client-Guid", "") != client.client_code:
        raise Unauthorized(f"another Client-Guid than that of {client.party}")


def pis_callback(call: Call) -> Reply:
    """Hear how an order ended that was under way; an end that is known already stays."""
    return _answered(call, _taken(call))


def _taken(call: Call) -> str:
    """The response code."""
    supplier = pis_orders.supplier(call, PartyCode(call.sender))
    if not key_pairs.is_signed(supplier.theirs, call.raw, call.headers.get("Signature", "")):
        return "32"
    try:
        content = orjson.loads(pis.opened(supplier.ours, call.headers.get("Key", ""), call.raw))
    except (ValueError, InvalidTag):
        return "33"
    if not isinstance(content, dict) or not all(
        isinstance(content.get(n), str) for n in ("ref_id", "response_code")
    ):
        return "42"
    record: Supply | None = call.ask(Unit.get, kind=Supply, key=content["ref_id"])
    if record is None or record.institution != call.sender:
        return "12"
    order: Order = call.ask(Unit.need, kind=Order, key=record.order)
    if record.status in supply.OPEN and order.status is OrderStatus.PENDING:
        answer = pis.SupplierAnswer(content["response_code"], str(content.get("message", "")), content)
        call.do(supply.note, order=order.id, **pis_orders.noted(answer, paid=False))
        pis_orders.settled(call, order)
    return "00"


def _answered(call: Call, code: str) -> Reply:
    stamp = call.sandbox.now().strftime("%Y-%m-%d %H:%M:%S")
    return Reply({"response_code": code, "message": TEXTS[code], "timestamp": stamp})
