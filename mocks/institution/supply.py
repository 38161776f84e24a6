"""The supplier interface at an institution: a marketplace gets vouchers from it.

This side decrypts, verifies, encrypts and signs with its own code, and shares none with the marketplace's
side, so a mistake on one side is noticed.  Documented: calls, fields and response codes
(marketplaces 1.4).  Simulated: the encryption.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, NoReturn

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from prakerja_sim.mocks.http import key_pairs, timeline
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.simulator.institution.records import Supplied
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX, UNAMBIGUOUS, PartyCode, VoucherCode
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.faults.supply import SupplyFault
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

MARKETPLACE = "tokopedia"
TOKEN_SECONDS = 7200
OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
TEXTS = {
    "00": "Success", "01": "On process", "02": "Failed", "11": "Bill not available",
    "12": "Transaction not found", "13": "Duplicate transaction", "30": "Invalid token",
    "31": "Invalid credential", "32": "Invalid signature", "33": "Decryption failed",
    "42": "Invalid parameter", "44": "Invalid transaction amount", "50": "Product out of stock",
}  # fmt: skip
NAME = re.compile(r"[^\x00-\x1f]{1,64}")

Fields = dict[str, Any]


class Answered(Exception):
    """A response code that ends a call."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def add_to(face: Face, check: Callable[[Call], None]) -> None:
    """Register the calls; every one is a POST of an octet stream."""
    for what, act in CALLS.items():
        path = f"/<institution>/pis/{what}"
        register = face.endpoint(
            "POST", path, provenance=Provenance.DOCUMENTED, callers=Role.MARKETPLACE, sender=check
        )
        register(_handler(what, act))


def token(call: Call, fields: Fields) -> Fields:
    """Give the marketplace a token for two hours."""
    credential = call.parties.sandboxes.credential_of(call.sandbox, call.path["institution"])
    sent = (str(fields.get("client_id", "")), str(fields.get("client_secret", "")))
    pairs = zip(sent, (credential.client_code, credential.sign_key), strict=True)
    if not all(compare_digest(one.encode(), other.encode()) for one, other in pairs):
        raise Answered("31")
    stamp = f"{unix_seconds(call.sandbox.now()):x}"
    return {"token": f"{stamp}.{_seal(call, stamp)}"}


def health_check(call: Call, fields: Fields) -> Fields:  # noqa: ARG001  # everybody may ask
    """Say that all is well."""
    return {}


def inquiry(call: Call, fields: Fields) -> Fields:
    """Tell what a class costs; prepaid, so no customer's number is needed."""
    course = _course(call, fields)
    return _bill(call, fields, course)


def payment(call: Call, fields: Fields) -> Fields:
    """Sell a voucher for a class, once for a reference."""
    course, reference = _course(call, fields), _text(fields, "ref_id")
    if fields.get("partner_inquiry_id") != _inquiry_id(call, fields):
        raise Answered("42")
    if fields.get("total_amount") != course.price.amount:
        raise Answered("44")
    order = _Order(call, fields, course, reference)
    struck = call.sandbox.strike(SupplyFault, at=call.path["institution"])
    return order.fill() if struck is None else struck.apply(order)


@dataclass(frozen=True, slots=True)
class _Order:
    """An order for a voucher, with the possible answers: see `simulator.world.faults.supply`."""

    call: Call
    fields: Fields
    course: Course
    reference: str

    def fill(self) -> Fields:
        """Sell the voucher and return it."""
        return bill_of(self.call, self.fields, self.course, self._sold(taken_up=False))

    def take_up(self) -> NoReturn:
        """Answer "On process": the voucher follows later."""
        self._sold(taken_up=True)
        raise Answered("01")

    def fail(self) -> NoReturn:
        """Answer "Failed"."""
        raise Answered("02")

    def refuse(self) -> NoReturn:
        """Answer "Product out of stock"."""
        raise Answered("50")

    def _sold(self, *, taken_up: bool) -> Supplied:
        try:
            sold: Supplied = self.call.do(
                sell,
                institution=self.call.path["institution"],
                reference=self.reference,
                course=self.course.code,
                buyer=str(self.fields.get("client_number", ""))[:64],
                taken_up=taken_up,
            )
        except Rejected as refusal:
            timeline.of(self.call.environ).refusal = refusal
            raise Answered("13") from None
        return sold


