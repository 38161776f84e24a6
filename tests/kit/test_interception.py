"""Unmodified clients of the real hosts, whose requests come into a sandbox without a port."""

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
import requests

import prakerja_sim
from prakerja_sim.kit.interception import known_hosts
from tests.kit.partner import API, REAL, Shop, signed
from tests.live import Live

BROKEN = {requests: requests.ConnectionError, httpx: httpx.NetworkError}
TOO_LATE = {requests: requests.Timeout, httpx: httpx.TimeoutException}
CLIENTS = pytest.mark.parametrize("client", [requests, httpx], ids=lambda client: client.__name__)


@pytest.fixture(scope="module")
def here() -> Iterator[prakerja_sim.Server]:
    with prakerja_sim.serve() as server:
        yield server


@pytest.fixture(params=["in process", "at a url"])
def server(request: pytest.FixtureRequest, here: prakerja_sim.Server) -> prakerja_sim.Server:
    if request.param == "in process":
        return here
    live: Live = request.getfixturevalue("live")
    return prakerja_sim.connect(live.url)


@pytest.fixture
def box(server: prakerja_sim.Server) -> Iterator[prakerja_sim.Sandbox]:
    with server.lease() as box:
        yield box


@pytest.fixture
def inside(here: prakerja_sim.Server) -> Iterator[prakerja_sim.Sandbox]:
    with here.lease() as box:
        yield box


def shop_of(box, client, **more) -> Shop:
    return Shop(client, REAL, box.env("tokopedia"), **more)


@CLIENTS
def test_a_purchase_at_the_real_address_is_one_in_the_sandbox(box, client):
    buyer, course = box.person(), box.course("x", price=1000)
    with box.intercepted(client.__name__):
        assert shop_of(box, client).buys(box, buyer, course)["success"]
    assert box.payments.by_invoice("INV-1").person == buyer.name
    box.check()


@CLIENTS
def test_a_lost_reply_is_a_broken_connection(box, client):
    buyer, course = box.person(), box.course("x", price=1000)
    shop = shop_of(box, client)
    with box.intercepted(client.__name__), box.faults.reply_lost("payment/authorize") as lost:
        with pytest.raises(BROKEN[client]):
            shop.buys(box, buyer, course)
        assert shop.post("/payment/status", {"invoice_code": "INV-1"})["success"]
    assert len(lost.struck) == 1


@CLIENTS
def test_an_answer_that_hangs_ends_at_the_clients_own_timeout_without_a_wait(inside, client):
    buyer, course = inside.person(), inside.course("x", price=1000)
    shop = shop_of(inside, client, timeout=59)
    began = time.monotonic()
    with (
        inside.intercepted(client.__name__),
        inside.faults.reply_hangs("payment/authorize") as hangs,
        pytest.raises(TOO_LATE[client], match="reply_hangs"),
    ):
        shop.buys(inside, buyer, course)
    assert time.monotonic() - began < 10
    assert [one.lost for one in hangs.struck] == ["reply_hangs"]
    assert buyer.balance == 999_000


@CLIENTS
def test_a_client_without_a_timeout_gets_what_hangs(inside, client):
    shop = shop_of(inside, client, timeout=None)
    with inside.intercepted(client.__name__), inside.faults.reply_hangs("send-otp"):
        assert shop.asks(inside.person(), inside.course("x", price=1000))["success"]


@CLIENTS
def test_every_host_of_a_party_is_known_and_no_other(inside, client):
    assert {"api.prakerja.go.id", "api.bukalapak.com", "b2b.tokopedia.com"} <= known_hosts()
    with inside.intercepted(client.__name__):
        for host in known_hosts():
            assert client.get(f"https://{host}/openapi.json").json()["openapi"].startswith("3.1")
        for url in ("https://example.com/x?y=1", "http://127.0.0.1:9/"):
            with pytest.raises(
                prakerja_sim.Mismatch, match=re.escape(f"GET {url}: the simulator does not answer")
            ):
                client.get(url)
        assert client.get(f"{inside.url}/__admin/clock").status_code == 200


