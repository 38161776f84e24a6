"""A world for tests of the faces; whatever a test did, its books must be right at the end."""

import pytest

from tests.mocks.worlds import World


@pytest.fixture
def world():
    made = World()
    yield made
    assert made.is_sound(), (made.sandbox.stopped, made.parties.bugs)
