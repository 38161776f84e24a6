"""Named test cases: dummy codes of the programme's own, which are used, verified, handed in for and reset.

What a case remembers stands beside the sandbox: journalled nowhere, gone with the process.  Each
institution has its own.  Their pages ask for no login, since the codes belong to nobody.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.prakerja.magic import TEST_CASES
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.programme.assignments import Submitted
from prakerja_sim.simulator.programme.attendance import Presence, ScanResult
from prakerja_sim.simulator.programme.records import CourseKind
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX
from prakerja_sim.simulator.world.refusals import refuses

_CASE = re.compile(r"TC([12])-(001|999)-200")
_ASIDE, _VISITS = "test cases", "test case visits"
Task = tuple[str, int]
"""Scope and sequence."""


@dataclass(slots=True)
class Remembered:
    """What was done with a case since its last reset."""

    done_at: datetime | None = None
    failed: bool = False
    """Whether the last look into the camera failed."""
    handed_in: dict[Task, datetime] = field(default_factory=dict)
    marked: dict[Task, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A case as an institution sees it: its type, its step, and what was done with it."""

    code: str
    kind: CourseKind
    sequence: int
    institution: str
    done_at: datetime | None
    failed: bool
    remembered: Remembered

    def state(self, sequence: int) -> dict[str, object]:
        """The answer for one sequence: attended once the code's own step is done."""
        done, webinar, own = self.done_at, self.kind is CourseKind.WEBINAR, sequence == self.sequence
        seen = Presence.ATTENDED if done else Presence.FAILED if self.failed else Presence.NONE
        return {
            "redeem_code": self.code,
            "course_code": f"testcase{int(self.kind)}",
            "invoice_code": f"testing-{self.code}",
            "schedule_code": f"testcase{int(self.kind)}",
            "status": int(done is not None),
            "attendance_status": int(seen if own else Presence.NONE),
            "redeem_at": f"{done.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if done else "",
            "dp_platform": registry.title(registry.DEFAULT),
            "schedule_start_end": "",
            "course_type": int(self.kind),
            "course_type_label": "Webinar" if webinar else "SPL",
            "course_learning_method": "online",
            "is_online_attendance": True,
            "sequence": sequence,
        }


@dataclass(slots=True)
class Visit:
    """A verification of a case that was opened for a browser."""

    state: str
    case: NamedCase
    sequence: int
    redirect_uri: str
    opened_at: datetime
    consented: bool = False
    over: bool = False


@refuses(*filter(None, TEST_CASES.values()))
def status(call: Call, code: str) -> NamedCase | None:
    """A case as it stands, or None for an ordinary code; raises what the code means."""
    if call.sandbox.settings.magic:
        reason = TEST_CASES.get(code)
        if reason is not None:
            raise Rejected(reason)
    return _case(call, code)


@refuses(status, Reason.REDEEM_CODE_USED)
def commit(call: Call, code: str) -> NamedCase | None:
    """A case whose step is now done, or None; raises what the code means."""
    case = _fresh(status(call, code))
    if case is not None:
        case.remembered.done_at = call.sandbox.now()
    return _case(call, code)


@refuses(status)
def reset(call: Call, code: str) -> NamedCase | None:
    """A case as it was before all was taken back, or None for an ordinary code; raises what it means."""
    case = status(call, code)
    if case is not None:
        _kept(call).pop((call.sender, code), None)
    return case


@refuses(status, Reason.REDEEM_CODE_USED, Reason.REDIRECT_UNREGISTERED)
def begin(call: Call, code: str, *, sequence: int, redirect_uri: str, registered: str) -> Visit | None:
    """Open a verification of a case, or None for an ordinary code; raises what the code means.

    E-mails are not compared, and no other sequence than the case's own is ever attended.
    """
    case = _fresh(status(call, code))
    if case is None:
        return None
    if registered and redirect_uri not in registered.split(","):
        raise Rejected(Reason.REDIRECT_UNREGISTERED)
    visits = _visits(call)
    drawn = chance.code(
        HEX, 32, chance.seed_bytes(call.sandbox.seed), "case", call.sender, code, str(len(visits))
    )
    state = f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-8{drawn[17:20]}-{drawn[20:]}"
    opened = Visit(state, case, sequence, redirect_uri, call.sandbox.now())
    visits[state] = opened
    return opened


