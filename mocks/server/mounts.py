"""Where each party is mounted: found by its folder, below its code, its real hosts and its root paths."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pathlib import Path

from prakerja_sim.mocks.http import documentation
from prakerja_sim.mocks.http.face import Face
from prakerja_sim.mocks.shop.pages import routes as shop_pages


class AddressTaken(Exception):
    """Two parties claim one address; the message names both."""


def discovered() -> list[Face]:
    """The face of every party: `FACE` in each folder of mocks that has a server."""
    here = Path(__file__).parent.parent
    folders = sorted(path.parent.name for path in here.glob("*/server.py"))
    faces = [import_module(f"prakerja_sim.mocks.{name}.server").FACE for name in folders]
    for face in faces:
        documentation.add_to(face)
        shop_pages.add_to(face)
    return faces


@cache
def known_faces() -> tuple[Face, ...]:
    """The faces of all parties, for who only wants to know their paths."""
    return tuple(discovered())


def addresses(faces: Iterable[Face]) -> tuple[dict[str, str], dict[str, str]]:
    """Which party answers under which real host, and at which paths at the root.

    Raises AddressTaken when two parties have one code, one host, or roots of which one holds the other.
    """
    codes: set[str] = set()
    hosts: dict[str, str] = {}
    roots: dict[str, str] = {}
    for face in faces:
        if face.code in codes:
            raise AddressTaken(f"two parties are called {face.code}")
        codes.add(face.code)
        for host in face.hosts:
            if host in hosts:
                raise AddressTaken(f"{face.code} and {hosts[host]} both claim the host {host}")
            hosts[host] = face.code
        for root in face.roots:
            for other, party in roots.items():
                if f"{root}/".startswith(f"{other}/") or f"{other}/".startswith(f"{root}/"):
                    raise AddressTaken(f"{face.code} claims {root}, {party} claims {other}")
            roots[root] = face.code
    return hosts, roots
