"""`prakerja-sim replay` and `prakerja-sim check`: stories played, or only read."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from prakerja_sim.cli.admin import BadInput, Failed
from prakerja_sim.cli.store import STORES

own_waves = click.option("--waves", type=click.Path(path_type=Path), help="A YAML file with your own waves.")
real_parties = click.option(
    "--party", "parties", multiple=True, help="NAME=URL: a real system in the place of our own party."
)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--store", default="memory", show_default=True, help=STORES)
@click.option("--seed", default=42, show_default=True, type=click.IntRange(-(2**53), 2**53))
@click.option("--against", help="Play over HTTP against a running simulator at this URL.")
@real_parties
@click.option("-k", "word", help="Only stories with this word in their title or path.")
@click.option("--tag", "tags", multiple=True, help="Only stories with this tag, or with any of several.")
@click.option("--marketplace", "marketplaces", multiple=True, help="Only on this one; may be repeated.")
@click.option("-j", "jobs", default=1, show_default=True, type=click.IntRange(1, 64), help="Stories at once.")
@click.option("-x", "first", is_flag=True, help="Stop at the first play that fails.")
@click.option("-v", "verbose", is_flag=True, help="Print the steps of each play.")
@click.option("--keep", is_flag=True, help="Keep the sandboxes of plays that fail, and say where they are.")
@click.option("--list", "only_list", is_flag=True, help="Print which stories would be played, and play none.")
@own_waves
@click.option("--junit", type=click.Path(path_type=Path), help="Write a JUnit report.")
@click.option(
    "--html", type=click.Path(path_type=Path), help="Write a page for people; with -k all in it is whole."
)
@click.option("--ctrf", type=click.Path(path_type=Path), help="Write a report in CTRF, as JSON.")
def replay(paths: tuple[Path, ...], *, only_list: bool, **chosen: Any) -> None:
    """Play the stories on every marketplace; PATHS are files or folders, default all."""
    from prakerja_sim.scenarios.engine import replay as replaying
    from prakerja_sim.scenarios.engine.report import FORMATS

    files = {option: chosen.pop(option.removeprefix("--")) for option in FORMATS}
    asked = replaying.Asked(**chosen, files={option: path for option, path in files.items() if path})
    try:
        if only_list:
            for line in replaying.listed(paths, asked):
                click.echo(line)
            return
        passed = replaying.replay(paths, asked, os.environ)
    except (*replaying.BAD_INPUT, OSError) as problem:
        raise BadInput(str(problem)) from None
    except KeyboardInterrupt:
        raise Failed("stopped by Ctrl-C before all stories were played; no report was written") from None
    sys.exit(0 if passed else 1)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@own_waves
def check(paths: tuple[Path, ...], waves: Path | None) -> None:
    """Read the stories without playing them."""
    from prakerja_sim.scenarios.engine import replay as replaying

    try:
        found = replaying.check(paths, waves)
    except replaying.BAD_INPUT as problem:
        raise BadInput(str(problem)) from None
    click.echo(f"{found} stories are well formed")
