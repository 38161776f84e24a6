"""One clock for several programs: each says how far it may go for its part, and it goes as far as all allow.

Which programs there are stands beside the world, in this process; a program that is not heard from for a
while is forgotten, so that one that was killed does not stop the clock for ever.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from prakerja_sim.mocks.admin.fields import Body, instant
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.simulator.values.clock import SECOND

WORDS = NOW, ANY = "now", "any"
_ASIDE = "programs that share the clock"


class Together(Body):
    """A program's part: up to when the clock may go, and how long the program counts without a word."""

    who: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    until: str = NOW
    """`now`: it shall stand still; a time: so far and no further; `any`: as far as the others want."""
    seconds: Annotated[int, Field(ge=1, le=3600)] = 60
    """After so long without a word, by the wall, the program is forgotten."""
    leave: bool = False
    """Whether it takes no part any more."""


@dataclass
class _Sharing:
    """The programs that share a sandbox's clock."""

    until: dict[str, datetime | None] = field(default_factory=dict)
    """How far each lets the clock go; None is as far as the others want."""
    forgotten: dict[str, datetime] = field(default_factory=dict)
    """When each is forgotten, by the wall."""
    moved: datetime | None = None
    """When they moved the clock last, by the wall."""
    lock: Any = field(default_factory=Lock)

    def heard(self, who: str, until: datetime | None, forgotten: datetime) -> None:
        self.until[who], self.forgotten[who] = until, forgotten

    def left(self, who: str) -> None:
        self.until.pop(who, None)
        self.forgotten.pop(who, None)

    def forget(self, wall: datetime) -> None:
        for who in [who for who, at in self.forgotten.items() if at < wall]:
            self.left(who)

    def has_moved(self, since: datetime, wall: datetime) -> None:
        """While the clock moved nobody could be heard, so nobody is forgotten for that time."""
        self.moved = wall
        self.forgotten = {who: at + (wall - since) for who, at in self.forgotten.items()}

    def goes_to(self) -> datetime | None:
        """How far all let the clock go; None if nobody wants it to go."""
        return min((one for one in self.until.values() if one is not None), default=None)


def add_to(face: Face) -> None:
    """Register the endpoint."""
    face.endpoint("POST", "/clock/together", provenance=Provenance.SIMULATED, body=Together)(move_together)


def move_together(call: Call, body: Together) -> Reply:
    """Say how far the clock may go for one program of several; it goes as far as all of them allow."""
    until = {NOW: call.sandbox.now(), ANY: None}[body.until] if body.until in WORDS else instant(body.until)
    sharing: _Sharing = call.sandbox.aside.setdefault(_ASIDE, _Sharing())
    with sharing.lock:
        wall = call.parties.wall()
        sharing.forget(wall)
        if body.leave:
            sharing.left(body.who)
        else:
            sharing.heard(body.who, until, wall + timedelta(seconds=body.seconds))
        sharing.moved = sharing.moved or wall
        to = sharing.goes_to()
        if to is not None and to > call.sandbox.now():
            call.sandbox.advance(to)
            sharing.has_moved(wall, call.parties.wall())
            call.sandbox.go_on(call.parties.wall())
        return Reply(_told(sharing, call.sandbox.now(), call.parties.wall()))


def _told(sharing: _Sharing, now: datetime, wall: datetime) -> dict[str, Any]:
    assert sharing.moved is not None
    return {
        "now": now.isoformat(),
        "programs": len(sharing.until),
        "holding": sorted(who for who, at in sharing.until.items() if at is not None and at <= now),
        "waiting": sorted(who for who, at in sharing.until.items() if at is not None and at > now),
        "still_for": max((wall - sharing.moved) / SECOND, 0.0),
    }
