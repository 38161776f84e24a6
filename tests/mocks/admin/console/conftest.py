import pytest

from tests.mocks.admin.console.browsing import Console


@pytest.fixture
def console(world):
    return Console(world)
