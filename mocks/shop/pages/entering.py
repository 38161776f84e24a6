"""The account: opened or found by its phone, verified by a code; and found again by who lost it."""

from urllib.parse import quote

from prakerja_sim.mocks.http.face import Malformed, Reply
from prakerja_sim.mocks.shop.buyer import PasswordLogin
from prakerja_sim.mocks.shop.pages import session
from prakerja_sim.mocks.shop.pages.visit import Visit

LONGEST = 255


def login_page(visit: Visit) -> Reply:
    """The form for name, phone and e-mail; an address may hold them, so that they need not be typed."""
    typed = {name: visit.typed(name) or visit.call.query.get(name, "") for name in ("name", "phone", "email")}
    wanted = visit.typed("wanted") or visit.call.query.get("kelas", "")
    asks = isinstance(visit.shopper, PasswordLogin)
    return visit.page("login.html", typed=typed, wanted=wanted, asks_password=asks)


def log_in(visit: Visit) -> Reply:
    """Open the account or find it, and have a code sent to its phone."""
    name, phone, email = (_short(visit, field) for field in ("name", "phone", "email"))
    new = _anew(visit)
    new.name, new.phone, new.email, new.wanted = name, phone, email, visit.typed("wanted")
    if visit.typed("password") and isinstance(new.shopper, PasswordLogin):
        new.shopper.password = _short(visit, "password")
    new.shopper.sign_up(name, phone, email)
    session.renew(visit.call, new)
    return visit.entered("/masuk/kode", new.key)


def code_page(visit: Visit) -> Reply:
    """The form for the code of the text message."""
    return visit.page("code.html") if visit.session.key else visit.to("/masuk")


def enter_code(visit: Visit) -> Reply:
    """Enter the code: the phone is verified."""
    visit.shopper.enter_phone_code(_short(visit, "code"))
    return _inside(visit)


def lost_page(visit: Visit) -> Reply:
    """The form of who cannot log in any more."""
    return visit.page("lost.html", typed={name: visit.typed(name) for name in ("phone", "email")})


def find_account(visit: Visit) -> Reply:
    """Have a code sent to whoever owns the account."""
    phone, email = (_short(visit, field) for field in ("phone", "email"))
    new = _anew(visit)
    new.name, new.phone, new.email = email, phone, email
    new.shopper.recover(phone, email)
    session.renew(visit.call, new)
    return visit.entered("/lupa/kode", new.key)


def new_password_page(visit: Visit) -> Reply:
    """The form for the code and a new password."""
    return visit.page("recover.html") if visit.session.key else visit.to("/lupa")


def set_password(visit: Visit) -> Reply:
    """Enter the code and a new password: logged in again."""
    visit.shopper.enter_recovery_code(_short(visit, "code"), _short(visit, "password"))
    return _inside(visit)


def _anew(visit: Visit) -> session.Session:
    """A session in place of the browser's old one."""
    session.end(visit.call, visit.session)
    visit.session = session.visiting(visit.site, visit.call)
    return visit.session


def _inside(visit: Visit) -> Reply:
    """Logged in: to the course that was wanted, else home; the session gets another key."""
    me, wanted = visit.session, visit.session.wanted
    me.verified, me.wanted = True, ""
    session.renew(visit.call, me)
    return visit.entered(f"/kelas/{quote(wanted, safe='')}" if wanted else "/", me.key)


def _short(visit: Visit, name: str) -> str:
    text = visit.typed(name)
    if not 0 < len(text) <= LONGEST:
        raise Malformed(f"{name}: from 1 to {LONGEST} characters")
    return text
