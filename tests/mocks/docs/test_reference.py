"""What is written below docs/ is what the code says now; `make docs` brings it up to date."""

import pytest

from prakerja_sim.mocks.docs import reference
from prakerja_sim.mocks.docs.partner_api import partner_api
from prakerja_sim.mocks.docs.reference import DOCS, documents

WRITTEN = documents()


@pytest.mark.parametrize("name", WRITTEN)
def test_a_generated_document_is_fresh(name):
    path = DOCS / name
    assert path.exists(), f"run `make docs`: docs/{name} is missing"
    assert path.read_text() == WRITTEN[name], f"run `make docs`: docs/{name} is stale"


def test_every_documented_refusal_is_reached_by_a_story_or_a_test():
    rows = [line for line in partner_api().splitlines() if "`ERR" in line or "`PAGE_" in line]
    assert len(rows) > 50
    assert [row for row in rows if row.endswith("|  |")] == []


def test_generating_twice_writes_once(tmp_path):
    assert reference.write(tmp_path, WRITTEN) == list(WRITTEN)
    assert reference.write(tmp_path, documents()) == []
