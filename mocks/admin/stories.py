"""The stories in the admin API: list them, play one; who started the server handed them over."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from prakerja_sim.mocks.http.bodies import NOT_BLANK
from prakerja_sim.mocks.http.envelope import error
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.shop import registry


class Play(BaseModel):
    """A story by its title, and the marketplace on which it is played."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    title: Annotated[str, StringConstraints(min_length=1, max_length=255), NOT_BLANK]
    marketplace: Annotated[str, StringConstraints(max_length=64)] = registry.DEFAULT


def add_to(face: Face) -> None:
    """Register both operations."""
    face.endpoint("GET", "/stories", provenance=Provenance.SIMULATED)(stories)
    face.endpoint("POST", "/stories/play", provenance=Provenance.SIMULATED, body=Play)(play)


def stories(call: Call) -> Reply:
    """The stories that this server can play; none if it was started without them."""
    there = call.parties.stories
    return Reply({"stories": there().listed() if there is not None else []})


def play(call: Call, body: Play) -> Reply:
    """Play a story in a sandbox of its own, which stays; answers its steps."""
    if call.parties.stories is None:
        return error(409, "no_stories", "this server was started without stories")
    try:
        return Reply(call.parties.stories().play(call.parties, body.title, body.marketplace))
    except KeyError as unknown:
        raise Malformed(f"{unknown}: no such story, or it is not played on that marketplace") from None
