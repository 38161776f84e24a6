"""What a server is started with, and what a store that was begun before has to say about it."""

import json
import re
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from prakerja_sim.mocks.admin import leasing
from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.http.timeline import KEPT
from prakerja_sim.mocks.server import listening
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.errors import Damaged, StoreUnusable
from prakerja_sim.simulator.world import setup
from prakerja_sim.simulator.world.records import World
from prakerja_sim.simulator.world.store import Store, Unit

SEED = 42
"""With which the default sandbox begins if nobody says otherwise."""


class CannotServe(Exception):
    """The server cannot start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a server is started with."""

    host: str = "127.0.0.1"
    port: int = 8420
    store: str = "lmdb:prakerja-sim.db"
    seed: int | None = None
    """None: the store's, or `SEED` for a new one; so, too, for the next ones that may be None."""
    server: str = "gunicorn"
    durability: str = "full"
    strict_wire: bool = False
    fixed_otp: str | None = None
    magic: bool | None = None
    allowed_hosts: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    """Real systems in the place of our own parties, each as NAME=URL."""
    allowed_targets: tuple[str, ...] = ()
    """Hosts beyond this machine to which webhooks may go."""
    admin_token: str | None = None
    show_secrets: bool = False
    """Whether books, journal and console show cards, OTPs, NIKs and tokens; on loopback only."""
    empty: bool = False
    fill: str = ""
    """What the default sandbox is to begin with in place of the demo: the body of a lease, as JSON."""
    waves: str = "[]"
    """Waves of one's own, as a JSON list of entries."""
    stories: str = ""
    """The module that plays stories for the console; a worker of its own finds it by its name."""
    tls_port: int | None = None
    """Where TLS is served beside the plain port; None for no TLS and no proxy."""
    proxy_port: int = 8444
    timeline: int = KEPT
    """How many exchanges of each sandbox are remembered; 0 for none."""
    quiet: bool = True
    """Whether requests leave no line in the terminal."""
    ca: str = ""
    """The certificate that clients of the TLS port must trust."""

    @property
    def url(self) -> str:
        """The address for clients on this machine."""
        return f"http://{listening.in_url(listening.here(self.host))}:{self.port}"

    @property
    def tls_url(self) -> str:
        """The same address behind TLS."""
        return f"https://127.0.0.1:{self.tls_port}"

    @property
    def proxy_url(self) -> str:
        """The proxy through which the real hosts lead here."""
        return f"http://127.0.0.1:{self.proxy_port}"


def open_store(spec: str, durability: str = "full") -> Store:
    """The store that a --store text names; raises StoreUnusable for one that cannot be used."""
    if spec == "memory":
        return Memory()
    kind, _, named = spec.partition(":")
    if kind == "lmdb" and named:
        path = Path(named)
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise StoreUnusable(
                f"{path} is a device, a pipe or a socket; name a file, for example prakerja-sim.db"
            )
        return LMDB(path, durability)
    if kind == "sqlite":
        raise StoreUnusable(f"--store {spec}: stores are kept by LMDB now; use lmdb:PATH with a new file")
    if kind in ("postgresql", "postgres"):
        return _postgresql(spec, durability)
    raise StoreUnusable(
        f"--store {shown_store(spec)} is not known; use memory, lmdb:PATH or postgresql://HOST/DATABASE"
    )


def shown_store(spec: str) -> str:
    """A --store text as people may see it: an address without user and password."""
    return re.sub(r"(?<=[?&])\w*password=[^&]*&?", "", re.sub(r"(?<=://)[^/]*@", "", spec))


def _postgresql(url: str, durability: str) -> Store:
    if find_spec("psycopg") is None:
        raise StoreUnusable(
            "--store postgresql needs psycopg, which is not installed; "
            "install it with: pip install 'prakerja-sim[postgres]'"
        )
    from prakerja_sim.simulator.stores.postgres_store import PostgreSQL  # noqa: PLC0415  # an extra brings it

    return PostgreSQL(url, durability)


def as_kept(options: Options, sandboxes: Sandboxes) -> Options:
    """The options with what a store began with in place of what was not given.

    A store keeps its seed and settings for life, and whether it is empty after a reset; raises CannotServe
    for an option that contradicts them.
    """
    default = sandboxes.get(DEFAULT)
    _check_filling(options, default)
    if default is None:
        magic = True if options.magic is None else options.magic
        seed = json.loads(options.fill).get("seed", SEED) if options.fill else SEED
        return replace(options, seed=seed if options.seed is None else options.seed, magic=magic)
    settings = default.settings
    begun = (
        ("--seed", options.seed, default.seed),
        ("--fixed-otp", options.fixed_otp, settings.fixed_otp),
        ("--no-magic", options.magic, settings.magic),
    )
    for option, given, kept in begun:
        if given is not None and given != kept:
            given_as = option if isinstance(given, bool) else f"{option} {given}"
            with_what = f"with {option} {kept}" if kept not in (None, True) else f"without {option}"
            raise _contradicts(options, given_as, f"was begun {with_what}")
    empty = _began_empty(default)
    if options.empty and not empty and not default.stopped:
        raise _contradicts(options, "--empty", "was begun with courses and people in its default sandbox")
    options = replace(options, seed=default.seed, fixed_otp=settings.fixed_otp)
    return replace(options, magic=settings.magic, empty=empty)


def _check_filling(options: Options, default: Sandbox | None) -> None:
    """Refuse a seed file that contradicts another option, or what the store began with."""
    if not options.fill:
        return
    asked = json.loads(options.fill)
    if options.empty:
        raise CannotServe("--fill and --empty contradict each other; leave one of them out")
    if options.seed not in (None, asked.get("seed", SEED)):
        given = asked.get("seed", SEED)
        raise CannotServe(f"--seed {options.seed}: the file of --fill says seed {given}; leave --seed out")
    if default is not None and not default.stopped:
        differs = leasing.differing(asked, default.ask(setup.leased))
        if differs:
            raise _contradicts(options, "--fill", f"was begun with other {', '.join(filter(None, differs))}")


def _began_empty(default: Sandbox) -> bool:
    """Whether a sandbox was begun without a filling, as far as that can still be read."""
    try:
        begun: World | None = default.ask(Unit.get, kind=World, key="world")
    except Damaged:
        return False
    return begun is not None and begun.empty


def _contradicts(options: Options, given: str, kept: str) -> CannotServe:
    remedy = f"leave {given.split(maxsplit=1)[0]} out, or begin a new store: --store lmdb:OTHER-FILE"
    return CannotServe(
        f"{given}: {shown_store(options.store)} {kept}, and a store keeps that for life; {remedy}"
    )
