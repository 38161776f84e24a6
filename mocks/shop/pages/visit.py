"""One request for a page: who asks, what was typed, what the site refused, and how the page is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment

from prakerja_sim.mocks.http import addresses, pages, timeline, why
from prakerja_sim.mocks.http.bodies import Malformed
from prakerja_sim.mocks.http.call import Call
from prakerja_sim.mocks.http.face import Reply
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Refused, Shopper
from prakerja_sim.mocks.shop.pages.labels import Labels
from prakerja_sim.mocks.shop.pages.session import Session, cookie_name
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.reason_texts import TEXTS

HERE = Path(__file__).parent
HEADERS = pages.HEADERS | {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
}
EXCHANGE, INBOX = "/console/timeline?id=", "/console/inboxes?"
"""Where an exchange is looked at, and where the messages of a phone are read."""
PROBLEMS = (Refused, NoReply, Malformed)
"""What a page shows in words instead of what was asked for."""
NO_REPLY, MALFORMED = 504, 400
LOST = (
    "{title} tidak menjawab. Permintaan Anda mungkin sudah diproses, mungkin belum: lihat dahulu {history}"
    " sebelum mencoba lagi."
)
UNREADABLE = "Formulir ini tidak dapat diproses. Buka halamannya sekali lagi."


@dataclass(frozen=True, slots=True)
class Problem:
    """What a page shows above its form when the site said no, or nothing."""

    text: str
    status: int
    code: str = ""
    """The site's own code, where it has codes."""
    reason: str = ""
    """The simulator's name for it, which `--strict-wire` leaves out."""
    why: str = ""
    exchange: str = ""
    lost: bool = False


@dataclass(slots=True)
class Visit:
    """One request for a page of a site."""

    site: Site
    call: Call
    session: Session
    fields: Mapping[str, str] = field(default_factory=dict)
    """What was typed into the form that was sent."""
    problem: Problem | None = None

    @property
    def shopper(self) -> Shopper:
        """Who acts for the visitor."""
        return self.session.shopper

    @property
    def labels(self) -> Labels:
        """What the site's buttons say."""
        return registry.labels(self.site.code)

    @property
    def base(self) -> str:
        """What stands before every path of the site."""
        return str(self.call.environ["SCRIPT_NAME"])

    @property
    def simulator(self) -> str | None:
        """What stands before the simulator's own paths; None under a real host, where there are none."""
        if addresses.names_party(self.call.environ):
            return None
        return self.base.removesuffix(f"/{self.site.code}")

    @property
    def now(self) -> datetime:
        """The sandbox's time."""
        return self.call.sandbox.now()

    def typed(self, name: str) -> str:
        """A field of the form, without the blanks around it."""
        return self.fields.get(name, "").strip()

    def named(self, name: str) -> str:
        """What the address names."""
        return self.call.path[name]

    def note(self, problem: Exception) -> None:
        """Keep what went wrong for the page: the site's own words, and why."""
        now = timeline.of(self.call.environ)
        if isinstance(problem, Malformed):
            now.refusal = problem
            self.problem = Problem(UNREADABLE, MALFORMED)
            return
        now.refusal = now.refused_within  # as of now: the page that tells it may ask for more
        own = "" if self.call.parties.strict_wire else now.id
        if isinstance(problem, NoReply):
            text = LOST.format(title=self.site.title, history=self.labels.history)
            self.problem = Problem(text, NO_REPLY, exchange=own, lost=True)
            return
        assert isinstance(problem, Refused), problem
        self.problem = self._refused(problem, own)

    def _refused(self, refusal: Refused, own: str) -> Problem:
        answer = self.session.wire.last
        headers = answer.headers if answer is not None else {}
        reason = headers.get("X-Sim-Reason", "")
        status = answer.status if answer is not None and answer.status >= MALFORMED else MALFORMED
        code = refusal.code if refusal.message else ""
        exchange = headers.get("X-Sim-Request-Id", own)
        return Problem(refusal.message or refusal.code, status, code, reason, _meaning(reason), exchange)

    def page(self, template: str, *, status: int = 200, **facts: Any) -> Reply:
        """A page from a template, with what went wrong above its form."""
        text = (
            _templates()
            .get_template(template)
            .render(
                site=self.site,
                labels=self.labels,
                base=self.base,
                simulator=self.simulator,
                here=self.base + self.call.environ["PATH_INFO"],
                me=self.session,
                problem=self.problem,
                exchange=EXCHANGE,
                inbox=INBOX + urlencode({"phone": self.session.phone, "address": self.session.email}),
                now=self.now,
                **facts,
            )
        )
        return Reply(text, self.problem.status if self.problem else status, HEADERS)

    def to(self, path: str, headers: Mapping[str, str] = HEADERS) -> Reply:
        """Redirect the browser to a page of the site."""
        return pages.sent_to(self.base + path, headers)

    def entered(self, path: str, key: str) -> Reply:
        """Redirect a browser with its session; an empty key ends it."""
        cookie = pages.cookie(cookie_name(self.site), key, self.base or "/")
        return self.to(path, HEADERS | {"Set-Cookie": cookie})


def _meaning(reason: str) -> str:
    """What a reason means, in words; empty for none."""
    if reason in why.BEFORE:
        return why.BEFORE[reason][1].id
    return TEXTS[Reason(reason)].id if reason else ""


@cache
def _templates() -> Environment:
    filters = {
        "rupiah": lambda amount: str(Rupiah(amount)),
        "clock": lambda at: f"{at:%d-%m-%Y %H.%M.%S} WIB",
        "part": lambda text: quote(text, safe=""),
    }
    return pages.templates(HERE / "templates", filters)
