"""The golden pairs of Bukalapak: what it has besides `tests.mocks.golden`."""

from prakerja_sim.mocks.bukalapak.server import FACE
from tests.mocks.bukalapak.conftest import FORM, Asker
from tests.mocks.golden import Play, check_golden
from tests.mocks.market import COURSE, refused


class Bukalapak(Play):
    early_resend = False
    unknown_voucher = "BLPK-2222-2222"
    problem = "Kupon tidak bisa dipakai"

    def logged_in(self):
        ask, login = self.market.send, self.shopper.login
        self.market.somebody().sign_up(self.ani.name, self.ani.phone, self.ani.email)
        ask("GET", "/api/me", headers=login)
        ask("GET", "/api/me")
        ask("POST", "/accounts/oauth/token", headers=FORM, raw=b"grant_type=client_credentials")
        ask("GET", "/api/products?keywords=prakerja", headers=login)

    def found(self):
        self.market.send("GET", "/api/prakerja/courses?limit=0", headers=self.shopper.login)

    def promo_tried(self):
        self.market.send("POST", "/api/prakerja/transactions", {"course_id": COURSE}, self.shopper.login)

    def ordered(self):
        """The app keeps what was chosen, and would order it once more."""

    def paid(self):
        ask, login = self.market.send, self.shopper.login
        one = {"id": int(self.order), "type": "prakerja"}
        ask("POST", "/api/invoices", {"transactions": [one], "payment_type": "prakerja"}, login)
        ask("GET", f"/api/prakerja/transactions/{self.order}", headers=login)
        ask("GET", "/api/invoices/1", headers=login)

    def complained(self):
        refused(self.shopper.complain, "0", "Kupon tidak bisa dipakai", "voucher")

    def recover(self):
        self.shopper.recover(self.ani.phone, self.ani.email)
        self.shopper.enter_recovery_code(self.market.otp(self.ani), "kata-sandi-baru")
        self.old_api()

    def old_api(self):
        asker = Asker.__new__(Asker)
        asker.market = self.market
        told = asker.legacy("POST", "/authenticate.json", login=(self.ani.phone, "kata-sandi-baru")).json()
        login = str(told["user_id"]), told["token"]
        asker.legacy("GET", "/users/info.json", login=login)
        asker.legacy("GET", "/transactions.json", login=login)
        asker.legacy("GET", f"/transactions/{self.order}.json", login=login)
        feedback = {"feedback": {"positive": "true", "content": "Bagus"}}
        asker.legacy("POST", f"/transactions/{self.order}/feedbacks.json", feedback, login=login)


def play(market):
    return Bukalapak(market, FACE).played()


def test_the_wire_is_as_it_was_recorded(market):
    check_golden("bukalapak", play(market))
