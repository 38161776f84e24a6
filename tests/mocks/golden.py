"""The frame of the golden pairs: every endpoint of a marketplace is used, and what passes is compared.

A marketplace's own part says what it has besides.  Record anew with UPDATE_GOLDEN=1, and read what changed
before committing it.
"""

import os
import re
from pathlib import Path

import orjson
import pytest

from prakerja_sim import mocks
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.values.clock import DAY, SECOND
from tests.mocks.market import COURSE, refused

HOME = Path(mocks.__file__).parent


class Recorder:
    """A wire that remembers the first exchange with each outcome at each of a face's endpoints."""

    def __init__(self, wire, face):
        self._wire = wire
        self._routes = face.app.url_map.bind("")
        self.kept = {}

    def send(self, method, path, headers=None, body=b""):
        answer = self._wire.send(method, path, headers, body)
        request = {
            "method": method,
            "path": path,
            "headers": self.shown(headers),
            "body": self.readable(body),
        }
        told = {
            "request": request,
            "response": {
                "status": answer.status,
                "content_type": answer.headers["Content-Type"],
                "body": self.said(answer.body.decode()),
            },
        }
        name = self.name(method, path.partition("?")[0]) + self.outcome(path, answer)
        self.kept.setdefault(name, orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")
        return answer

    def name(self, method, path):
        """What an exchange is kept under, before its outcome."""
        rule, _ = self._routes.match(path, method, return_rule=True)
        return method + re.sub(r"<(?:\w+:)?(\w+)>", r"\1", rule.rule).replace("/", "-")

    def outcome(self, path, answer):
        """What came of an exchange: nothing is said where all is well."""
        if answer.status >= 400 or b'"status":"ERROR"' in answer.body:
            return "_refused"
        return "_pending" if answer.status == 202 else ""

    def said(self, body):
        """An answer's body as it is kept."""
        return body

    def shown(self, headers):
        """Request headers as they are kept."""
        return headers or {}

    def readable(self, body):
        """A request's body as it is kept."""
        return body.decode()


def check_golden(code, played, within="golden"):
    """Compare what passed the wire with what is kept; with UPDATE_GOLDEN=1 keep it anew."""
    folder = HOME / code / within
    if os.environ.get("UPDATE_GOLDEN") == "1":
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.json"):
            old.unlink()
        for name, told in played.items():
            (folder / f"{name}.json").write_bytes(told)
    kept = {path.stem: path.read_bytes() for path in folder.glob("*.json")}
    assert sorted(kept) == sorted(played)
    for name, told in sorted(played.items()):
        assert told.decode() == kept[name].decode(), name


class Play:
    """A buyer's way through a marketplace, and the ways in which the important steps say no."""

    promos = ("GRATIS", "BELAJAR50")
    """A promo code that is refused, and one that is taken, if the site has any."""
    early_resend = True
    """Whether the refused wish for another OTP comes before the card, or too soon after it."""
    unknown_voucher = ""
    """With what a report about a voucher that is none is tried, if it is."""
    buyer_may_ask = True
    """Whether a buyer may ask for the money back."""
    problem = "Kode tidak bisa dipakai"
    patience = 3 * DAY

    def __init__(self, market, face):
        self.market = market
        self.ani, self.budi, self.citra = (market.enrol(number) for number in range(3))
        self.prepare()
        self.wire = market.wire = Recorder(market.wire, face)
        self.shopper = market.somebody()
        self.order = ""

    def played(self):
        """Play it; answers what passed the wire."""
        self.look_around()
        self.pay()
        self.afterwards()
        self.recover()
        self.end()
        return self.wire.kept

    # What a site adds

    def prepare(self):
        """Before anything is recorded."""

    def logged_in(self):
        """What is asked by hand once the buyer is logged in."""

    def found(self):
        """After the search."""

    def promo_tried(self):
        """Before the order is placed."""

    def ordered(self):
        """Once the order is placed: nothing is left that could be ordered."""
        refused(self.shopper.check_out)

    def paid(self):
        """Once the order is paid."""

    def reported(self):
        """Once the institution reported the completion."""

    def complained(self):
        """Once a ticket is open."""

    def end(self):
        """At last: somebody else asks for the money back."""
        second = self.market.shopper(self.budi)
        bought = self.market.bought(second, self.budi).order
        if self.buyer_may_ask:
            second.complain(bought, "Salah beli")
        else:
            refused(second.complain, bought, "Salah beli")

    # What all have

    def look_around(self):
        shopper, ani, market = self.shopper, self.ani, self.market
        shopper.sign_up(ani.name, ani.phone, ani.email)
        refused(shopper.enter_phone_code, market.wrong_otp(ani))
        shopper.enter_phone_code(market.otp(ani))
        self.logged_in()
        shopper.search("kartu prakerja")
        self.found()
        shopper.categories()
        shopper.institutions("kopi")
        shopper.look(COURSE)
        refused(shopper.look, "tidak-ada")

    def pay(self):
        shopper, ani, market = self.shopper, self.ani, self.market
        shopper.add_to_cart(COURSE)
        wrong, *right = self.promos
        refused(shopper.enter_promo, wrong)
        for code in right:
            shopper.enter_promo(code)
        self.promo_tried()
        self.order = order = shopper.check_out()
        self.ordered()
        shopper.payment_methods(order)
        if self.early_resend:
            refused(shopper.resend_otp, order)
        refused(shopper.enter_card, order, "1234")
        shopper.enter_card(order, ani.card)
        if not self.early_resend:
            refused(shopper.resend_otp, order)
        market.after(60 * SECOND)
        shopper.resend_otp(order)
        refused(shopper.enter_otp, order, market.wrong_otp(ani))
        market.sandbox.arm("reply_lost", "payment/authorize")
        shopper.enter_otp(order, market.otp(ani))
        shopper.enter_otp(order, market.otp(ani))
        refused(shopper.payment_methods, order)
        self.paid()

    def afterwards(self):
        shopper, order, market = self.shopper, self.order, self.market
        shopper.history()
        voucher = shopper.order(order).voucher
        refused(shopper.order, "0")
        refused(shopper.resend_mail, order)
        market.after(60 * SECOND)
        shopper.resend_mail(order)
        refused(shopper.write_review, order, 5, "Bagus")
        self.redeem(voucher)
        self.reported()
        shopper.write_review(order, 5, "Bagus")
        shopper.reviews(COURSE)
        if self.buyer_may_ask:
            refused(shopper.complain, order, "Salah beli")
        ticket = shopper.complain(order, self.problem, "voucher")
        self.complained()
        refused(shopper.complain_again, ticket, "Masih tidak bisa")
        market.after(self.patience)
        shopper.complain_again(ticket, "Masih tidak bisa")
        shopper.tickets(order)

    def redeem(self, voucher):
        client = self.market.institution_client()
        assert client.check(voucher) == COURSE
        assert client.redeem(voucher) == COURSE
        for ask in (client.check, client.redeem):
            with pytest.raises(VoucherRefused) as said:
                ask(voucher)
            assert said.value.course == COURSE
        client.report(voucher, name=self.ani.name, score=80)
        if self.unknown_voucher:
            with pytest.raises(VoucherRefused):
                client.report(self.unknown_voucher, name=self.ani.name, score=80)

    def recover(self):
        shopper, ani = self.shopper, self.ani
        refused(shopper.recover, ani.phone, "tidak.ada@example.com")
        shopper.recover(ani.phone, ani.email)
        refused(shopper.enter_recovery_code, "000000", "kata-sandi-baru")
        code = self.market.mails(ani)[-1].text.partition("verifikasi: ")[2][:6]
        shopper.enter_recovery_code(code, "kata-sandi-baru")
