"""Authorization codes of a site's login: for an account, a client and an address, exchanged once.

A code follows from the seed, the account with its password, the time and the number of exchanges before, so
none is kept; it lives for ten minutes (RFC 6749, 4.1.2), and a new password ends it.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from prakerja_sim.mocks.http.credentials import Credential
from prakerja_sim.mocks.http.face import Call, Reply
from prakerja_sim.mocks.shop.account import drawn, same
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.simulator.marketplace.accounts import subject
from prakerja_sim.simulator.marketplace.records import Shopper, SpentCode
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

CODE_SECONDS = 600
_CODE = re.compile(r"([0-9]{1,20})\.([0-9]{1,12})\.([0-9]{1,9})\.([0-9a-f]{32})")


def may_return(credential: Credential, address: str) -> bool:
    """Whether a client's browsers may be sent back there: to its registered addresses, else anywhere."""
    return not credential.redirect_uris or address in credential.redirect_uris.split(",")


def host_of(address: str) -> str:
    """The host of a web address; empty if it is none."""
    try:
        parts = urlsplit(address)
        return parts.hostname or "" if parts.scheme in ("http", "https") and address.isprintable() else ""
    except ValueError:
        return ""


def sent_back(address: str, told: Mapping[str, str]) -> Reply:
    """Send the browser back to a program, with what it is told."""
    joined = "&" if urlsplit(address).query else "?"
    headers = {"Location": f"{address}{joined}{urlencode(told)}", "Cache-Control": "no-store"}
    return Reply("", 302, headers)


def issued(site: Site, call: Call, account: Shopper, client: str, address: str) -> str:
    """The code for this moment; it changes after an exchange, even if the clock stands still."""
    spent = len(call.ask(Unit.find, kind=SpentCode, shopper=account.key))
    return _written(site, call, account, unix_seconds(call.sandbox.now()), spent, client, address)


def holder(site: Site, call: Call, code: str, client: str, address: str) -> Shopper | None:
    """The account that this client may exchange the code for now, None if there is none."""
    parts = _CODE.fullmatch(code)
    if parts is None:
        return None
    account: Shopper | None = call.ask(Unit.get, kind=Shopper, key=f"{site.code}/{parts[1]}")
    if account is None:
        return None
    expected = _written(site, call, account, int(parts[2]), int(parts[3]), client, address)
    age = unix_seconds(call.sandbox.now()) - int(parts[2])
    if not 0 <= age <= CODE_SECONDS or not same(expected, code):
        return None
    return account


def is_spent(site: Site, call: Call, account: Shopper, code: str, client: str, address: str) -> bool:
    """Exchange the code; whether somebody has done so before."""
    unsealed = code.rpartition(".")[0]  # the seal knows the sandbox's name, which no journal may
    digest = drawn(call, site.code, "spent code", unsealed, client, address)
    try:
        call.do(spend, shopper=account.key, code=digest)
    except Rejected:
        return True
    return False


@command("authorization_codes.spend")
@refuses(Reason.LOGIN_REFUSED)
def spend(world: Unit, *, shopper: str, code: str) -> None:
    """An authorization code is exchanged: the first time it is asked for, and no other."""
    spent = world.get(SpentCode, code)
    if spent is not None:
        raise Rejected(Reason.LOGIN_REFUSED, unsaid={"code_used_at": spent.spent_at})

    world.subject = subject(shopper)
    world.put(SpentCode(code, shopper, world.now))


def _written(
    site: Site, call: Call, account: Shopper, stamp: int, spent: int, client: str, address: str
) -> str:
    whose = (account.user, account.password)
    seal = drawn(call, site.code, "code", call.sandbox.name, *whose, stamp, spent, client, address)
    return f"{account.user}.{stamp}.{spent}.{seal}"