@refuses(Reason.VERIFICATION_OVER)
def visit(call: Call, state: str) -> Visit | None:
    """The verification that a browser brings, or None if it is of no case; raises once it is over."""
    found = _visits(call).get(state)
    if found is not None:
        lifetime = timedelta(seconds=call.sandbox.settings.verification_lifetime)
        if found.over or call.sandbox.now() - found.opened_at > lifetime:
            raise Rejected(Reason.VERIFICATION_OVER)
    return found


@refuses(Reason.CONSENT_MISSING)
def scanned(call: Call, visit: Visit, outcome: ScanResult) -> None:
    """The camera has looked, or was not let; success at the case's own sequence does its step."""
    if not visit.consented and outcome is not ScanResult.CAMERA_REFUSED:
        raise Rejected(Reason.CONSENT_MISSING)

    visit.over = True
    if visit.sequence == visit.case.sequence:
        remembered = _remembered(call, visit.case.institution, visit.case.code)
        remembered.failed = outcome is not ScanResult.SUCCESS
        if outcome is ScanResult.SUCCESS:
            remembered.done_at = call.sandbox.now()


@refuses(status)
def hand_in(call: Call, code: str, task: Task) -> NamedCase | None:
    """A case with the task handed in, or None for an ordinary code; raises what the code means."""
    case = status(call, code)
    if case is not None:
        case.remembered.handed_in[task] = call.sandbox.now()
    return case


@refuses(status, Reason.ASSIGNMENT_MISSING)
def mark(call: Call, code: str, task: Task) -> NamedCase | None:
    """A case with the task marked, or None; raises what the code means, or that nothing was handed in."""
    case = status(call, code)
    if case is not None:
        if task not in case.remembered.handed_in:
            raise Rejected(Reason.ASSIGNMENT_MISSING)
        case.remembered.marked[task] = call.sandbox.now()
    return case


@refuses(status)
def standing(call: Call, code: str, task: Task) -> tuple[Submitted, Submitted] | None:
    """Where assignment and feedback stand, or None for an ordinary code; raises what the code means."""
    case = status(call, code)
    if case is None:
        return None
    return _after(call, case.remembered.handed_in.get(task)), _after(call, case.remembered.marked.get(task))


def number(code: str, task: Task) -> int:
    """The id that the wire wants."""
    return 1 + chance.below(999_999_999, b"case", code, task[0], str(task[1]))


def _after(call: Call, since: datetime | None) -> Submitted:
    if since is None:
        return Submitted.NOT
    decided = call.sandbox.now() - since >= timedelta(seconds=call.sandbox.settings.tpm_delay)
    return Submitted.SUCCESS if decided else Submitted.PENDING


def _fresh(case: NamedCase | None) -> NamedCase | None:
    if case is not None and case.done_at is not None:
        raise Rejected(Reason.REDEEM_CODE_USED)
    return case


def _case(call: Call, code: str) -> NamedCase | None:
    found = _CASE.fullmatch(code)
    if found is None or not call.sandbox.settings.magic:
        return None
    kept = _remembered(call, call.sender, code)
    told = (CourseKind(int(found[1])), int(found[2]), call.sender)
    return NamedCase(code, *told, kept.done_at, kept.failed, kept)


def _remembered(call: Call, institution: str, code: str) -> Remembered:
    return _kept(call).setdefault((institution, code), Remembered())


def _kept(call: Call) -> dict[tuple[str, str], Remembered]:
    kept: dict[tuple[str, str], Remembered] = call.sandbox.aside.setdefault(_ASIDE, {})
    return kept


def _visits(call: Call) -> dict[str, Visit]:
    visits: dict[str, Visit] = call.sandbox.aside.setdefault(_VISITS, {})
    return visits
