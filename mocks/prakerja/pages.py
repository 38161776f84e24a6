"""What the browser pages share: rendering, forms, one session cookie, the way back to a partner.

The real pages are not public: their content is simulated, the addresses they lead to are inferred.
They need no script and load nothing; a form contains all data that its handler needs.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from prakerja_sim.mocks.http import addresses, pages, timeline
from prakerja_sim.mocks.http.face import Call, Malformed, Reply
from prakerja_sim.mocks.http.pages import HEADERS
from prakerja_sim.mocks.http.pages import fields_of as fields_of  # noqa: PLC0414  # handlers read forms with it
from prakerja_sim.mocks.http.pages import sent_to as sent_to  # noqa: PLC0414  # and redirect with this
from prakerja_sim.mocks.prakerja import dashboard
from prakerja_sim.mocks.prakerja.words import BAD_PARAMETER, REJECTIONS
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import confirm

COOKIE = "prakerja_session"
PAGES_HOST = "oauth.prakerja.go.id"
"""Where the documentation has the pages for consent and face."""
DUMMY = "uji"
"""The dummy user, who is logged in for test codes."""
Handler = Callable[[Call], Reply]


def page(handler: Handler) -> Handler:
    """The handler; its refusals become pages too."""

    @wraps(handler)
    def answered(call: Call) -> Reply:
        try:
            return handler(call)
        except Rejected as refusal:
            confirm(answered, refusal)
            return refused(call, refusal)
        except Malformed as problem:
            timeline.of(call.environ).refusal = problem
            status, code, message, _ = BAD_PARAMETER
            return rendered(call, "message.html", status=status, code=code, message=message)

    return answered


def refused(call: Call, refusal: Rejected, **facts: Any) -> Reply:
    """A page for a refusal; it shows the code, so that support can help."""
    timeline.of(call.environ).refusal = refusal
    status, code, message, _ = REJECTIONS[refusal.reason]
    return rendered(call, "message.html", status=status, code=code, message=message, **facts)


def rendered(call: Call, template: str, *, status: int = 200, **facts: Any) -> Reply:
    """A page from a template; its forms are sent to the page's own address."""
    here = call.environ["SCRIPT_NAME"] + call.environ["PATH_INFO"]
    return Reply(call.parties.faces["prakerja"].app.page(template, here=here, **facts), status, HEADERS)


def login(call: Call, fields: dict[str, str], **facts: Any) -> Reply:
    """The login page; after a failed attempt with a message."""
    status, wrong = (400, message(Reason.LOGIN_REFUSED)) if "email" in fields else (200, "")
    typed = fields.get("email", "")
    return rendered(call, "login.html", status=status, message=wrong, email=typed, **facts)


def visitor(call: Call) -> str | None:
    """The card of the user who is logged in; empty for the dummy user, None without a login."""
    token = pages.cookie_of(call, COOKIE)
    participant = dashboard.participant_of(call, token)
    if participant is not None:
        return participant.card
    return "" if token and token == _dummy_token(call) else None


def entered(call: Call, fields: dict[str, str], to: str) -> Reply | None:
    """Log in with a form's e-mail and password and go on; None if they are wrong."""
    try:
        token = dashboard.token_for(
            call, email=fields.get("email", "").strip(), password=fields.get("password", "").strip()
        )
    except Rejected as refusal:
        timeline.of(call.environ).refusal = refusal
        return None
    return _with_cookie(call, token, to)


def entered_as_dummy(call: Call, to: str) -> Reply:
    """Log in as the dummy user and go on."""
    return _with_cookie(call, _dummy_token(call), to)


def left(call: Call, to: str) -> Reply:
    """Log out, which ends the login's token too, and go on."""
    card = visitor(call)
    if card is not None:
        dashboard.log_out(call, card or DUMMY)
    return _with_cookie(call, "", to)


def here(call: Call, **query: str) -> str:
    """The page's own address, to which a browser can return."""
    return f"{call.environ['SCRIPT_NAME']}{call.environ['PATH_INFO']}?{urlencode(query)}"


def address(call: Call, path: str) -> str:
    """An address of the simulator for a browser, in the call's sandbox.

    It is at the documented host of the pages only for who came to a real host by TLS.
    """
    environ = call.environ | {"sim.sandbox": call.sandbox}
    at = addresses.origin(environ)
    if addresses.names_party(environ) and at.startswith("https:"):
        at = f"https://{PAGES_HOST}{''.join(environ['HTTP_HOST'].partition(':')[1:])}"
    return addresses.base(environ, at) + path


def back_address(uri: str, **query: str) -> str:
    """A partner's address with more parameters; the parameters that it has already do not change."""
    parts = urlsplit(uri)
    joined = "&".join(filter(None, (parts.query, urlencode(query))))
    return urlunsplit(parts._replace(query=joined))


def _with_cookie(call: Call, token: str, to: str) -> Reply:
    path = f"/s/{call.sandbox.name}" if call.named else "/"
    return sent_to(to, HEADERS | {"Set-Cookie": pages.cookie(COOKIE, token, path)})


def _dummy_token(call: Call) -> str:
    return f"{DUMMY}.{dashboard.secret_of(call, DUMMY)}"


def message(reason: Reason) -> str:
    """What a page says about a refusal."""
    return REJECTIONS[reason][2]
