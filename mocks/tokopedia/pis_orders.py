"""Getting a paid order's voucher from its institution: asked for, asked about, retried, else paid back.

A failed call is made again up to five times or for ninety minutes, then the buyer gets his money
back at once (documented).  After silence it is first asked what became of it, so nothing is bought twice.
"""

import re
from datetime import timedelta
from typing import Any

from prakerja_sim.mocks.http import key_pairs
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop.checkout import ALREADY_VOIDED
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient, Refused
from prakerja_sim.mocks.tokopedia.pis import CATEGORY, Supplier, Told
from prakerja_sim.mocks.tokopedia.words import MARKETPLACE
from prakerja_sim.simulator.marketplace import lifecycle, refunds
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Shopper, Voucher
from prakerja_sim.simulator.marketplace.supply_records import SupplierHealth, Supply, SupplyStatus
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.ids import PartyCode, TransactionCode, VoucherCode
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.store import Unit

MOST_ATTEMPTS = 5
LONGEST = timedelta(minutes=90)
AGAIN, LATER = timedelta(minutes=5), timedelta(minutes=15)
GROWS_AFTER = timedelta(hours=2)
"""Then an order that is under way is asked about every fifteen minutes ("after some hours")."""
OPEN = (SupplyStatus.WANTED, SupplyStatus.UNDER_WAY)
SUCCESS, UNDER_WAY, UNKNOWN = "00", "01", "12"
TRIED_AGAIN = ("02", UNKNOWN, "13", "30", "31", "40", "41")
"""After these it is asked again; after any other the money goes back."""
SILENCE = "40"
VOUCHER = "Kode Voucher"
FORM = re.compile(r"[A-Za-z0-9-]{4,64}")
"""What a supplier's voucher may look like; anything else cannot be shown to a buyer."""


def supply(call: Call, order: Order, transaction: str) -> str:
    """The voucher of a paid order from its institution; raises NoReply while there is none."""
    about = {"order": order.id, "transaction": transaction}
    kept: Supply = call.ask(Unit.get, kind=Supply, key=order.id) or call.do(want, **about)
    if kept.status in OPEN and kept.next_at <= call.sandbox.now():
        kept = call.do(note, order=order.id, **_asked(call, order, kept))
    if kept.status is SupplyStatus.DELIVERED and kept.voucher is not None:
        return kept.voucher
    if kept.status is SupplyStatus.GIVEN_UP:
        _pay_back(call, order, kept)
    raise NoReply(f"no voucher of {kept.institution} yet")


@command("supplies.want")
def want(world: Unit, *, order: str, transaction: str) -> Supply:
    """A paid order needs its voucher from now on."""
    found = world.need(Order, order)
    course = world.need(Course, found.course)

    world.subject = f"shopper:{found.shopper}"
    wanted = Supply(
        found.id,
        course.institution,
        TransactionCode(transaction),
        SupplyStatus.WANTED,
        world.now,
        world.now,
    )
    world.put(wanted)
    if world.settings.supplier_health_checks and world.get(SupplierHealth, course.institution) is None:
        world.put(SupplierHealth(course.institution, world.now + AGAIN))
        schedule.schedule(world, world.now + AGAIN, "errand", f"health {course.institution}")
    return wanted


@command("supplies.note")
def note(world: Unit, *, order: str, code: str, message: str, voucher: str, paid: bool) -> Supply:
    """Note what the supplier said, and when to ask again; what has ended stays as it is."""
    kept = world.need(Supply, order)
    if kept.status not in OPEN:
        return kept

    world.subject = f"shopper:{world.need(Order, order).shopper}"
    attempts = kept.attempts + paid
    age = world.now - kept.wanted_at
    if code == UNDER_WAY:
        over = age >= timedelta(seconds=world.settings.supplier_patience)
    else:
        over = attempts >= MOST_ATTEMPTS or age >= LONGEST
    event = _event(code, good=_is_free(world, voucher), over=over)
    status = lifecycle.SUPPLY[kept.status, event]
    noted = kept.but(
        status=status,
        attempts=attempts,
        next_at=world.now + (LATER if code == UNDER_WAY and age >= GROWS_AFTER else AGAIN),
        told=f"{code} {message}"[:200],
        voucher=VoucherCode(voucher) if event is Event.DELIVER else None,
    )
    world.put(noted)
    if event is not Event.DELIVER:
        schedule.schedule(world, noted.next_at, "errand", f"supply {order}")
    return noted


def due(world: Unit) -> list[Order]:
    """The paid orders whose supplier, or whose refund, is to be asked for again now."""
    states = (SupplyStatus.WANTED, SupplyStatus.UNDER_WAY, SupplyStatus.GIVEN_UP, SupplyStatus.DELIVERED)
    kept = [one for status in states for one in world.find(Supply, status=status)]
    found = [world.need(Order, one.order) for one in kept if one.next_at <= world.now]
    return [order for order in found if order.status is OrderStatus.PENDING]


def _event(code: str, *, good: bool, over: bool) -> Event:
    """What a response code makes of a supply; a voucher that cannot be handed out is none."""
    if code == SUCCESS and good:
        return Event.DELIVER
    if over or code not in (SUCCESS, UNDER_WAY, *TRIED_AGAIN):
        return Event.GIVE_UP
    return Event.TAKE_UP if code == UNDER_WAY else Event.MISS


def _is_free(world: Unit, voucher: str) -> bool:
    return bool(FORM.fullmatch(voucher)) and world.get(Voucher, voucher) is None


def _asked(call: Call, order: Order, kept: Supply) -> dict[str, Any]:
    """Ask the supplier: how it stands, if it was asked before, else for the voucher."""
    asked = supplier(call, kept.institution)
    try:
        if kept.attempts:
            told = asked.ask("check-status", ref_id=order.id, category=CATEGORY)
            if told.code in (SUCCESS, UNDER_WAY) or told.code not in TRIED_AGAIN:
                return noted(told, paid=False)
        return noted(_bought(call, order, asked), paid=True)
    except NoReply as silence:
        return {"code": SILENCE, "message": str(silence), "voucher": "", "paid": True}


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
    if inquired.code != SUCCESS:
        return inquired
    amount = inquired.fields.get("total_amount")
    if amount != order.price.amount:
        return Told("44", f"the bill says {amount!r} now", {})
    more = {"partner_inquiry_id": inquired.fields.get("partner_inquiry_id", ""), "total_amount": amount}
    return supplier.ask("payment", **wanted, **more)


def noted(told: Told, *, paid: bool) -> dict[str, Any]:
    """What `note` is to be given."""
    return {"code": told.code, "message": told.message, "voucher": told.detail(VOUCHER), "paid": paid}


def _pay_back(call: Call, order: Order, kept: Supply) -> None:
    """Take the purchase back at Prakerja and tell the supplier; raises NoReply if Prakerja is silent."""
    prakerja = PrakerjaClient.of(call.parties, call.sandbox, order.marketplace)
    try:
        prakerja.void(invoice_code=order.invoice, transaction_code=kept.transaction)
    except Refused as refused:
        if refused.code != ALREADY_VOIDED:
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
        key_pairs.pair(sandbox.seed, MARKETPLACE.code),
        registered or key_pairs.pair(sandbox.seed, institution).public_key(),
        sandbox.now(),
        sandbox.aside.setdefault("pis tokens", {}),
    )
