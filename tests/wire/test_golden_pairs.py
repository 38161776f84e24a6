"""Every endpoint of the marketplaces and of the institution has a golden pair; a new one is found by itself.

Which endpoint a pair is of is read off its request, so a file's name proves nothing.
"""

from pathlib import Path

import orjson
import pytest
from werkzeug.exceptions import HTTPException

import mocks
from mocks import marketplaces
from mocks.app import discovered

HOME = Path(mocks.__file__).parent
FACES = {face.code: face for face in discovered()}
FOLDERS = [*marketplaces.codes(), "institution"]


def pairs(folder):
    return {
        path.name: orjson.loads(path.read_bytes()) for path in sorted((HOME / folder / "golden").iterdir())
    }


def endpoint_of(face, pair):
    """The method and rule that a pair's request reaches, or None."""
    asked = pair["request"]
    path = asked["path"].partition("?")[0]
    try:
        rule, _ = face.app.url_map.bind("").match(path, asked["method"], return_rule=True)
    except HTTPException:
        return None
    return asked["method"], rule.rule


def without_a_pair(face, kept):
    """The endpoints that no pair answers as they do when all is well, or as they refuse."""
    hit = {endpoint_of(face, pair) for pair in kept}
    return [f"{one.method} {one.path}" for one in face.endpoints if (one.method, one.path) not in hit]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_endpoint_has_a_golden_pair(folder):
    assert without_a_pair(FACES[folder], pairs(folder).values()) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_pair_is_of_an_endpoint_and_holds_both_halves(folder):
    for name, pair in pairs(folder).items():
        assert endpoint_of(FACES[folder], pair), f"{name} is of no endpoint"
        assert {"method", "path", "body"} <= set(pair["request"]), name
        assert {"status", "body"} <= set(pair["response"]), name


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_pair_that_is_taken_away_is_missed(folder):
    face, kept = FACES[folder], list(pairs(folder).values())
    gone = endpoint_of(face, kept[0])
    left = [pair for pair in kept if endpoint_of(face, pair) != gone]
    assert without_a_pair(face, left) == [" ".join(gone)]