@CLIENTS
def test_afterwards_nothing_is_intercepted(inside, client):
    with inside.intercepted(client.__name__):
        pass
    with pytest.raises(BROKEN[client]):
        client.get("http://127.0.0.1:9/", timeout=5)


@CLIENTS
def test_cookies_redirects_and_forms_work_as_in_a_browser(box, client):
    """A participant verifies himself: he logs in, allows the camera, is scanned, and comes back."""
    siti, course = box.person(), box.course("x", price=1000)
    with box.intercepted(client.__name__):
        paid = shop_of(box, client).buys(box, siti, course)
        assert paid["success"]
        lp = Shop(client, REAL, box.env("lp-kopi"))
        code = box.redeem_codes.of(siti)[0].redeem_code
        asked = {"redeem_code": code, "redirect_uri": "https://lp.example/kembali", "email": siti.email}
        url = lp.post("/oauth/url-generate", asked)["data"]["url"]
        with browser(client) as person:
            assert "Masuk ke akun" in person.get(url).text
            state = url.partition("state=")[2]
            asked = person.post(
                url, data={"do": "login", "email": siti.email, "password": siti.password, "state": state}
            )
            assert "kamera" in asked.text
            assert "Scan wajah" in person.post(url, data={"do": "consent", "state": state}).text
            with pytest.raises(prakerja_sim.Mismatch, match=r"https://lp\.example/kembali\?state="):
                person.post(url, data={"do": "scan", "outcome": "success", "state": state})
        status = lp.post("/payment/redeem-code/status", {"redeem_code": code, "sequence": 1})["data"]
    assert (status["status"], status["attendance_status"]) == (1, 1)


def browser(client):
    return requests.Session() if client is requests else httpx.Client(follow_redirects=True)


def test_bodies_in_pieces_and_answers_as_streams(inside):
    env = inside.env("tokopedia")
    sent = signed(env, "/payment/status", {"invoice_code": "nowhere"})
    with inside.intercepted():
        raw = sent["content"]
        pieces = (raw[at : at + 5] for at in range(0, len(raw), 5))
        answer = requests.post(
            REAL + API + "/payment/status", data=pieces, headers=sent["headers"], stream=True, timeout=5
        )
        assert b"ERRPLT40099" in b"".join(answer.iter_content(7))
    with (
        inside.intercepted("httpx"),
        httpx.stream(
            "POST", REAL + API + "/payment/status", content=iter([raw[:5], raw[5:]]), headers=sent["headers"]
        ) as streamed,
    ):
        assert b"ERRPLT40099" in b"".join(streamed.iter_bytes(7))


def test_an_asynchronous_client_is_intercepted_too(inside):
    sent = signed(inside.env("tokopedia"), "/payment/status", {"invoice_code": "nowhere"})

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.post(REAL + API + "/payment/status", **sent)

    with inside.intercepted("httpx"):
        assert asyncio.run(ask()).json()["code"] == "ERRPLT40099"


def test_a_client_that_is_not_known_is_refused(inside):
    with pytest.raises(ValueError, match="'aiohttp' cannot be intercepted; write one of requests, httpx"):
        inside.intercepted("aiohttp").__enter__()


@pytest.mark.parametrize(("client", "needed"), [("requests", "responses"), ("httpx", "respx")])
def test_a_library_that_is_missing_is_named(client, needed):
    program = f"""
import sys
sys.modules[{needed!r}] = None
import prakerja_sim
with prakerja_sim.serve() as server, server.lease() as box:
    try:
        box.intercepted({client!r}).__enter__()
    except prakerja_sim.SimulatorError as problem:
        print(problem)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == (
        f"to intercept {client} takes {needed}, which is not installed; "
        f"install it with: pip install 'prakerja-sim[{needed}]'\n"
    )
