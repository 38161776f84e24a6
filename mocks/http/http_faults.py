"""Trouble in front of a party: a limit that is passed, an address that may not ask, an answer that hangs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from threading import BoundedSemaphore, Event
from typing import TYPE_CHECKING, Any

from prakerja_sim.simulator.values.errors import Dropped
from prakerja_sim.simulator.values.settings import Settings

if TYPE_CHECKING:
    from prakerja_sim.mocks.http.face import Envelope, Reply

Network = IPv4Network | IPv6Network
LIMITED, HANGS = "rate_limited", "reply_hangs"
"""The faults that are more than a lost message."""
FORBIDDEN, TOO_OFTEN = 403, 429
MOST_AT_ONCE = 8
"""Half of a server's threads: while answers hang, the levers can still be reached."""
_HANGING = BoundedSemaphore(MOST_AT_ONCE)


class TurnedAway(Exception):
    """A request that its party does not look at: 403 for its address, 429 for having come too often."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def answered(
    problem: TurnedAway,
    envelope: "Envelope",
    limits: Callable[[int], Mapping[str, str]],
    environ: Mapping[str, Any],
) -> "Reply":
    """What the party says, in its envelope; with 429 the headers say how long to wait."""
    reply = envelope.unknown(problem.status)
    if problem.status != TOO_OFTEN:
        return reply
    wait = environ["sim.sandbox"].settings.throttle_seconds
    return replace(reply, headers={**reply.headers, **limits(wait)})


def are_networks(given: str) -> bool:
    """Whether a text is a list of IP addresses and networks with commas; an empty one is."""
    try:
        _networks(given)
    except ValueError:
        return False
    return True


def check_address(environ: Mapping[str, Any], allowed: str) -> None:
    """Turn away who calls from elsewhere than the allowed addresses; raises TurnedAway."""
    if allowed and not _is_among(environ.get("REMOTE_ADDR", ""), _networks(allowed)):
        raise TurnedAway(FORBIDDEN)


def _is_among(caller: str, networks: list[Network]) -> bool:
    try:
        return any(ip_address(caller) in network for network in networks)
    except ValueError:  # a server that listens elsewhere than on an address
        return False


def _networks(given: str) -> list[Network]:
    return [ip_network(one.strip(), strict=False) for one in given.split(",") if one.strip()]


def before(fault: str) -> None:
    """What a fault makes of a request; raises TurnedAway or Dropped."""
    if fault == LIMITED:
        raise TurnedAway(TOO_OFTEN)
    raise Dropped


def after(fault: str, environ: Mapping[str, Any], settings: Settings) -> None:
    """What a fault makes of an answer; raises Dropped unless the answer only comes late.

    Within the process nobody waits: whoever asked has given up. The ninth that would hang is dropped.
    """
    if fault != HANGS or "sim.in_process" in environ or not _HANGING.acquire(blocking=False):
        raise Dropped
    try:
        Event().wait(settings.hang_seconds)
    finally:
        _HANGING.release()
