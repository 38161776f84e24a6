"""No marketplace is a copy of another one: what all do stands once, in `mocks/shop`."""

import pytest

from tests.house import shared_lines

COUNTED = shared_lines.shares()


@pytest.mark.parametrize("code", COUNTED)
def test_a_marketplace_shares_few_lines_with_another_one(code):
    total, shared = COUNTED[code]
    assert shared_lines.share(total, shared) <= shared_lines.MOST, f"{shared} of {total} lines"


def test_a_copy_would_be_seen(tmp_path, monkeypatch):
    for name in ("kariermu", "tiruan"):
        (tmp_path / name).mkdir()
    (tmp_path / "kariermu" / "paths.py").write_text('AT = "/kariermu/orders"\nONLY_HERE = "something"\n')
    (tmp_path / "tiruan" / "paths.py").write_text('# A comment, long enough.\nAT = "/tiruan/orders"\nx = 1\n')
    monkeypatch.setattr(shared_lines, "HOME", tmp_path)
    monkeypatch.setattr(shared_lines.registry, "codes", lambda: ("kariermu", "tiruan"))
    monkeypatch.setattr(shared_lines.registry, "title", str.title)
    assert shared_lines.shares() == {"kariermu": (2, 1), "tiruan": (1, 1)}
