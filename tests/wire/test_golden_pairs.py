"""Every endpoint of marketplaces, institution and payment partners has a golden pair; a new one is found.

Which endpoint a pair is of is read off its request, so a file's name proves nothing.
"""

from pathlib import Path

import orjson
import pytest

from prakerja_sim import mocks
from prakerja_sim.mocks.http import golden_schemas
from prakerja_sim.mocks.server.mounts import discovered
from prakerja_sim.mocks.shop import registry

HOME = Path(mocks.__file__).parent
FACES = {face.code: face for face in discovered()}
FOLDERS = [*registry.codes(), "institution", "payout"]


def pairs(folder):
    return {
        path.name: orjson.loads(path.read_bytes()) for path in sorted((HOME / folder / "golden").iterdir())
    }


def endpoint_of(face, pair):
    """The endpoint that a pair's request reaches, or None."""
    return golden_schemas.endpoint_of(face, pair["request"]["method"], pair["request"]["path"])


def without_a_pair(face, kept):
    """The endpoints that no pair answers as they do when all is well, or as they refuse."""
    hit = {endpoint_of(face, pair) for pair in kept}
    every = (f"{one.method} {one.path}" for one in face.endpoints)
    return [one for one in every if one not in hit]


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
    assert without_a_pair(face, left) == [gone]
