"""Pijar in this process, with one class on sale."""

import pytest

from tests.mocks.market import Market


@pytest.fixture
def market():
    world = Market("pijar")
    yield world
    assert world.is_sound(), (world.sandbox.stopped, world.parties.bugs)
