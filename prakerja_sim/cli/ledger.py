"""`prakerja-sim ledger`: the books of a running simulator, or of a store file that nobody has open."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import click
from click.core import ParameterSource

from prakerja_sim.cli.admin import URL, BadInput, Failed, admin, in_sandbox
from prakerja_sim.cli.store import opened

if TYPE_CHECKING:
    from prakerja_sim.cli.store import Kept
    from prakerja_sim.simulator.sandbox import Sandbox
    from prakerja_sim.simulator.stores.verify import Heads

Ask = Callable[..., Any]
"""Asks the books for what they are called by, with its arguments; answers what the admin API would."""


@click.command()
@click.option("--url", default=URL, show_default=True, help="A running simulator.")
@click.option(
    "--store", help="Instead of --url: lmdb:PATH that no server has open, or postgresql://HOST/DATABASE."
)
@in_sandbox
@click.option("--party", help="With statement: only this marketplace or institution.")
@click.option("--by", type=click.Choice(["day", "month", "year"]), default="month", show_default=True)
@click.option("--format", "form", type=click.Choice(["beancount", "hledger", "csv"]), default="beancount")
@click.option("--output", type=click.Path(path_type=Path), help="With export: a new file; else printed.")
@click.option("--show-secrets", is_flag=True, help="With --store: cards in names as they are kept.")
@click.option(
    "--heads",
    type=click.Path(path_type=Path),
    help="With verify and --store: heads noted earlier, as `ledger heads` prints them.",
)
@click.argument(
    "what", type=click.Choice(["balances", "verify", "heads", "statement", "export"]), default="balances"
)
def ledger(
    url: str,
    store: str | None,
    sandbox: str,
    party: str | None,
    by: str,
    form: str,
    output: Path | None,
    heads: Path | None,
    show_secrets: bool,
    what: str,
) -> None:
    """Print balances, statements or the journal of the books, or verify them.

    `verify` does all commands of the journal once more, in memory, and names every record and balance that
    differs; it asks hash chains, invariants and reconciliation too. 1 if anything is wrong. A store file is
    verified with all its sandboxes unless --sandbox names one. `heads` prints the ends of the journal's
    chains: noted elsewhere, they show `verify --heads FILE` what was cut off.
    """
    if show_secrets and store is None:
        raise BadInput("--show-secrets needs --store; a server shows them if it was started with it")
    if heads is not None and (what != "verify" or store is None):
        raise BadInput("--heads goes with verify and --store")
    if what == "verify" and store is not None:
        chosen = click.get_current_context().get_parameter_source("sandbox") is not ParameterSource.DEFAULT
        _verify_file(store, sandbox if chosen or heads else None, _noted(heads), whole=show_secrets)
        return
    with _books(url, store, sandbox, whole=show_secrets) as ask:
        if what == "balances":
            for account in ask("ledger")["accounts"]:
                click.echo(f"{account['balance']:>16,}  {account['account']}")
        elif what == "verify":
            _judge({sandbox: ask("verification")})
        elif what == "heads":
            for line in ask("heads")["heads"]:
                click.echo(line)
        elif what == "statement":
            _statement(ask, by, party)
        else:
            _write(ask("ledger/export", format=form), output)


def _verify_file(store: str, sandbox: str | None, noted: "Heads", *, whole: bool) -> None:
    """Verify a file's sandboxes, or one."""
    from msgspec import to_builtins

    from prakerja_sim.mocks.admin.shown import name_of, verdict
    from prakerja_sim.mocks.server.mounts import discovered
    from prakerja_sim.mocks.server.options import shown_store
    from prakerja_sim.simulator.stores.verify import verify
    from prakerja_sim.simulator.world.records import World

    discovered()  # parties have commands too
    with opened(store, whole=True) as kept:
        _know_waves(kept)
        names = kept.names()
        if sandbox is not None and sandbox not in names:
            raise BadInput(f"--store {shown_store(store)} has no sandbox {sandbox!r}")
        # The one without a name keeps what all share, if there is anything.
        shared = [""] if kept.contents("").records[World] else []
        chosen = [sandbox] if sandbox is not None else [*shared, *names]
        found = {name: to_builtins(verify(kept.contents(name), noted, name_of)) for name in chosen}
        _judge({name: verdict(said, whole=whole) for name, said in found.items()})


