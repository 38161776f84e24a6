"""Who uses the pages: a browser's session, with the shopper that acts for it.

A session keeps what a buyer's app keeps (its login, what it chose, the card it entered) and stands beside the
world, as the timeline does: it is in no store, and a reset or a restart of the server ends it.
"""

import os
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock, RLock

from prakerja_sim.mocks.http import pages
from prakerja_sim.mocks.http.call import Call
from prakerja_sim.mocks.http.transport import Answer, Transport
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import OtpSent, Shopper
from prakerja_sim.mocks.shop.site import Site

MOST = 1000
"""So many sessions of a sandbox are kept, those that were used last."""
_ASIDE = "shop sessions"
_LOCK = Lock()


class Watched:
    """A transport that remembers the last answer, since a shopper passes on nothing of its headers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.last: Answer | None = None
        """None if the last request got no answer."""

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send and wait for the answer. Raises NoReply."""
        self.last = None
        self.last = self._transport.send(method, path, headers, body)
        return self.last


@dataclass(slots=True)
class Waiting:
    """An OTP that was sent, and when."""

    sent: OtpSent
    at: datetime


@dataclass(slots=True)
class Session:
    """One browser at one site."""

    site: Site
    wire: Watched
    shopper: Shopper
    key: str = ""
    """What the browser's cookie holds; empty for a guest, whom nothing remembers."""
    csrf: str = ""
    """What the forms of this session hold; without it another site could send one."""
    name: str = ""
    phone: str = ""
    email: str = ""
    """As they were typed at the login."""
    verified: bool = False
    """Whether the code of the phone was entered: from then on the shopper is logged in."""
    chosen: str = ""
    """The course that is about to be ordered, until it is."""
    discount: int = 0
    wanted: str = ""
    """The course to which the login leads back."""
    cards: dict[str, str] = field(default_factory=dict)
    """The card that was checked for an order, until it is paid with."""
    otps: dict[str, Waiting] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)
    """Holds back a second request of the same browser until the first is done."""


def visiting(site: Site, call: Call) -> Session:
    """A guest's session, which ends with the request."""
    wire = Watched(call.parties.transport(site.code, call.sandbox))
    return Session(site, wire, registry.shopper(site.code, wire))


def renew(call: Call, session: Session) -> None:
    """Remember a session under a new key, which nobody can have known before; the oldest makes room."""
    with _LOCK:
        kept = _kept(call)
        kept.pop(session.key, None)
        session.key, session.csrf = os.urandom(16).hex(), os.urandom(16).hex()
        kept[session.key] = session
        while len(kept) > MOST:
            kept.popitem(last=False)


def of(site: Site, call: Call) -> Session | None:
    """The session of the browser's cookie at this site, if it is still there."""
    with _LOCK:
        kept = _kept(call)
        session = kept.get(pages.cookie_of(call, cookie_name(site)))
        if session is None or session.site.code != site.code:
            return None
        kept.move_to_end(session.key)
        return session


def end(call: Call, session: Session) -> None:
    """Forget a session."""
    with _LOCK:
        _kept(call).pop(session.key, None)


def cookie_name(site: Site) -> str:
    """The name of the site's cookie."""
    return f"{site.code}_session"


def _kept(call: Call) -> OrderedDict[str, Session]:
    kept: OrderedDict[str, Session] = call.sandbox.aside.setdefault(_ASIDE, OrderedDict())
    return kept
