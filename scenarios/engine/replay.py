"""`prakerja-sim replay`: find the stories, play them, report.

What is printed last is one line that scripts read, whatever the options.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from prakerja_sim.mocks.server.options import open_store
from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine import canary, wave_file
from prakerja_sim.scenarios.engine import report as reports
from prakerja_sim.scenarios.engine.errors import BadScenarios, CannotPlay
from prakerja_sim.scenarios.engine.finding import discover, select
from prakerja_sim.scenarios.engine.matrix import Matrix, empty_cells, summary
from prakerja_sim.scenarios.engine.runner import run
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.scenarios.engine.wiring import against, in_process, party_urls, stages
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.values.errors import StoreUnusable

BAD_INPUT = (BadScenarios, CannotPlay, StoreUnusable)
"""What makes the command end with 2: the message names the place and the remedy."""


def replay(
    paths: Sequence[Path],
    *,
    store: str,
    seed: int,
    against_url: str | None,
    parties: Sequence[str] = (),
    word: str | None,
    jobs: int,
    waves: Path | None,
    junit: Path | None,
    environment: Mapping[str, str],
) -> bool:
    """Play the stories and print the report; whether all passed. Raises one of BAD_INPUT.

    With `against_url` the waves are only names that stories may use: the simulator there has its own.
    """
    places = registry.codes()
    own = wave_file.add(waves) if waves is not None else []
    stories = discover(paths, vocabulary(Stage, places))
    if word is not None:
        stories = select(stories, word)
    kept, table = None, Matrix(places, lambda line: print(line, flush=True))
    real = party_urls(parties)
    if against_url is not None:
        to = against(against_url.rstrip("/"))
    else:
        kept = open_store(store)
        to = in_process(kept, wall, own, real)
    try:
        canary.sing()
        table.begin()
        apart = not isinstance(kept, LMDB)  # a file is open in one process only
        report = run(stories, places, stages(to, seed, real), jobs, table.hear, apart=apart)
    finally:
        if kept is not None:
            kept.close()
    for line in summary(report, stories, places):
        print(line)
    for annotation in reports.annotations(report, environment):
        print(annotation)
    if junit is not None:
        reports.write_junit(junit, report, seed=str(seed), empty=list(empty_cells(stories, places)))
    print(reports.last_line(report), flush=True)
    return report.passed


def check(paths: Sequence[Path], waves: Path | None = None) -> int:
    """How many stories there are, all of them well formed. Raises BadScenarios."""
    if waves is not None:
        wave_file.add(waves)
    return len(discover(paths, vocabulary(Stage, registry.codes())))
