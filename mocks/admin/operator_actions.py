"""Operator actions: block an account, withdraw a course's content, pause payouts."""

from prakerja_sim.mocks.admin.fields import Body
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.simulator.programme import operator_actions
from prakerja_sim.simulator.values.clock import parse_instant
from prakerja_sim.simulator.world.refusals import refuses


class Block(Body):
    """Whether an account is to be blocked, or freed."""

    blocked: bool = True


class PauseUntil(Body):
    """When payouts go on (WIB)."""

    until: str


def add_to(face: Face) -> None:
    """Register the three endpoints."""
    simulated = Provenance.SIMULATED
    face.endpoint("POST", "/people/<card>/block", provenance=simulated, body=Block)(block)
    face.endpoint("POST", "/courses/<course>/withdraw", provenance=simulated)(withdraw)
    face.endpoint("POST", "/payouts/pause", provenance=simulated, body=PauseUntil)(pause)


@refuses(operator_actions.block)
def block(call: Call, body: Block) -> Reply:
    """Block a participant's account, as for proxy use or false data, or free it after a complaint."""
    changed = call.do(operator_actions.block, card=call.path["card"], blocked=body.blocked)
    return Reply({"blocked": changed.blocked})


@refuses(operator_actions.withdraw_content)
def withdraw(call: Call) -> Reply:
    """An institution takes a course's lessons away; nobody is paid back for that."""
    return Reply({"withdrawn": call.do(operator_actions.withdraw_content, course=call.path["course"]).code})


def pause(call: Call, body: PauseUntil) -> Reply:
    """Pause all payouts; what falls due meanwhile is sent when they go on."""
    try:
        until = parse_instant(body.until)
    except ValueError as problem:
        raise Malformed(str(problem)) from None
    return Reply({"until": call.do(operator_actions.pause_payouts, until=until).until.isoformat()})
