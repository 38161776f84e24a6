"""`prakerja-sim record`: what was done to a sandbox, as a story that does it again."""

from pathlib import Path

import click

from prakerja_sim.cli.admin import BadInput, Failed, admin, at_url, in_sandbox


@click.command()
@at_url
@in_sandbox
@click.option("--out", type=click.Path(path_type=Path), help="A new file; else printed.")
@click.option("--title", default="A recording", show_default=True, help="What the story promises.")
@click.option(
    "--compare",
    type=click.Path(path_type=Path),
    nargs=2,
    help="Record nothing: play these two stories, and name the first step at which they part.",
)
def record(url: str, sandbox: str, out: Path | None, title: str, compare: tuple[Path, Path] | None) -> None:
    """Write what was done to a sandbox as a story; it ends with the same digest."""
    from prakerja_sim.scenarios.engine import compared, recorder
    from prakerja_sim.scenarios.engine.errors import BadScenarios, CannotPlay

    if compare is not None:
        try:
            parted = compared.parting(*compare)
        except BadScenarios as problem:
            raise BadInput(str(problem)) from None
        if parted:
            raise Failed(parted)
        click.echo("they end in the same world, step by step")
        return
    if out is not None and out.exists():
        raise BadInput(f"--out {out} is there already; name a new file")
    recording = admin(url, sandbox, "GET", "/recording")
    try:
        text, steps = recorder.story(recording, title)
        if out is None:
            click.echo(text, nl=False)
        else:
            out.write_text(text)
            click.echo(f"{out}: {steps} steps, digest {recording['digest']}")
    except (CannotPlay, OSError, ValueError) as problem:
        raise BadInput(str(problem)) from None
