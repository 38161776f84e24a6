"""Finding things without logging in as anybody: whether one may buy, payments, orders, codes, accounts."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from msgspec import Struct

from prakerja_sim.mocks.admin import queries
from prakerja_sim.mocks.http import why
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.marketplace.records import Order, Shopper, Voucher
from prakerja_sim.simulator.programme import catalogue
from prakerja_sim.simulator.programme import eligibility as purchase
from prakerja_sim.simulator.programme.incentive_records import LinkedAccount
from prakerja_sim.simulator.programme.records import BoundAccount, Course, Participant, Payment
from prakerja_sim.simulator.programme.training_records import Redeemable, Training
from prakerja_sim.simulator.values import emails, phones
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import PartyCode, masked
from prakerja_sim.simulator.values.reason_texts import TEXTS
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

LONGEST_PAGE = 1000


def add_to(face: Face) -> None:
    """Register the endpoints."""
    for path, handler in ENDPOINTS:
        face.endpoint("GET", path, provenance=Provenance.SIMULATED)(handler)


@refuses(Reason.PERSON_UNKNOWN, Reason.COURSE_UNKNOWN)
def eligibility(call: Call) -> Reply:
    """May this person buy this course now: every rule with its values, before anything is sent."""
    participant = person(call, _needed(call, "person"))
    code = _needed(call, "course")
    course: Course | None = call.ask(Unit.get, kind=Course, key=code)
    schedule = call.ask(catalogue.schedule_of, course=code)
    if course is None or schedule is None:
        raise Rejected(Reason.COURSE_UNKNOWN, course=code)
    judgements = call.ask(
        purchase.may_buy,
        marketplace=PartyCode(call.query.get("marketplace", registry.DEFAULT)),
        card=participant.card,
        user=call.query.get("user", ""),
        course=code,
        schedule=schedule.code,
        amount=queries.whole(call, "amount", course.price.amount, least=1, most=100_000_000),
    )
    refusal = next((one for one in judgements if one.holds is False), None)
    return Reply(
        {
            "person": participant.name,
            "course_code": code,
            "may_buy": refusal is None,
            "reason": refusal.reason.value if refusal else None,
            "says": TEXTS[refusal.reason]._asdict() if refusal else None,
            "rules": [
                {
                    "rule": one.rule,
                    "rules": list(why.cited(one.rule)),
                    "holds": one.holds,
                    "reason": one.reason.value,
                    "values": {name: why.shown(name, value) for name, value in one.values.items()},
                }
                for one in judgements
            ],
        }
    )


@refuses(Reason.PERSON_UNKNOWN, Reason.COURSE_UNKNOWN)
def payments(call: Call) -> Reply:
    """Payments at Prakerja, newest last, also those that came by the partner API alone."""
    names = {"invoice": "invoice", "transaction": "transaction", "course": "course"}
    rows = _picked(call, Payment, names, by="otp_sent_at")
    return Reply({"payments": [_payment(call, one) for one in rows]})


@refuses(Reason.PERSON_UNKNOWN, Reason.COURSE_UNKNOWN)
def orders(call: Call) -> Reply:
    """Orders at the marketplaces, newest last, with voucher and transaction."""
    names = {
        "invoice": "invoice",
        "order": "id",
        "voucher": "voucher",
        "transaction": "transaction",
        "course": "course",
    }
    rows = _picked(call, Order, names, by="ordered_at")
    return Reply({"orders": [_order(call, one) for one in rows]})


@refuses(Reason.PERSON_UNKNOWN, Reason.COURSE_UNKNOWN)
def redeem_codes(call: Call) -> Reply:
    """Redeem codes of the programme, sorted, those for tests too, with whom they belong to."""
    names = {"code": "code", "invoice": "invoice", "institution": "institution", "course": "course"}
    rows = _picked(call, Redeemable, names, by="code")
    return Reply({"redeem_codes": [_redeem_code(call, one) for one in rows]})


@refuses(Reason.PERSON_UNKNOWN)
def accounts(call: Call) -> Reply:
    """A person's accounts: at marketplaces, and the one that incentives are paid to."""
    participant = person(call, _needed(call, "person"))
    shoppers: list[Shopper] = call.ask(Unit.find, kind=Shopper)
    bound: list[BoundAccount] = call.ask(Unit.find, kind=BoundAccount)
    linked: LinkedAccount | None = call.ask(Unit.get, kind=LinkedAccount, key=participant.card)
    paid_with = {one.key for one in bound if one.card == participant.card}
    known = (participant.phone, participant.email)
    return Reply(
        {
            "person": participant.name,
            "marketplaces": [
                {
                    "marketplace": one.marketplace,
                    "user": one.user,
                    "phone": one.phone,
                    "email": one.email,
                    "phone_verified": one.phone_verified,
                    "pays_with_the_card": f"{one.marketplace}/{one.user}" in paid_with,
                }
                for one in shoppers
                if one.phone in known or one.email in known or f"{one.marketplace}/{one.user}" in paid_with
            ],
            "incentives": None
            if linked is None
            else {
                "account": linked.wallet,
                "linked_at": linked.linked_at.isoformat() if linked.linked_at else None,
            },
        }
    )


