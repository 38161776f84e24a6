"""`prakerja-sim ledger`: the books of a running simulator, or of a store file that nobody has open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import click

from prakerja_sim.cli.admin import URL, BadInput, Failed, admin, in_sandbox
from prakerja_sim.cli.store import opened

if TYPE_CHECKING:
    from prakerja_sim.simulator.sandbox import Sandbox

Ask = Callable[..., Any]
"""Asks the books for what they are called by, with its arguments; answers what the admin API would."""


@click.command()
@click.option("--url", default=URL, show_default=True, help="A running simulator.")
@click.option("--store", help="A store file that no server has open, as lmdb:PATH, instead of --url.")
@in_sandbox
@click.option("--party", help="With statement: only this marketplace or institution.")
@click.option("--by", type=click.Choice(["day", "month", "year"]), default="month", show_default=True)
@click.option("--format", "form", type=click.Choice(["beancount", "hledger", "csv"]), default="beancount")
@click.option("--output", type=click.Path(path_type=Path), help="With export: a new file; else printed.")
@click.argument("what", type=click.Choice(["balances", "verify", "statement", "export"]), default="balances")
def ledger(
    url: str,
    store: str | None,
    sandbox: str,
    party: str | None,
    by: str,
    form: str,
    output: Path | None,
    what: str,
) -> None:
    """Print balances, statements or the journal of the books, or verify them.

    `verify` asks hash chains, balances, invariants and reconciliation; 1 if anything is wrong.
    """
    with _books(url, store, sandbox) as ask:
        if what == "balances":
            for account in ask("ledger")["accounts"]:
                click.echo(f"{account['balance']:>16,}  {account['account']}")
        elif what == "verify":
            _verify(ask)
        elif what == "statement":
            _statement(ask, by, party)
        else:
            _write(ask("ledger/export", format=form), output)


def _verify(ask: Ask) -> None:
    broken: list[str] = ask("invariants")["violations"]
    differing: list[dict[str, str]] = ask("reconciliation")["discrepancies"]
    for violation in broken:
        click.echo(violation)
    for one in differing:
        click.echo(_line(one))
    if broken or differing:
        raise Failed(f"{len(broken)} invariants are broken, {len(differing)} discrepancies")
    click.echo(f"books agree, digest {ask('digest')['digest']}")


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
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise BadInput(f"--output {output} exists; name a new file") from None
    except OSError as problem:
        raise BadInput(f"--output {output}: {problem.strerror}") from None
    click.echo(f"wrote {output}")


@contextmanager
def _books(url: str, store: str | None, sandbox: str) -> Iterator[Ask]:
    if store is None:
        yield lambda path, **query: admin(url, sandbox, "GET", f"/{path}?{urlencode(query)}")
        return
    from prakerja_sim.simulator import sandbox as worlds

    with opened(store) as kept:
        world = worlds.reopen(kept, sandbox)
        if world is None:
            raise BadInput(f"--store {store} has no sandbox {sandbox!r}")
        yield _of(world)


def _of(world: "Sandbox") -> Ask:
    """The same questions as the admin API's, asked of a sandbox in this process."""
    from prakerja_sim.mocks.admin import book_answers

    questions: dict[str, Ask] = {
        "ledger": lambda: world.ask(book_answers.ledger, transfers=1),
        "invariants": lambda: book_answers.verdict(world.check()),
        "reconciliation": lambda **of: world.ask(book_answers.reconciliation, **of),
        "digest": lambda: {"digest": world.digest()},
        "ledger/statements": lambda **of: world.ask(book_answers.statements, **of),
        "ledger/export": lambda **of: world.ask(book_answers.export, **of),
    }
    return lambda path, **query: questions[path](**query)
