"""The front door: `prakerja-sim`.  It imports the rest only when asked, so that --help is quick.

Exit codes: 0 all well; 1 a story, an invariant or a load limit failed; 2 bad input, with the
place and the remedy in one message.
"""

import gc
import json
import os
import sys
from io import TextIOWrapper
from pathlib import Path

import click

from prakerja_sim.cli import background, exposing, extras, filling
from prakerja_sim.cli.admin import BadInput, admin, at_url, in_sandbox
from prakerja_sim.cli.ledger import ledger
from prakerja_sim.cli.load import load
from prakerja_sim.cli.record import record
from prakerja_sim.cli.references import faults, reasons, settings, verbs
from prakerja_sim.cli.replay import check, own_waves, real_parties, replay
from prakerja_sim.cli.store import STORES
from prakerja_sim.cli.store import store as store_commands
from prakerja_sim.simulator import VERSION

PORT = click.IntRange(0, 65535)
ABOUT = f"prakerja-sim {VERSION}, Python {sys.version.split()[0]}"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, message=ABOUT, help="Print the version.")
def main() -> None:
    """Simulate the Kartu Prakerja programme and the marketplaces in front of it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a sign that the terminal cannot print ends no command
            stream.reconfigure(errors="backslashreplace")


main.add_command(ledger)
main.add_command(replay)
main.add_command(check)
main.add_command(load)
main.add_command(store_commands)
for _reference in (record, verbs, reasons, settings, faults):
    main.add_command(_reference)


@main.command()
def version() -> None:
    """Print the version."""
    click.echo(ABOUT)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port", default=8420, show_default=True, type=click.IntRange(0, 65535), help="0: any free port."
)
@click.option("--store", default="lmdb:prakerja-sim.db", show_default=True, help=STORES)
@click.option(
    "--seed", type=click.IntRange(-(2**63), 2**63 - 1), help="Default: the store's; 42 for a new one."
)
@click.option("--server", type=click.Choice(["gunicorn", "granian"]), default="gunicorn", show_default=True)
@click.option("--durability", type=click.Choice(["full", "relaxed"]), default="full", show_default=True)
@click.option("--fixed-otp", help="One OTP for everybody; for load runs (new stores).")
@click.option(
    "--no-magic", is_flag=True, help="Cards, codes and phones with a meaning mean nothing (new stores)."
)
@click.option("--strict-wire", is_flag=True, help="Send no header that the real parties would not send.")
@own_waves
@click.option("--fill", type=click.Path(path_type=Path), help="A YAML or JSON file with what to begin with.")
@click.option("--empty", is_flag=True, help="No courses and people in the default sandbox (new stores).")
@real_parties
@click.option("--allow-target", multiple=True, help="A host beyond this machine to which webhooks may go.")
@click.option("--allow-host", multiple=True, help="A Host header to accept beside the known ones.")
@click.option("--expose", is_flag=True, help="Allow an address beyond loopback; needs PRAKERJA_SIM_TOKEN.")
@click.option("--show-secrets", is_flag=True, help="Show cards, OTPs, NIKs and tokens in books and journal.")
@click.option("--tls", is_flag=True, help="For unmodified clients: TLS and a CONNECT proxy, on loopback.")
@click.option("--tls-port", default=8443, show_default=True, type=PORT, help="With --tls; 0: any free one.")
@click.option("--proxy-port", default=8444, show_default=True, type=PORT, help="With --tls; 0: any free one.")
@click.option(
    "--timeline",
    default=2000,
    show_default=True,
    type=click.IntRange(0, 1_000_000),
    help="How many exchanges of each sandbox are remembered; 0: none.",
)
@click.option("--quiet", is_flag=True, help="No line for each request.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON line when ready, no banner and no requests."
)
@click.option("--detach", is_flag=True, help="Serve in the background; print address and process.")
@click.option(
    "--wait", is_flag=True, help="With --detach: return when it is ready; 1 if it does not come up."
)
@click.option(
    "--log",
    default="prakerja-sim.log",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --detach: where its banner and its requests are written.",
)
@click.option("--exit-with-parent", is_flag=True, help="End when the process that ran this command ends.")
def serve(  # one argument an option
    host: str,
    port: int,
    store: str,
    seed: int | None,
    server: str,
    durability: str,
    fixed_otp: str | None,
    no_magic: bool,
    strict_wire: bool,
    waves: Path | None,
    fill: Path | None,
    empty: bool,
    parties: tuple[str, ...],
    allow_target: tuple[str, ...],
    allow_host: tuple[str, ...],
    expose: bool,
    show_secrets: bool,
    tls: bool,
    tls_port: int,
    proxy_port: int,
    timeline: int,
    quiet: bool,
    as_json: bool,
    detach: bool,
    wait: bool,
    log: Path,
    exit_with_parent: bool,
) -> None:
    """Start the simulator on one address."""
    parent = os.getppid()
    _need_server(server)
    if wait and not detach:
        raise BadInput("--wait goes with --detach: in the foreground the banner says when it is ready")
    gc.disable()  # nothing of what is loaded here is garbage, and looking for it takes a tenth of the time
    from prakerja_sim.mocks.server import banner, serve
    from prakerja_sim.mocks.server.options import CannotServe, Options
    from prakerja_sim.simulator.values.errors import StoreUnusable

    gc.enable()
    host = host.removeprefix("[").removesuffix("]")
    token = exposing.token(host, expose)
    if show_secrets and expose:
        raise BadInput("--show-secrets is for this machine only; leave it out, or leave out --expose")
    try:
        chosen = port or serve.free_port(host)
    except OSError as problem:
        raise BadInput(f"--host {host} cannot be bound: {problem.strerror}") from None
    options = Options(
        host=host,
        port=chosen,
        store=store,
        seed=seed,
        server=server,
        durability=durability,
        strict_wire=strict_wire,
        fixed_otp=fixed_otp,
        magic=False if no_magic else None,
        allowed_hosts=allow_host,
        parties=parties,
        allowed_targets=allow_target,
        admin_token=token,
        show_secrets=show_secrets,
        empty=empty,
        waves=(own := _waves(waves)),
        fill=filling.read(fill, own),
        tls_port=tls_port if tls else None,
        proxy_port=proxy_port,
        timeline=timeline,
        quiet=quiet or (as_json and not detach),  # what is in the background has a log for people
        stories="prakerja_sim.scenarios.engine.on_console",
    )
    try:
        options = serve.check(options)
        announcing = [banner.as_json if as_json and not detach else banner.for_people]
        if detach:  # only the process in the background comes back
            starting = {"event": "starting", "url": options.url}
            say = background.leave(starting, log, wait=wait, as_json=as_json)
            announcing += [lambda options: say(banner.ready(options))]
        if exit_with_parent:
            background.end_with(parent)
        serve.run(options, *announcing)
    except (CannotServe, StoreUnusable, ValueError) as problem:
        raise BadInput(str(problem)) from None


@main.command()
@at_url
@in_sandbox
@click.option("--to", "to", help="Move to this time (WIB), for example 2021-11-30 23:59:59.")
@click.option("--advance", help="Move by a span: 90s, 5m, 2h, 30d.")
@click.option("--step", is_flag=True, help="Move to the next thing that is due.")
@click.option(
    "--scale",
    type=click.IntRange(0, 100_000),
    help="Seconds that pass in one; 0 freezes, 1 follows the wall.",
)
def clock(url: str, sandbox: str, to: str | None, advance: str | None, step: bool, scale: int | None) -> None:
    """Show or move a sandbox's clock; prints what happened on the way."""
    asked = {"set": to, "advance": advance, "step": step or None, "scale": scale}
    body = {name: value for name, value in asked.items() if value is not None}
    answer = admin(url, sandbox, "POST", "/clock", body) if body else admin(url, sandbox, "GET", "/clock")
    for happened in answer.get("happened", []):
        rules = " ".join(happened["rules"])
        click.echo(f"{happened['at']}  {happened['event']}  {happened['whom']}  {rules}: {happened['why']}")
        for move in happened["moved"]:
            click.echo(f"    {move['amount']:>12,}  {move['from']} -> {move['to']}")
    for wait in answer.get("waits", []):
        refused = f"{wait['party']} refused {wait['path']} with {wait['reason']}"
        click.echo(f"{refused} until {wait['until']}: --advance {wait['advance']}")
    click.echo(f"now {answer['now']}")


