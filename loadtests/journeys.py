"""What became of each person of a load run: one JSON line for each life, in a file for each process.

The files are `journeys-PID.jsonl` in the run's folder; a process that is killed leaves whole lines, and at
most one that is cut short, which is not read.
"""

import os
from pathlib import Path
from typing import Literal

import msgspec

State = Literal["paid", "waiting", "refused", "lost"]
"""How a life stands at the end of the run.

It has come to all that the plan says; it waits for what is to come; somebody said no; or nobody can say where
money, voucher or the next step are, which is a bug.
"""


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """One life; amounts are rupiah."""

    person: str
    card: str
    marketplace: str
    state: State
    reason: str = ""
    """Why it stands so, in one line; empty if it was paid."""
    waits_until: str = ""
    """Until when it waits, by the sandbox's clock (ISO 8601); empty if nothing has a date."""
    mistakes: tuple[str, ...] = ()
    """Those that were made, in their order; one whose step was never reached was not made."""
    course: str = ""
    order: str = ""
    invoice: str = ""
    voucher: str = ""
    began: float = 0.0
    """Seconds of the wall since 1970."""
    ended: float = 0.0
    flow_seconds: float = 0.0
    """From enrolment to the finished class and its review, without waiting for the clock; 0: not reached."""
    price: int = 0
    """What the card paid and did not get back."""
    refunded: int = 0
    received: int = 0
    """What has arrived of the incentive."""
    instalments: int = 0
    """How many of the job incentive have arrived."""
    surveys: int = 0
    """How many were filled in."""


def file_of(folder: Path, pid: int | None = None) -> Path:
    """Where a process, this one if no other is named, writes its journeys."""
    return folder / f"journeys-{pid or os.getpid()}.jsonl"


def write(folder: Path, journey: Journey) -> None:
    """Add a journey to this process's file."""
    with file_of(folder).open("ab") as file:
        file.write(msgspec.json.encode(journey) + b"\n")


def read(folder: Path) -> list[Journey]:
    """The journeys of all processes of a run, in the order in which they began."""
    found: list[Journey] = []
    for file in sorted(folder.glob("journeys-*.jsonl")):
        whole = file.read_bytes().split(b"\n")[:-1]
        found += [msgspec.json.decode(line, type=Journey) for line in whole]
    return sorted(found, key=lambda one: one.began)
