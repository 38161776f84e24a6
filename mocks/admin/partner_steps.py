"""What the operator does in a partner's place, over the wire that the partner itself would use.

An institution's steps with a redeem code, and a marketplace's void of a payment that has no order here: the
answers are those that the partner would get, and the exchanges are in the timeline.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from prakerja_sim.mocks.admin import exchange_views
from prakerja_sim.mocks.http import timeline as kept
from prakerja_sim.mocks.http.bodies import NOT_BLANK
from prakerja_sim.mocks.http.envelope import error
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient, Refused
from prakerja_sim.simulator.programme import account_password
from prakerja_sim.simulator.programme.records import Participant, Payment
from prakerja_sim.simulator.programme.training_records import Redeemable
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

FORM = "application/x-www-form-urlencoded"
Short = Annotated[str, StringConstraints(max_length=2048)]


class Body(BaseModel):
    """A request body with exact types; an unknown field is refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Step(Body):
    """One step with a redeem code; each step takes the fields that it needs."""

    step: Literal["status", "commit", "verification", "submission", "feedback", "certificate"]
    sequence: Annotated[int, Field(ge=1, le=999)] = 1
    outcome: Literal["success", "no_match", "camera_refused", "abandoned"] = "success"
    """What the face scan of a verification gives."""
    scope: Literal["tpm", "uk"] = "tpm"
    url_file: Short = "https://lp.example/tugas.pdf"
    notes: Short = "Bagus"
    """What the institution says of a submission."""
    score: Annotated[int, Field(ge=0, le=100)] = 80
    """With which a certificate is asked for."""


class OneInvoice(Body):
    """A payment by its marketplace's invoice."""

    invoice: Annotated[str, StringConstraints(min_length=1, max_length=64), NOT_BLANK]
    marketplace: Annotated[str, StringConstraints(max_length=64)] = ""
    """Whose invoice it is; needed if two marketplaces gave the same one."""


def add_to(face: Face) -> None:
    """Register both operations."""
    simulated = Provenance.SIMULATED
    face.endpoint("POST", "/redeem-codes/<code>/steps", provenance=simulated, body=Step)(step)
    face.endpoint("POST", "/payments/void", provenance=simulated, body=OneInvoice)(void)


@refuses(Reason.REDEEM_CODE_UNKNOWN)
def step(call: Call, body: Step) -> Reply:
    """Do a step in the place of the code's institution or marketplace; answers what Prakerja said."""
    record: Redeemable | None = call.ask(Unit.get, kind=Redeemable, key=call.path["code"])
    if record is None:
        raise Rejected(Reason.REDEEM_CODE_UNKNOWN, redeem_code=call.path["code"])
    return _answered(call, lambda: STEPS[body.step](call, record, body))


@refuses(Reason.PAYMENT_UNKNOWN)
def void(call: Call, body: OneInvoice) -> Reply:
    """Let a marketplace take a payment back at Prakerja (R19); an order here has a void of its own."""
    payments: list[Payment] = call.ask(Unit.find, kind=Payment)
    found = [
        one
        for one in payments
        if one.invoice == body.invoice and body.marketplace in ("", one.marketplace) and one.transaction
    ]
    if not found:
        raise Rejected(Reason.PAYMENT_UNKNOWN, invoice=body.invoice)
    markets = sorted({str(one.marketplace) for one in found})
    if len(markets) > 1:
        raise Malformed(f"marketplace: is needed; {', '.join(markets)} have it")
    client = PrakerjaClient.of(call.parties, call.sandbox, found[-1].marketplace)
    codes = {"invoice_code": body.invoice, "transaction_code": str(found[-1].transaction)}
    return _answered(call, lambda: client.void(**codes))


def _answered(call: Call, ask: Callable[[], Any]) -> Reply:
    """What the partner was answered, with the exchanges that it took."""
    try:
        answer = ask()
    except Refused as refusal:
        return error(409, refusal.code or "no_code", refusal.message)
    except NoReply as silence:
        return error(504, Reason.NO_REPLY.value, f"Prakerja did not answer {silence}; ask again")
    here, now = kept.of(call.environ).id, call.sandbox.now()
    inner = [exchange_views.row(one, now) for one in kept.remembered(call.sandbox) if one.parent == here]
    return Reply({"answer": answer, "exchanges": inner})


def _status(call: Call, record: Redeemable, body: Step) -> Any:
    return _institution(call, record).redeem_status(redeem_code=record.code, sequence=body.sequence)


def _commit(call: Call, record: Redeemable, _: Step) -> Any:
    return _institution(call, record).redeem_commit(redeem_code=record.code)


def _submission(call: Call, record: Redeemable, body: Step) -> Any:
    task = {"redeem_code": record.code, "scope": body.scope, "sequence": body.sequence}
    return _institution(call, record).call("/tpm/submission", {**task, "url_file": body.url_file})


def _feedback(call: Call, record: Redeemable, body: Step) -> Any:
    task = {"redeem_code": record.code, "scope": body.scope, "sequence": body.sequence}
    return _institution(call, record).call("/tpm/feedback/submission", {**task, "notes": body.notes})


def _certificate(call: Call, record: Redeemable, body: Step) -> Any:
    """The marketplace tells Prakerja that the class is finished; the certificate comes in its time."""
    owner: Participant | None = call.ask(Unit.get, kind=Participant, key=record.card or "")
    name = owner.name if owner is not None else "Peserta Uji"
    client = PrakerjaClient.of(call.parties, call.sandbox, record.marketplace)
    client.report_completion(invoice_code=record.invoice, name=name, score=body.score)
    return {"reported": record.invoice, "score": body.score}


def _verification(call: Call, record: Redeemable, body: Step) -> Any:
    """Open an address, go through Prakerja's pages there, and ask for the status as an institution must."""
    client = _institution(call, record)
    owner: Participant | None = call.ask(Unit.get, kind=Participant, key=record.card or "")
    opened = client.url_generate(
        redeem_code=record.code,
        redirect_uri=f"https://{record.institution}.example/kehadiran",
        email=owner.email if owner is not None else "uji@example.com",
        sequence=body.sequence,
    )
    _shown_the_face(call, str(opened["state"]), owner, body.outcome)
    return client.redeem_status(redeem_code=record.code, sequence=body.sequence)


def _shown_the_face(call: Call, state: str, owner: Participant | None, outcome: str) -> None:
    wire, cookie = call.parties.transport("prakerja", call.sandbox), ""
    login = {"do": "dummy"}
    if owner is not None:
        password = call.ask(account_password.known_password, card=owner.card)
        if password is None:
            raise Refused(409, "password_unknown", "this person has changed the password; use the page")
        login = {"do": "login", "email": owner.email, "password": password}
    for fields in (login, {"do": "consent"}, {"do": "scan", "outcome": outcome}):
        headers = {"Content-Type": FORM} | ({"Cookie": cookie} if cookie else {})
        sent = urlencode({"state": state, **fields}).encode()
        answer = wire.send("POST", "/verification", headers, sent)
        if answer.status >= 400:
            raise Refused(answer.status, "page", f"Prakerja's page refused {fields['do']}")
        cookie = answer.headers.get("Set-Cookie", cookie).partition(";")[0]


def _institution(call: Call, record: Redeemable) -> PrakerjaClient:
    return PrakerjaClient.of(call.parties, call.sandbox, record.institution)


STEPS: Mapping[str, Callable[[Call, Redeemable, Step], Any]] = {
    "status": _status,
    "commit": _commit,
    "verification": _verification,
    "submission": _submission,
    "feedback": _feedback,
    "certificate": _certificate,
}