@main.command()
@at_url
@in_sandbox
@click.option("--enrol", default=0, type=click.IntRange(0, 10_000), help="Enrol so many synthetic people.")
@click.option("--wave", default=22, show_default=True)
@click.option("--late", is_flag=True, help="The wave's days to buy first are over: they are revoked already.")
def people(url: str, sandbox: str, enrol: int, wave: int, late: bool) -> None:
    """List the participants of a sandbox, or enrol new ones."""
    if enrol:
        answer = admin(url, sandbox, "POST", "/people", {"count": enrol, "wave": wave, "late": late})
    else:
        answer = admin(url, sandbox, "GET", "/people")
    for person in answer["people"]:
        click.echo(
            f"{person['prakerja_id']}  wave {person['wave']}  {person['status']:8}"
            f"  {person['phone']}  {person['name']}"
        )


def _need_server(server: str) -> None:
    if server == "granian":
        extras.need("granian", "--server granian")


def _waves(path: Path | None) -> str:
    """The entries of a file with waves of one's own, as JSON."""
    if path is None:
        return "[]"
    from prakerja_sim.scenarios.engine import wave_file
    from prakerja_sim.scenarios.engine.errors import BadScenarios

    try:
        return json.dumps(wave_file.read(path))
    except BadScenarios as problem:
        raise BadInput(str(problem)) from None


@main.command()
@click.option("--people", default=100_000, show_default=True, type=click.IntRange(100, 600_000))
@click.option("--workers", default=0, type=click.IntRange(0, 64), help="Processes; default one a processor.")
@click.option("--seed", default=42, show_default=True, type=click.IntRange(-(2**53), 2**53))
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with the funnel.")
def cohort(people: int, workers: int, seed: int, html: Path | None) -> None:
    """Let people of waves 12 to 22 live through their year; compare with the published shares."""
    from prakerja_sim.loadtests.programme_year import page, run
    from prakerja_sim.mocks.server import writing

    def progress(line: str) -> None:
        click.echo(line, err=True)

    try:
        if html is not None:
            writing.check("--html", html)
        lived = run.run(people=people, workers=workers, seed=seed, progress=progress)
        if html is not None:
            writing.write("--html", html, page.html(lived))
    except writing.CannotWrite as problem:
        raise BadInput(str(problem)) from None
    click.echo(lived.table)
    sys.exit(0 if lived.well else 1)
