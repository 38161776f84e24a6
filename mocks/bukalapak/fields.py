"""The shapes of requests: exact types, ids and numbers as clients spell them, unknown fields ignored."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from werkzeug.datastructures import Authorization

from prakerja_sim.mocks.http import bodies
from prakerja_sim.mocks.http.face import Call, Malformed
from prakerja_sim.simulator.values.clock import WIB

PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
FORM = "application/x-www-form-urlencoded"
LARGEST_OFFSET = 10_000
_COUNTRY = re.compile(r"\+?62")


class Body(BaseModel):
    """A request body."""

    model_config = ConfigDict(strict=True, frozen=True)


def _spelt(given: Any) -> Any:
    return str(given) if type(given) is int else given


def _national(phone: str) -> str:
    """A phone as people here write it: 0812..., not +62812..."""
    return phone if phone.startswith("0") else _COUNTRY.sub("0", phone, count=1)


Id = Annotated[
    Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PRINTABLE)], BeforeValidator(_spelt)
]
"""An id as clients write it: a number or text."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=PRINTABLE)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=PRINTABLE)]
Short = Annotated[str, StringConstraints(max_length=255, pattern=PRINTABLE)]
Phone = Annotated[str, StringConstraints(pattern=r"^(\+?62|0)[0-9]{8,13}$"), AfterValidator(_national)]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[!-?A-~]+@[!-?A-~]+$")]
Password = Annotated[str, StringConstraints(min_length=6, max_length=72, pattern=PRINTABLE)]
Stars = Annotated[int, Field(ge=1, le=5)]


def utc(instant: datetime) -> str:
    """A time as v4 writes it."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def local(instant: datetime) -> str:
    """A time as v2 writes it."""
    return instant.astimezone(WIB).isoformat(timespec="seconds")


def paged(call: Call, most: int = 100) -> tuple[int, int]:
    """`limit` and `offset` of the query; raises Malformed."""
    return _number(call, "limit", 20, 1, most), _number(call, "offset", 0, 0, LARGEST_OFFSET)


def page(listed: list[Any], limit: int, offset: int) -> tuple[list[Any], dict[str, int]]:
    """The page of a list, and what `meta` says about it."""
    return listed[offset : offset + limit], {"limit": limit, "offset": offset, "total": len(listed)}


def queried(call: Call, name: str) -> str:
    """A value of the query, empty if it is not there; raises Malformed."""
    given = call.query.get(name, "")
    if not re.fullmatch(r"[^\x00-\x1f]{0,255}", given):
        raise Malformed(f"{name}: at most 255 characters, none of them a control character")
    return given


def parameters(call: Call) -> Mapping[str, str]:
    """The parameters of a request wherever clients put them: query, form body, or JSON body."""
    kind = call.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    given: dict[str, str] = {}
    if call.raw.lstrip()[:1] == b"{":
        loaded = bodies.loaded(call.raw)
        given = {name: str(value) for name, value in loaded.items() if isinstance(value, str | int)}
    elif kind == FORM or call.raw:
        try:
            given = dict(parse_qsl(call.raw.decode(), keep_blank_values=True, max_num_fields=50))
        except ValueError:
            raise Malformed("body: is no form") from None
    return {**call.query, **given}


def basic(call: Call) -> tuple[str, str] | None:
    """Name and password of HTTP Basic, if they were sent."""
    told = Authorization.from_header(call.headers.get("Authorization"))
    if told is None or told.type != "basic":
        return None
    return told.username or "", told.password or ""


def _number(call: Call, name: str, otherwise: int, least: int, most: int) -> int:
    text = call.query.get(name, str(otherwise))
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most):
        raise Malformed(f"{name}: from {least} to {most}")
    return int(text)
