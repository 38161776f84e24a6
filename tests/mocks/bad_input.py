"""Bad input for one marketplace: a table of requests that must be refused and must change nothing."""

from dataclasses import dataclass, field

import orjson

from tests.mocks.market import COURSE, INSTITUTION, Market

OTHER = "kue-kita"
"""An institution whose vouchers these are not."""


@dataclass(frozen=True)
class Bad:
    """A request, who sends it, and how it is refused; {names} stand for what the world holds."""

    what: str
    who: str
    method: str
    path: str
    status: int
    says: str
    body: object = None
    raw: bytes | None = field(default=None)


class Shop:
    """A world with a paid order and an open one of Ani's, and Budi, who bought nothing."""

    def __init__(self, code, ids):
        self.market = market = Market(code)
        market.list_course("roti-101", 100_000, institution=OTHER)
        ani, budi, citra = (market.enrol(number) for number in range(3))
        self.shoppers = {"ani": market.shopper(ani), "budi": market.shopper(budi)}
        shopper = self.shoppers["ani"]
        paid = market.bought(shopper, ani)
        new = market.somebody()
        new.sign_up(citra.name, citra.phone, citra.email)
        self.shoppers["new"] = new
        self.known = {
            "paid": paid.order,
            "voucher": paid.voucher,
            "open": market.ordered(shopper),
            "ticket": shopper.complain(paid.order, "Apa kabar?", "other"),
            "phone": ani.phone,
            "email": ani.email,
            "card": ani.card,
            "otp": market.otp(ani),
            **ids(market),
        }

    def send(self, bad, signed):
        """The request as that somebody sends it; `signed` makes an institution's headers."""
        method, path = bad.method, self._filled(bad.path)
        raw = bad.raw
        if raw is None:
            raw = orjson.dumps(self._filled(bad.body)) if bad.body is not None else b""
        if bad.who in (INSTITUTION, OTHER):
            headers = signed(self.market, bad.who, raw)
        else:
            headers = self.shoppers[bad.who].login if bad.who in self.shoppers else {}
        return self.market.send(method, path, headers=headers, raw=raw)

    def _filled(self, given):
        if isinstance(given, dict):
            return {name: self._filled(value) for name, value in given.items()}
        return given.format(**self.known) if isinstance(given, str) else given


def check_refused(shop, bad, signed, is_envelope):
    """It is refused in the site's own envelope and words, and nothing was changed."""
    before = shop.market.sandbox.digest()
    answer = shop.send(bad, signed)
    assert answer.status == bad.status, answer.body
    told = answer.json()
    assert is_envelope(told), told
    assert bad.says in answer.body.decode(), answer.body
    assert shop.market.sandbox.digest() == before
    assert shop.market.is_sound()


def uncovered(face, table, reads):
    """The endpoints for which the table holds nothing; `reads` are those that refuse nothing."""
    routes = face.app.url_map.bind("")
    hit = set()
    for bad in table:
        path = bad.path.partition("?")[0].format_map(_Anything())
        try:
            rule, _ = routes.match(path, bad.method, return_rule=True)
        except Exception:
            continue
        hit.add((bad.method, rule.rule))
    return [(e.method, e.path) for e in face.endpoints if (e.method, e.path) not in hit | set(reads)]


class _Anything(dict):
    def __missing__(self, name):
        return "x"


__all__ = ["COURSE", "INSTITUTION", "OTHER", "Bad", "Shop", "check_refused", "uncovered"]
