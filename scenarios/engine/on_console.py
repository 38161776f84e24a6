"""The stories for the console of a running server: which there are, one of them played there, a new one.

A play has a sandbox of its own, which stays, so that each of its steps can be looked at in the timeline.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context
from functools import cache
from typing import Any

from prakerja_sim.mocks.http.transport import Answer, InProcess, Transport
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine import recorder, runner
from prakerja_sim.scenarios.engine.errors import CannotPlay
from prakerja_sim.scenarios.engine.finding import HOME, discover
from prakerja_sim.scenarios.engine.script import Story
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.scenarios.engine.wiring import stages

SEED = 42


class _AsOperator:
    """A connection that carries the server's own admin token."""

    def __init__(self, transport: Transport, token: str) -> None:
        self._transport, self._token = transport, token

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send and wait for the answer. Raises NoReply."""
        carried = {**(headers or {}), "Authorization": f"Bearer {self._token}"}
        return self._transport.send(method, path, carried, body)


def listed() -> list[dict[str, Any]]:
    """All stories: title, why it is told, its file, and the marketplaces on which it is played."""
    markets = tuple(registry.codes())
    return [
        {
            "title": one.title,
            "why": one.why,
            "path": str(one.path.resolve().relative_to(HOME)),
            "marketplaces": list(one.played_on(markets)),
        }
        for one in _stories().values()
    ]


def play(parties: Parties, title: str, marketplace: str) -> dict[str, Any]:
    """Play a story on a marketplace; answers its steps, and what went wrong if anything did.

    Raises KeyError for a story or a marketplace that there is not.
    """
    story = _stories()[title]
    if marketplace not in story.played_on(tuple(registry.codes())):
        raise KeyError(marketplace)
    names: list[str] = []
    make = stages(_connection(parties), SEED)

    @contextmanager
    def kept(story: Story, marketplace: str) -> Iterator[Stage]:
        with make(story, marketplace) as stage:
            stage.keep()
            names.append(stage.sandbox)
            yield stage

    # A context of its own: what a story sends comes from outside, not from the request that asked for it.
    outcome = Context().run(runner.play, story, marketplace, kept)
    failed = outcome.failure.step if outcome.failure else None
    return {
        "title": title,
        "marketplace": marketplace,
        "passed": outcome.passed,
        "message": outcome.message,
        "sandbox": names[0] if names else None,
        "steps": [
            {
                "number": one.number,
                "line": one.line,
                "said": one.said,
                "fails": one.fails,
                "after": one.after,
                "failed": one.number == failed,
            }
            for one in outcome.taken
        ],
    }


def recorded(recording: Mapping[str, Any], title: str) -> dict[str, str]:
    """The `story` of what `GET /__admin/recording` answered, or the `problem` for which there is none."""
    try:
        return {"story": recorder.story(recording, title)[0], "problem": ""}
    except (CannotPlay, ValueError) as problem:
        return {"story": "", "problem": str(problem)}


def _connection(parties: Parties) -> Any:
    """How the server is reached in its own process."""

    def connect(prefix: str) -> Transport:
        wire = InProcess(parties.application, prefix)
        token = parties.admin_token
        is_admin = prefix.endswith("/__admin")
        return _AsOperator(wire, token) if token is not None and is_admin else wire

    return connect


@cache
def _stories() -> dict[str, Story]:
    return {one.title: one for one in discover((), vocabulary(Stage, registry.codes()))}
