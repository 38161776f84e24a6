"""What Tokopedia does when the clock says so: end distributors' orders whose time has come."""

from mocks.contract import Call
from mocks.tokopedia import sat


def run(call: Call) -> None:
    """Do all that is due now."""
    sat.end_due(call)
