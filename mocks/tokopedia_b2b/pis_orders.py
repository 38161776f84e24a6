"""Get a paid order's voucher from its institution over HTTP; `marketplace.supply` decides.

After a lost answer the order's status is asked first, so nothing is bought twice.
"""

from typing import Any

from prakerja_sim.mocks.http import key_pairs
from prakerja_sim.mocks.http.due_events import carries
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import checkout, registry
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient, Refused
from prakerja_sim.mocks.tokopedia_b2b import MARKETPLACE
from prakerja_sim.mocks.tokopedia_b2b.pis import CATEGORY, Supplier, SupplierAnswer
from prakerja_sim.simulator.marketplace import refunds, supply
from prakerja_sim.simulator.marketplace.records import Order, Shopper
from prakerja_sim.simulator.marketplace.supply_records import Supply, SupplyStatus
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.world.store import Unit

VOUCHER = "Kode Voucher"


def voucher_of(call: Call, order: Order, transaction: str) -> str:
    """The voucher of a paid order from its institution; raises NoReply while there is none."""
    about = {"order": order.id, "transaction": transaction}
    record: Supply = call.ask(Unit.get, kind=Supply, key=order.id) or call.do(supply.want, **about)
    if record.status in supply.OPEN and record.next_at <= call.sandbox.now():
        record = call.do(supply.note, order=order.id, **_ask_supplier(call, order, record))
    if record.status is SupplyStatus.DELIVERED and record.voucher is not None:
        return record.voucher
    if record.status is SupplyStatus.GIVEN_UP:
        _pay_back(call, order, record)
    raise NoReply(f"no voucher of {record.institution} yet")


def settled(call: Call, order: Order) -> Order:
    """The order as Prakerja and its supplier know it, if it was pending."""
    title = registry.title(order.marketplace)
    return checkout.settle(call, order, form="", title=title, supply=voucher_of)  # the supplier has the form


@carries("supply_inquiry")
def ask_again(call: Call, order: str) -> None:
    """Ask again for the voucher of a paid order, or for its refund, if it still waits."""
    waiting: Order | None = call.ask(supply.due, order=order)
    if waiting is not None:
        settled(call, waiting)
        call.do(supply.ask_later, order=order)


@carries("supplier_health_check")
def check_health(call: Call, institution: str) -> None:
    """Send a health check to a supplier; the answer is only stored, since its effects are not published."""
    if not call.ask(supply.is_health_due, institution=institution):
        return
    try:
        answer = supplier(call, PartyCode(institution)).ask("health-check")
        text = f"{answer.code} {answer.message}"
    except NoReply:
        text = f"{supply.SILENCE} Timeout"
    call.do(supply.note_health, institution=institution, told=text[: supply.MOST_OF_AN_ANSWER])


def _ask_supplier(call: Call, order: Order, record: Supply) -> dict[str, Any]:
    """Ask the supplier for the order's status if there was an attempt before, else buy the voucher."""
    connection = supplier(call, record.institution)
    try:
        if record.attempts:
            answer = connection.ask("check-status", ref_id=order.id, category=CATEGORY)
            if answer.code in (supply.SUCCESS, supply.UNDER_WAY) or answer.code not in supply.TRIED_AGAIN:
                return noted(answer, paid=False)
        return noted(_bought(call, order, connection), paid=True)
    except NoReply as silence:
        return {"code": supply.SILENCE, "message": str(silence), "voucher": "", "paid": True}


def _bought(call: Call, order: Order, supplier: Supplier) -> SupplierAnswer:
    """Inquire, compare the price, and buy."""
    buyer: Shopper = call.ask(Unit.need, kind=Shopper, key=order.shopper)
    fields = {
        "ref_id": order.id,
        "client_number": buyer.phone,
        "category": CATEGORY,
        "product_code": order.course,
        "additional_parameter": [],
    }
    inquired = supplier.ask("inquiry", **fields)
    if inquired.code != supply.SUCCESS:
        return inquired
    amount = inquired.fields.get("total_amount")
    if amount != order.price.amount:
        return SupplierAnswer("44", f"the bill says {amount!r} now", {})
    more = {"partner_inquiry_id": inquired.fields.get("partner_inquiry_id", ""), "total_amount": amount}
    return supplier.ask("payment", **fields, **more)


def noted(answer: SupplierAnswer, *, paid: bool) -> dict[str, Any]:
    """The arguments of `supply.note`."""
    return {"code": answer.code, "message": answer.message, "voucher": answer.detail(VOUCHER), "paid": paid}


def _pay_back(call: Call, order: Order, record: Supply) -> None:
    """Take the purchase back at Prakerja and tell the supplier; raises NoReply if Prakerja is silent."""
    prakerja = PrakerjaClient.of(call.parties, call.sandbox, order.marketplace)
    try:
        prakerja.void(invoice_code=order.invoice, transaction_code=record.transaction)
    except Refused as refused:
        if refused.code != checkout.ALREADY_VOIDED:
            raise NoReply(str(refused)) from None
    call.do(refunds.pay_back_undelivered, order=order.id)
    try:
        supplier(call, record.institution).ask("void-refund", ref_id=order.id, category=CATEGORY)
    except NoReply:
        return  # the supplier sees it later: the voucher is never redeemed


def supplier(call: Call, institution: PartyCode) -> Supplier:
    """The connection to an institution: its registered public key, or the one that follows from the seed."""
    sandbox, parties = call.sandbox, call.parties
    credential = parties.sandboxes.credential_of(sandbox, institution)
    registered = key_pairs.public_key(credential.public_key) if credential.public_key else None
    return Supplier(
        parties.transport("institution", sandbox, asker=MARKETPLACE),
        institution,
        credential.client_code,
        credential.sign_key,
        key_pairs.pair(sandbox.seed, MARKETPLACE),
        registered or key_pairs.pair(sandbox.seed, institution).public_key(),
        sandbox.now(),
        sandbox.aside.setdefault("pis tokens", {}),
    )
