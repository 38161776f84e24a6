"""The golden pairs of Pijar: what it has besides `tests.mocks.golden`."""

from prakerja_sim.mocks.pijar.server import FACE
from tests.mocks.golden import Play, check_golden
from tests.mocks.market import refused

HOSTED = "desain-pijar"


class Pijar(Play):
    early_resend = False
    unknown_voucher = "PJR000000000"

    def prepare(self):
        self.market.list_course(HOSTED, 200_000, institution="pijar")

    def logged_in(self):
        ask = self.market.send
        ask("GET", "/api/v1/auth/me", headers=self.shopper.login)
        ask("GET", "/api/v1/auth/me")
        ask("POST", "/api/v1/auth/phone/otp", {"phone": "81200000000"})

    def found(self):
        self.market.send("GET", "/api/v1/classes?size=0")

    def paid(self):
        self.market.send("GET", "/api/v1/orders")

    def recover(self):
        self.shopper.recover(self.ani.phone, self.ani.email)
        refused(self.shopper.recover, self.ani.phone, "tidak.ada@example.com")
        refused(self.shopper.enter_recovery_code, "000000", "kata-sandi-baru")
        super().recover()
        login = {"email": self.ani.email, "password": "kata-sandi-lama"}
        self.market.send("POST", "/api/v1/auth/login", login)

    def end(self):
        ani, budi, market = self.ani, self.budi, self.market
        market.somebody().sign_up(ani.name, ani.phone, ani.email)
        refused(self.shopper.start_class, self.order)
        second = market.shopper(budi)
        second.start_class(market.bought(second, budi, HOSTED).order)
        third = market.shopper(self.citra)
        third.complain(market.bought(third, self.citra).order, "Salah beli")


def play(market):
    return Pijar(market, FACE).played()


def test_the_wire_is_as_it_was_recorded(market):
    check_golden("pijar", play(market))
