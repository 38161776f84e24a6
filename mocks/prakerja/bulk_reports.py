"""Attendance in bulk: an institution sends a CSV file, and each file gets one result.

That institutions report by CSV, that each batch names its schedule code, the form of the times and the
three results are known of a later platform's help pages (PINTAR); path, columns and row errors are
simulated.  A row is taken or refused by itself, so a file may succeed in part.  A file ends at the 64 KiB of
every request here; the platform's help allows 4 MB.
"""

import csv
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from io import StringIO
from typing import Annotated

from pydantic import StringConstraints

from prakerja_sim.mocks.http.bodies import NOT_BLANK, Body, Model
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.prakerja.words import BAD_PARAMETER, REJECTIONS, success
from prakerja_sim.simulator.programme import attendance, attendance_reports
from prakerja_sim.simulator.values.clock import WIB
from prakerja_sim.simulator.values.errors import Rejected
from prakerja_sim.simulator.world.refusals import confirm, refuses

PATH = "/simulated/attendance-reports"
COLUMNS = ["redeem_code", "sequence", "attended_at"]
WRITTEN = "%d/%m/%Y %H:%M:%S"
"""How a time is written, in WIB."""
NOT_A_FILE = f"Baris pertama harus {','.join(COLUMNS)}, diikuti paling sedikit satu baris."
BAD_ROW = "Isi redeem_code, sequence 1-10 atau 999, dan attended_at sebagai dd/mm/yyyy hh:mm:ss."


class Result(StrEnum):
    """What became of a file."""

    SUCCESS = "SUCCESS"
    PARTIAL = "PARTIAL SUCCESS"
    FAILED = "FAILED"


class BulkReport(Body):
    """The schedule of the batch, and the text of the CSV file."""

    schedule_code: Annotated[str, StringConstraints(min_length=1, max_length=255), NOT_BLANK]
    csv: Annotated[str, StringConstraints(min_length=1)]


class RowError(Model):
    """A line of the file that was not taken; the line of the columns is 1."""

    row: int
    redeem_code: str
    code: str
    message: str


class Outcome(Model):
    """The result of a file."""

    result: str
    rows: int
    accepted: int
    errors: list[RowError]


def add_to(face: Face) -> None:
    """Register the endpoint."""
    simulated = {"provenance": Provenance.SIMULATED, "callers": Role.INSTITUTION}
    face.endpoint("POST", PATH, body=BulkReport, answer=Outcome, **simulated)(report)  # type: ignore[arg-type]


def report(call: Call, body: BulkReport) -> Reply:
    """Take an institution's CSV file of who attended; the result is SUCCESS, PARTIAL SUCCESS or FAILED."""
    rows = list(_rows(body.csv))
    if not rows:
        return success(
            _outcome(0, [RowError(row=1, redeem_code="", code=BAD_PARAMETER[1], message=NOT_A_FILE)])
        )
    errors = [error for number, cells in rows if (error := _taken(call, body.schedule_code, number, cells))]
    return success(_outcome(len(rows), errors))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines below the columns' own, without those that are empty; none if the columns are others."""
    try:
        lines = list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    except csv.Error:
        return
    if not lines or [cell.strip().lower() for cell in lines[0]] != COLUMNS:
        return
    for number, cells in enumerate(lines[1:], 2):
        if any(cell.strip() for cell in cells):
            yield number, [cell.strip() for cell in cells]


@refuses(attendance_reports.report)
def _taken(call: Call, schedule: str, number: int, cells: list[str]) -> RowError | None:
    """Take a row; what is wrong with it, or None."""
    code = cells[0][:64]
    read = _read(cells)
    if read is None or read[1] > call.sandbox.now():
        return RowError(row=number, redeem_code=code, code=BAD_PARAMETER[1], message=BAD_ROW)
    about = {"redeem_code": cells[0], "sequence": read[0], "attended_at": read[1]}
    try:
        call.do(attendance_reports.report, institution=call.sender, schedule=schedule, **about)
    except Rejected as refusal:
        confirm(_taken, refusal)
        _, error, message, _ = REJECTIONS[refusal.reason]
        return RowError(row=number, redeem_code=code, code=error, message=message)
    return None


def _read(cells: list[str]) -> tuple[int, datetime] | None:
    """The sequence and the time of a row, if it is well written."""
    if len(cells) != len(COLUMNS) or not cells[0]:
        return None
    sequence, written = cells[1:]
    if not (sequence.isascii() and sequence.isdigit() and len(sequence) <= 3):
        return None
    try:
        at = datetime.strptime(written, WRITTEN).replace(tzinfo=WIB)
    except ValueError:
        return None
    return (int(sequence), at) if int(sequence) in attendance.SEQUENCES else None


def _outcome(rows: int, errors: list[RowError]) -> dict[str, object]:
    taken = max(rows - len(errors), 0)
    result = Result.FAILED if not taken else Result.PARTIAL if errors else Result.SUCCESS
    return Outcome(result=result, rows=rows, accepted=taken, errors=errors).model_dump()
