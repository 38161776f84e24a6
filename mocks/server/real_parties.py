"""Real systems in the place of our own parties: `--party NAME=URL`, the URL being the party's root.

`{sandbox}` in a URL stands for the sandbox's name, so that another simulator can take a place too:
`--party prakerja=http://127.0.0.1:8421/s/{sandbox}/prakerja`.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from prakerja_sim.mocks.shop import registry

SANDBOX = "{sandbox}"
PROGRAMME = ("prakerja", "institution", "payout")


def read(parties: Iterable[str]) -> dict[str, str]:
    """The URL of each party that is given as NAME=URL; ValueError says what is wrong, and the remedy."""
    names = (*PROGRAMME, *registry.codes())
    urls: dict[str, str] = {}
    for one in parties:
        name, equals, url = one.partition("=")
        if not equals or name not in names:
            raise ValueError(f"--party {one}: give NAME=URL with one of the names {', '.join(names)}")
        if name in urls:
            raise ValueError(f"--party {name} is given twice; give it once")
        urls[name] = checked(name, url)
    return urls


def checked(name: str, url: str) -> str:
    """A party's URL without a slash at its end; ValueError if it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise ValueError(f"--party {name}: {problem}") from None
    wrong = parts.scheme not in ("http", "https") or not parts.hostname or port == 0
    if wrong or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(
            f"--party {name}: {url!r} is no address; give it as https://HOST or http://HOST:PORT/PATH"
        )
    return url.rstrip("/")


def at(url: str, sandbox: str) -> str:
    """A party's URL for one sandbox."""
    return url.replace(SANDBOX, sandbox)
