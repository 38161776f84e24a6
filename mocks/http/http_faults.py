"""HTTP faults: a limit that is passed, an address that may not ask, an answer that hangs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from threading import BoundedSemaphore, Event
from typing import TYPE_CHECKING, Any, NoReturn

from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values.errors import Dropped
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.faults.http import ExchangeFault

if TYPE_CHECKING:
    from prakerja_sim.mocks.http.face import Envelope, Reply

Network = IPv4Network | IPv6Network
FORBIDDEN, TOO_OFTEN = 403, 429
AT_ONCE = 64
"""So many answers may hang, and as many may wait; a server has threads for these and for other requests."""
_HANGING = BoundedSemaphore(AT_ONCE)


class TurnedAway(Exception):
    """A request that is refused before it is read: 403 for its address, 429 for too many requests.

    The text says what decided; it is for people, not for the answer.
    """

    def __init__(self, status: int, because: str) -> None:
        super().__init__(because)
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


def are_networks(networks: str) -> bool:
    """Whether a text is a list of IP addresses and networks with commas; an empty one is."""
    try:
        _networks(networks)
    except ValueError:
        return False
    return True


def check_address(environ: Mapping[str, Any], allowed: str) -> None:
    """Refuse a caller whose address is not allowed; raises TurnedAway."""
    address = environ.get("REMOTE_ADDR", "")
    if allowed and not _is_among(address, _networks(allowed)):
        raise TurnedAway(FORBIDDEN, f"address {address} is not among {allowed}")


def _is_among(caller: str, networks: list[Network]) -> bool:
    try:
        return any(ip_address(caller) in network for network in networks)
    except ValueError:  # a server that listens elsewhere than on an address
        return False


def _networks(networks: str) -> list[Network]:
    return [ip_network(one.strip(), strict=False) for one in networks.split(",") if one.strip()]


@dataclass(slots=True)
class Exchange:
    """A request with its answer, and what faults can make of it: see `simulator.world.faults.http`."""

    environ: Mapping[str, Any]
    settings: Settings

    def drop(self) -> NoReturn:
        """The client is never answered."""
        raise Dropped

    def turn_away(self, status: int) -> NoReturn:
        """The request is refused before it is read."""
        raise TurnedAway(status, f"an armed fault answers {status}")

    def hold(self, seconds: int) -> None:
        """Wait, up to the limit; a call inside the process does not wait: its caller has given up by then,
        unless he said that he would wait for longer (`sim.patience`, None for as long as it takes).
        """
        if "sim.in_process" in self.environ:
            patience = self.environ.get("sim.patience", 0)
            if patience is not None and patience <= seconds:
                raise Dropped
            return
        if not _HANGING.acquire(blocking=False):
            raise Dropped
        try:
            self.environ["sim.hangs"]()
            Event().wait(seconds)
        finally:
            _HANGING.release()


def strike(point: type[ExchangeFault], sandbox: Sandbox, at: str, environ: Mapping[str, Any]) -> None:
    """Let the fault that strikes here, if any is armed, do what goes wrong; raises TurnedAway or Dropped."""
    struck = sandbox.strike(point, at)
    if struck is not None:
        try:
            struck.apply(Exchange(environ, sandbox.settings))
        except Dropped:
            raise Dropped(struck.name) from None