def check_status(call: Call, fields: Fields) -> Fields:
    """Tell what became of a reference."""
    sold = _supplied(call, fields)
    if sold.ready_at > call.sandbox.now():
        raise Answered("01")
    return bill_of(call, fields, call.ask(Unit.need, kind=Course, key=sold.course), sold)


def void_refund(call: Call, fields: Fields) -> Fields:
    """Take a sold voucher back; again is as well."""
    sold = call.do(take_back, key=_supplied(call, fields).key)
    return {"ref_id": fields["ref_id"], "partner_ref_id": sold.voucher}


def balance(call: Call, fields: Fields) -> Fields:  # noqa: ARG001  # its fields are not published
    """Tell the marketplace's balance here: nothing is paid in advance."""
    return {"balance": 0}


@command("supply.sell")
@refuses(Reason.VOUCHER_USED)
def sell(
    world: Unit, *, institution: str, reference: str, course: str, buyer: str, taken_up: bool = False
) -> Supplied:
    """Make a voucher for a reference that has none.

    With `taken_up` the voucher is ready later, and the marketplace gets a callback then.
    """
    key = f"{institution}/{reference}"
    if world.get(Supplied, key) is not None:
        raise Rejected(Reason.VOUCHER_USED, reference=reference)

    world.subject = f"supplier:{institution}"
    code = "LP-" + chance.code(UNAMBIGUOUS, 12, world.seed, "supplied voucher", key)
    party, settings = PartyCode(institution), world.settings
    ready = world.now + timedelta(seconds=settings.supplier_slow_seconds if taken_up else 0)
    calling = taken_up and settings.supplier_callbacks
    about = (key, party, world.need(Course, course).code, buyer, VoucherCode(code), world.now)
    sold = Supplied(*about, ready, ready, calling=calling)
    world.put(sold)
    if calling:
        schedule.schedule(world, ready, "supply_callback", key)
    return sold


@command("supply.take_back")
def take_back(world: Unit, *, key: str) -> Supplied:
    """Make a sold voucher invalid; the second time nothing changes."""
    sold = world.need(Supplied, key)
    if sold.void:
        return sold

    world.subject = f"supplier:{sold.institution}"
    void = sold.but(void=True, calling=False)
    world.put(void)
    return void


CALLS: dict[str, Callable[[Call, Fields], Fields]] = {
    "token": token,
    "health-check": health_check,
    "inquiry": inquiry,
    "payment": payment,
    "check-status": check_status,
    "void-refund": void_refund,
    "balance": balance,
}


def _handler(what: str, act: Callable[[Call, Fields], Fields]) -> Callable[[Call], Reply]:
    def handler(call: Call) -> Reply:
        try:
            fields = _read(call)
        except Answered as answered:  # not readable or not signed: the answer is not encrypted
            return Reply(with_code(call, answered.code, {}))
        try:
            if what != "token":
                _check_token(call)
            answer = with_code(call, "00", act(call, fields))
        except Answered as answered:
            answer = with_code(call, answered.code, {})
        return sealed(call, answer)

    handler.__name__ = f"pis_{what.replace('-', '_')}"
    handler.__doc__ = act.__doc__
    return handler


def _read(call: Call) -> Fields:
    """The fields of a call: verified with the marketplace's key, decrypted with ours."""
    theirs = _their_key(call)
    if not key_pairs.is_signed(theirs, call.raw, call.headers.get("Signature", "")):
        raise Answered("32")
    try:
        key = _our_key(call).decrypt(b64decode(call.headers.get("Key", ""), validate=True), OAEP)
        fields = orjson.loads(AESGCM(key).decrypt(call.raw[-12:], call.raw[:-12], None))
    except (ValueError, InvalidTag):
        raise Answered("33") from None
    if not isinstance(fields, dict):
        raise Answered("42")
    return fields


