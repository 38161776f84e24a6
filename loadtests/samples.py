"""How a run goes, second by second: one JSON line a second, written beside Locust and read by the command."""

from pathlib import Path

import msgspec

ROWS = "rows.json"
"""What Locust counted, by kind of request, is beside the samples in a file of this name."""


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One look at a run: counts since its beginning, latencies since the look before."""

    began: float
    """Seconds of the wall since 1970."""
    at: float
    """Seconds since then."""
    users: int
    requests: int
    request_failures: int
    flows: int
    """Those that broke are among them."""
    flow_failures: int
    request_ms: dict[float, int]
    flow_ms: dict[float, int]
    cpu: dict[str, float]
    """Percent of a core, of each process that plays users."""
    errors: dict[str, int]
    """How often each error came, the most frequent ones."""


def write(file: Path, sample: Sample) -> None:
    """Add a line."""
    with file.open("ab") as lines:
        lines.write(msgspec.json.encode(sample) + b"\n")


class Reader:
    """Reads what was written since it read last; a line that is being written waits."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._rest = b""
        self._offset = 0
        self.samples: list[Sample] = []
        """All that was read so far."""

    def read(self) -> list[Sample]:
        """The new samples."""
        if not self._file.is_file():
            return []
        with self._file.open("rb") as lines:
            lines.seek(self._offset)
            new = lines.read()
        self._offset += len(new)
        *whole, self._rest = (self._rest + new).split(b"\n")
        found = [msgspec.json.decode(line, type=Sample) for line in whole]
        self.samples += found
        return found
