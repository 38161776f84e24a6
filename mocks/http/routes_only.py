"""A Flask application that finds routes and builds no URLs.

werkzeug compiles two functions for each route, from which it would build the route's URL; with 450 routes
that was a fifth of the time to the first answer, and nobody builds one.
"""

from collections.abc import Callable
from typing import Any, NoReturn

from flask import Flask
from werkzeug.routing import Rule


class RouteOnly(Rule):
    """A route that is only found."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:  # noqa: ARG002  # theirs
        return _no_url


class RoutesOnly(Flask):
    """Flask without `url_for`."""

    url_rule_class = RouteOnly


def _no_url(*_: Any, **__: Any) -> NoReturn:
    raise NotImplementedError("no URL is built from a route's name; write its path")
