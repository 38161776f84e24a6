"""The measured cases; each begins with a fresh world and ends with its books.

A run whose requests failed or whose books do not agree is no figure: it raises.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from prakerja_sim.loadtests import cores
from prakerja_sim.loadtests.bench import buying, servers
from prakerja_sim.loadtests.bench.client import Client, Flow, Tally
from prakerja_sim.loadtests.bench.flows import Flows
from prakerja_sim.loadtests.bench.servers import COURSE, PRICE, Server
from prakerja_sim.loadtests.bench.table import Run
from prakerja_sim.loadtests.errors import BooksDisagree, RequestFailed
from prakerja_sim.loadtests.served import Admin
from prakerja_sim.mocks.admin import seed
from prakerja_sim.mocks.server import serve
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient
from prakerja_sim.mocks.shop.registry import DEFAULT
from prakerja_sim.simulator import sandbox
from prakerja_sim.simulator.programme import catalogue, enrolment, payment, people
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.ids import CardNumber, ScheduleCode
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import changed
from prakerja_sim.simulator.world.store import Unit

SHOP = DEFAULT
IN_PROCESS_BUYERS = 1_000
CORE_BUYERS = 5_000
WARM_UP_SECONDS = 0.4
SECOND_PRICE = 300_000
"""What each of two courses costs, so that the balance covers both."""
PATIENCE_SECONDS = 3600.0


def payments(server: Server, name: str, *, people: int, seconds: float, connections: int) -> Run:
    """Purchases over HTTP, send-otp and authorize in turn."""
    shop = servers.opened(server, name)
    cards = iter(servers.enrolled(server, name, people))
    paid: list[str] = []
    run = asked(server, [buying.purchases(shop, cards, paid) for _ in range(connections)], seconds)
    check_served(server, name, paid)
    return run


def empty(server: Server, *, seconds: float, connections: int) -> Run:
    """The same bytes to an endpoint that does nothing."""
    shop = buying.Shop(
        f"{server.address[0]}:{server.port}", "", "bench-client", "key", COURSE, "s" * 16, PRICE
    )
    return asked(server, [buying.empty_requests(shop) for _ in range(connections)], seconds)


def enrolments(server: Server, name: str, *, seconds: float, connections: int) -> Run:
    """People enrolled one by one, each in a request of its own."""
    shop = servers.opened(server, name)
    numbers = count(1)
    flows = [buying.enrolments(shop.host, shop.base, numbers) for _ in range(connections)]
    return asked(server, flows, seconds)


def second_purchases(server: Server, name: str, *, people: int, seconds: float, connections: int) -> Run:
    """Purchases of people who have a course already; they may buy another before they have finished it."""
    shop = servers.opened(server, name, price=SECOND_PRICE, buy_ahead=True)
    other = "second-course"
    then = replace(shop, course=other, schedule=servers.offered(server, name, other, SECOND_PRICE))
    cards = servers.enrolled(server, name, people)
    first: list[str] = []
    waiting = iter(cards)
    all_of(server, [buying.purchases(shop, waiting, first) for _ in range(connections)])
    second: list[str] = []
    buyers = iter(first)
    run = asked(server, [buying.purchases(then, buyers, second, "/2") for _ in range(connections)], seconds)
    check_served(server, name, first + second)
    return run


def history(server: Server, name: str, *, seconds: float, connections: int) -> Run:
    """Buyers who look at their orders again and again."""
    shop = servers.opened(server, name)
    people = Flows(server.address, name, shop.course, count(1))
    return asked(server, [buying.again(people.history()) for _ in range(connections)], seconds)


def flows(server: Server, name: str, *, seconds: float, among: int = 0) -> Run:
    """Whole flows of several people at once, from enrolling to the review; the rate is that of flows.

    `among` so many people who are enrolled before.
    """
    shop = servers.opened(server, name)
    servers.enrolled(server, name, among)
    people = Flows(server.address, name, shop.course, count(among + 1))
    with cores.pinned(cores.CLIENT if server.pinned else None):
        people.run(WARM_UP_SECONDS)
        return watched(server, lambda: people.run(seconds))


def in_process(store: str) -> Run:
    """Signed purchases through the whole application without a socket; the client's work included."""
    with TemporaryDirectory() as folder:
        spec = store if store == "memory" else f"lmdb:{Path(folder) / 'bench.db'}"
        parties = serve.build(Options(store=spec, empty=True, fixed_otp=buying.OTP))
        world = parties.sandboxes.get("default")
        assert world is not None
        cards, schedule = furnished(world, IN_PROCESS_BUYERS)
        client = PrakerjaClient.of(parties, world, SHOP)
        with frozen_garbage():
            watch = _Watch()
            for card in cards:
                buy(client, card, schedule)
            run = watch.stopped(2 * len(cards))
        _check_world(world, len(cards))
        parties.sandboxes.store.close()
    return run


