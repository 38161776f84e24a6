"""What a document says of an operation in words: they follow from its handler and from what it refuses."""

import inspect

from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Endpoint
from prakerja_sim.simulator.values.reason_texts import TEXTS


def description(endpoint: Endpoint) -> str:
    """What the handler promises beyond its first line, for whom it is, and what each refusal means."""
    promised = inspect.cleandoc(endpoint.handler.__doc__ or "").partition("\n")[2].strip()
    parts = [promised, f"For: {endpoint.callers.value}."]
    if endpoint.refuses:
        reasons = (f"- `{reason.value}`: {TEXTS[reason].en}" for reason in endpoint.refuses)
        parts.append("\n".join(["Refused as:", *reasons]))
    return "\n\n".join(filter(None, parts))


def tag(endpoint: Endpoint) -> str:
    """Whom an operation is for; an operator's operations are told apart by the first word of their path."""
    if endpoint.callers is not Role.OPERATOR:
        return endpoint.callers.value
    return endpoint.path.strip("/").partition("/")[0] or "console"
