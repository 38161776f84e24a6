"""Under which name a request is counted: the path of its operation, so that ids of every form are one row."""

from functools import cache, lru_cache
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from prakerja_sim.mocks.server import mounts


@lru_cache(maxsize=65_536)
def row_of(method: str, path: str) -> str:
    """The name for a request to a path of the simulator, below its sandbox; one that is no operation's stays.

    The operations are those of this version; a path has its query cut off.
    """
    at, _, below = path.partition("?")[0].lstrip("/").partition("/")
    routes = _routes().get(f"/{at}")
    if routes is None:
        return path.partition("?")[0]
    try:
        rule: Any = routes.match(f"/{below}", method=method, return_rule=True)[0]
    except HTTPException:  # no such path, or not with this method
        return path.partition("?")[0]
    return f"/{at}{rule.rule}"


def prepare() -> None:
    """Find the operations now, which takes seconds; a process that has begun to load must not stand still."""
    _routes()


@cache
def _routes() -> dict[str, MapAdapter]:
    return {face.at: face.app.url_map.bind("localhost") for face in mounts.known_faces()}
