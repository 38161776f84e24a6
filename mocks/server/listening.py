"""Where a server listens: its address in a URL, whether it is free, and how many may connect."""

import errno
import socket
from contextlib import suppress

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def in_url(host: str) -> str:
    """A host as URLs have it."""
    return f"[{host}]" if ":" in host else host


def here(host: str) -> str:
    """Where clients on this machine find a server that listens on that host."""
    return _EVERYWHERE.get(host, host)


def family(host: str) -> socket.AddressFamily:
    """Which kind of address a host has; raises OSError for one that has none."""
    return socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][0]


def why_not(host: str, port: int) -> str | None:
    """Why nobody can listen there, and what to do; None if one can."""
    try:
        with socket.socket(family(host)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except socket.gaierror:
        return f"--host {host} is no address of this machine"
    except OSError as problem:
        other = "--host" if problem.errno == errno.EADDRNOTAVAIL else "--port"
        return f"{in_url(host)}:{port} cannot be bound ({problem.strerror}); choose another {other}"
    return None


def allow_many_files(needed: int) -> None:
    """Each connection is an open file, of which many systems allow 1024 unless asked for more."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415  # not on every system

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY and soft < needed:
            most = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
