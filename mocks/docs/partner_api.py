"""The table of the partner API, from the contracts: who calls what, how well it is known, how it refuses.

What reaches a refusal is found by looking: the stories that expect it, else the test that names it.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from prakerja_sim.mocks.http.face import Endpoint
from prakerja_sim.mocks.http.openapi import refusals
from prakerja_sim.mocks.prakerja.server import FACE
from prakerja_sim.mocks.prakerja.strictness import ACCEPTED
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.values.errors import Reason

ROOT = Path(__file__).resolve().parent.parent.parent
NOTE = "<!-- Written by `make docs`; do not edit by hand. -->"
GENERAL = (
    "unauthorized",
    "signature_stale",
    "headers_missing",
    "malformed_body",
    "malformed",
    "too_large",
    "compressed",
)
"""Refusals of every endpoint, listed once."""

HEAD = f"""# Prakerja's partner API, as simulated

{NOTE}

Each endpoint is described in full, with schemas and working examples, at `/prakerja/openapi.json`.
*Known* says how well the endpoint is known (documented, seen, inferred, simulated); each code carries
its own.
The last column names a story or a test in which the code comes out.

## Endpoints

{{endpoints}}

## What any signed endpoint may answer

{{general}}

## What each endpoint refuses

{{refused}}

## What is accepted beyond the documentation

Real clients send it, and whether the real Prakerja insists is not known. In a sandbox with the setting
`strict_documentation` it is refused.

{{beyond}}
"""


def partner_api() -> str:
    """The document."""
    documented = [e for e in FACE.endpoints if not e.path.startswith(("/dashboard", "/dasbor"))]
    general: dict[str, tuple[str, ...]] = {}
    refused = []
    for endpoint in documented:
        for why, status, code, message, provenance in _answers(endpoint):
            reached = _reached(why, code)
            if why in GENERAL:
                general.setdefault(code, (f"`{code}`", status, message, provenance, reached))
            else:
                refused.append(
                    (f"`{endpoint.path}`", f"`{code}`", status, message, f"`{why}`", provenance, reached)
                )
    endpoints = [
        (_caller(e), f"`{e.method}`", f"`{e.path}`", e.summary, e.provenance.value, str(len(e.refuses)))
        for e in documented
    ]
    return HEAD.format(
        endpoints=table(("caller", "method", "path", "what it does", "known", "refusals"), endpoints),
        general=table(("code", "HTTP", "message", "known", "reached by"), general.values()),
        beyond=table(
            ("sent", "documented", "strict"), ((one.sent, one.documented, one.refused) for one in ACCEPTED)
        ),
        refused=table(("endpoint", "code", "HTTP", "message", "reason", "known", "reached by"), refused),
    )


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [list(head)]
    lines += [["---"] * len(lines[0])]
    lines += [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _answers(endpoint: Endpoint) -> Iterator[tuple[str, str, str, str, str]]:
    for why, reply, provenance in refusals(FACE, endpoint):
        yield why, str(reply.status), reply.body["code"], reply.body["message"], provenance


def _caller(endpoint: Endpoint) -> str:
    if endpoint.path in ("/verification", "/consent-sso"):
        return "browser"
    examples = FACE.described.examples.get((endpoint.method, endpoint.path), ())
    return "marketplace" if examples and examples[0].party == registry.DEFAULT else "institution"


def _reached(why: str, code: str) -> str:
    """The story that expects a refusal, else the test that names it; empty if nothing does.

    A story of one marketplace alone comes last, so that a new marketplace changes no document.
    """
    alone = tuple(f"scenarios/{code}/" for code in registry.codes())
    expected = re.compile(rf"(fails|reason): {why}\b")  # in a step, or in a row of its table
    expecting = [path for path, text in _texts("scenarios", "*.yaml") if expected.search(text)]
    names = [f'"{code}"']
    if why in set(Reason):
        names.append(f"Reason.{Reason(why).name}")
    tests = [
        path
        for folder in ("tests/mocks/prakerja", "tests/simulator")
        for path, text in _texts(folder, "test_*.py")
        if any(name in text for name in names)
    ]
    for_all = [path for path in expecting if not path.startswith(alone)]
    places = [*for_all, *tests, *expecting]
    return f"`{places[0]}`" if places else ""


@cache
def _texts(folder: str, pattern: str) -> list[tuple[str, str]]:
    paths = sorted((ROOT / folder).rglob(pattern))
    return [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in paths]
