"""The golden pairs of Kemnaker: what it has besides `tests.mocks.golden`."""

from prakerja_sim.mocks.kemnaker.server import FACE
from prakerja_sim.simulator.values.clock import DAY
from tests.mocks.golden import Play, check_golden

ACCOUNT = "/account/api/v1"


class Kemnaker(Play):
    promos = ("BELAJAR50",)
    buyer_may_ask = False
    patience = 6 * DAY

    def logged_in(self):
        ask = self.market.send
        ask("GET", f"{ACCOUNT}/users/me", headers=self.shopper.login)
        ask("GET", f"{ACCOUNT}/users/me")
        ask("GET", "/account/auth?client_id=skillhub")
        self.signed_on()
        ask("POST", "/account/auth/login", {"username": "a", "password": "b"})
        ask("POST", f"{ACCOUNT}/tokens", {"grant_type": "refresh_token", "client_id": "skillhub"})

    def signed_on(self):
        """The way of programs that ask for the code as JSON."""
        ask = self.market.send
        page = ask("GET", "/account/auth/login").body.decode()
        csrf = {"X-CSRF-TOKEN": page.partition('csrf-token" content="')[2].partition('"')[0]}
        form = {"username": self.ani.email, "password": "pelatihan-kerja", "remember": True}
        entered = ask("POST", "/account/auth/login", form, csrf)
        cookie = {"Cookie": entered.headers["Set-Cookie"].partition(";")[0]}
        ask("POST", "/account/auth", {}, csrf | cookie)
        ask("POST", "/account/auth", {}, csrf)

    def reported(self):
        self.shopper.certificates(self.order)

    def recover(self):
        self.market.somebody().sign_up(self.ani.name, self.ani.phone, self.ani.email)
        super().recover()


def play(market):
    return Kemnaker(market, FACE).played()


def test_the_wire_is_as_it_was_recorded(market):
    check_golden("kemnaker", play(market))
