"""What is wrong with a field is said in Indonesian where the answer is Indonesian, in English elsewhere."""

import re

import pytest
from pydantic import BaseModel
from pydantic_core._pydantic_core import list_all_errors

from prakerja_sim.mocks.http.bodies import DEEPEST, LARGEST_INTEGER, Malformed, loaded, parsed, validated
from prakerja_sim.mocks.http.problems import INDONESIAN
from prakerja_sim.mocks.server.mounts import known_faces

IN_INDONESIAN = ("bukalapak", "kariermu", "kemnaker", "pijar")
ENGLISH = re.compile(
    r"\b(input|should|must|valid|characters?|fields?|required|least|most|than|permitted|value|or|and|is|be)\b",
    re.IGNORECASE,
)
ODD = (
    None,
    "",
    " ",
    "x",
    "x" * 10_000,
    "\ud800",
    -1,
    0,
    7,
    10**15,
    1.5,
    True,
    [],
    [None],
    [{}],
    [7] * 1000,
    {},
    {"x": 1},
)
FACES = [face for face in known_faces() if face.code in IN_INDONESIAN]
MODELS = sorted(
    {(face.code, one.body) for face in FACES for one in face.endpoints if one.body},
    key=lambda pair: (pair[0], pair[1].__name__, pair[1].__module__),
)  # fmt: skip


def problems(model: type[BaseModel], body: object) -> tuple[str, ...]:
    try:
        validated(body, model)
    except Malformed as problem:
        return problem.indonesian
    return ()


def wire_fields(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


@pytest.mark.parametrize(("party", "model"), MODELS, ids=lambda one: getattr(one, "__name__", one))
def test_an_indonesian_party_says_no_english(party, model):
    bodies = [{}, {"tidak_dikenal": 1}]
    bodies += [{name: odd} for name in wire_fields(model) for odd in ODD]
    said = {text for body in bodies for text in problems(model, body)}
    for text in said:
        place, _, what = text.partition(": ")
        written = re.sub(r"format .*", "", what)  # a pattern is no language
        assert not ENGLISH.search(re.sub(r"'[^']*'|salah satu dari .*", "", written)), text
        assert what, place
    assert said or not wire_fields(model)


CORE = {one["type"]: one for one in list_all_errors()}


@pytest.mark.parametrize("kind", sorted(set(INDONESIAN) - {"blank"}))
def test_a_kind_of_problem_is_pydantics_and_its_text_has_only_limits_that_are_known(kind):
    limits = {name: str(limit) for name, limit in (CORE[kind].get("example_context") or {}).items()}
    said = INDONESIAN[kind].format(**limits)
    assert "{" not in said
    assert all(limits[name] in said for name in re.findall(r"{(\w+)}", INDONESIAN[kind]))


RAW = {
    b"": "body bukan JSON, mulai byte 0",
    b"[]": "body harus objek JSON",
    b'{"a":1,"a":2}': "isian 'a' muncul dua kali dalam body",
    b'{"a":' + b"[" * DEEPEST + b"]" * DEEPEST + b"}": f"bersarang lebih dari {DEEPEST} tingkat",
    b'{"a":%d}' % (LARGEST_INTEGER + 1): f"a: melebihi bilangan bulat terbesar, {LARGEST_INTEGER}",
}


@pytest.mark.parametrize("raw", RAW, ids=range(len(RAW)))
def test_a_body_that_cannot_be_read_says_so_in_both_languages(raw):
    with pytest.raises(Malformed) as problem:
        validated(loaded(raw), BaseModel)
    [said] = problem.value.indonesian
    assert RAW[raw] in said
    assert problem.value.problems != problem.value.indonesian


class Wish(BaseModel):
    stars: int


def test_english_stays_as_it_is():
    with pytest.raises(Malformed) as problem:
        parsed(b'{"stars":"many"}', Wish)
    assert str(problem.value).startswith("stars: Input should be a valid integer")
    assert problem.value.indonesian == ("stars: harus bilangan bulat",)
