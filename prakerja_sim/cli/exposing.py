"""Who may reach the server: loopback without a token, everybody else only with one."""

import os
from ipaddress import ip_address

from prakerja_sim.cli.admin import BadInput


def token(host: str, expose: bool) -> str | None:
    """The admin token of the environment; raises BadInput where one is needed, and for a weak one."""
    token = os.environ.get("PRAKERJA_SIM_TOKEN") or None
    if not is_loopback(host) and not expose:
        raise BadInput(f"--host {host} is beyond loopback; add --expose and set PRAKERJA_SIM_TOKEN")
    if expose and (token is None or len(token) < 32):
        raise BadInput("--expose needs an admin token of at least 32 characters in PRAKERJA_SIM_TOKEN")
    if token is not None and not all("!" <= character <= "~" for character in token):
        raise BadInput("PRAKERJA_SIM_TOKEN may hold letters, digits and signs of ASCII only, and no blanks")
    return token


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
