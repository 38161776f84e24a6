"""The words of a site for everything that goes wrong, whatever its envelope is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from prakerja_sim.mocks.http.face import Environ, Malformed, Reply
from prakerja_sim.mocks.shop.passed_on import worded
from prakerja_sim.simulator.values.errors import Reason, Rejected

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Words(Generic[S]):
    """A site's message: a text and its code, in the site's own type."""

    says: Mapping[Reason, S]
    """Messages to buyers, by reason."""
    vouchers: Mapping[Reason, S]
    """To institutions about a voucher, instead of the message to a buyer."""
    http: Mapping[int, S]
    """To requests that reach no operation: 401, 404, 405, 413, 415, 429; 500 for a bug, 503 for the disk."""
    otherwise: S
    """Code and status for every reason without words of its own; see `mocks.shop.passed_on`."""
    partner: str
    """A part of the path that marks the endpoints for institutions."""
    refusal: Callable[[S], Reply]
    """The refusal in the site's envelope."""
    malformed: Callable[[Malformed], Reply]
    """The same for a request that is not well formed."""

    def __call__(self, environ: Environ | None = None) -> "Envelope[S]":
        """The envelope for one request."""
        partner = self.partner in (environ or {}).get("PATH_INFO", "")
        return Envelope(self, {**self.says, **self.vouchers} if partner else self.says)


@dataclass(frozen=True, slots=True)
class Envelope(Generic[S]):
    """A site's words for one request; see `mocks.http.face.Envelope`."""

    words: Words[S]
    says: Mapping[Reason, S]

    def refused(self, refusal: Rejected) -> Reply:
        """A reason in the site's words."""
        return self.words.refusal(worded(self.says, self.words.otherwise, refusal))

    def malformed(self, problem: Malformed) -> Reply:
        """The request is not well formed."""
        return self.words.malformed(problem)

    def unauthorized(self) -> Reply:
        """The same answer for a missing login, a wrong login and a wrong signature."""
        return self.unknown(401)

    def unknown(self, status: int) -> Reply:
        """Paths, methods and sizes."""
        return self.words.refusal(self.words.http[status])

    def broken(self) -> Reply:
        """Our own bug."""
        return self.unknown(500)
