"""The world of Tokopedia's tests."""

from tests.mocks.tokopedia.conftest import begin, market  # noqa: F401  # fixtures
