"""The golden pairs of Bukalapak: what it has besides `tests.mocks.golden`."""

from urllib.parse import urlencode

from prakerja_sim.mocks.bukalapak.server import FACE
from tests.mocks.bukalapak.conftest import APP, FORM, Asker
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
        feedback = {"feedback": {"body": "Mantap gan", "positive": "true"}}
        asker.legacy("POST", f"/transactions/{self.order}/feedbacks.json", feedback, login=login)
        for path in ("/users/info.json", "/transactions.json", "/transactions/0.json"):
            asker.legacy("GET", path, login=login if "/0" in path else ("1", "x"))
        self.old_feedback(asker, feedback)

    def old_feedback(self, asker, feedback):
        """Somebody else's feedback, which is his first, and how a program gets a token for him."""
        budi = self.market.enrol(6)
        shopper = self.market.shopper(budi)
        paid = self.market.bought(shopper, budi)
        self.market.institution_client().redeem(paid.voucher)
        login = budi.phone, asker.password(budi)
        asker.legacy("POST", "/authenticate.json", login=(budi.phone, "salah"))
        told = asker.legacy("POST", "/authenticate.json", login=login).json()
        login = told["user_id"], told["token"]
        asker.legacy("POST", f"/transactions/{paid.order}/feedbacks.json", feedback, login=login)
        back = "http://127.0.0.1:9000/kembali"
        wanted = {"client_id": APP["client_id"], "redirect_uri": back, "response_type": "code", "state": "s1"}
        self.market.send("GET", f"/accounts/oauth/authorize?{urlencode(wanted)}")
        self.market.send("GET", f"/accounts/oauth/authorize?{urlencode(wanted | {'client_id': 'nobody'})}")
        typed = {"username": budi.phone, "password": asker.password(budi), "commit": "allow"}
        self.market.send(
            "POST", f"/accounts/oauth/authorize?{urlencode(wanted)}", None, FORM, urlencode(typed).encode()
        )


def play(market):
    return Bukalapak(market, FACE).played()


def test_the_wire_is_as_it_was_recorded(market):
    check_golden("bukalapak", play(market))
