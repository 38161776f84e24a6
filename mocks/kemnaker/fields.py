"""The kinds of fields that Kemnaker's requests are made of, and Laravel's pages of a list."""

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from prakerja_sim.mocks.http import bodies
from prakerja_sim.mocks.http.face import Call, Reply
from prakerja_sim.mocks.kemnaker.words import META

PRINTABLE = r"^[^\x00-\x1f]*$"
API = "https://api.kemnaker.go.id"
Text = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=PRINTABLE)]
Long = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f]*$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PRINTABLE)]
Word = Annotated[str, StringConstraints(max_length=64, pattern=PRINTABLE)]
Password = Annotated[str, StringConstraints(min_length=8, max_length=128, pattern=PRINTABLE)]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[!-?A-~]+@[!-?A-~]+$")]
Stars = Annotated[int, Field(ge=1, le=5)]
Score = Annotated[int, Field(ge=0, le=100)]


def _national(phone: str) -> str:
    return "0" + phone.removeprefix("+").removeprefix("62") if not phone.startswith("0") else phone


Phone = Annotated[str, StringConstraints(pattern=r"^(\+?62|0)[0-9]{8,13}$"), AfterValidator(_national)]


class Body(BaseModel):
    """A request body with exact types; unknown fields are ignored."""

    model_config = ConfigDict(strict=True, frozen=True)


class Query(BaseModel):
    """A query, whose values come as text."""

    model_config = ConfigDict(frozen=True)


class Paged(Query):
    """Which page of a list, and how long a page is."""

    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    limit: Annotated[int, Field(ge=1, le=100)] = 15


Q = TypeVar("Q", bound=Query)


def asked(call: Call, kind: type[Q]) -> Q:
    """The call's query as its model; raises Malformed."""
    given: Q = bodies.validated(dict(call.query), kind)
    return given


def paginated(rows: list[Any], wanted: Paged, path: str) -> Reply:
    """One page of a list as Laravel's resources show it (seen): `data`, `links`, `meta`."""
    start = (wanted.page - 1) * wanted.limit
    shown = rows[start : start + wanted.limit]
    last = max(-(-len(rows) // wanted.limit), 1)
    at = f"{API}{path}"

    def link(page: int) -> str | None:
        return f"{at}?page={page}" if 1 <= page <= last else None

    meta = {
        "current_page": wanted.page,
        "from": start + 1 if shown else None,
        "last_page": last,
        "path": at,
        "per_page": wanted.limit,
        "to": start + len(shown) if shown else None,
        "total": len(rows),
    }
    links = {
        "first": link(1),
        "last": link(last),
        "prev": link(wanted.page - 1),
        "next": link(wanted.page + 1),
    }
    return Reply({"data": shown, "links": links, "meta": meta | META})
