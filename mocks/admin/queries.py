"""What the queries of the admin API may say; anything else is refused with the remedy."""

from collections.abc import Collection

from prakerja_sim.mocks.http.face import Call, Malformed


def limit(call: Call, most: int) -> int:
    """How many rows at most: `limit`, 100 if it is not given."""
    return whole(call, "limit", 100, least=1, most=most)


def whole(call: Call, name: str, otherwise: int, *, least: int, most: int) -> int:
    """A whole number within its bounds."""
    text = call.query.get(name, str(otherwise))
    digits = text.isascii() and text.isdigit() and len(text) <= 9
    if not digits or not least <= int(text) <= most:
        raise Malformed(f"{name}: must be from {least} to {most}")
    return int(text)


def check_names(call: Call, known: Collection[str]) -> None:
    """Refuse a filter that does not exist: to ignore it would answer another question."""
    for name in call.query:
        if name not in known:
            remedy = f"there are {', '.join(known)}" if known else "there are none"
            raise Malformed(f"{name[:64]}: no such filter; {remedy}")
