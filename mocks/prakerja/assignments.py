"""The endpoints for practical tasks: TPM (sequence 1 to 998) and UK (999), submission and marking."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from prakerja_sim.mocks.http.bodies import NOT_BLANK, Body, Model
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.prakerja import cases
from prakerja_sim.mocks.prakerja.fields import API, SEEN_MODEL, RedeemCode
from prakerja_sim.mocks.prakerja.words import success
from prakerja_sim.simulator.programme import assignments
from prakerja_sim.simulator.programme.assignments import Submitted
from prakerja_sim.simulator.programme.training_records import Assignment, Feedback
from prakerja_sim.simulator.world.refusals import refuses

UK = 999
Scope = Literal["tpm", "uk"]
File = Annotated[str, StringConstraints(max_length=2048)]


class Task(Body):
    """Which task of which participant."""

    redeem_code: RedeemCode
    scope: Scope
    sequence: Annotated[int, Field(ge=1, le=UK)]

    @model_validator(mode="after")
    def _is_numbered_as_documented(self) -> Self:
        if (self.sequence == UK) is not (self.scope == "uk"):
            raise ValueError("tpm has the sequences 1 to 998, uk has 999")
        return self


class Submission(Task):
    """A participant's file."""

    url_file: Annotated[File, StringConstraints(min_length=1), NOT_BLANK]


class Marking(Task):
    """The institution's marking."""

    notes: Annotated[str, StringConstraints(min_length=1, max_length=5000), NOT_BLANK]
    url_file: File = ""


class TaskState(Model):
    """The status of an assignment or its feedback: 0 not submitted, 1 pending, 2 success, 3 failed."""

    redeem_code: str
    scope: str
    sequence: int
    status: int


class SubmissionState(Model):
    """The status of the assignment and of its feedback."""

    assignment: TaskState
    feedback: TaskState


class HandedIn(TaskState):
    """What was handed in."""

    model_config = SEEN_MODEL

    id: int
    url_file: str


class Marked(HandedIn):
    """What was marked."""

    notes: str


def add_to(face: Face) -> None:
    """Register the three endpoints."""
    for path, provenance, body, answer, handler in ENDPOINTS:
        face.endpoint(
            "POST",
            f"{API}/tpm{path}",
            provenance=provenance,
            body=body,
            answer=answer,
            callers=Role.INSTITUTION,
        )(handler)


@refuses(assignments.submit, cases.hand_in)
def submission(call: Call, body: Submission) -> Reply:
    """Hand in a participant's file."""
    if cases.hand_in(call, body.redeem_code, (body.scope, body.sequence)) is not None:
        return success(_of_case(body, url_file=body.url_file))
    assignment: Assignment = call.do(assignments.submit, **_which(call, body), url_file=body.url_file)
    return success(
        {
            "id": assignment.number,
            **body.model_dump(include={"redeem_code", "scope", "sequence"}),
            "status": int(Submitted.PENDING),
            "url_file": assignment.url_file,
        }
    )


@refuses(assignments.status, cases.standing)
def submission_status(call: Call, body: Task) -> Reply:
    """Where an assignment and its feedback stand."""
    states = cases.standing(call, body.redeem_code, (body.scope, body.sequence))
    assignment, feedback = states or call.ask(assignments.status, **_which(call, body))
    task = body.model_dump()
    return success(
        {
            "assignment": {**task, "status": int(assignment)},
            "feedback": {**task, "status": int(feedback)},
        }
    )


@refuses(assignments.give_feedback, cases.mark)
def feedback_submission(call: Call, body: Marking) -> Reply:
    """Hand in the institution's marking."""
    if cases.mark(call, body.redeem_code, (body.scope, body.sequence)) is not None:
        return success(_of_case(body, url_file=body.url_file, notes=body.notes))
    marking: Feedback = call.do(
        assignments.give_feedback, **_which(call, body), notes=body.notes, url_file=body.url_file
    )
    return success(
        {
            "id": marking.number,
            **body.model_dump(include={"redeem_code", "scope", "sequence"}),
            "status": int(Submitted.PENDING),
            "url_file": marking.url_file,
            "notes": marking.notes,
        }
    )


def _of_case(body: Task, **more: str) -> dict[str, object]:
    return {
        "id": cases.number(body.redeem_code, (body.scope, body.sequence)),
        **body.model_dump(include={"redeem_code", "scope", "sequence"}),
        "status": int(Submitted.PENDING),
        **more,
    }


def _which(call: Call, body: Task) -> dict[str, object]:
    return {
        "institution": call.sender,
        "redeem_code": body.redeem_code,
        "scope": body.scope,
        "sequence": body.sequence,
    }


ENDPOINTS = (
    ("/submission", Provenance.SEEN, Submission, HandedIn, submission),
    ("/submission/status", Provenance.DOCUMENTED, Task, SubmissionState, submission_status),
    ("/feedback/submission", Provenance.DOCUMENTED, Marking, Marked, feedback_submission),
)
