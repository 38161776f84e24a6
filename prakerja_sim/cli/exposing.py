"""Who may reach the server: loopback without a token, everybody else only with one."""

import os
from ipaddress import ip_address

from prakerja_sim.cli.admin import BadInput


def token(host: str, expose: bool) -> str | None:
    """The admin token of the environment; raises BadInput where one is needed, and for a weak one."""
    given = os.environ.get("PRAKERJA_SIM_TOKEN") or None
    if not _is_loopback(host) and not expose:
        raise BadInput(f"--host {host} is beyond loopback; add --expose and set PRAKERJA_SIM_TOKEN")
    if expose and (given is None or len(given) < 32):
        raise BadInput("--expose needs an admin token of at least 32 characters in PRAKERJA_SIM_TOKEN")
    if given is not None and not all("!" <= character <= "~" for character in given):
        raise BadInput("PRAKERJA_SIM_TOKEN may hold letters, digits and signs of ASCII only, and no blanks")
    return given


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
