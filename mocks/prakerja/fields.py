"""Types that several bodies of the partner API share: exact types, codes, addresses, sequences."""

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from prakerja_sim.mocks.http.bodies import LARGEST_INTEGER
from prakerja_sim.simulator.programme.attendance import SEQUENCES

API = "/api/v1/integration"
SEEN_FIELD = Field(json_schema_extra={"x-provenance": "seen"})
INFERRED_FIELD = Field(json_schema_extra={"x-provenance": "inferred"})
"""The provenance of a field, if it differs from the provenance of its endpoint."""
SEEN_MODEL = ConfigDict(json_schema_extra={"x-provenance": "seen"})
"""The provenance of all fields of a model."""


def _of_attendance(sequence: int) -> int:
    if sequence not in SEQUENCES:
        raise ValueError("sequence is 1 to 10 or 999")
    return sequence


def _decimal(value: Any) -> Any:
    return str(value) if type(value) is int and value >= 0 else value


RedeemCode = Annotated[str, StringConstraints(max_length=64)]
Sequence = Annotated[
    int,
    AfterValidator(_of_attendance),
    WithJsonSchema({"type": "integer", "enum": sorted(SEQUENCES)}),
]
"""Attendance: 1 is the redeem, 2 to 10 come after it, 999 is the post-test."""
InvoiceCode = Annotated[
    str,
    BeforeValidator(_decimal),
    StringConstraints(min_length=1, max_length=255),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1, "maxLength": 255},
                {"type": "integer", "minimum": 0, "maximum": LARGEST_INTEGER},
            ]
        }
    ),
]
"""A marketplace's own number for a purchase: authorize's table types it integer, all examples are texts."""
Address = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$", max_length=2048)]
"""Where a browser may be sent: http or https only, without characters that could break a header."""
Email = Annotated[str, StringConstraints(pattern=r"^[!-?A-~]+@[!-?A-~]+$", max_length=255)]
