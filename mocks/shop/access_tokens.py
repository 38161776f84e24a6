"""Access tokens of partners: the token itself names the client, the sandbox and the time.

A token is the client's code and the time of its issue with a keyed code over both, so none is
kept and an older one stays good until its own end, however often a new one is asked for.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from prakerja_sim.mocks.http.credentials import Credential
from prakerja_sim.mocks.http.face import Call, Unauthorized
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.ids import HEX

LIFETIME_SECONDS = 86_400


def issue(credential: Credential) -> str:
    """A token for a client, from now on."""
    issued = f"{unix_seconds(credential.sandbox.now()):x}"
    code = urlsafe_b64encode(credential.client_code.encode()).decode().rstrip("=")
    return f"c:{_seal(credential, issued)}.{issued}.{code}"


def client_of(call: Call) -> Credential:
    """The client of the request's bearer token; raises Unauthorized if the token is not valid now."""
    scheme, _, token = call.headers.get("Authorization", "").partition(" ")
    seal, _, rest = token.partition(".")
    issued, _, code = rest.partition(".")
    known: list[Credential] = call.parties.sandboxes.holders(_decoded(code))
    if scheme.lower() != "bearer" or not known:
        raise Unauthorized("no bearer token of a known client")
    if call.named:
        known = [one for one in known if one.opens(call.sandbox)]
    if not known:
        raise Unauthorized("a token of a client of another sandbox")
    client = next((one for one in known if _fits(one, issued, seal)), None)
    if client is None:
        raise Unauthorized(f"a token of {known[0].client_code} that was not issued here")
    age = unix_seconds(client.sandbox.now()) - int(issued, 16)
    if age >= LIFETIME_SECONDS:
        raise Unauthorized(f"a token of {client.client_code} that has expired")
    return client


def _fits(client: Credential, issued: str, seal: str) -> bool:
    return hmac.compare_digest(seal.encode(), b"c:" + _seal(client, issued).encode())


def _seal(credential: Credential, issued: str) -> str:
    seed = chance.seed_bytes(credential.sandbox.seed)
    whose = (credential.sandbox.name, credential.client_code, credential.sign_key)
    return chance.code(HEX, 32, seed, "access token", *whose, issued)


def _decoded(code: str) -> str:
    try:
        return urlsafe_b64decode(code + "=" * (-len(code) % 4)).decode()
    except ValueError:
        return ""
