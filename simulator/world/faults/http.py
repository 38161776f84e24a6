"""What may go wrong with a request before its party sees it, and with its answer after the party did it all.

Over HTTP the face and the server do what a fault asks of the exchange; here nothing knows of either.
"""

from typing import NoReturn, Protocol

from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.faults import Fault, fault


class Exchange(Protocol):
    """A request with its answer, and what can become of it on the way."""

    settings: Settings

    def drop(self) -> NoReturn:
        """Close the connection: the client gets no answer."""

    def turn_away(self, status: int) -> NoReturn:
        """Answer with a bare status, in the party's envelope."""

    def hold(self, seconds: int) -> None:
        """Go on after so many seconds; in process nobody waits, so the answer is lost there."""


class ExchangeFault(Fault):
    """Something that goes wrong with an exchange, on the way there or on the way back."""

    def apply(self, exchange: Exchange) -> None:
        """Do what goes wrong; if this returns, the exchange goes on."""
        raise self.unfinished()


class RequestFault(ExchangeFault):
    """A request before its party did anything.

    `where`: the end of the path, or `/PARTY/*`.
    """

    point = "request"


class ReplyFault(ExchangeFault):
    """An answer after its party did it all.

    `where`: the end of the path, or `/PARTY/*`.
    """

    point = "reply"


@fault("request_lost")
class RequestLost(RequestFault):
    """The request never arrives: nothing happened, and the client cannot know it."""

    def apply(self, exchange: Exchange) -> None:
        exchange.drop()


@fault("rate_limited")
class RateLimited(RequestFault):
    """429 in the party's envelope, with its headers; nothing happened."""

    def apply(self, exchange: Exchange) -> None:
        exchange.turn_away(429)


@fault("reply_lost")
class ReplyLost(ReplyFault):
    """The party did it all, and its answer never arrives: how double charges are born."""

    def apply(self, exchange: Exchange) -> None:
        exchange.drop()


@fault("reply_hangs")
class ReplyHangs(ReplyFault):
    """The party did it all, and its answer comes only after `hang_seconds` (60; 300 at most)."""

    def apply(self, exchange: Exchange) -> None:
        exchange.hold(exchange.settings.hang_seconds)
