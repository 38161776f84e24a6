"""The test codes of a sandbox: list them, issue one more."""

from typing import Annotated, Any

from pydantic import StringConstraints

from prakerja_sim.mocks.admin.fields import Body
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.programme import redemption
from prakerja_sim.simulator.programme.records import Schedule
from prakerja_sim.simulator.programme.training_records import Redeemable
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


class NewTestCode(Body):
    """The schedule that a new test code is for."""

    schedule_code: Annotated[str, StringConstraints(min_length=1, max_length=64)]


def add_to(face: Face) -> None:
    """Register both endpoints."""
    face.endpoint("GET", "/test-codes", provenance=Provenance.SIMULATED)(test_codes)
    face.endpoint("POST", "/test-codes", provenance=Provenance.SIMULATED, body=NewTestCode)(issue)


def test_codes(call: Call) -> Reply:
    """The test codes: each is its institution's, belongs to no participant and may be reset."""
    codes: list[Redeemable] = []
    for schedule in call.ask(Unit.find, kind=Schedule):
        codes += call.ask(redemption.test_codes, schedule=schedule.code)
    return Reply({"test_codes": [_test_code(code) for code in codes]})


@refuses(Reason.SCHEDULE_UNKNOWN)
def issue(call: Call, body: NewTestCode) -> Reply:
    """Hand out one more test code for a schedule."""
    if call.ask(Unit.get, kind=Schedule, key=body.schedule_code) is None:
        raise Rejected(Reason.SCHEDULE_UNKNOWN, schedule=body.schedule_code)
    issued = call.do(redemption.issue_test_code, marketplace=registry.DEFAULT, schedule=body.schedule_code)
    return Reply(_test_code(issued), 201)


def _test_code(code: Redeemable) -> dict[str, Any]:
    return {
        "redeem_code": code.code,
        "institution": code.institution,
        "course_code": code.course,
        "schedule_code": code.schedule,
        "status": code.status.value,
    }
