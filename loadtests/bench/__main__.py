"""`python -m prakerja_sim.loadtests.bench`: measures part by part, writes the page, judges the targets."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from prakerja_sim.loadtests.bench import beside as others
from prakerja_sim.loadtests.bench import growth, hot_path, operations, page, results
from prakerja_sim.loadtests.bench.results import Part
from prakerja_sim.loadtests.bench.wanted import KINDS, Wanted
from prakerja_sim.loadtests.errors import LoadTestError

PARTS: dict[str, Callable[[Wanted], Part]] = {
    "payments": operations.payments,
    "free": operations.free,
    "operations": operations.operations,
    "flows": operations.flows,
    "process": operations.in_process,
    "people": growth.people,
    "sandboxes": growth.sandboxes,
    "time": growth.time,
    "start": others.start,
    "timeline": operations.timeline,
    "peers": others.others,
    "before": others.before,
}


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option("--only", multiple=True, type=click.Choice(list(PARTS)), help="Measure this part; repeat it.")
@click.option("--rounds", default=5, type=click.IntRange(1, 50), help="Runs of each case.")
@click.option("--seconds", default=3.0, type=click.FloatRange(0.5, 60), help="Of each run.")
@click.option("--connections", default=16, type=click.IntRange(1, 256))
@click.option("--people", default=100_000, type=click.IntRange(2_000, 1_000_000), help="How far they grow.")
@click.option("--sandboxes", default=1_000, type=click.IntRange(2, 10_000), help="How far they grow.")
@click.option("--minutes", default=20.0, type=click.FloatRange(0.1, 600), help="Of the long run.")
@click.option("--server", "kinds", multiple=True, type=click.Choice(KINDS), default=KINDS)
@click.option(
    "--beside", nargs=2, type=str, metavar="PYTHON STORE", help="Another tree, and its store's kind."
)
@click.option("--results", "kept", default="reports/bench.json", type=click.Path(path_type=Path))
@click.option("--page", "to", default="docs/benchmarks.md", type=click.Path(path_type=Path))
@click.option("--profile", type=click.Choice(hot_path.WHAT), help="Only show where the time of this goes.")
def main(
    only: tuple[str, ...],
    kept: Path,
    to: Path,
    profile: str | None,
    beside: tuple[str, str] | None,
    **how: int,
) -> None:
    """Measure, and write the page from all that was measured; exits 1 when a target is missed."""
    try:
        if profile is not None:
            click.echo(hot_path.profiled(profile))
            return
        if not to.parent.is_dir():
            raise click.UsageError(
                f"{to.parent} is no folder; run this at the top of a checkout, or give --page"
            )
        wanted = Wanted(**how, beside=beside)  # type: ignore[arg-type]
        measured = [_measured(name, wanted, kept, to) for name in PARTS if name in (only or _usual(wanted))]
    except LoadTestError as problem:
        click.echo(f"FAILED: {problem}", err=True)
        sys.exit(1)
    missed = page.missed(measured)
    for line in missed:
        click.echo(f"MISSED: {line}")
    sys.exit(1 if missed else 0)


def _usual(wanted: Wanted) -> list[str]:
    """All parts; the tree beside only if one was named."""
    return [name for name in PARTS if name != "before" or wanted.beside is not None]


def _measured(name: str, wanted: Wanted, kept: Path, to: Path) -> Part:
    """Measure a part and put it in its old one's place at once, so that a later failure loses nothing."""
    click.echo(f"measuring {name}", err=True)
    parts = results.read(kept)
    part = parts[name] = PARTS[name](wanted)
    results.write(kept, parts)
    to.write_text(page.written(parts))
    click.echo(page.shown(part))
    return part


if __name__ == "__main__":
    main()
