"""Many sandboxes at one server, leased with content, used and dropped by sixteen clients at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import pytest

import prakerja_sim
from prakerja_sim.kit.wires import Asked, OverHttp
from tests.kit.partner import API, signed
from tests.live import serving

CLIENTS = 16
FULL = 1000
COURSE = {"code": "x", "title": "X", "category": "Keuangan", "institution": "lp-kopi", "price": 650_000}


def bought(server: prakerja_sim.Server, wire: OverHttp) -> tuple[float, float]:
    """One sandbox from lease to drop: seconds until the lease, and until the first answer after it."""
    began = time.perf_counter()
    with server.lease(people=[{}, {}], courses=[COURSE]) as box:
        leased = time.perf_counter() - began
        (siti, _), (course,) = box.people, box.courses

        def post(path, body, token=""):
            sent = signed(env, path, body, token)
            answer = wire.send(
                Asked("POST", f"/s/{box.name}{API}{path}", tuple(sent["headers"].items()), sent["content"])
            )
            assert answer.status == 200, answer.body
            return answer.body.decode()

        env = box.env("tokopedia")
        order = {"prakerja_id": siti.card, "user_platform_id": "b", "course_code": "x", "amount": 650_000}
        token = post("/payment/send-otp", {**order, "schedule_code": course.schedule_code})
        first = time.perf_counter() - began
        token = token.partition('"payment_token":"')[2][:32]
        paid = {"otp": box.sms.otp(siti), "invoice_code": "INV-1", "invoice_url": "https://shop.example/1"}
        post("/payment/authorize", paid, token)
        assert siti.balance == 350_000
    return leased, first


def test_sandboxes_are_leased_used_and_dropped_without_an_error(request: pytest.FixtureRequest) -> None:
    number = request.config.getoption("--sandboxes")
    with serving("--store", "memory", "--quiet") as live:
        server, wire = prakerja_sim.connect(live.url), OverHttp(live.url)
        bought(server, wire)
        alone = [bought(server, wire) for _ in range(20)]
        began = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as clients:
            done = list(clients.map(lambda _: bought(server, wire), range(number)))
        took = time.perf_counter() - began
        assert server.sandboxes() == ["default"]
    assert len(done) == number
    for what, times in (("one client", alone), (f"{CLIENTS} clients", done)):
        leased, first = (median(column) * 1000 for column in zip(*times, strict=True))
        print(f"{what}: leased in {leased:.1f} ms, first request answered after {first:.1f} ms (medians)")
    print(f"{number} sandboxes in {took:.1f} s, no error")
    if number >= FULL:
        assert median(first for _, first in alone) < 0.05
