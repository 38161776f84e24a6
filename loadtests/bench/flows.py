"""Whole flows over HTTP as people play them, with a marketplace's shopper: from enrolling to the review."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from threading import Lock
from time import perf_counter_ns
from typing import Any

from prakerja_sim.loadtests.bench.client import Tally
from prakerja_sim.loadtests.errors import FlowBroken
from prakerja_sim.loadtests.learning import ask, learn
from prakerja_sim.mocks.http.transport import Answer, Transport
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Shopper

AT_ONCE = 8
PATIENCE_SECONDS = 60
Connect = Callable[[str], Transport]


class Wire:
    """A kept connection to one party; a client with cookies and redirects would cost more than the server."""

    def __init__(self, connection: HTTPConnection, base: str) -> None:
        self._connection, self._base = connection, base
        self.last = b""
        """The request that was sent last, as bytes."""

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send and wait for the answer."""
        fields = dict(headers or {})
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        head = f"{method} {self._base}{path} HTTP/1.1\r\nHost: {self._connection.host}\r\n{lines}"
        self.last = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        self._connection.request(method, self._base + path, body, fields)
        answer = self._connection.getresponse()
        return Answer(answer.status, dict(answer.headers), answer.read())


class Flows:
    """People of one sandbox who buy one course, each of them somebody new."""

    def __init__(self, address: tuple[str, int], sandbox: str, course: str, numbers: Iterator[int]) -> None:
        self._address, self._base, self._course = address, f"/s/{sandbox}", course
        self._numbers, self._lock = numbers, Lock()

    def run(self, seconds: float) -> Tally:
        """What flows of several people at once come to in so long; a latency is that of a whole flow."""
        began = perf_counter_ns()

        def some() -> list[int]:
            took = []
            with closing(HTTPConnection(*self._address, timeout=PATIENCE_SECONDS)) as connection:
                while (started := perf_counter_ns()) - began < seconds * 1e9:
                    self._play(connection)
                    took.append(perf_counter_ns() - started)
            return took

        with ThreadPoolExecutor(AT_ONCE) as pool:
            took = [ns for one in [pool.submit(some) for _ in range(AT_ONCE)] for ns in one.result()]
        return Tally(took, perf_counter_ns() - began)

    def history(self) -> bytes:
        """The request with which somebody who has bought reads his orders, as it went over the wire."""
        with closing(HTTPConnection(*self._address, timeout=PATIENCE_SECONDS)) as connection:
            wires: list[Wire] = []

            def to(mount: str) -> Wire:
                wires.append(Wire(connection, self._base + mount))
                return wires[-1]  # in the end the shop's, which is connected to last

            shopper, *_ = bought(to, self._number(), self._course)
            shopper.history()
            return wires[-1].last

    def _play(self, connection: HTTPConnection) -> None:
        play(lambda mount: Wire(connection, self._base + mount), self._number(), self._course)

    def _number(self) -> int:
        with self._lock:
            return next(self._numbers)


def play(to: Connect, number: int, course: str) -> None:
    """One whole flow of the person with that number; `to` connects to a mount of the sandbox."""
    shopper, order, institution, person = bought(to, number, course)
    voucher = shopper.history()[0].voucher
    learn(to(f"/institution/{institution}/vouchers"), registry.DEFAULT, str(voucher), person)
    shopper.write_review(order, 5, "Materi jelas dan mudah diikuti.")


def bought(to: Connect, number: int, course: str) -> tuple[Shopper, str, str, dict[str, Any]]:
    """The flow as far as the purchase: the shopper, the order, the institution and the person."""
    admin = to("/__admin")
    person = ask(admin, "POST", "/people", count=1, number=number)["people"][0]
    shopper = registry.shopper(registry.DEFAULT, to(f"/{registry.DEFAULT}"))
    shopper.sign_up(person["name"], person["phone"], person["email"])
    shopper.enter_phone_code(_code(admin, person["phone"]))
    institution = shopper.look(course).institution
    shopper.add_to_cart(course)
    order = shopper.check_out()
    shopper.enter_card(order, person["prakerja_id"])
    if shopper.enter_otp(order, _code(admin, person["phone"])) != "paid":
        raise FlowBroken("the payment is pending")
    return shopper, order, institution, person


def _code(admin: Transport, phone: str) -> str:
    return str(ask(admin, "GET", f"/inbox/sms?to={phone}&otp=true")["otp"])
