"""Bukalapak in this process, with one course on sale, and somebody who asks by hand."""

from base64 import b64encode
from urllib.parse import urlencode

import orjson
import pytest

from tests.mocks.market import Market

APP = {"client_id": "bukalapak-app", "client_secret": "test_bukalapak_app"}
PASSWORD = "rahasia-"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Asker:
    """Sends what a test makes up, as a good client would send it."""

    def __init__(self, market):
        self.market = market
        self.ani = market.enrol(0)
        self.shopper = market.shopper(self.ani)

    def send(self, method, path, body=None, raw=None, **headers):
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.market.send(method, f"/api{path}", body, {**self.shopper.login, **told}, raw)

    def otp_retry(self, method, path, body, otp):
        return self.send(method, path, body, **{"Bukalapak-OTP-Key": otp, "Bukalapak-OTP-Device-ID": "d"})

    def token(self, raw=b"", headers=None, **query):
        """Ask for a token, with all parameters in the query unless a body is given."""
        where = f"/accounts/oauth/token?{urlencode(query)}"
        return self.market.wire.send("POST", where, headers or {}, raw)

    def password(self, participant):
        return PASSWORD + participant.phone[-4:]

    def by_password(self, participant, **more):
        told = {"grant_type": "password", "username": participant.phone, "scope": "public user"}
        return self.token(**APP, **(told | {"password": self.password(participant)} | more))

    def legacy(self, method, path, body=None, login=None, **headers):
        """Ask v2, with HTTP Basic."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        login = {"Authorization": basic(*login)} if login else {}
        return self.market.send(method, f"/api/v2{path}", body, login | told)

    def ordered(self, **more):
        """A transaction, as the site answers it."""
        told = {"course_id": "barista-101", "tnc_accepted": True} | more
        return self.send("POST", "/prakerja/transactions", told)


def basic(name, secret):
    return "Basic " + b64encode(f"{name}:{secret}".encode()).decode()


def error(answer):
    """Status, code and text of a refusal of v4."""
    told = orjson.loads(answer.body)
    assert set(told) - {"data"} == {"errors", "meta"}, told
    assert told["meta"] == {"http_status": answer.status}
    [one] = told["errors"]
    assert isinstance(one["code"], int)
    return answer.status, one["code"], one["message"]


@pytest.fixture
def market():
    world = Market("bukalapak")
    yield world
    assert world.is_sound(), (world.sandbox.stopped, world.parties.bugs)


@pytest.fixture
def asker(market):
    return Asker(market)
