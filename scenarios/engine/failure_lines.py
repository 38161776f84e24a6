"""What a failed play prints below its FAIL line, so that the failure is understood from the output alone."""

from collections.abc import Iterator, Sequence

from prakerja_sim.mocks.admin import exchange_exports
from prakerja_sim.scenarios.engine import scene
from prakerja_sim.scenarios.engine.outcome import Outcome, Taken
from prakerja_sim.scenarios.engine.scene import Scene

LAST_EXCHANGES, LAST_MOVES, LAST_STEPS = 8, 6, 8
"""So many are printed of what may be long; the HTML report has all."""
INDENT = " " * 6


def lines(outcome: Outcome) -> Iterator[str]:
    """The lines below the one that says what went wrong; none for a play that passed."""
    if outcome.failure is None:
        return
    if outcome.taken:
        yield from _listed("steps", [step_line(one) for one in outcome.taken], LAST_STEPS)
    if outcome.scene is not None:
        yield from _of_scene(outcome.scene)
    for line in outcome.failure.detail.splitlines():
        yield f"{INDENT}{line}"


def step_line(step: Taken) -> str:
    """One step as the story has it."""
    refused = f", fails: {step.fails}" if step.fails else ""
    return f"{step.number:>3} line {step.line}: {step.said}{refused}"


def fault_line(fault: scene.Shown) -> str:
    """A fault that was armed, and whether it struck."""
    where = f" at {fault['where']}" if fault["where"] else ""
    struck = "struck once" if fault["struck"] == 1 else f"struck {fault['struck']} times"
    left = f", {fault['left']} left" if fault["left"] else ""
    return f"{fault['fault']}{where}: {struck if fault['struck'] else 'never struck'}{left}"


def exchange_lines(exchange: scene.Shown, depth: int = 0) -> list[str]:
    """Who asked whom and how it ended; below it why it was refused, and which faults struck.

    What was sent within another exchange is `depth` steps further in.
    """
    cause = f" (for {exchange['cause']})" if exchange["cause"] else ""
    indent = "  " * depth
    first = f"{exchange_exports.at(exchange)} {indent}{exchange_exports.asked(exchange)}{cause}"
    reason = exchange_exports.because(exchange)
    faults = [f"the fault {name} struck here" for name in exchange["faults"]]
    return [first, *(f"    {indent}{line}" for line in ([reason] if reason else []) + faults)]


def _of_scene(seen: Scene) -> Iterator[str]:
    yield from _listed("people", seen.people, len(seen.people))
    depth = exchange_exports.depths(seen.exchanges)
    wires = [one for one in seen.exchanges if one["method"] or one["faults"]]
    shown = ["\n".join(exchange_lines(one, depth[one["id"]])) for one in wires]
    yield from _listed("exchanges", shown, LAST_EXCHANGES)
    moved = [exchange_exports.moved(one) for one in scene.transfers(seen.exchanges)]
    yield from _listed("transfers", moved, LAST_MOVES)
    yield from _listed("messages", scene.messages(seen.exchanges), LAST_MOVES)
    yield from _listed("faults", [fault_line(one) for one in seen.faults], len(seen.faults))


def _listed(name: str, found: Sequence[str], most: int) -> Iterator[str]:
    """The last ones under their name, and how many there are; that there are none is said, too."""
    if not found:
        yield f"{INDENT}{name}: none"
        return
    yield f"{INDENT}{name}{f' (the last {most} of {len(found)})' if len(found) > most else ''}:"
    for one in found[-most:]:
        yield from (f"{INDENT}  {line}" for line in one.split("\n"))
