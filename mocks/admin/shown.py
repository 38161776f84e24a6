"""How books, journal and console show cards, NIKs, OTPs and tokens: by their last four characters.

The store keeps them whole; hashes, digests and verdicts are computed from what it keeps.  A server that
was started with `--show-secrets` shows everything.
"""

import re
from typing import Any

from msgspec import to_builtins

from prakerja_sim.mocks.http import secrets
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.ids import HEX, masked
from prakerja_sim.simulator.world.store import Unit

_DIFFERS = re.compile(r"\b([a-z_]+) is (.*?), the journal gives (.*?)(?=; [a-z_]+ is |$)")


class Shown:
    """How the texts of one sandbox are shown."""

    def __init__(self, world: Unit, *, whole: bool) -> None:
        self._seed, self._whole = world.seed, whole
        self._otp = re.compile(
            rf"(?<![0-9A-Za-z.])(?:[0-9]{{{world.settings.otp_digits}}}|[0-9]{{6}})(?![\w])"
        )

    def text(self, text: str) -> str:
        """A sentence, or the JSON of a command's arguments."""
        return text if self._whole else secrets.text(text)

    def message(self, text: str) -> str:
        """A text message or e-mail, without the code in it."""
        if self._whole:
            return text
        return self._otp.sub(lambda code: masked(code[0]), secrets.text(text))

    def field(self, name: str, value: Any) -> Any:
        """A record's field under its name, as JSON can hold it."""
        plain = to_builtins(value)
        if self._whole or not isinstance(plain, str):
            return plain
        if name == "text":
            return self.message(plain)
        return secrets.value(name, plain)

    def name(self, name: str) -> str:
        """The name of an account, a chain or an entry; different names stay different, as books need."""
        return name if self._whole else name_of(self._seed, name)


def name_of(seed: bytes, name: str) -> str:
    """A name with its card numbers masked; the same one every time, another one for another card."""

    def masked_number(match: re.Match[str]) -> str:
        number = match[0]
        return f"{'x' * 12}{number[-4:]}-{chance.code(HEX, 8, seed, 'shown', number)}"

    return secrets.SIXTEEN.sub(masked_number, name)


def verdict(said: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    """What verifying the books found, each difference in a sentence."""
    if whole:
        return said
    return {
        name: [_difference(one) for one in told] if isinstance(told, list) else told
        for name, told in said.items()
    }


def _difference(sentence: str) -> str:
    def field(found: re.Match[str]) -> str:
        there, given = (secrets.value(found[1], found[part].strip('"')) for part in (2, 3))
        return f"{found[1]} is {there}, the journal gives {given}"

    return secrets.text(_DIFFERS.sub(field, sentence))


def shown(world: Unit, *, whole: bool) -> Shown:
    """How a sandbox's texts are shown."""
    return Shown(world, whole=whole)
