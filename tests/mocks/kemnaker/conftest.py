"""Kemnaker in this process, with one training on sale."""

import pytest

from tests.mocks.market import Market


@pytest.fixture
def market():
    world = Market("kemnaker")
    yield world
    assert world.is_sound(), (world.sandbox.stopped, world.parties.bugs)
