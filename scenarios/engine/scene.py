"""What is seen of a play's world: its exchanges with what they did, its faults, its people; no secrets.

Everything comes from the admin API, so it is the same in process and against a running simulator. Where
another simulator plays a party, what happened within that one is not in the exchanges.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from prakerja_sim.mocks.http import secrets
from prakerja_sim.mocks.http.timeline import KEPT
from prakerja_sim.scenarios.engine.parties import Parties
from prakerja_sim.scenarios.engine.person import Person
from prakerja_sim.simulator.values.ids import masked

LONGEST_TEXT = 120
"""So many characters of a message are shown."""
Shown = Mapping[str, Any]
"""Something as the admin API shows it."""
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?62|0)?8[0-9]{8,11}(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Scene:
    """What was seen of a play's world when the play was over."""

    sandbox: str
    exchanges: tuple[Shown, ...] = ()
    """As `GET /__admin/timeline/ID` shows them, the oldest first."""
    faults: tuple[Shown, ...] = ()
    """Those that were armed, with how often each struck and how often it still will."""
    people: tuple[str, ...] = ()
    """A line for each person of the story."""

    @property
    def whole(self) -> bool:
        """Whether the exchanges are all there were: a sandbox remembers so many."""
        return len(self.exchanges) < KEPT


def seen(parties: Parties, sandbox: str, people: Mapping[str, Person]) -> Scene:
    """What is to be seen now."""
    rows = parties.admin("GET", f"/timeline?limit={KEPT}")["exchanges"]
    exchanges = [parties.admin("GET", f"/timeline/{row['id']}") for row in reversed(rows)]
    faults = parties.admin("GET", "/faults")["faults"]
    return Scene(
        sandbox,
        tuple(hidden(one) for one in exchanges),
        tuple(hidden(one) for one in faults),
        tuple(hidden(_who(name, person)) for name, person in people.items()),
    )


def newest(parties: Parties) -> str:
    """The id of the newest exchange; empty if there was none yet."""
    rows = parties.admin("GET", "/timeline?limit=1")["exchanges"]
    return str(rows[0]["id"]) if rows else ""


def hidden(found: Any) -> Any:
    """A value, and all within it, with its cards, NIKs, codes, tokens and phones hidden."""
    if isinstance(found, str):
        return _PHONE.sub(lambda phone: masked(phone[0]), secrets.text(found))
    if isinstance(found, Mapping):
        return {name: hidden(value) for name, value in found.items()}
    return [hidden(one) for one in found] if isinstance(found, list) else found


def messages(exchanges: Iterable[Shown]) -> list[str]:
    """The text messages and e-mails that left, each in a line; one that a fault lost is not among them."""
    return [_message(one) for one in _effects(exchanges, "messages")]


def transfers(exchanges: Iterable[Shown]) -> list[Shown]:
    """What was booked, in order."""
    return _effects(exchanges, "transfers")


def _effects(exchanges: Iterable[Shown], kind: str) -> list[Shown]:
    return [one for exchange in exchanges for effect in exchange["effects"] for one in effect[kind]]


def _message(one: Shown) -> str:
    to = f"SMS to {one['sms']}" if "sms" in one else f"mail to {one['mail']}"
    return f"{to} from {one['from']}: {shorten(one['text'], LONGEST_TEXT, placeholder=' ...')}"


def _who(name: str, person: Person) -> str:
    profile = person.profile
    return f"{name}: {profile['name']}, card {masked(person.card)}, wave {profile['wave']}"
