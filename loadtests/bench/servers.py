"""What is measured over HTTP: the simulator and an empty Flask endpoint, on the same servers.

Both have the same number of threads and the same settings, so that their ratio says what the
simulator itself costs.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

from prakerja_sim.loadtests import cores, served
from prakerja_sim.loadtests.bench.buying import OTP, Shop
from prakerja_sim.loadtests.bench.client import Client, Flow
from prakerja_sim.loadtests.errors import NotServed, RequestFailed
from prakerja_sim.mocks.server.serve import THREADS, free_port
from prakerja_sim.mocks.shop.registry import DEFAULT

HOST = "127.0.0.1"
COURSE, PRICE = "bench-course", 650_000
SIGN_KEY = "bench-sign-key"
ENROL_AT_ONCE, ENROLLERS = 250, 16
"""So many people in one request, and so many requests at once."""
READY_WITHIN_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Server:
    """A server under measurement: its address and the process group that it runs as."""

    kind: str
    port: int
    group: int
    pinned: bool
    """Whether it has one core and its client another; else both go where the system puts them."""

    @property
    def address(self) -> tuple[str, int]:
        """Where to connect."""
        return HOST, self.port

    @property
    def url(self) -> str:
        """The same as a URL."""
        return f"http://{HOST}:{self.port}"


@contextmanager
def simulated(kind: str, store: str, *more: str, pinned: bool, durability: str = "full") -> Iterator[Server]:
    """The simulator on that server; without courses and people of its own."""
    options = ["--server", kind, "--store", store, "--durability", durability, "--fixed-otp", OTP, "--empty"]
    options.append("--exit-with-parent")  # a run that is killed leaves no server
    with served.simulator(*options, *more, core=_core(pinned)) as (url, pid):
        yield Server(kind, int(url.rpartition(":")[2]), pid, pinned)


@contextmanager
def yardstick(kind: str, app: str, *, pinned: bool) -> Iterator[Server]:
    """An application of `bench.empty` on that server, set as the simulator sets it."""
    port = free_port(HOST)
    command = [*served.PYTHON, "-m", *_command(kind, port, app)]
    with served.started(command, core=_core(pinned)) as (process, log):
        server = Server(kind, port, process.pid, pinned)
        ask = b"POST /empty HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
        if not until_answered(server.address, ask, READY_WITHIN_SECONDS):
            raise NotServed(f"the empty endpoint did not start: {served.last_words(log)}")
        yield server


def until_answered(address: tuple[str, int], request: bytes, seconds: float) -> bool:
    """Ask until there is an answer that is no error, for so long; whether there was one."""
    pause = threading.Event()
    for _ in range(int(seconds * 20)):
        with suppress(OSError, RequestFailed), closing(Client(address, [_once(request)])) as client:
            if client.run(0).count:
                return True
        pause.wait(0.05)
    return False


def _once(request: bytes) -> Flow:
    """A flow of one request."""
    yield request


def opened(server: Server, sandbox: str, *, price: int = PRICE, **settings: object) -> Shop:
    """A fresh sandbox with one course and a marketplace that sells it."""
    lease = {"name": sandbox, "settings": {"fixed_otp": OTP, **settings}}
    served.Admin(server.url).do("/sandboxes", lease)
    client = f"{sandbox}-client"
    credential = {"client_code": client, "sign_key": SIGN_KEY, "party": DEFAULT}
    served.Admin(server.url, sandbox).do("/clients", credential)
    schedule = offered(server, sandbox, COURSE, price, new=True)
    return Shop(f"{HOST}:{server.port}", f"/s/{sandbox}", client, SIGN_KEY, COURSE, schedule, price)


def offered(server: Server, sandbox: str, code: str, price: int, *, new: bool = False) -> str:
    """The schedule of one more course in a sandbox; `new` if its institution is new there, too."""
    course = {"code": code, "title": code, "category": "Keuangan", "institution": "lp-kopi"}
    made = served.Admin(server.url, sandbox).do("/courses", course | {"price": price, "new": new})
    return str(made["schedule_code"])


def enrolled(server: Server, sandbox: str, count: int) -> list[str]:
    """The cards of so many new people, all of whom may buy."""

    def some(number: int) -> list[str]:
        body = {"count": min(ENROL_AT_ONCE, count - number + 1), "number": number, "wallet": False}
        people = served.Admin(server.url, sandbox).do("/people", body)["people"]
        return [person["prakerja_id"] for person in people]

    # Several at once, so that one commit serves many.
    with ThreadPoolExecutor(ENROLLERS) as pool:
        return [card for cards in pool.map(some, range(1, count + 1, ENROL_AT_ONCE)) for card in cards]


def _core(pinned: bool) -> int | None:
    return cores.SERVER if pinned else None


def _command(kind: str, port: int, app: str) -> list[str]:
    app, threads = f"prakerja_sim.loadtests.bench.empty:{app}", str(THREADS)
    if kind == "granian":
        return [
            *("granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "1"),
            *("--blocking-threads", threads, "--no-ws", "--log-level", "error", "--backpressure", "256", app),
        ]
    return [
        *("gunicorn", "--bind", f"{HOST}:{port}", "--workers", "1", "--worker-class", "gthread"),
        *("--threads", threads, "--header-map", "dangerous", "--keep-alive", "30", "--timeout", "0"),
        *("--log-level", "error", "--no-control-socket", app),
    ]
