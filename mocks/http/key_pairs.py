"""Key pairs of parties that sign with RSA: 2048 bits that follow from the sandbox's seed.

A pair is made when it is first needed, never stored and the same each time, so a run can be
repeated and no key is ever a real one's.  Signatures are PSS with SHA-256; ours have the longest
salt, which the strictest known client wants, theirs may have any.
"""

from base64 import b64decode, b64encode
from functools import lru_cache
from hashlib import sha256, shake_256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from prakerja_sim.simulator.values.chance import seed_bytes

BITS = 2048
EXPONENT = 65_537
WITNESSES = 24
SMALL = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]
SHA256 = hashes.SHA256()


@lru_cache(maxsize=64)
def pair(seed: int, whose: str) -> rsa.RSAPrivateKey:
    """The key pair of a party in every sandbox of that seed; it takes about half a second to make."""
    p, q = sorted((_prime(seed, whose, "p"), _prime(seed, whose, "q")), reverse=True)
    d = pow(EXPONENT, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(EXPONENT, p * q)
    )
    return numbers.private_key()


def private_pem(key: rsa.RSAPrivateKey) -> str:
    """A private key as clients read it (PKCS 8, not encrypted): it is a synthetic one."""
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, plain).decode()


def public_pem(key: rsa.RSAPublicKey) -> str:
    """A public key as clients read it."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


@lru_cache(maxsize=256)
def public_key(pem: str) -> rsa.RSAPublicKey | None:
    """A registered public key; None if it is not an RSA key of 2048 bits or more."""
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, rsa.RSAPublicKey) and key.key_size >= BITS else None


@lru_cache(maxsize=1024)  # what is sent again, and in other sandboxes of that seed, is the same
def sign(key: rsa.RSAPrivateKey, raw: bytes) -> str:
    """The signature of these very bytes, in base64.

    The salt follows from key and bytes, so that a run can be repeated; by RFC 8017, 9.1.1, which the
    library does with a salt of its own only.
    """
    numbers = key.private_numbers()
    size = key.key_size // 8
    hashed = sha256(raw).digest()
    salt = shake_256(numbers.d.to_bytes(size, "big") + hashed).digest(size - len(hashed) - 2)
    seal = sha256(bytes(8) + hashed + salt).digest()
    block = int.from_bytes(b"\x01" + salt, "big") ^ int.from_bytes(_mask(seal, len(salt) + 1), "big")
    block &= (1 << (8 * (len(salt) + 1) - 1)) - 1
    encoded = block.to_bytes(len(salt) + 1, "big") + seal + b"\xbc"
    return b64encode(_raised(numbers, int.from_bytes(encoded, "big")).to_bytes(size, "big")).decode()


def is_signed(key: rsa.RSAPublicKey, raw: bytes, signature: str) -> bool:
    """Whether a signature is of these very bytes, whatever its salt's length."""
    try:
        decoded = b64decode(signature, validate=True)
        key.verify(decoded, raw, padding.PSS(padding.MGF1(SHA256), padding.PSS.AUTO), SHA256)
    except (ValueError, InvalidSignature):
        return False
    return True


def _prime(seed: int, whose: str, which: str) -> int:
    """The first prime from a keyed place on, of half the key's bits, usable with the exponent."""
    size = BITS // 16
    start = shake_256(seed_bytes(seed) + f"|sat key|{whose}|{which}".encode()).digest(size)
    number = int.from_bytes(start, "big") | 3 << (8 * size - 2) | 1
    while not (_is_prime(number) and (number - 1) % EXPONENT):
        number += 2
    return number


def _is_prime(number: int) -> bool:
    """Miller and Rabin's test with many fixed witnesses; good for keys that protect nothing."""
    if any(number % small == 0 for small in SMALL):
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(number, odd, twos, witness) for witness in (2, *SMALL[: WITNESSES - 1]))


def _passes(number: int, odd: int, twos: int, witness: int) -> bool:
    power = pow(witness, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False


def _mask(seed: bytes, length: int) -> bytes:
    """MGF1 with SHA-256."""
    blocks = range(-(-length // 32))
    return b"".join(sha256(seed + count.to_bytes(4, "big")).digest() for count in blocks)[:length]


def _raised(numbers: rsa.RSAPrivateNumbers, message: int) -> int:
    """The message to the power of the private exponent, by the two primes."""
    by_p = pow(message, numbers.dmp1, numbers.p)
    by_q = pow(message, numbers.dmq1, numbers.q)
    return by_q + numbers.q * ((by_p - by_q) * numbers.iqmp % numbers.p)
