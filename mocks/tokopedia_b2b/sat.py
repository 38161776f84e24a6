"""The distributors' surface ("SAT"): distributors order digital goods here, also training classes.

An OAuth token says who asks, an RSA-PSS signature over the very bytes proves an order; the answers
about an order and the callbacks are signed the same way.  Documented unless NOTES.md says otherwise.
"""

import json
from typing import Annotated, Any

import orjson
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import Field, StringConstraints

from prakerja_sim.mocks.http import http_faults, key_pairs
from prakerja_sim.mocks.http.bodies import NOT_BLANK, Body
from prakerja_sim.mocks.http.credentials import Credential, Role
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.shop import access_tokens
from prakerja_sim.mocks.tokopedia_b2b import MARKETPLACE, sat_words
from prakerja_sim.mocks.tokopedia_b2b.sat_words import document
from prakerja_sim.simulator import VERSION
from prakerja_sim.simulator.marketplace import deposits, resale, resale_goods
from prakerja_sim.simulator.marketplace.supply_records import Resale
from prakerja_sim.simulator.programme import catalogue
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

DOCUMENTED = Provenance.DOCUMENTED
AT = "/b2b/api"
MOST_FIELDS = 50
ELECTRICITY = "pln-postpaid"
"""The one bill whose inquiry is known by its details."""
PRINTABLE = r"^[^\x00-\x1f]*$"

Name = Annotated[str, StringConstraints(max_length=255, pattern=PRINTABLE)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PRINTABLE), NOT_BLANK]
RequestId = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[!-.0-~]+$")]
"""Printable and without a slash, since it becomes part of a path."""


class Typed(Body):
    """Something that the buyer typed."""

    name: Name
    value: Name


class Wanted(Body):
    """The good of an inquiry or an order, and the customer's number."""

    product_code: Code
    client_number: Code
    fields: Annotated[list[Typed], Field(max_length=MOST_FIELDS)] | None = None
    amount: Annotated[int, Field(ge=0)] | None = None
    downline_id: Name | None = None


class InquiryData(Body):
    """The inquiry's data."""

    type: Name = "inquiry"
    attributes: Wanted


class Inquiry(Body):
    """A question for a price."""

    data: InquiryData


class OrderData(InquiryData):
    """The order's data; the id is the distributor's own request id."""

    type: Name = "order"
    id: RequestId


class NewOrder(Body):
    """An order, whose very bytes are signed."""

    data: OrderData


def check_token(call: Call) -> None:
    """Establish the distributor by his token and his address; raises Unauthorized and TurnedAway."""
    client = access_tokens.client_of(call)
    call.admit(client)
    http_faults.check_address(call.environ, client.addresses)
    if _key_of(client) is None:
        raise Unauthorized(f"{client.party} is no distributor")


def check_signature(call: Call) -> None:
    """Establish the distributor by token and signature; raises Unauthorized."""
    check_token(call)
    key = _key_of(access_tokens.client_of(call))
    if key is None or not key_pairs.is_signed(key, call.raw, call.headers.get("Signature", "")):
        raise Unauthorized(f"wrong signature of {call.sender}")


def sat_ping(call: Call) -> Reply:
    """Say that the service is there, and that it is no real one."""
    seed = chance.seed_bytes(call.sandbox.seed)
    return Reply({"buildhash": chance.code(HEX, 7, seed, VERSION), "sandbox": True, "status": "ok"})


def account(call: Call) -> Reply:
    """Tell the balance of the distributor's deposit."""
    saldo = call.ask(deposits.balance, distributor=call.sender)
    number = deposits.account_number(call.sandbox.seed, call.sender)
    return Reply(document("account", number, {"saldo": saldo}))


@refuses(Reason.COURSE_UNKNOWN)
def product_list(call: Call) -> Reply:
    """List the goods, or those of the codes that are asked for, of which one at least must be known."""
    codes = set(filter(None, call.query.get("product_code", "").split(",")))
    rows = [row for row in call.ask(_product_rows) if not codes or row["id"] in codes]
    if codes and not rows:
        raise Rejected(Reason.COURSE_UNKNOWN, product_code=", ".join(sorted(codes)))
    return Reply({"data": rows})


@refuses(Reason.COURSE_UNKNOWN, Reason.SERVICE_UNAVAILABLE)
def _inquired(world: Unit, *, inquiry: Wanted) -> dict[str, Any]:
    good, number = resale_goods.find(world, code=inquiry.product_code), inquiry.client_number
    if good is None:
        raise Rejected(Reason.COURSE_UNKNOWN, product_code=inquiry.product_code)
    if resale_goods.has_meaning(world, resale_goods.BROKEN, good.code, number):
        raise Rejected(Reason.SERVICE_UNAVAILABLE, test_value=number)
    price, fee = good.price.amount, good.admin_fee.amount
    attributes = {
        "admin_fee": fee,
        "base_price": price - fee,
        "client_name": sat_words.MASKED_CUSTOMER if good.is_bill else "",
        "client_number": number,
        "fields": _echoed(inquiry),
        "inquiry_result": _inquiry_rows(world, good, number),
        "meter_id": number if good.is_bill else "",
        "product_code": good.code,
        "sales_price": price,
    }
    if not good.is_bill:  # a bill's inquiry has none of these (seen)
        reference = chance.code(HEX, 16, world.seed, "inquiry", good.code, number)
        attributes |= {"max_payment": price, "min_payment": price, "ref_id": reference}
    return document("inquiry", number, attributes)


