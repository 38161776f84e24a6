"""What was done to a sandbox from outside, whole and in order, so that it can be done again elsewhere.

Nothing is hidden here: with masked cards and codes nobody could do it again.  A form of the console stands
here as the admin operation that it did, a shop's page as what it asked its shop, and a request that was sent
again as what was sent: sessions, guards and ids are new in each server.
"""

from collections.abc import Container, Mapping
from typing import Any

import orjson
from msgspec.structs import replace
from pydantic import BaseModel, Field

from prakerja_sim.mocks.http import timeline, why
from prakerja_sim.mocks.http.exchanges import CLIENT, LONGEST_BODY, Exchange, Operation
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, exactly
from prakerja_sim.simulator.world import schedule, setup
from prakerja_sim.simulator.world.commands import name_of
from prakerja_sim.simulator.world.records import ArmedFault, Leased, Sms, World
from prakerja_sim.simulator.world.store import Unit

RESET = "/reset"
"""What began the world."""
QUIET = ("host", "user-agent", "accept", "accept-encoding", "accept-language", "connection", "content-length")
"""Headers that change nothing that a party does."""


class Text(BaseModel):
    """A text message that went out."""

    phone: str
    code: str


class Asked(BaseModel):
    """One request from outside with its answer."""

    exchange: str
    party: str
    method: str
    path: str
    headers: dict[str, str]
    body: str = Field(description="As text; each byte one character if it is no UTF-8.")
    utf8: bool
    client: str = Field(description="The client code that signed it; empty if none did.")
    party_of_client: str
    status: int = Field(description="0 if no answer came.")
    reason: str | None
    answered: list[list[str]]
    answer: str
    texts: list[Text]


class Recording(BaseModel):
    """A sandbox from its beginning, as far as it was asked from outside."""

    sandbox: str
    seed: int
    start: str
    settings: dict[str, Any]
    holds: dict[str, Any] = Field(description="What it was leased with besides.")
    digest: str
    gap: str = Field(description="Why something may be missing; empty if all is there.")
    unused_faults: list[str] = Field(description="The numbers of faults that never struck.")
    exchanges: list[Asked]


def add_to(face: Face) -> None:
    """Register the endpoint."""
    face.endpoint("GET", "/recording", provenance=Provenance.SIMULATED, answer=Recording)(recording)


def recording(call: Call) -> Reply:
    """All that was asked of this sandbox from outside since it began, for `prakerja-sim record`."""
    begun: World = call.ask(Unit.need, kind=World, key="world")
    leased: Leased | None = call.ask(setup.leased)
    asked = orjson.loads(leased.asked) if leased is not None else {"fill": True} if not begun.empty else {}
    settings = orjson.loads(begun.settings)
    held = {name: value for name, value in asked.items() if name not in ("seed", "start", "settings", "ttl")}
    parties = {one.client_code: one.party for one in call.parties.sandboxes.credentials(call.sandbox)}
    passed = timeline.remembered(call.sandbox)
    passing_on = {one.id for one in passed if one.passed_on}
    exchanges = [one for one in passed if _from_outside(one, passing_on)]
    texts = _texts(passed, {one.id for one in exchanges})
    faults: list[ArmedFault] = call.ask(Unit.find, kind=ArmedFault)
    return exactly(
        {
            "sandbox": call.sandbox.name,
            "seed": call.sandbox.seed,
            "start": begun.started.isoformat(),
            "settings": settings,
            "holds": held,
            "digest": call.sandbox.digest(),
            "gap": _gap(call, exchanges, held),
            "unused_faults": [one.key for one in faults if not one.struck],
            "exchanges": [_told(one, parties, texts.get(one.id, [])) for one in exchanges],
        }
    )


def _from_outside(one: Exchange, passing_on: Container[str]) -> bool:
    path = one.path if one.did is None else one.did.path
    if one.passed_on or path == RESET:
        return False
    if one.parent:
        return one.parent in passing_on and one.asker in (CLIENT, one.party)
    return one.asker == CLIENT


def _gap(call: Call, exchanges: list[Exchange], held: Mapping[str, Any]) -> str:
    gap = timeline.gap(call.sandbox)
    if gap:
        return gap
    if "from" in held:
        return "the sandbox began with a snapshot, of which the timeline knows nothing"
    for one in exchanges:
        if len(one.body) >= LONGEST_BODY:
            return f"exchange {one.id} has a body of which only {LONGEST_BODY:,} bytes were kept"
        if any(effect.command == name_of(schedule.run_clock) for effect in one.effects):
            return f"exchange {one.id} let the clock run by itself, and no two runs have the same seconds"
    return ""


def _texts(passed: list[Exchange], outside: Container[str]) -> dict[str, list[dict[str, str]]]:
    """The text messages by the request from outside that came last before them."""
    texts: dict[str, list[dict[str, str]]] = {}
    last = ""
    for one in passed:
        last = one.id if one.id in outside else last
        sent = [each for effect in one.effects for each in effect.appended if isinstance(each, Sms)]
        texts.setdefault(last, []).extend({"phone": each.phone, "code": each.otp or ""} for each in sent)
    return texts


def _told(one: Exchange, parties: Mapping[str, str], texts: list[dict[str, str]]) -> dict[str, Any]:
    if one.did is not None:
        one = _as_asked(one, one.did)
    try:
        body, utf8 = one.body.decode(), True
    except UnicodeDecodeError:
        body, utf8 = one.body.decode("latin-1"), False
    signed = one.headers.get("client_code", "") if one.sender else ""
    client = signed if signed in parties else ""
    return {
        "exchange": one.id,
        "party": one.party,
        "method": one.method,
        "path": one.path,
        "headers": {name: value for name, value in one.headers.items() if name.lower() not in QUIET},
        "body": body,
        "utf8": utf8,
        "client": client,
        "party_of_client": parties.get(client, ""),
        "status": 0 if one.lost else one.status,
        "reason": why.name_of(one.refusal),
        "answered": [[name, value] for name, value in one.answered],
        "answer": one.answer.decode(errors="replace"),
        "texts": texts,
    }


def _as_asked(one: Exchange, did: Operation) -> Exchange:
    """What the form did, as a program would have asked for it."""
    headers = {"Content-Type": "application/json"} if did.body else {}
    asked = replace(one, method=did.method, path=did.path, headers=headers, body=did.body)
    asked.end(did.status, (), did.answer)
    return asked
