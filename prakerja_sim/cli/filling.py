"""What `serve --fill FILE` begins with, read and tried out before anything listens."""

import json
from pathlib import Path

from prakerja_sim.cli.admin import BadInput


def read(path: Path | None, waves: str) -> str:
    """The content of a seed file as JSON, empty without a file; `waves` are waves of one's own, as JSON."""
    if path is None:
        return ""
    from prakerja_sim.mocks.server.mounts import known_faces
    from prakerja_sim.scenarios.engine import fill_file
    from prakerja_sim.scenarios.engine.errors import BadScenarios
    from prakerja_sim.simulator.programme import own_waves
    from prakerja_sim.simulator.programme import waves as all_waves

    try:
        for entry in json.loads(waves):
            all_waves.add(own_waves.read(entry))
        return json.dumps(fill_file.read(path, known_faces()))
    except BadScenarios as problem:
        raise BadInput(str(problem)) from None