def _know_waves(kept: "Kept") -> None:
    """Let the file's own waves be known; one that cannot be read is named where it is verified."""
    import orjson

    from prakerja_sim.simulator.programme import own_waves, waves
    from prakerja_sim.simulator.programme.records import OwnWave

    for record in kept.contents("").records[OwnWave].values():
        with suppress(ValueError):
            waves.add(own_waves.read(orjson.loads(record.told)))


def _judge(verdicts: dict[str, dict[str, Any]]) -> None:
    """Print what is wrong with each sandbox; raises Failed if anything is."""
    counts = Counter[str]()
    for name, verdict in verdicts.items():
        where = "" if len(verdicts) == 1 else f"{name or 'what all share'}: "
        if verdict["note"]:
            click.echo(f"{where}{verdict['note']}")
        for kind in ("differences", "violations", "discrepancies"):
            counts[kind] += len(verdict[kind])
            for one in verdict[kind]:
                click.echo(f"{where}{one}")
        if not any(verdict[kind] for kind in counts):
            click.echo(f"{where}books agree, digest {verdict['digest']}")
    if counts.total():
        raise Failed(
            "{differences} differences from the journal, {violations} invariants are broken, "
            "{discrepancies} discrepancies".format(**counts)
        )


def _noted(path: Path | None) -> "Heads":
    """The heads in a file of lines SUBJECT LENGTH HEAD."""
    noted: dict[str, tuple[int, str]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path is not None else []
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"--heads {path} cannot be read: {problem}") from None
    for number, line in enumerate(lines, 1):
        parts = line.rsplit(" ", 2)
        if len(parts) != 3 or not parts[1].isdecimal():
            raise BadInput(f"--heads {path}:{number}: write SUBJECT LENGTH HEAD, as `ledger heads` prints it")
        noted[parts[0]] = (int(parts[1]), parts[2])
    return noted


def _statement(ask: Ask, by: str, party: str | None) -> None:
    chosen = {"party": party} if party else {}
    told = ask("ledger/statements", by=by, **chosen)["statements"]
    if party and not told:
        raise BadInput(f"no marketplace or institution {party!r} has moved anything")
    for one in told:
        click.echo(f"{one['party']} ({one['role']}), rupiah")
        columns = list(one["periods"][0]["moved"])
        click.echo(f"  {'period':10} {'opening':>16}{''.join(f'{c:>24}' for c in columns)} {'closing':>16}")
        for row in one["periods"]:
            moved = "".join(f"{m['count']:>7} {m['amount']:>16,}" for m in row["moved"].values())
            click.echo(f"  {row['period']:10} {row['opening']:>16,}{moved} {row['closing']:>16,}")
    for one in ask("reconciliation", **chosen)["discrepancies"]:
        click.echo(_line(one))


def _line(discrepancy: dict[str, str]) -> str:
    return "{kind}: {party} {about}: {told}; {remedy}".format(**discrepancy)


def _write(text: str, output: Path | None) -> None:
    from prakerja_sim.mocks.server import writing

    if output is None:
        click.echo(text.encode(), nl=False)  # a file's content, whatever the terminal is
        return
    try:
        writing.write("--output", output, text.encode(), new=True)
    except writing.CannotWrite as problem:
        raise BadInput(str(problem)) from None
    click.echo(f"wrote {output}", err=True)


@contextmanager
def _books(url: str, store: str | None, sandbox: str, *, whole: bool) -> Iterator[Ask]:
    if store is None:
        yield lambda path, **query: admin(url, sandbox, "GET", f"/{path}?{urlencode(query)}")
        return
    from prakerja_sim.mocks.server.options import shown_store
    from prakerja_sim.simulator import sandbox as worlds

    with opened(store) as kept:
        world = worlds.reopen(kept, sandbox)
        if world is None:
            raise BadInput(f"--store {shown_store(store)} has no sandbox {sandbox!r}")
        yield _of(world, whole=whole)


def _of(world: "Sandbox", *, whole: bool) -> Ask:
    """The same questions as the admin API's, asked of a sandbox in this process."""
    from prakerja_sim.mocks.admin import book_answers

    questions: dict[str, Ask] = {
        "ledger": lambda: world.ask(book_answers.ledger, transfers=1, whole=whole),
        "heads": lambda: world.ask(book_answers.heads, whole=whole),
        "reconciliation": lambda **of: world.ask(book_answers.reconciliation, whole=whole, **of),
        "ledger/statements": lambda **of: world.ask(book_answers.statements, **of),
        "ledger/export": lambda **of: world.ask(book_answers.export, whole=whole, **of),
    }
    return lambda path, **query: questions[path](**query)
