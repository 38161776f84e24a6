"""The golden pairs of Karier.mu: what it has besides `tests.mocks.golden`."""

from prakerja_sim.mocks.kariermu.server import FACE
from tests.mocks.golden import Play, check_golden


class Karier(Play):
    def logged_in(self):
        ask, login = self.market.send, self.shopper.login
        ask("POST", "/v2/auth/me-v2", headers=login)
        ask("POST", "/v2/auth/me-v2")
        ask("POST", "/v2/auth/login", {"email": self.ani.email, "password": "salah"})

    def paid(self):
        path = f"/program_activity/enrolled/{self.shopper._user}/1/10"
        self.market.send("GET", path, headers=self.shopper.login)


def play(market):
    return Karier(market, FACE).played()


def test_the_wire_is_as_it_was_recorded(market):
    check_golden("kariermu", play(market))
