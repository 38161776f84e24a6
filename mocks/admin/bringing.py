"""Bring a person to a named state in one call, by the operations that people and partners would do."""

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from prakerja_sim.mocks.admin import lookups
from prakerja_sim.mocks.admin.fields import Body, Code
from prakerja_sim.mocks.admin.journey import Journey, StepEnded
from prakerja_sim.mocks.http import why
from prakerja_sim.mocks.http.bodies import NOT_BLANK
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.programme import catalogue, eligibility
from prakerja_sim.simulator.programme.records import Course, Schedule
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.world.refusals import Judged, refuses
from prakerja_sim.simulator.world.store import Unit

State = Literal["selected", "paid", "redeemed", "certified", "first_instalment"]
STATES: tuple[State, ...] = ("selected", "paid", "redeemed", "certified", "first_instalment")

UNREACHABLE = "unreachable"
"""The reason of a step that nobody refused: a text that is lost, or nothing due that would bring it about."""


class Bring(Body):
    """Whom to bring where; the way is at one marketplace, in one course."""

    person: Annotated[str, StringConstraints(min_length=1, max_length=254), NOT_BLANK]
    """A card, phone, e-mail or name."""
    to: State
    marketplace: Code = registry.DEFAULT
    course: Code | None = None
    """Without one: what was bought already, else the first course that the person can buy."""


def add_to(face: Face) -> None:
    """Register the endpoint."""
    face.endpoint("POST", "/bring", provenance=Provenance.SIMULATED, body=Bring)(bring)


@refuses(Reason.PERSON_UNKNOWN, Reason.COURSE_UNKNOWN)
def bring(call: Call, body: Bring) -> Reply:
    """Bring a person to a state over the real wires; the clock is moved where somebody must be waited for."""
    if body.marketplace not in registry.codes():
        raise Malformed(f"marketplace: there are {', '.join(registry.codes())}")
    if body.course is not None and call.ask(Unit.get, kind=Course, key=body.course) is None:
        raise Rejected(Reason.COURSE_UNKNOWN, course=body.course)
    who = lookups.person(call, body.person)
    journey = Journey(call, who.card, body.marketplace)
    states: list[dict[str, Any]] = []
    began = call.sandbox.now()
    try:
        _walk(journey, body, states)
    except StepEnded as ended:
        return _stuck(ended, states)
    finally:
        call.sandbox.go_on(call.parties.wall())
    clock = {"from": began.isoformat(), "to": call.sandbox.now().isoformat(), "happened": journey.happened}
    person = {"person": who.name, "prakerja_id": who.card, "state": body.to, "states": states}
    return Reply({**person, **_papers(call, journey, body), "clock": clock})


def _walk(journey: Journey, body: Bring, states: list[dict[str, Any]]) -> None:
    """Go from state to state and note each that is reached; raises StepEnded."""
    for state in STATES[: STATES.index(body.to) + 1]:
        already = _reached(journey, state, body)
        states.append({"state": state, "already": already})


def _reached(journey: Journey, state: State, body: Bring) -> bool:
    """Go on to the next state; whether the person was there already.  Raises StepEnded."""
    training = journey.training(body.course)
    if state == "selected":
        journey.be_selected()
        return True
    if state == "paid":
        if training is None:
            journey.pay(body.course or _affordable(journey))
        return training is not None
    assert training is not None, "what was paid is a training"
    if state == "redeemed":
        there = journey.is_redeemed(training)
        if not there:
            journey.redeem(training)
        return there
    if state == "certified":
        there = training.status in (TrainingStatus.CERTIFIED, TrainingStatus.RATED)
        if not there:
            journey.learn(training)
        return there
    there = journey.is_paid()
    if not there:
        journey.be_paid(training)
    return there


def _affordable(journey: Journey) -> str:
    """The first course that the person can buy; raises StepEnded with what speaks against the first one."""
    against: Judged | None = None
    for run in journey.call.ask(Unit.find, kind=Schedule):
        course: Course = journey.call.ask(Unit.need, kind=Course, key=run.course)
        judgements = journey.call.ask(
            eligibility.may_buy,
            marketplace=PartyCode(journey.market),
            card=journey.card,
            user="",
            course=course.code,
            schedule=run.code,
            amount=course.price.amount,
        )
        broken = next((one for one in judgements if one.holds is False), None)
        if broken is None or broken.reason is Reason.VIDEOS_NOT_WATCHED:
            return str(course.code)
        against = against or broken
    if against is None:
        raise StepEnded("course", "no course is on sale")
    values = {name: why.shown(name, value) for name, value in against.values.items()}
    told = {"reason": against.reason.value, "rule": against.rule, "rules": list(why.cited(against.rule))}
    raise StepEnded("course", "no course can be bought now", {**told, "values": values})


def _papers(call: Call, journey: Journey, body: Bring) -> dict[str, Any]:
    """Invoice, voucher and codes of the training, as far as there are any."""
    training: Training | None = journey.training(body.course)
    if training is None:
        return {"course_code": None, "invoice_code": None, "voucher": None, "redeem_code": None}
    order, row = journey.order_of(training), journey.instalment()
    run: Schedule | None = call.ask(catalogue.schedule_of, course=training.course)
    return {
        "marketplace": training.marketplace,
        "course_code": training.course,
        "schedule_code": run.code if run is not None else training.schedule,
        "order": order.id if order is not None else None,
        "invoice_code": training.invoice,
        "transaction_code": training.transaction,
        "voucher": order.voucher if order is not None else None,
        "redeem_code": training.redeem_code,
        "certified_at": training.certified_at.isoformat() if training.certified_at else None,
        "first_instalment": {"amount": row.amount.amount, "status": row.status.value} if row else None,
    }


def _stuck(ended: StepEnded, states: list[dict[str, Any]]) -> Reply:
    """What cannot be reached: the step, its reason, the rule and the values that decided."""
    told = {"reason": UNREACHABLE, **ended.told}
    reached = ", ".join(one["state"] for one in states) or "nothing"
    error = {
        "code": told.pop("reason"),
        "message": f"{ended.step}: {ended}; reached: {reached}, and that stays",
        "step": ended.step,
        "states": states,
        **{name: told.get(name) for name in ("rule", "rules", "values", "fields", "says", "exchange")},
    }
    return Reply({"error": error}, 409)
