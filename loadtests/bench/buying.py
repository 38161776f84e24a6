"""What the measured clients ask: signed purchases, or the same bytes to an empty endpoint.

Each request is signed when it is sent, as a real marketplace does.
"""

import hmac
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import orjson

from prakerja_sim.loadtests.bench.client import Flow
from prakerja_sim.loadtests.errors import RequestFailed
from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.simulator.values.clock import unix_seconds

API = "/api/v1/integration/payment"
OTP = "123456"


@dataclass(frozen=True, slots=True)
class Shop:
    """A marketplace's connection and the one course that it sells."""

    host: str
    base: str
    """What stands before the API's path in the URL; it is not signed."""
    client_code: str
    sign_key: str
    course: str
    schedule: str
    price: int

    def request(self, path: str, body: bytes, authorization: str = "", *, to: str = "") -> bytes:
        """One signed request as bytes; `to` sends it elsewhere."""
        timestamp = unix_seconds(wall())
        signed = f"{self.client_code}{timestamp}POST{path}{authorization}".encode() + body
        signature = hmac.digest(self.sign_key.encode(), signed, "sha1").hex()
        scheme = f"Authorization: {authorization}\r\n" if authorization else ""
        return (
            f"POST {to or self.base + path} HTTP/1.1\r\nHost: {self.host}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"client_code: {self.client_code}\r\ntimestamp: {timestamp}\r\nsignature: {signature}\r\n"
            f"{scheme}\r\n"
        ).encode() + body

    def send_otp(self, card: str, *, to: str = "") -> bytes:
        """Ask for an OTP."""
        body = (
            f'{{"prakerja_id":"{card}","user_platform_id":"u{card}","course_code":"{self.course}",'
            f'"schedule_code":"{self.schedule}","amount":{self.price}}}'
        )
        return self.request(f"{API}/send-otp", body.encode(), to=to)

    def authorize(self, card: str, token: str, *, to: str = "", invoice: str = "") -> bytes:
        """Pay; `invoice` tells several invoices of one card apart."""
        number = f"INV/{card}{invoice}"
        body = f'{{"otp":"{OTP}","invoice_url":"https://shop.example/{card}","invoice_code":"{number}"}}'
        return self.request(f"{API}/authorize", body.encode(), f"Payment {token}", to=to)


def purchases(shop: Shop, cards: Iterator[str], paid: list[str], invoice: str = "") -> Flow:
    """Buy with one card after the other; `paid` gets the cards that paid."""
    for card in cards:
        sent = _data((yield shop.send_otp(card)))
        payment = _data((yield shop.authorize(card, sent["payment_token"], invoice=invoice)))
        if payment.get("status") != "SUCCESS":
            raise RequestFailed(f"authorize answers {payment}")
        paid.append(card)


def enrolments(host: str, base: str, numbers: Iterator[int]) -> Generator[bytes, bytes, list[str]]:
    """Enrol one person after the other by the admin API; their cards."""
    cards = []
    for number in numbers:
        body = f'{{"count":1,"number":{number},"wallet":false}}'.encode()
        answer = (
            yield (
                f"POST {base}/__admin/people HTTP/1.1\r\nHost: {host}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            ).encode()
            + body
        )
        cards.append(orjson.loads(answer)["people"][0]["prakerja_id"])
    return cards


def again(request: bytes) -> Flow:
    """The same question for ever."""
    while True:
        yield request


def newcomers(shop: Shop, numbers: Iterator[int], paid: list[str]) -> Flow:
    """Enrol and buy, one person after the other."""
    for number in numbers:
        cards = yield from enrolments(shop.host, shop.base, iter([number]))
        yield from purchases(shop, iter(cards), paid)


def questions(shop: Shop, number: int) -> Flow:
    """Ask so many times how many seats are left: it is answered and changes nothing."""
    body = f'{{"course_code":"{shop.course}","schedule_code":"{shop.schedule}"}}'.encode()
    for _ in range(number):
        yield shop.request(f"{API}/quota-schedule", body)


def empty_requests(shop: Shop) -> Flow:
    """The same bytes for ever, to an endpoint that does nothing."""
    card, token = "9900000000000000", "0" * 32
    while True:
        yield shop.send_otp(card, to="/empty")
        yield shop.authorize(card, token, to="/empty")


def _data(body: bytes) -> dict[str, str]:
    answer = orjson.loads(body)
    if answer.get("success") is not True:
        raise RequestFailed(f"refused: {body[:300].decode()}")
    data: dict[str, str] = answer["data"]
    return data
