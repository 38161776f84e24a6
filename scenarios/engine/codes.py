"""The codes that a person receives, and which of them he enters."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def codes(texts: Iterable[Mapping[str, Any]]) -> list[str]:
    """The codes in text messages, in their order."""
    return [str(one["otp"]) for one in texts if one["otp"]]


def entered(written: str, sent: Sequence[str]) -> str:
    """What a person enters: `right` is the newest code, `old` the one before it, `wrong` no such code.

    Anything else is entered as it is written. AssertionError if that code has not arrived, so
    that no story passes with a guess.
    """
    place = {"right": 1, "old": 2}.get(written, 0)
    if place > len(sent):
        raise AssertionError(f"`{written}`: no such code has arrived; write `wrong` or the digits to enter")
    if place:
        return sent[-place]
    newest = sent[-1] if sent else "000000"
    return str((int(newest) + 1) % 10 ** len(newest)).zfill(len(newest)) if written == "wrong" else written
