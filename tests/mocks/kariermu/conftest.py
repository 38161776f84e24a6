"""Karier.mu in this process, with one program on sale."""

import pytest

from tests.mocks.market import Market


@pytest.fixture
def market():
    world = Market("kariermu")
    yield world
    assert world.is_sound(), (world.sandbox.stopped, world.parties.bugs)
