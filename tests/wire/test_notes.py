"""Every folder's NOTES.md says of each field on its wire how well it is known, endpoint by endpoint.

The fields are those of the golden pairs, so a new one fails here until somebody has said what it is.
"""

import re
from collections import Counter
from urllib.parse import parse_qsl

import orjson
import pytest

from prakerja_sim.mocks.http.face import Provenance
from tests.wire.test_golden_pairs import FACES, FOLDERS, HOME, endpoint_of, pairs

HEADING = "## Field by field\n"
WORDS = [one.value for one in Provenance]
EVERYWHERE = "everywhere"


def names_in(told):
    """The names of all fields, however deep."""
    if isinstance(told, dict):
        for name, value in told.items():
            yield name
            yield from names_in(value)
    elif isinstance(told, list):
        for value in told:
            yield from names_in(value)


def read(body):
    """A body as it was sent: JSON, a form, or a page, which has no fields."""
    if not isinstance(body, str):
        return body
    if body[:1] in ("{", "["):
        return orjson.loads(body)
    return dict(parse_qsl(body)) if re.fullmatch(r"[\w-]+=[^\s<]*", body) else None


def fields(folder):
    """The names of the fields that pass the wire at each endpoint."""
    found = {}
    for pair in pairs(folder).values():
        asked, answered = pair["request"], pair["response"]
        query = dict(parse_qsl(asked["path"].partition("?")[2], keep_blank_values=True))
        names = {*query, *names_in(read(asked["body"])), *names_in(read(answered["body"]))}
        at_once = {name for name in names if not re.fullmatch(r"[\w.-]*\.[\w.-]*", name)}
        found.setdefault(endpoint_of(FACES[folder], pair), set()).update(at_once)
    return found


def table(folder):
    """What the notes say: the fields of each endpoint under each word."""
    section = (HOME / folder / "NOTES.md").read_text().partition(HEADING)[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith(("| `", f"| {EVERYWHERE}"))]
    rows = [line.strip("|").split("|") for line in lines]
    return {
        cells[0].strip().strip("`"): {
            word: re.findall(r"`([^`]+)`", cell) for word, cell in zip(WORDS, cells[1:], strict=True)
        }
        for cells in rows
    }


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_field_is_said_to_be_known_in_one_way(folder):
    told = table(folder)
    common = {name for row in told.pop(EVERYWHERE, {}).values() for name in row}
    seen = fields(folder)
    assert set(told) == {endpoint for endpoint, names in seen.items() if names - common}
    for endpoint, row in told.items():
        said = Counter(name for names in row.values() for name in names)
        assert set(said) == seen[endpoint] - common, endpoint
        assert max(said.values()) == 1, endpoint
