"""What the base installation leaves out, and how a command that needs it says so."""

from importlib.util import find_spec

from prakerja_sim.cli.admin import BadInput

NEEDED = {"granian": "granian", "load": "locust", "postgres": "psycopg"}
"""The module that each extra of pyproject.toml brings."""


def need(extra: str, what: str) -> None:
    """Go on only if that extra is installed; raises BadInput that names `what` needs it and the remedy."""
    if find_spec(NEEDED[extra]) is None:
        raise BadInput(
            f"{what} needs {NEEDED[extra]}, which is not installed; "
            f"install it with: pip install 'prakerja-sim[{extra}]'"
        )
