"""Whole flows over HTTP as people play them, with a marketplace's shopper: from enrolling to the review."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import perf_counter

from prakerja_sim.loadtests.errors import FlowBroken
from prakerja_sim.loadtests.learning import ask, learn
from prakerja_sim.mocks.http.transport import Http, Transport
from prakerja_sim.mocks.shop import registry

AT_ONCE = 8


class Flows:
    """People of one sandbox who buy one course, each of them somebody new."""

    def __init__(self, url: str, sandbox: str, course: str, numbers: Iterator[int]) -> None:
        self._base, self._course = f"{url}/s/{sandbox}", course
        self._numbers, self._lock = numbers, Lock()

    def rate(self, seconds: float) -> float:
        """How many flows a second, of several people at once for so long."""
        began = perf_counter()

        def some() -> int:
            wires = {place: Http(f"{self._base}/{place}") for place in ("__admin", registry.DEFAULT)}
            done = 0
            while perf_counter() - began < seconds:
                with self._lock:
                    number = next(self._numbers)
                self._play(wires, number)
                done += 1
            return done

        with ThreadPoolExecutor(AT_ONCE) as pool:
            done = sum(one.result() for one in [pool.submit(some) for _ in range(AT_ONCE)])
        return done / (perf_counter() - began)

    def _play(self, wires: dict[str, Http], number: int) -> None:
        admin = wires["__admin"]
        person = ask(admin, "POST", "/people", count=1, number=number)["people"][0]
        shopper = registry.shopper(registry.DEFAULT, wires[registry.DEFAULT])
        shopper.sign_up(person["name"], person["phone"], person["email"])
        shopper.enter_phone_code(_code(admin, person["phone"]))
        course = shopper.look(self._course)
        shopper.add_to_cart(self._course)
        order = shopper.check_out()
        shopper.enter_card(order, person["prakerja_id"])
        if shopper.enter_otp(order, _code(admin, person["phone"])) != "paid":
            raise FlowBroken("the payment is pending")
        voucher = shopper.history()[0].voucher
        site = f"institution/{course.institution}/vouchers"
        if site not in wires:
            wires[site] = Http(f"{self._base}/{site}")
        learn(wires[site], registry.DEFAULT, str(voucher), person)
        shopper.write_review(order, 5, "Materi jelas dan mudah diikuti.")


def _code(admin: Transport, phone: str) -> str:
    return str(ask(admin, "GET", f"/inbox/sms?to={phone}&otp=true")["otp"])
