"""What people must write is refused when it is blank, in the words of whoever was asked."""

import typing

import orjson
import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from prakerja_sim.mocks.http.bodies import is_blank
from prakerja_sim.mocks.server.mounts import discovered
from prakerja_sim.mocks.shop import registry
from tests.mocks.test_bad_input_everywhere import played
from tests.mocks.worlds import World, told

BLANK = "   "
COMPARED = {
    "code", "email", "operator", "otp", "partner", "password", "slug", "state", "target", "webhook",
    "csv", "invoice_code", "number", "redeem_code", "schedule_code", "voucherCode", "voucher_code",
}  # fmt: skip
"""What is compared with something, or kept as it is: a blank is not the right one, and refused there."""

BLANKS = [
    ("", True), (" ", True), ("\t\r\n", True), ("\u00a0\u3000", True), ("\u200b\u2060\ufeff", True),
    ("\u2800", True), ("\u3164", True), (".", False), (" x ", False), ("\u200bx", False), ("é", False),
    ("👍", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "blank"), BLANKS)
def test_a_blank_is_what_shows_nothing(text, blank):
    assert is_blank(text) is blank


def models(model):
    """The model and all that are in it."""
    yield model
    for field in model.model_fields.values():
        for part in (field.annotation, *typing.get_args(field.annotation)):
            for one in (part, *typing.get_args(part)):
                if isinstance(one, type) and issubclass(one, BaseModel):
                    yield from models(one)


def written(code):
    """What a site calls its buyers' names, reviews and complaints: the names of each kind."""
    [face] = [one for one in discovered() if one.code == code]
    kinds = {"name": {"name", "fullname"}, "review": {"comment", "content"}, "complaint": {"description"}}
    names = {kind: set() for kind in kinds}
    for model in (m for e in face.endpoints if e.body for m in models(e.body)):
        for name, field in model.model_fields.items():
            for kind in (kind for kind, fields in kinds.items() if name in fields):
                names[kind].add(field.alias or name)
    return names


def takes_blanks(field):
    """Whether a needed text may be blank, although not empty."""
    adapter = TypeAdapter(typing.Annotated[(field.annotation, *field.metadata, "")])
    says = []
    for text in ("", BLANK):
        try:
            adapter.validate_python(text)
        except ValidationError:
            says.append(False)
        else:
            says.append(True)
    return says == [False, True]


def test_no_needed_text_may_be_blank_beside_what_is_typed_in_and_compared():
    loose = set()
    for face in discovered():
        for endpoint in face.endpoints:
            for model in models(endpoint.body) if endpoint.body else ():
                for name, field in model.model_fields.items():
                    if field.is_required() and takes_blanks(field):
                        loose.add(field.alias or name)
    assert {one for one in loose if not one.lower().endswith("id")} - COMPARED == set()


def blanked(value, names):
    """The body with one of the fields of these names blank, for each of them."""
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, str) and name in names:
            yield name, {**value, name: BLANK}
        elif isinstance(inner, dict | list):
            for what, one in blanked(inner, names):
                copy = dict(value) if isinstance(value, dict) else list(value)
                copy[name] = one
                yield what, copy


@pytest.mark.parametrize("code", registry.codes())
def test_at_a_marketplace_blanks_are_neither_name_review_nor_complaint(code):
    site, names, asked = played(code), written(code), set()
    for at, good in site.good.items():
        body = orjson.loads(good.body) if good.body[:1] == "{" else {}
        for name, wrong in blanked(body, set.union(*names.values())):
            assert site.refused(good, body=orjson.dumps(wrong).decode(), headers=good.headers), (at, name)
            asked.add(name)
    assert all(asked & some for some in names.values()), (names, asked)
    assert site.market.is_sound()


@pytest.fixture(scope="module")
def rated():
    """Somebody whose certificate shows, and her dashboard."""
    world = World()
    ani = world.enrol()
    bought = world.certified(ani)
    password = world.send("GET", "/__admin/people").json()["people"][0]["password"]
    login = orjson.dumps({"email": ani.email, "password": password})
    token = world.send("POST", "/prakerja/dashboard/login", login).json()["data"]["token"]
    return world, bought["transaction_code"], {"Authorization": f"Bearer {token}"}


BY_DASHBOARD = [
    ("/trainings/{transaction}/review", {"stars": 5, "review": BLANK}),
    ("/trainings/{transaction}/review", {"stars": 5, "review": "\u200b\u200b"}),
    ("/complaints", {"topic": "other", "text": BLANK}),
]


@pytest.mark.parametrize(("path", "body"), BY_DASHBOARD)
def test_the_dashboard_takes_no_blanks(rated, path, body):
    world, transaction, login = rated
    before = world.digest()
    at = f"/prakerja/dashboard{path}".format(transaction=transaction)
    answer = world.send("POST", at, orjson.dumps(body), **login)
    assert told(answer) == (400, "ERR40082", "Parameter tidak lengkap atau tidak valid.")
    assert world.digest() == before


def test_a_review_of_blanks_that_a_marketplace_passes_on_is_refused(world):
    body = {"invoice_code": "INV-1", "stars": 5, "review": BLANK}
    answer = world.dp.send("/simulated/reviews", orjson.dumps(body))
    assert told(answer) == (400, "ERR40082", "Parameter tidak lengkap atau tidak valid.")
