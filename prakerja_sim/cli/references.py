"""`prakerja-sim verbs | reasons | settings | faults`: what there is, from the code itself."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click

from prakerja_sim.cli.admin import BadInput

Row = dict[str, Any]
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
some = click.argument("names", nargs=-1)


@click.command()
@some
@as_json
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a story, for editors.")
def verbs(names: tuple[str, ...], as_json: bool, schema: bool) -> None:
    """Print the verbs of stories, or those NAMES; what each takes, and an example."""
    from prakerja_sim.mocks.shop import registry
    from prakerja_sim.scenarios.engine import finding, story_schema, verb_reference
    from prakerja_sim.scenarios.engine.stage import Stage
    from prakerja_sim.scenarios.engine.vocabulary import vocabulary

    words = vocabulary(Stage, registry.codes())
    if schema:
        click.echo(story_schema.written(words).encode(), nl=False)  # JSON is UTF-8 on any terminal
        return
    _known(names, words.verbs)
    _print(
        verb_reference.verbs(words, finding.discover([], words)), "verb", names, as_json=as_json, show=_verb
    )


@click.command()
@some
@as_json
def reasons(names: tuple[str, ...], as_json: bool) -> None:
    """Print why things are refused, or those NAMES: rules, meaning, who answers so."""
    from prakerja_sim.mocks.docs.reasons import reasons as told

    _print(told(), "reason", names, as_json=as_json, show=_reason)


@click.command()
@some
@as_json
def settings(names: tuple[str, ...], as_json: bool) -> None:
    """Print the settings of a sandbox, or those NAMES: type, default, meaning."""
    from prakerja_sim.mocks.docs.settings import rows

    _print(rows(), "setting", names, as_json=as_json, show=_setting)


@click.command()
@some
@as_json
def faults(names: tuple[str, ...], as_json: bool) -> None:
    """Print what can go wrong on purpose, or those NAMES, and where it may strike."""
    from prakerja_sim.mocks.docs.faults import rows

    _print(rows(), "fault", names, as_json=as_json, show=_fault)


def _print(
    rows: Sequence[Row],
    called: str,
    names: Sequence[str],
    *,
    as_json: bool,
    show: Callable[[Row], Iterable[str]],
) -> None:
    _known(names, [row[called] for row in rows])
    chosen = [row for row in rows if not names or row[called] in names]
    if as_json:
        click.echo(json.dumps(chosen, indent=2, ensure_ascii=False).encode())
        return
    for row in chosen:
        for line in show(row):
            click.echo(line)


def _known(names: Iterable[str], known: Iterable[str]) -> None:
    """Raises BadInput for a name that is not there, with the nearest."""
    from prakerja_sim.scenarios.engine.errors import nearest

    there = list(known)
    for name in names:
        if name not in there:
            raise BadInput(f"there is no {name!r}; {nearest(name, there)}")


def _verb(row: Row) -> Iterable[str]:
    yield f"{row['verb']}  {row['does']}"
    for one in row["arguments"]:
        default = f" ({one['default']})" if one["default"] else ""
        about = f": {one['says']}" if one["says"] else ""
        yield f"    {one['name']:14}{one['type']}{default}{about}"
    yield f"{row['example']}\n"


def _reason(row: Row) -> Iterable[str]:
    yield f"{row['reason']}  {' '.join(row['rules'])}".rstrip()
    yield f"    {row['en']}"
    yield f"    {row['id']}"
    for one in row["answered_by"]:
        code = f" {one['code']}" if one["code"] else ""
        operations = one["operations"]
        more = f" and {len(operations) - 1} more" if len(operations) > 1 else ""
        yield f"    {one['party']}: {one['status']}{code}, {operations[0]}{more}"


def _setting(row: Row) -> Iterable[str]:
    yield f"{row['setting']}  {row['type']}; default {row['default']}"
    yield f"    {row['says']}"


def _fault(row: Row) -> Iterable[str]:
    yield f"{row['fault']}  {row['does']}"
    yield f"    at: {row['passes']} `where`: {row['where']}"
