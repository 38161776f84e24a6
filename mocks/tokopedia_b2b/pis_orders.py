"""Getting a paid order's voucher from its institution over the wire; `marketplace.supply` decides.

After silence it is first asked what became of it, so nothing is bought twice.
"""

from typing import Any

from prakerja_sim.mocks.http import key_pairs
from prakerja_sim.mocks.http.due_events import carries
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import checkout, registry
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient, Refused
from prakerja_sim.mocks.tokopedia_b2b import MARKETPLACE
from prakerja_sim.mocks.tokopedia_b2b.pis import CATEGORY, Supplier, Told
from prakerja_sim.simulator.marketplace import refunds, supply
from prakerja_sim.simulator.marketplace.records import Order, Shopper
from prakerja_sim.simulator.marketplace.supply_records import Supply, SupplyStatus
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.world.store import Unit

VOUCHER = "Kode Voucher"


def voucher_of(call: Call, order: Order, transaction: str) -> str:
    """The voucher of a paid order from its institution; raises NoReply while there is none."""
    about = {"order": order.id, "transaction": transaction}
    kept: Supply = call.ask(Unit.get, kind=Supply, key=order.id) or call.do(supply.want, **about)
    if kept.status in supply.OPEN and kept.next_at <= call.sandbox.now():
        kept = call.do(supply.note, order=order.id, **_asked(call, order, kept))
    if kept.status is SupplyStatus.DELIVERED and kept.voucher is not None:
        return kept.voucher
    if kept.status is SupplyStatus.GIVEN_UP:
        _pay_back(call, order, kept)
    raise NoReply(f"no voucher of {kept.institution} yet")


def settled(call: Call, order: Order) -> Order:
    """The order as Prakerja and its supplier know it, if it was pending."""
    title = registry.title(order.marketplace)
    return checkout.settle(call, order, form="", title=title, supply=voucher_of)  # the form is its supplier's


@carries("supply_inquiry")
def ask_again(call: Call, order: str) -> None:
    """Ask again for the voucher of a paid order, or for its refund, if it still waits."""
    waiting: Order | None = call.ask(supply.due, order=order)
    if waiting is not None:
        settled(call, waiting)
        call.do(supply.ask_later, order=order)


@carries("supplier_health_check")
def check_health(call: Call, institution: str) -> None:
    """Ask a supplier whether it is there; its answer is only kept, since what follows is not published."""
    if not call.ask(supply.is_health_due, institution=institution):
        return
    try:
        said = supplier(call, PartyCode(institution)).ask("health-check")
        told = f"{said.code} {said.message}"
    except NoReply:
        told = f"{supply.SILENCE} Timeout"
    call.do(supply.note_health, institution=institution, told=told[: supply.MOST_OF_AN_ANSWER])


def _asked(call: Call, order: Order, kept: Supply) -> dict[str, Any]:
    """Ask the supplier: how it stands, if it was asked before, else for the voucher."""
    asked = supplier(call, kept.institution)
    try:
        if kept.attempts:
            told = asked.ask("check-status", ref_id=order.id, category=CATEGORY)
            if told.code in (supply.SUCCESS, supply.UNDER_WAY) or told.code not in supply.TRIED_AGAIN:
                return noted(told, paid=False)
        return noted(_bought(call, order, asked), paid=True)
    except NoReply as silence:
        return {"code": supply.SILENCE, "message": str(silence), "voucher": "", "paid": True}


def _bought(call: Call, order: Order, supplier: Supplier) -> Told:
    """Inquire, compare the price, and buy."""
    buyer: Shopper = call.ask(Unit.need, kind=Shopper, key=order.shopper)
    wanted = {
        "ref_id": order.id,
        "client_number": buyer.phone,
        "category": CATEGORY,
        "product_code": order.course,
        "additional_parameter": [],
    }
    inquired = supplier.ask("inquiry", **wanted)
    if inquired.code != supply.SUCCESS:
        return inquired
    amount = inquired.fields.get("total_amount")
    if amount != order.price.amount:
        return Told("44", f"the bill says {amount!r} now", {})
    more = {"partner_inquiry_id": inquired.fields.get("partner_inquiry_id", ""), "total_amount": amount}
    return supplier.ask("payment", **wanted, **more)


def noted(told: Told, *, paid: bool) -> dict[str, Any]:
    """What `supply.note` is to be given."""
    return {"code": told.code, "message": told.message, "voucher": told.detail(VOUCHER), "paid": paid}


def _pay_back(call: Call, order: Order, kept: Supply) -> None:
    """Take the purchase back at Prakerja and tell the supplier; raises NoReply if Prakerja is silent."""
    prakerja = PrakerjaClient.of(call.parties, call.sandbox, order.marketplace)
    try:
        prakerja.void(invoice_code=order.invoice, transaction_code=kept.transaction)
    except Refused as refused:
        if refused.code != checkout.ALREADY_VOIDED:
            raise NoReply(str(refused)) from None
    call.do(refunds.pay_back_undelivered, order=order.id)
    try:
        supplier(call, kept.institution).ask("void-refund", ref_id=order.id, category=CATEGORY)
    except NoReply:
        return  # it will find out when the voucher is not redeemed


def supplier(call: Call, institution: PartyCode) -> Supplier:
    """The connection to an institution: its registered public key, or the one that follows from the seed."""
    sandbox, parties = call.sandbox, call.parties
    credential = parties.sandboxes.credential_of(sandbox, institution)
    registered = key_pairs.public_key(credential.public_key) if credential.public_key else None
    return Supplier(
        parties.transport("institution", sandbox),
        institution,
        credential.client_code,
        credential.sign_key,
        key_pairs.pair(sandbox.seed, MARKETPLACE),
        registered or key_pairs.pair(sandbox.seed, institution).public_key(),
        sandbox.now(),
        sandbox.aside.setdefault("pis tokens", {}),
    )