def sealed(call: Call, fields: Fields) -> Reply:
    """An answer that is encrypted for the marketplace and signed."""
    plain = orjson.dumps(fields)
    key, nonce = sha256(b"answer key" + plain).digest(), sha256(b"answer nonce" + plain).digest()[:12]
    raw = AESGCM(key).encrypt(nonce, plain, None) + nonce
    headers = {
        "Content-Type": "application/octet-stream",
        "Key": b64encode(_their_key(call).encrypt(key, OAEP)).decode(),
        "Signature": key_pairs.sign(_our_key(call), raw),
    }
    return Reply(raw, headers=headers)


def with_code(call: Call, code: str, fields: Fields) -> Fields:
    """The fields of an answer, with response code, message and time added."""
    stamp = call.sandbox.now().strftime("%Y-%m-%d %H:%M:%S")
    return {"response_code": code, "message": TEXTS[code], "timestamp": stamp, **fields}


def _our_key(call: Call) -> rsa.RSAPrivateKey:
    return key_pairs.pair(call.sandbox.seed, call.path["institution"])


def _their_key(call: Call) -> rsa.RSAPublicKey:
    """The marketplace's registered public key, or the one that follows from the seed."""
    credential = call.parties.sandboxes.credential_of(call.sandbox, MARKETPLACE)
    registered = key_pairs.public_key(credential.public_key) if credential.public_key else None
    return registered or key_pairs.pair(call.sandbox.seed, MARKETPLACE).public_key()


def _check_token(call: Call) -> None:
    token = call.headers.get("Authorization", "").removeprefix("Bearer ")
    stamp, _, seal = token.partition(".")
    if not compare_digest(seal.encode(), _seal(call, stamp).encode()):
        raise Answered("30")
    if unix_seconds(call.sandbox.now()) - int(stamp, 16) >= TOKEN_SECONDS:
        raise Answered("30")


def _seal(call: Call, stamp: str) -> str:
    seed = chance.seed_bytes(call.sandbox.seed)
    return chance.code(HEX, 32, seed, "supplier token", call.sandbox.name, call.path["institution"], stamp)


def _course(call: Call, fields: Fields) -> Course:
    code = _text(fields, "product_code")
    course: Course | None = call.ask(Unit.get, kind=Course, key=code)
    if course is None or course.institution != call.path["institution"]:
        raise Answered("11")
    return course


def _supplied(call: Call, fields: Fields) -> Supplied:
    key = f"{call.path['institution']}/{_text(fields, 'ref_id')}"
    sold: Supplied | None = call.ask(Unit.get, kind=Supplied, key=key)
    if sold is None:
        raise Answered("12")
    return sold


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise Answered("42")
    return value


def _inquiry_id(call: Call, fields: Fields) -> str:
    seed = chance.seed_bytes(call.sandbox.seed)
    about = (call.path["institution"], _text(fields, "ref_id"), _text(fields, "product_code"))
    return "INQ" + chance.code(HEX, 16, seed, "supplier inquiry", *about)


def _bill(call: Call, fields: Fields, course: Course) -> Fields:
    title = {"name": "Kelas", "value": course.title, "is_pii": False, "is_show": True}
    return {
        "partner_inquiry_id": _inquiry_id(call, fields),
        "client_number": str(fields.get("client_number", "")),
        "product_code": course.code,
        "total_amount": course.price.amount,
        "is_open_amount": False,
        "bill_details": [title],
    }


def bill_of(call: Call, fields: Fields, course: Course, sold: Supplied) -> Fields:
    """The answer of payment and check-status: the bill with the voucher in its details."""
    bill = _bill(call, fields | {"product_code": course.code}, course)
    bill["bill_details"].append(
        {"name": "Kode Voucher", "value": sold.voucher, "is_pii": False, "is_show": True}
    )
    at = {"name": "Tukarkan di", "value": f"https://{sold.institution}.example/situs/kelas"}
    return {"ref_id": fields["ref_id"], "partner_ref_id": sold.voucher, **bill, "additional_details": [at]}