ENDPOINTS = (
    ("/eligibility", eligibility),
    ("/payments", payments),
    ("/orders", orders),
    ("/redeem-codes", redeem_codes),
    ("/accounts", accounts),
)


def people(call: Call, value: str) -> list[Participant]:
    """The participants with this card, phone (in any spelling), e-mail (in any capitals) or name."""
    known = {value, phones.national(value), emails.canonical(value)}
    participants: list[Participant] = call.ask(Unit.find, kind=Participant)
    return [one for one in participants if known & {one.card, one.phone, one.email, one.name}]


def person(call: Call, value: str) -> Participant:
    """The first participant who is called so; raises Rejected if nobody is."""
    found = people(call, value)
    if not found:
        raise Rejected(Reason.PERSON_UNKNOWN, person=value)
    return found[0]


def _picked(call: Call, kind: type[Struct], names: dict[str, str], *, by: str) -> list[Any]:
    """The records whose fields are as the query says, by a field, the last `limit`; raises Rejected."""
    course = call.query.get("course")
    if course is not None and call.ask(Unit.get, kind=Course, key=course) is None:
        raise Rejected(Reason.COURSE_UNKNOWN, course=course)
    picks: list[Callable[[Any], bool]] = []
    for name, field in names.items():
        value = call.query.get(name)
        if value is not None:
            picks.append(lambda one, field=field, value=value: getattr(one, field) == value)  # type: ignore[misc]
    if "person" in call.query:
        card = person(call, call.query["person"]).card
        picks.append(lambda one: one.card == card)
    found = [one for one in call.ask(Unit.find, kind=kind) if all(pick(one) for pick in picks)]
    return sorted(found, key=attrgetter(by))[-queries.limit(call, LONGEST_PAGE) :]


def _needed(call: Call, name: str) -> str:
    value = call.query.get(name, "")
    if not value:
        raise Malformed(f"{name}: is needed")
    return value


def _payment(call: Call, one: Payment) -> dict[str, Any]:
    training: Training | None = None
    if one.transaction is not None:
        training = call.ask(Unit.get, kind=Training, key=one.transaction)
    return {
        "marketplace": one.marketplace,
        "invoice_code": one.invoice,
        "transaction_code": one.transaction,
        "person": one.buyer,
        "card": masked(one.card),
        "user": one.user,
        "course_code": one.course,
        "schedule_code": one.schedule,
        "amount": one.amount.amount,
        "status": one.status.value,
        "wrong_otps": one.wrong_otps,
        "redeem_code": training.redeem_code if training else None,
        "training": training.status.value if training else None,
        "paid_at": one.paid_at.isoformat() if one.paid_at else None,
        "voided_at": one.voided_at.isoformat() if one.voided_at else None,
    }


def _order(call: Call, one: Order) -> dict[str, Any]:
    voucher: Voucher | None = call.ask(Unit.get, kind=Voucher, key=one.voucher) if one.voucher else None
    shopper: Shopper | None = call.ask(Unit.get, kind=Shopper, key=one.shopper)
    return {
        "order": one.id,
        "marketplace": one.marketplace,
        "shopper": one.shopper.partition("/")[2],
        "person": shopper.name if shopper else None,
        "invoice_code": one.invoice,
        "transaction_code": one.transaction,
        "card": masked(one.card) if one.card else None,
        "course_code": one.course,
        "schedule_code": one.schedule,
        "total": one.total.amount,
        "status": one.status.value,
        "voucher": one.voucher,
        "voucher_status": voucher.status.value if voucher else None,
        "ordered_at": one.ordered_at.isoformat(),
        "paid_at": one.paid_at.isoformat() if one.paid_at else None,
    }


def _redeem_code(call: Call, one: Redeemable) -> dict[str, Any]:
    owner: Participant | None = call.ask(Unit.get, kind=Participant, key=one.card) if one.card else None
    return {
        "redeem_code": one.code,
        "institution": one.institution,
        "marketplace": one.marketplace,
        "course_code": one.course,
        "schedule_code": one.schedule,
        "invoice_code": one.invoice or None,
        "status": one.status.value,
        "person": owner.name if owner else None,
        "redeemed_at": one.redeemed_at.isoformat() if one.redeemed_at else None,
    }
