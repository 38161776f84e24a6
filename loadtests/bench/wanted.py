"""What a run of the benchmarks is asked for, and the servers that its parts start."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from prakerja_sim.loadtests import cores
from prakerja_sim.loadtests.bench import cases, servers
from prakerja_sim.loadtests.bench.results import Part
from prakerja_sim.loadtests.bench.servers import Server
from prakerja_sim.mocks.server.serve import wall

KINDS = ("gunicorn", "granian")
STORES = {"memory": ("memory", "full"), "LMDB": ("lmdb", "full"), "LMDB relaxed": ("lmdb", "relaxed")}
"""Each store with its kind before the colon and its durability; a memory store keeps nothing anyway."""
SPARE = 3
"""How many more people are enrolled than the measured rate needs: runs differ on a busy machine."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How often, how long and how far."""

    rounds: int
    seconds: float
    connections: int
    people: int
    """How many people the largest sandbox has."""
    sandboxes: int
    minutes: float
    """How long the long run is."""
    kinds: tuple[str, ...] = KINDS
    beside: tuple[str, str] | None = None
    """The Python of another checkout's environment, and the kind of its store."""
    _names: Iterator[int] = field(default_factory=lambda: count(1))

    def name(self) -> str:
        """The name of a sandbox that no run has had yet."""
        return f"run-{next(self._names)}"

    def begun(self, part: str, setting: str = "") -> Part:
        """A part in which nothing is measured yet."""
        general = f"{self.rounds} rounds, {self.seconds:g} s a run, {self.connections} connections"
        return Part.begun(part, f"{general}; {setting or cores.pinning()}", wall())

    def buyers(self, server: Server) -> int:
        """So many people that some are left when a run of payments ends."""
        # A short run tells how many will have bought.
        trial = cases.payments(server, self.name(), people=1000, seconds=0.5, connections=self.connections)
        return int(trial.rate / 2 * (self.seconds + cases.WARM_UP_SECONDS) * SPARE) + self.connections

    @contextmanager
    def each_store(self) -> Iterator[dict[str, Server]]:
        """A server for each store and kind, side by side."""
        with TemporaryDirectory() as folder, ExitStack() as stack:
            yield {
                f"{store}, {kind}": stack.enter_context(
                    servers.simulated(
                        kind,
                        at(spec, Path(folder) / f"{store}-{kind}.db"),
                        pinned=True,
                        durability=durability,
                    )
                )
                for kind in self.kinds
                for store, (spec, durability) in STORES.items()
            }


def at(spec: str, path: Path) -> str:
    """A store of that kind over that file."""
    return spec if spec == "memory" else f"{spec}:{path}"


@contextmanager
def in_file(kind: str, *more: str, pinned: bool = True) -> Iterator[Server]:
    """A server over a fresh file, durable."""
    with (
        TemporaryDirectory() as folder,
        servers.simulated(kind, f"lmdb:{Path(folder) / 'bench.db'}", *more, pinned=pinned) as server,
    ):
        yield server
