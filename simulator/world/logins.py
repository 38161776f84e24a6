"""Logins that last until their holder logs out, and what is stored of a password.

A token of a login is not stored: its secret part follows from the seed, the sandbox's name, its holder, and
how often he has logged out.  So it works in no other sandbox, whatever the seed there, and logging out
ends every login of its holder at that party.
"""

from hashlib import blake2b

from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.ids import HEX
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.records import LoggedOut
from prakerja_sim.simulator.world.store import Unit


def secret(world: Unit, *, holder: str, sandbox: str, about: str = "") -> str:
    """The secret part of a login's token; `about` is what else ends it when it changes, as a password."""
    return chance.code(HEX, 32, world.seed, "login", sandbox, holder, _times(world, holder), about)


def digest(world: Unit, *, account: str, password: str) -> str:
    """The digest of an account's password, which is all that is stored of it."""
    return blake2b(f"{account}|{password}".encode(), digest_size=32, key=world.seed).hexdigest()


@command("logins.end")
def end(world: Unit, *, holder: str) -> None:
    """Log out: no token that was given to this holder works any more."""
    times = _times(world, holder) + 1

    world.subject = f"login:{holder}"
    world.put(LoggedOut(holder, times))


def _times(world: Unit, holder: str) -> int:
    before = world.get(LoggedOut, holder)
    return before.times if before is not None else 0
