"""A program that partners might use instead, started in a process of its own and warmed until steady."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prakerja_sim.loadtests import cores, served
from prakerja_sim.loadtests.bench import buying
from prakerja_sim.loadtests.bench.client import Client, Flow
from prakerja_sim.loadtests.bench.servers import HOST, Server, until_answered
from prakerja_sim.loadtests.errors import NotServed, RequestFailed
from prakerja_sim.mocks.server.serve import free_port

CARD, TOKEN = "9900000000000000", "0" * 32
SHOP = buying.Shop(HOST, "", "bench-client", "bench-sign-key", "bench-course", "s" * 16, 650_000)
READY_WITHIN_SECONDS = 60
Command = list[str | Path]


def pair() -> Flow:
    """The two requests of a purchase for ever, signed as for us."""
    while True:
        yield SHOP.send_otp(CARD)
        yield SHOP.authorize(CARD, TOKEN)


@dataclass(frozen=True, slots=True)
class Peer:
    """A program beside which we are measured."""

    name: str
    package: str
    does: str
    needs: Path
    command: Callable[[int, Path], Command]
    """Writes what it needs into the folder; the command for that port."""
    flow: Callable[[], Flow] = pair
    grows: bool = False
    """Whether it gets slower with what it keeps: then it is started afresh for each round."""
    prepare: bytes = b""
    """A request before all others."""

    @property
    def missing(self) -> str:
        """Why it cannot be measured here; empty if it can."""
        if not self.needs.exists():
            return f"{self.package} is not installed; run make peers"
        if self.needs.suffix == ".jar" and shutil.which("java") is None:
            return "there is no Java"
        return ""

    @contextmanager
    def serving(self, folder: Path) -> Iterator[Server]:
        """It, on the server's core, while the block runs. Raises NotServed."""
        port = free_port(HOST)
        command = [str(word) for word in self.command(port, folder)]
        with served.started(command, env=_quiet(), cwd=folder) as (process, log):
            server = Server(self.name, port, process.pid, pinned=True)
            ask = self.prepare or next(self.flow())
            if not until_answered(server.address, ask, READY_WITHIN_SECONDS):
                raise NotServed(f"{self.name} did not start: {served.last_words(log)}")
            yield server


def warm(server: Server, flow: Callable[[], Flow], connections: int, most_seconds: float) -> float:
    """Ask until the rate of one second is no longer above those before; answers the seconds that took."""
    rates: list[float] = []
    with cores.pinned(cores.CLIENT):
        client = Client(server.address, [flow() for _ in range(connections)])
        try:
            while len(rates) < most_seconds and not _steady(rates):
                rates.append(client.run(1.0).rate)
        except RequestFailed as problem:
            raise RequestFailed(f"{server.kind}: {problem}") from None
        finally:
            client.close()
    return float(len(rates))


def _steady(rates: list[float]) -> bool:
    """Whether the last three seconds brought no more than the three before, but for 3 %."""
    return len(rates) >= 8 and sum(rates[-3:]) <= 1.03 * sum(rates[-6:-3])


def _quiet() -> Mapping[str, str]:
    """Nobody is told that these programs run here."""
    return {**os.environ, "DO_NOT_TRACK": "1", "SCARF_ANALYTICS": "false", "NODE_ENV": "production"}
