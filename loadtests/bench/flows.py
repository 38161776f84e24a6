"""Whole flows over HTTP as people play them, with a marketplace's shopper: from enrolling to the review."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from threading import Lock
from time import perf_counter

from prakerja_sim.loadtests.errors import FlowBroken
from prakerja_sim.loadtests.learning import ask, learn
from prakerja_sim.mocks.http.transport import Answer, Transport
from prakerja_sim.mocks.shop import registry

AT_ONCE = 8
PATIENCE_SECONDS = 60


class Wire:
    """A kept connection to one party; a client with cookies and redirects would cost more than the server."""

    def __init__(self, connection: HTTPConnection, base: str) -> None:
        self._connection, self._base = connection, base

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send and wait for the answer."""
        self._connection.request(method, self._base + path, body, dict(headers or {}))
        answer = self._connection.getresponse()
        return Answer(answer.status, dict(answer.headers), answer.read())


class Flows:
    """People of one sandbox who buy one course, each of them somebody new."""

    def __init__(self, address: tuple[str, int], sandbox: str, course: str, numbers: Iterator[int]) -> None:
        self._address, self._base, self._course = address, f"/s/{sandbox}", course
        self._numbers, self._lock = numbers, Lock()

    def rate(self, seconds: float) -> float:
        """How many flows a second, of several people at once for so long."""
        began = perf_counter()

        def some() -> int:
            done = 0
            with closing(HTTPConnection(*self._address, timeout=PATIENCE_SECONDS)) as connection:
                while perf_counter() - began < seconds:
                    with self._lock:
                        number = next(self._numbers)
                    self._play(connection, number)
                    done += 1
            return done

        with ThreadPoolExecutor(AT_ONCE) as pool:
            done = sum(one.result() for one in [pool.submit(some) for _ in range(AT_ONCE)])
        return done / (perf_counter() - began)

    def _play(self, connection: HTTPConnection, number: int) -> None:
        admin = Wire(connection, f"{self._base}/__admin")
        person = ask(admin, "POST", "/people", count=1, number=number)["people"][0]
        shopper = registry.shopper(registry.DEFAULT, Wire(connection, f"{self._base}/{registry.DEFAULT}"))
        shopper.sign_up(person["name"], person["phone"], person["email"])
        shopper.enter_phone_code(_code(admin, person["phone"]))
        course = shopper.look(self._course)
        shopper.add_to_cart(self._course)
        order = shopper.check_out()
        shopper.enter_card(order, person["prakerja_id"])
        if shopper.enter_otp(order, _code(admin, person["phone"])) != "paid":
            raise FlowBroken("the payment is pending")
        voucher = shopper.history()[0].voucher
        site = Wire(connection, f"{self._base}/institution/{course.institution}/vouchers")
        learn(site, registry.DEFAULT, str(voucher), person)
        shopper.write_review(order, 5, "Materi jelas dan mudah diikuti.")


def _code(admin: Transport, phone: str) -> str:
    return str(ask(admin, "GET", f"/inbox/sms?to={phone}&otp=true")["otp"])
