"""What the kit raises: one tree, whose messages name the place, the value and the remedy."""

from collections.abc import Mapping
from typing import Any


class SimulatorError(Exception):
    """Whatever the kit says no to; `reason` is a stable word, `values` are what decided."""

    def __init__(self, message: str, *, reason: str = "", values: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.values = dict(values or {})


class Refused(SimulatorError):
    """The simulator refused an admin operation; nothing was changed. `reason` is the server's."""


class Unreachable(SimulatorError):
    """No server answers at the address."""


class ExtraMissing(SimulatorError, ImportError):
    """A library that this needs is not installed; the message says how to install it."""


class Mismatch(SimulatorError, AssertionError):
    """What a test expects did not happen, or the books do not agree: the test fails."""
