"""Whole flows over HTTP as people play them, with a marketplace's shopper: from enrolling to the review."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import perf_counter
from typing import Any

import orjson

from prakerja_sim.loadtests.errors import FlowBroken
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
            wires = {
                party: Http(f"{self._base}/{party}") for party in ("__admin", registry.DEFAULT, "institution")
            }
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
        person = _ask(admin, "POST", "/people", count=1, number=number)["people"][0]
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
        self._learn(wires["institution"], course.institution, str(voucher), person)
        shopper.write_review(order, 5, "Materi jelas dan mudah diikuti.")

    def _learn(self, wire: Http, institution: str, voucher: str, person: dict[str, Any]) -> None:
        place = f"/{institution}/vouchers"
        who = {"marketplace": registry.DEFAULT, "email": person["email"], "name": person["name"]}
        opened = _ask(wire, "POST", f"{place}/redeem", voucher_code=voucher, **who)
        _ask(wire, "POST", f"{place}/{voucher}/pre-test", score=40)
        for _ in range(opened["lessons"]):
            _ask(wire, "POST", f"{place}/{voucher}/lessons")
        _ask(wire, "POST", f"{place}/{voucher}/final-test", score=90)


def _code(admin: Transport, phone: str) -> str:
    return str(_ask(admin, "GET", f"/inbox/sms?to={phone}&otp=true")["otp"])


def _ask(to: Transport, method: str, path: str, **body: Any) -> Any:
    """What a party answers to a JSON request that must succeed."""
    raw = orjson.dumps(body) if body else b""
    answer = to.send(method, path, {"Content-Type": "application/json"}, raw)
    if answer.status >= 400:
        raise FlowBroken(f"{method} {path} answers {answer.status}: {answer.body[:200]!r}")
    return answer.json()
