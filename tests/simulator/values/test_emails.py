"""E-mail addresses: one inbox, whatever capitals."""

import pytest

from prakerja_sim.simulator.values import emails


@pytest.mark.parametrize(
    "written", ["ani@example.com", "ANI@EXAMPLE.COM", "Ani@Example.com", " ani@example.com"]
)
def test_an_address_has_one_spelling(written):
    assert emails.canonical(written) == "ani@example.com"
