"""Addresses that are handed out: a browser that opens one reaches this simulator, never the real party.

The parties write the addresses that the real ones write (`https://www.tokopedia.com/...`), and for an
institution a site that does not exist (`https://CODE.example/...`).  On the way out over HTTP they become
addresses of this simulator.  A client that came to a real host by TLS gets the real parties' addresses,
because for this client they lead here.  Inside the process no browser opens anything, so they do not change.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from prakerja_sim.mocks.http.credentials import DEFAULT

TLS_ADDRESS = "127.0.0.2"
"""From where our own TLS port calls the plain port, where the system has that address: so one is told from
the other.  Elsewhere only the port in `Host` tells."""
LOOPBACK = "127.0.0.1"
_PORT = re.compile(r":\d{1,5}$")
_NO_HEADER = re.compile(r"[^\x21-\x7e]")
_SITE_PAGES = ("masuk", "selesai", "kehadiran")
"""Pages of an institution's site that do not stand below `/situs` in its addresses."""


def pattern(hosts: Iterable[str]) -> re.Pattern[str]:
    """What finds the addresses of these hosts, and of institutions' sites, in a text."""
    real = "|".join(re.escape(host) for host in sorted(hosts, key=len, reverse=True))
    pages = "|".join(_SITE_PAGES)
    return re.compile(
        rf"https://(?:(?P<host>{real})(?![\w.:@-])(?P<path>/[\w.-]+/)?"
        r"|(?P<shop>[a-z0-9_-]{1,64})\.example\.com/vouchers/redeem"
        rf"|(?P<site>[a-z0-9_-]{{1,64}})\.example/(?:(?P<page>{pages})\b|(?=situs/)))"
    )


def is_secure(environ: Mapping[str, Any], tls_port: int | None) -> bool:
    """Whether a request came through our TLS port."""
    if tls_port is None:
        return False
    return environ.get("REMOTE_ADDR") == TLS_ADDRESS or environ.get("HTTP_HOST", "").endswith(f":{tls_port}")


def origin(environ: Mapping[str, Any]) -> str:
    """Scheme, host and port under which the caller's browser reaches this simulator."""
    host, scheme = environ["HTTP_HOST"], environ["wsgi.url_scheme"]
    if scheme == "https" or not names_party(environ):
        return f"{scheme}://{host}"
    return _own(environ)


def names_party(environ: Mapping[str, Any]) -> bool:
    """Whether the request named a real party's host."""
    return _PORT.sub("", environ["HTTP_HOST"].lower()) in environ["sim.parties"].hosts


def base(environ: Mapping[str, Any], at: str) -> str:
    """An origin with the sandbox, if the default one is not meant or the caller named it."""
    name = environ["sim.sandbox"].name
    return f"{at}/s/{name}" if "sim.named" in environ or name != DEFAULT else at


def here(environ: Mapping[str, Any], party: str) -> str:
    """The address of this request, as its sender's browser reaches it."""
    at = origin(environ)
    if at == f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}":
        return f"{at}{environ['SCRIPT_NAME']}{environ['PATH_INFO']}"
    return f"{base(environ, at)}/{party}{environ['PATH_INFO']}"


def of_redirect(environ: Mapping[str, Any], address: str) -> str:
    """An address of ours for `Location`, which leads here.

    A part that a client sent in its path is a byte a character, as WSGI has it; it comes back as it was sent.
    """
    if "sim.in_process" not in environ:
        address = reachable(environ, address)
    return _NO_HEADER.sub(lambda found: quote(_byte(found[0])), address)


def _byte(sign: str) -> bytes:
    return sign.encode("latin-1") if sign <= "\xff" else sign.encode(errors="surrogatepass")


def reachable(environ: Mapping[str, Any], text: str) -> str:
    """A text of ours whose addresses lead here."""
    parties = environ["sim.parties"]
    keeps = environ["wsgi.url_scheme"] == "https" and names_party(environ)
    here = base(environ, _own(environ) if keeps else origin(environ))

    def led(match: re.Match[str]) -> str:
        if host := match["host"]:
            return match[0] if keeps else here + _below(parties, host, match["path"] or "")
        if shop := match["shop"]:
            return f"{here}/institution/{shop}/situs/kelas"
        page = match["page"]
        return f"{here}/institution/{match['site']}/" + (f"situs/{page}" if page else "")

    led_text: str = parties.written_addresses.sub(led, text)
    return led_text


def _below(parties: Any, host: str, path: str) -> str:
    party = parties.hosts[host]
    at: str = parties.faces[party].pages.get(path, f"/{party}{path}")
    return at


def _own(environ: Mapping[str, Any]) -> str:
    """The address at which the caller found us, whatever host he named."""
    end = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
    if end is not None and environ["wsgi.url_scheme"] == "http":
        host, port = end.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    return str(environ["sim.parties"].about.get("url", f"http://{LOOPBACK}:8420"))
