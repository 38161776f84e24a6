"""How a marketplace's paths are mounted.

An operation of the shop does what every marketplace does and answers what came of it; the site's view
words that in its own fields.  A `Route` of the site says at which path an operation is done.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import BaseModel

from prakerja_sim.mocks.http import bodies
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Enveloping, Face, Provenance, Reply, Sender
from prakerja_sim.mocks.http.problems import about
from prakerja_sim.mocks.shop.account import log_in
from prakerja_sim.mocks.shop.fields import spelt
from prakerja_sim.mocks.shop.site import Site


@dataclass(frozen=True, slots=True)
class Route:
    """An operation at a path of a site, and the view that writes the site's answer."""

    method: str
    path: str
    act: Callable[..., Any]
    view: Callable[[Any], Reply]
    body: type[BaseModel] | None = None
    """The model of what is sent: the body, or the query of a GET."""
    provenance: Provenance = Provenance.INFERRED
    names: tuple[str, ...] | None = None
    """What a list's query may name, where the operation reads it itself."""


get, post = partial(Route, "GET"), partial(Route, "POST")


def shop_face(
    site: Site,
    words: Enveloping,
    user_of: Callable[[str], str],
    routes: tuple[Iterable[Route], Iterable[Route], Iterable[Route]],
    institution: Sender,
) -> Face:
    """The face of a site: routes for guests, buyers and institutions; `institution` checks the last ones.

    Buyers send a token; `user_of` reads the user from it.
    """
    face = Face(site.code, site.title, words, log_in(site, user_of), Role.PERSON)
    guests, buyers, institutions = routes
    mount(face, site, guests, guests=True)
    mount(face, site, buyers)
    mount(face, site, institutions, sender=institution, callers=Role.INSTITUTION)
    return face


def mount(
    face: Face,
    site: Site,
    routes: Iterable[Route],
    *,
    sender: Sender | None = None,
    callers: Role | None = None,
    guests: bool = False,
) -> None:
    """Mount operations for logged-in buyers; `sender` checks other `callers`, `guests` lets anybody call."""
    for route in routes:
        body = spelt(route.body, site.names) if route.body else None
        register = face.endpoint(
            route.method,
            route.path,
            provenance=route.provenance,
            body=body,
            refuses=(route.act,),
            callers=callers,
            open_to_all=guests,
            sender=sender,
            raw=route.method == "GET" and body is not None,
        )
        register(_handler(site, route, body))


def as_it_is(reply: Reply) -> Reply:
    """The view of an operation that already returns the site's answer."""
    return reply


def mount_short(face: Face, *mounts: str) -> None:
    """Serve a path also without its mount, as under the real host."""
    for one in face.endpoints:
        for at in mounts:
            if one.path.startswith(at + "/"):
                rule = one.path.removeprefix(at)
                face.app.add_url_rule(rule, endpoint=f"{one.method} {one.path}", methods=[one.method])


def check_names(call: Call, known: Collection[str]) -> None:
    """Refuse a query that names a filter which the list does not have; raises Malformed."""
    wrong = [name[:64] for name in call.query if name not in known]
    if wrong:
        remedy = f"there are {', '.join(known)}" if known else "there are none"
        others = f"yang ada: {', '.join(known)}" if known else "tidak ada filter"
        raise bodies.Malformed(
            *(about(name, f"no such filter; {remedy}", f"filter tidak dikenal; {others}") for name in wrong)
        )


def _handler(site: Site, route: Route, body: type[BaseModel] | None) -> Callable[..., Reply]:
    def handler(call: Call, *bodies_read: BaseModel) -> Reply:
        if route.names is not None:
            check_names(call, route.names)
        if body is not None and route.method == "GET":
            check_names(call, [field.alias or name for name, field in body.model_fields.items()])
            bodies_read = (bodies.validated(dict(call.query), body),)
        return route.view(route.act(site, call, *bodies_read))

    handler.__name__, handler.__doc__ = route.act.__name__, route.act.__doc__
    return handler
