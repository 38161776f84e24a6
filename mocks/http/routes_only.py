"""A Flask application that finds routes and builds no URLs.

werkzeug compiles two functions for each route, from which it would build the route's URL; with 450 routes
that was a fifth of the time to the first answer, and nobody builds one.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NoReturn

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule

ANSWERED_BY_FLASK = ("HEAD", "OPTIONS")
"""Methods for which werkzeug finds the route of another method: whoever asks by them changes nothing."""


class RouteOnly(Rule):
    """A route that is only found."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:  # noqa: ARG002  # theirs
        return _no_url


class RoutesOnly(Flask):
    """Flask without `url_for`."""

    url_rule_class = RouteOnly

    def found(self, method: str, path: str) -> tuple[str, Mapping[str, str]]:
        """A route of that very method by name, and the values in the path as WSGI has it; else no name."""
        if method in ANSWERED_BY_FLASK:
            return "", {}
        try:
            return self._routes.match(path.encode("latin-1").decode(errors="replace"), method)
        except HTTPException:
            return "", {}

    def page(self, template: str, **facts: Any) -> str:
        """A page from a template of the party's folder; nothing else needs Flask's context."""
        with self.app_context():
            return render_template(template, **facts)

    @cached_property
    def _routes(self) -> MapAdapter:
        return self.url_map.bind("")


def _no_url(*_: Any, **__: Any) -> NoReturn:
    raise NotImplementedError("no URL is built from a route's name; write its path")