def core() -> Run:
    """The deciding core alone over the memory store, with the journal on."""
    world = sandbox.create(Memory(), "bench", 42, seed.START, changed({"fixed_otp": buying.OTP}))
    cards, schedule = furnished(world, CORE_BUYERS)
    with frozen_garbage():
        watch = _Watch()
        for card in cards:
            token = world.do(
                payment.send_otp,
                marketplace=SHOP,
                card=card,
                user=card,
                course=COURSE,
                schedule=schedule,
                amount=PRICE,
            )
            world.do(
                payment.authorize,
                marketplace=SHOP,
                token=token,
                otp=buying.OTP,
                invoice=f"INV/{card}",
                invoice_url="https://shop.example/",
            )
        run = watch.stopped(2 * len(cards))
    _check_world(world, len(cards))
    return run


def buy(client: PrakerjaClient, card: str, schedule: str) -> None:
    """One purchase by a partner's client."""
    token = client.send_otp(card=card, user=f"u{card}", course=COURSE, schedule=schedule, amount=PRICE)
    invoice = f"INV/{card}"
    client.authorize(token=token, otp=buying.OTP, invoice_code=invoice, invoice_url="https://shop.example/")


def furnished(world: Sandbox, count: int) -> tuple[list[CardNumber], ScheduleCode]:
    """A course in a sandbox and so many people who may buy it: their cards, its schedule."""
    schedule = world.do(
        catalogue.list_course,
        code=COURSE,
        title="Course",
        category="Bench",
        institution="lp",
        price=Rupiah(PRICE),
    )
    cards = []
    for person in islice(_people(world), count):
        cards.append(seed.enrol(world, person, seed.WAVE).card)
        world.do(enrolment.watch_videos, card=cards[-1])
    return cards, schedule.code


@contextmanager
def frozen_garbage() -> Iterator[None]:
    """Keeps the garbage collector from scanning again what the setting up left; it still collects."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class _Watch:
    """Wall and CPU time of this process from its making on."""

    def __init__(self) -> None:
        self._cpu = cores.seconds_of_this_process()
        self._machine = cores.seconds_of_machine()
        self._started = perf_counter()

    def stopped(self, requests: int) -> Run:
        """What so many requests took."""
        elapsed = perf_counter() - self._started
        cpu = cores.seconds_of_this_process() - self._cpu
        machine = cores.seconds_of_machine() - self._machine
        foreign = max(machine - cpu, 0.0) / elapsed
        return Run(requests / elapsed, server_cores=cpu / elapsed, foreign_cores=foreign)


def _people(world: Sandbox) -> Iterator[people.Person]:
    key = seed_bytes(world.seed)
    return (people.person(key, number) for number in range(1, people.CAPACITY))


def asked(server: Server, flows: Sequence[Flow], seconds: float) -> Run:
    """What the flows come to in so long, after a short while without being measured."""
    with cores.pinned(cores.CLIENT if server.pinned else None):
        client = Client(server.address, flows)
        try:
            client.run(WARM_UP_SECONDS)
            return watched(server, lambda: client.run(seconds))
        finally:
            client.close()


def all_of(server: Server, flows: Sequence[Flow]) -> None:
    """Ask until the flows have no more to ask."""
    with closing(Client(server.address, flows)) as client:
        client.run(PATIENCE_SECONDS)


def watched(server: Server, measure: Callable[[], Tally]) -> Run:
    """The run that was measured, with the processors that all sides used meanwhile."""

    def used() -> tuple[float, float, float]:
        return (
            cores.seconds_of_group(server.group),
            cores.seconds_of_this_process(),
            cores.seconds_of_machine(),
        )

    before = used()
    tally = measure()
    after = used()
    if not tally.count:
        raise RequestFailed("nobody was left to ask for; enrol more")
    seconds = tally.elapsed_ns / 1e9
    by_server, by_client, by_all = ((b - a) / seconds for a, b in zip(before, after, strict=True))
    foreign = max(by_all - by_server - by_client, 0.0)
    p50, p99 = tally.percentile_ms(50), tally.percentile_ms(99)
    return Run(tally.rate, p50, p99, by_server, by_client, foreign)


def check_served(server: Server, name: str, paid: Sequence[str]) -> None:
    """Whether the books of a sandbox hold these purchases, all its rules hold, and no bug came up."""
    admin = Admin(server.url, name)
    if violations := admin.ask("/invariants")["violations"]:
        raise BooksDisagree("; ".join(violations))
    accounts = admin.ask("/ledger?limit=1")["accounts"]
    booked = sum(a["balance"] for a in accounts if a["account"].startswith("taken:"))
    if booked != len(paid):
        raise BooksDisagree(f"{len(paid)} purchases were answered, {booked} are booked")
    if bugs := admin.ask("/bugs")["bugs"]:
        raise BooksDisagree("; ".join(bugs))


def _check_world(world: Sandbox, bought: int) -> None:
    violations = world.check()
    booked = len(world.ask(Unit.find, kind=Training))
    if violations or booked != bought:
        raise BooksDisagree(f"{booked} of {bought} purchases are booked; {'; '.join(violations)}")