@refuses(_inquired)
def sat_inquiry(call: Call, body: Inquiry) -> Reply:
    """Tell what a good costs for a customer's number; nothing is kept."""
    return Reply(call.ask(_inquired, inquiry=body.data.attributes))


@refuses(resale.place)
def sat_order(call: Call, body: NewOrder) -> Reply:
    """Order and pay from the deposit; it is pending in the answer, however soon it ends."""
    ordered = body.data.attributes
    sold: Resale = call.do(
        resale.place,
        distributor=call.sender,
        request=body.data.id,
        product=ordered.product_code,
        client_number=ordered.client_number,
        fields=json.dumps(_echoed(ordered)),
        amount=ordered.amount or 0,
    )
    _ended(call, sold)
    return Reply(sat_words.order(call.ask(resale.facts, sold=sold)))


@refuses(resale.order_of)
def sat_status(call: Call) -> Reply:
    """Tell how an order stands, signed."""
    about = {"distributor": call.sender, "request": call.path["request_id"]}
    sold = _ended(call, call.ask(resale.order_of, **about))
    raw = orjson.dumps(sat_words.order(call.ask(resale.facts, sold=sold)))
    ours = key_pairs.pair(call.sandbox.seed, MARKETPLACE)
    return Reply(raw, headers={"Content-Type": "application/json", "Signature": key_pairs.sign(ours, raw)})


def add_to(face: Face) -> None:
    """Mount the distributors' surface."""
    distributors: dict[str, Any] = {"callers": Role.DISTRIBUTOR}
    token, signed = distributors | {"sender": check_token}, distributors | {"sender": check_signature}
    for method, path, handler, options in (
        ("GET", "/ping", sat_ping, {"open_to_all": True}),
        ("GET", "/v2/account", account, token),
        ("GET", "/v2/product-list", product_list, token),
        ("POST", "/v2/inquiry", sat_inquiry, {"body": Inquiry, **token}),
        ("POST", "/v2/order", sat_order, {"body": NewOrder, **signed}),
        ("GET", "/v2/order/<request_id>", sat_status, token),
    ):
        more: dict[str, Any] = dict(options)
        face.endpoint(method, AT + path, provenance=DOCUMENTED, **more)(handler)


def _ended(call: Call, sold: Resale) -> Resale:
    """The order, ended if it is due: one that ends at once need not wait for the clock."""
    if sold.ends_at <= call.sandbox.now():
        sold = call.do(resale.end, key=sold.key)
    return sold


def _key_of(client: Credential) -> rsa.RSAPublicKey | None:
    """The key of a distributor's orders; only the demo distributor's follows from the seed."""
    if client.public_key:
        return key_pairs.public_key(client.public_key)
    if client.party == deposits.DEMO:
        return key_pairs.pair(client.sandbox.seed, client.party).public_key()
    return None


def _echoed(wanted: Wanted) -> list[dict[str, str]] | None:
    """What the buyer typed, as it was sent."""
    return None if wanted.fields is None else [typed.model_dump() for typed in wanted.fields]


def _product_rows(world: Unit) -> list[dict[str, Any]]:
    """The goods; a known client reads `name` and `sales_price`, the documentation has the other two."""
    rows = []
    for good in resale_goods.all_of(world):
        price = 0 if good.is_bill else good.price.amount
        state = sat_words.ACTIVE if resale_goods.is_open(world, good) else sat_words.INACTIVE
        attributes = {
            "is_inquiry": good.is_bill,
            "name": good.name,
            "price": price,
            "product_name": good.name,
            "sales_price": price,
            "status": state,
        }
        rows.append({"type": "product", "id": good.code, "attributes": attributes})
    return rows


def _inquiry_rows(world: Unit, good: resale_goods.Good, client_number: str) -> list[dict[str, Any]]:
    """The details of an inquiry beside the price."""
    bill = (world.now, good.price.amount, good.admin_fee.amount)
    if good.code == ELECTRICITY:
        return sat_words.electricity_rows(client_number, *bill)
    if good.is_bill:
        return sat_words.bill_rows(sat_words.MASKED_CUSTOMER, client_number, *bill)
    if good.course is None:
        return []
    seats = catalogue.free_seats(world, good.schedule.code) if good.schedule else 0
    return sat_words.rows(
        {
            "Kelas": good.course.title,
            "Lembaga": good.course.institution,
            "Sisa Kuota": str(seats),
            "Nomor Pembeli": client_number,
        }
    )
