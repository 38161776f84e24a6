"""`prakerja-sim load`: many shoppers at once, a verdict, and reports."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prakerja_sim.cli import extras
from prakerja_sim.cli.admin import BadInput, Failed

if TYPE_CHECKING:
    from prakerja_sim.loadtests.asked import Asked
    from prakerja_sim.loadtests.plan import Plan

LONGEST_SECONDS = 86_400
SHAPES = ("steady", "ramp", "spike", "announcement", "last-evening")
"""Those of `loadtests.shapes`, which are not imported for --help."""
REPORT = click.Path(dir_okay=False, path_type=Path)
PLACES = {"marketplaces": "--marketplace", "mistakes": "--mistake", "think": "--think"}
"""The options behind the fields of a plan, for what a plan refuses."""
OWN_SERVER = ("server", "durability", "store")


@click.command()
@click.option("--against", help="A running simulator at this URL; without it one of its own is started.")
@click.option("--sandbox", default="default", show_default=True, help="Which of its sandboxes.")
@click.option(
    "--marketplace",
    "marketplaces",
    multiple=True,
    help="Where people buy, or mix for everywhere; may be repeated, NAME=3 is three times as often.",
)
@click.option("-f", "file", type=click.Path(path_type=Path), help="A locustfile of your own.")
@click.option("--users", default=20, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--seconds", default=20, show_default=True, type=click.IntRange(1, LONGEST_SECONDS))
@click.option("--arrivals", type=click.FloatRange(0.01, 10_000), help="So many flows begin each second.")
@click.option(
    "--shape", default="steady", show_default=True, type=click.Choice(SHAPES), help="How the load goes."
)
@click.option("--until", type=click.Choice(["purchase", "incentive"]), help="How far lives go.  [purchase]")
@click.option(
    "--mistake",
    "mistakes",
    multiple=True,
    help="NAME=SHARE, such as wrong_otp=0.1; may be repeated. docs/en/tutorial.md lists them.",
)
@click.option("--think", type=float, nargs=2, help="Seconds between a person's steps: the least, the most.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    help="NAME@WHERE*TIMES, such as sms_lost*20; may be repeated. `prakerja-sim faults` lists them.",
)
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64), help="Of Locust.")
@click.option("--threshold", "thresholds", multiple=True, help="Such as 'p95(flow) < 30s'; may be repeated.")
@click.option("--json", "as_json", type=REPORT, help="Write a report as JSON.")
@click.option("--junit", type=REPORT, help="Write a JUnit report.")
@click.option("--html", type=REPORT, help="Write a page for people, with plots.")
@click.option("--server", type=click.Choice(["gunicorn", "granian"]), help="Of its own server.  [gunicorn]")
@click.option("--durability", type=click.Choice(["full", "relaxed"]), help="Of its own server.  [full]")
@click.option("--store", help="Of its own server. Default: a file of its own, removed afterwards.")
def load(as_json: Path | None, junit: Path | None, html: Path | None, **chosen: Any) -> None:
    """Let many shoppers buy at once, judge what came of it, and audit the books."""
    extras.need("load", "load")
    if chosen["server"] == "granian":
        extras.need("granian", "--server granian")
    from prakerja_sim.loadtests import run
    from prakerja_sim.loadtests.errors import LoadFailed, NotServed, PlanRefused
    from prakerja_sim.loadtests.progress import Progress
    from prakerja_sim.loadtests.reports import FORMATS
    from prakerja_sim.loadtests.reports.text import text
    from prakerja_sim.mocks.server import writing

    asked_for = {"--json": as_json, "--junit": junit, "--html": html}
    files = {option: path for option, path in asked_for.items() if path is not None}
    try:
        asked = _asked(**chosen)
        for option, path in files.items():
            writing.check(option, path)
        result = run.load(asked, Progress(asked.seconds))
        for option, path in files.items():
            writing.write(option, path, FORMATS[option](result))
    except (PlanRefused, NotServed, writing.CannotWrite) as problem:
        raise BadInput(str(problem)) from None
    except LoadFailed as problem:
        raise Failed(str(problem)) from None
    click.echo(text(result))
    sys.exit(1 if result.wrong else 0)


def _asked(**chosen: Any) -> "Asked":
    """The options as a run takes them; raises PlanRefused and BadInput."""
    from prakerja_sim.loadtests import fault_specs, thresholds
    from prakerja_sim.loadtests.asked import Asked

    if chosen["against"] is not None:
        own = [f"--{name}" for name in OWN_SERVER if chosen[name] is not None]
        if own:
            raise BadInput(
                f"{', '.join(own)}: goes with a server of its own; leave it out, or leave out --against"
            )
    if chosen["file"] is not None and not chosen["file"].is_file():
        raise BadInput(f"-f {chosen['file']}: there is no such file")
    limits = [thresholds.read(one) for one in chosen["thresholds"]]
    if chosen["file"] is None:
        thresholds.check(limits)
    return Asked(
        plan=_plan(**chosen),
        users=chosen["users"],
        seconds=chosen["seconds"],
        arrivals=chosen["arrivals"] or 0.0,
        shape=chosen["shape"],
        faults=[fault_specs.read(one) for one in chosen["faults"]],
        processes=chosen["processes"],
        thresholds=limits,
        against=chosen["against"],
        file=chosen["file"],
        server=chosen["server"] or "gunicorn",
        durability=chosen["durability"] or "full",
        store=chosen["store"],
    )


def _plan(**chosen: Any) -> "Plan":
    """What the users do; the clock is stepped where lives go on only when time has passed."""
    from prakerja_sim.loadtests.errors import PlanRefused
    from prakerja_sim.loadtests.plan import MISTAKES, Plan

    more: dict[str, Any] = {"until": chosen["until"] or "purchase"}
    if chosen["marketplaces"]:
        chances = _pairs("--marketplace", chosen["marketplaces"], "1")
        more["marketplaces"] = {name: int(weight) for name, weight in chances}
    mistakes = {name: float(share) for name, share in _pairs("--mistake", chosen["mistakes"], "0.1")}
    waits = any(MISTAKES[name].takes_time for name in mistakes if name in MISTAKES)
    if chosen["until"] == "incentive" or waits:
        more["clock"] = "stepped"
    if chosen["think"] is not None:
        more["think"] = tuple(chosen["think"])
    try:
        return Plan(sandbox=chosen["sandbox"], mistakes=mistakes, **more)
    except ValueError as problem:
        place, _, remedy = str(problem).partition(":")
        field, _, name = place.partition(".")
        raise PlanRefused(f"{PLACES.get(field, field)} {name}".rstrip() + f":{remedy}") from None


def _pairs(option: str, written: tuple[str, ...], otherwise: str) -> list[tuple[str, str]]:
    """NAME=NUMBER of each, or the number that stands for a name alone."""
    pairs = [
        (name, number if sign else otherwise)
        for name, sign, number in (one.partition("=") for one in written)
    ]
    for name, number in pairs:
        try:
            float(number) if otherwise != "1" else int(number)
        except ValueError:
            raise BadInput(
                f"{option} {name}={number}: {number!r} is no number; write such as {name}={otherwise}"
            ) from None
    return pairs
