"""Chance without a random stream.

Every chance (an OTP, a voucher code, whether a fault strikes, who a person is) is a
keyed hash of the sandbox's seed, its purpose, its subject and a count.  So it does not
depend on threads, on workers or on the order in which people come.
"""

from functools import cache
from hashlib import blake2b

from prakerja_sim.simulator.values.ids import DIGITS


def draw(seed: bytes, *about: str | int) -> int:
    """A number of 64 bits that follows from the seed and from its purpose and subject."""
    text = "|".join(map(str, about)).encode()
    return int.from_bytes(blake2b(text, digest_size=8, key=seed).digest(), "big")


def below(limit: int, seed: bytes, *about: str | int) -> int:
    """A number from 0 up to, not including, the limit."""
    return draw(seed, *about) * limit >> 64


def code(alphabet: str, length: int, seed: bytes, *about: str | int) -> str:
    """A code of that many letters of the alphabet, at most 32 of them.

    All digits are equally likely, since an OTP needs that.  In other alphabets each byte of the hash
    picks a letter, so some letters are up to a seventh more likely than others.
    """
    text = "|".join(map(str, about)).encode()
    digest = blake2b(text, digest_size=32, key=seed)
    if alphabet == DIGITS:
        return f"{int.from_bytes(digest.digest(), 'big') % 10**length:0{length}}"
    return digest.digest()[:length].translate(_letters(alphabet)).decode()


@cache
def _letters(alphabet: str) -> bytes:
    """Which letter each byte picks."""
    return "".join(alphabet[byte % len(alphabet)] for byte in range(256)).encode()


def hits(numerator: int, denominator: int, seed: bytes, *about: str | int) -> bool:
    """Whether an event of that probability happens this time."""
    return draw(seed, *about) * denominator < numerator << 64


def seed_bytes(seed: int) -> bytes:
    """The key that a sandbox's whole-number seed stands for."""
    return seed.to_bytes(8, "big", signed=True)
