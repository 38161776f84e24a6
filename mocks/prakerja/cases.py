"""Named test cases: the programme's own dummy codes, for redeem, attendance, practical tasks and reset.

The state of a case is outside the sandbox's store: it is not in the journal and ends with the process.
Each institution has its own state.  The pages need no login, because nobody owns these codes.
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
    """Whether the last camera scan failed."""
    handed_in: dict[Task, datetime] = field(default_factory=dict)
    marked: dict[Task, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A case for one institution: its type, its step, and what was done with it."""

    code: str
    kind: CourseKind
    sequence: int
    institution: str
    done_at: datetime | None
    failed: bool
    remembered: Remembered

    def state(self, sequence: int) -> dict[str, object]:
        """The answer for one sequence: "attended" after the code's own step is done."""
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
    """A verification of a case, opened for a browser."""

    state: str
    case: NamedCase
    sequence: int
    redirect_uri: str
    opened_at: datetime
    consented: bool = False
    over: bool = False


@refuses(*filter(None, TEST_CASES.values()))
def status(call: Call, code: str) -> NamedCase | None:
    """A case with its present state, or None for an ordinary code; raises what the code means."""
    if call.sandbox.settings.magic:
        reason = TEST_CASES.get(code)
        if reason is not None:
            raise Rejected(reason, test_value=code)
    return _case(call, code)


@refuses(status, Reason.REDEEM_CODE_USED)
def commit(call: Call, code: str) -> NamedCase | None:
    """Do a case's step and return it, or None for an ordinary code; raises what the code means."""
    case = _fresh(status(call, code))
    if case is not None:
        case.remembered.done_at = call.sandbox.now()
    return _case(call, code)


@refuses(status)
def reset(call: Call, code: str) -> NamedCase | None:
    """Reset a case and return it as it was before, or None for an ordinary code; raises what it means."""
    case = status(call, code)
    if case is not None:
        _history(call).pop((call.sender, code), None)
    return case


@refuses(status, Reason.REDEEM_CODE_USED, Reason.REDIRECT_UNREGISTERED)
def begin(call: Call, code: str, *, sequence: int, redirect_uri: str, registered: str) -> Visit | None:
    """Open a verification of a case, or None for an ordinary code; raises what the code means.

    E-mails are not compared, and only the case's own sequence can be attended.
    """
    case = _fresh(status(call, code))
    if case is None:
        return None
    if registered and redirect_uri not in registered.split(","):
        raise Rejected(Reason.REDIRECT_UNREGISTERED, redirect_uri=redirect_uri, registered=registered)
    visits = _visits(call)
    random_hex = chance.code(
        HEX, 32, chance.seed_bytes(call.sandbox.seed), "case", call.sender, code, str(len(visits))
    )
    state = f"{random_hex[:8]}-{random_hex[8:12]}-4{random_hex[13:16]}-8{random_hex[17:20]}-{random_hex[20:]}"
    opened = Visit(state, case, sequence, redirect_uri, call.sandbox.now())
    visits[state] = opened
    return opened


@refuses(Reason.VERIFICATION_OVER)
def visit(call: Call, state: str) -> Visit | None:
    """The verification with this state, or None if no case has it; raises if it is over."""
    visit_record = _visits(call).get(state)
    if visit_record is not None:
        lifetime = timedelta(seconds=call.sandbox.settings.verification_lifetime)
        ends, now = visit_record.opened_at + lifetime, call.sandbox.now()
        if visit_record.over or now > ends:
            raise Rejected(Reason.VERIFICATION_OVER, scanned=visit_record.over, ends=ends, asked_at=now)
    return visit_record


@refuses(Reason.CONSENT_MISSING)
def scanned(call: Call, visit: Visit, outcome: ScanResult) -> None:
    """Take the result of the camera scan; success at the case's own sequence does its step."""
    if not visit.consented and outcome is not ScanResult.CAMERA_REFUSED:
        raise Rejected(Reason.CONSENT_MISSING, consented=visit.consented, outcome=outcome)

    visit.over = True
    if visit.sequence == visit.case.sequence:
        remembered = _remembered(call, visit.case.institution, visit.case.code)
        remembered.failed = outcome is not ScanResult.SUCCESS
        if outcome is ScanResult.SUCCESS:
            remembered.done_at = call.sandbox.now()


@refuses(status)
def hand_in(call: Call, code: str, task: Task) -> NamedCase | None:
    """Submit a task of a case; None for an ordinary code; raises what the code means."""
    case = status(call, code)
    if case is not None:
        case.remembered.handed_in[task] = call.sandbox.now()
    return case


@refuses(status, Reason.ASSIGNMENT_MISSING)
def mark(call: Call, code: str, task: Task) -> NamedCase | None:
    """Mark a task of a case; None for an ordinary code; raises what the code means, or ASSIGNMENT_MISSING."""
    case = status(call, code)
    if case is not None:
        if task not in case.remembered.handed_in:
            raise Rejected(Reason.ASSIGNMENT_MISSING, scope=task[0], sequence=task[1])
        case.remembered.marked[task] = call.sandbox.now()
    return case


@refuses(status)
def standing(call: Call, code: str, task: Task) -> tuple[Submitted, Submitted] | None:
    """The status of assignment and feedback, or None for an ordinary code; raises what the code means."""
    case = status(call, code)
    if case is None:
        return None
    return _after(call, case.remembered.handed_in.get(task)), _after(call, case.remembered.marked.get(task))


def number(code: str, task: Task) -> int:
    """The number that the answer needs as its id."""
    return 1 + chance.below(999_999_999, b"case", code, task[0], str(task[1]))


def _after(call: Call, since: datetime | None) -> Submitted:
    if since is None:
        return Submitted.NOT
    decided = call.sandbox.now() - since >= timedelta(seconds=call.sandbox.settings.tpm_delay)
    return Submitted.SUCCESS if decided else Submitted.PENDING


def _fresh(case: NamedCase | None) -> NamedCase | None:
    if case is not None and case.done_at is not None:
        raise Rejected(Reason.REDEEM_CODE_USED, redeemed_at=case.done_at)
    return case


def _case(call: Call, code: str) -> NamedCase | None:
    match = _CASE.fullmatch(code)
    if match is None or not call.sandbox.settings.magic:
        return None
    remembered = _remembered(call, call.sender, code)
    facts = (CourseKind(int(match[1])), int(match[2]), call.sender)
    return NamedCase(code, *facts, remembered.done_at, remembered.failed, remembered)


def _remembered(call: Call, institution: str, code: str) -> Remembered:
    return _history(call).setdefault((institution, code), Remembered())


def _history(call: Call) -> dict[tuple[str, str], Remembered]:
    history: dict[tuple[str, str], Remembered] = call.sandbox.aside.setdefault(_ASIDE, {})
    return history


def _visits(call: Call) -> dict[str, Visit]:
    visits: dict[str, Visit] = call.sandbox.aside.setdefault(_VISITS, {})
    return visits
