"""Attendance by CSV: each row is taken or refused by itself, and the file has one result."""

import orjson
import pytest

from prakerja_sim.mocks.prakerja.bulk_reports import BAD_ROW, NOT_A_FILE
from prakerja_sim.simulator.programme import attendance
from prakerja_sim.simulator.programme.records import CourseKind
from prakerja_sim.simulator.programme.training_records import Redeemable
from prakerja_sim.simulator.values.clock import SECOND, WIB
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.worlds import BARISTA, START, World, told

PATH = "/simulated/attendance-reports"
MINUTE = 60 * SECOND
HEAD = "redeem_code,sequence,attended_at"


def written(at):
    return f"{at.astimezone(WIB):%d/%m/%Y %H:%M:%S}"


class Class(World):
    """Two people who bought a course, and its institution."""

    def __init__(self):
        super().__init__()
        self.ani, self.budi = self.enrol(), self.enrol()
        self.bought(self.ani, invoice="INV-1")
        self.bought(self.budi, invoice="INV-2")
        self.codes = [self.redeem_code(one) for one in (self.ani, self.budi)]
        self.now = written(self.sandbox.now())

    def report(self, *rows, head=HEAD, by=None, schedule=None):
        body = {"schedule_code": schedule or self.schedule(BARISTA), "csv": "\n".join([head, *rows])}
        return (by or self.lp).send(PATH, orjson.dumps(body))

    def outcome(self, *rows, **how):
        answer = self.report(*rows, **how)
        assert answer.status == 200, answer.body
        return answer.json()["data"]

    def presence(self, code, sequence):
        return self.sandbox.ask(attendance.presence, redeem_code=code, sequence=sequence)


@pytest.fixture
def school():
    made = Class()
    yield made
    assert made.is_sound()


def test_a_file_whose_rows_are_all_taken_is_a_success(school):
    rows = [f"{code},1,{school.now}" for code in school.codes]
    assert school.outcome(*rows) == {"result": "SUCCESS", "rows": 2, "accepted": 2, "errors": []}
    for code in school.codes:
        record = school.sandbox.ask(Unit.need, kind=Redeemable, key=code)
        assert (record.status, record.redeemed_at) == ("redeemed", school.sandbox.now())
        state = school.lp.post("/payment/redeem-code/status", redeem_code=code).json()["data"]
        assert (state["status"], state["attendance_status"]) == (1, 1)


def test_a_file_of_which_some_rows_are_taken_is_a_partial_success_and_names_the_others(school):
    ani, budi = school.codes
    other = "GHOPNYXUVMT0"
    rows = [f"{code},1,{school.now}" for code in (ani, other, ani)]
    outcome = school.outcome(rows[0], "", rows[1], f"{budi},11,{school.now}", rows[2])
    assert (outcome["result"], outcome["rows"], outcome["accepted"]) == ("PARTIAL SUCCESS", 4, 1)
    assert [(one["row"], one["redeem_code"], one["code"], one["message"]) for one in outcome["errors"]] == [
        (4, other, "ERRTRX40020", "Transaksi tidak ditemukan"),
        (5, budi, "ERR40082", BAD_ROW),
        (6, ani, "ERRTRX40021", "Redeem Code sudah digunakan"),
    ]
    assert school.presence(budi, 1) == 0


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("{ani},1", "ERR40082"),
        ("{ani},1,{now},x", "ERR40082"),
        (",1,{now}", "ERR40082"),
        ("{ani},0,{now}", "ERR40082"),
        ("{ani},\u0661,{now}", "ERR40082"),
        ("{ani},1,2021-08-24 15:00:00", "ERR40082"),
        ("{ani},1,31/02/2021 15:00:00", "ERR40082"),
        ("{ani},1,{later}", "ERR40082"),
        ("{ani},1,{before}", "ERRTRX40027"),
        ("{ani},2,{now}", "ERRTRX40027"),
    ],
)
def test_a_file_no_row_of_which_is_taken_has_failed_and_changes_nothing(school, row, code):
    at = school.sandbox.now()
    times = {"now": school.now, "later": written(at + MINUTE), "before": written(START - MINUTE)}
    before = school.digest()
    outcome = school.outcome(row.format(ani=school.codes[0], **times))
    assert (outcome["result"], outcome["accepted"]) == ("FAILED", 0)
    assert [one["code"] for one in outcome["errors"]] == [code]
    assert school.digest() == before


@pytest.mark.parametrize(
    "head", ["redeem_code;sequence;attended_at", "kode,sequence,attended_at", '"redeem_code']
)
def test_a_file_with_other_columns_has_failed(school, head):
    outcome = school.outcome(f"{school.codes[0]},1,{school.now}", head=head)
    assert (outcome["result"], outcome["rows"]) == ("FAILED", 0)
    assert outcome["errors"] == [{"row": 1, "redeem_code": "", "code": "ERR40082", "message": NOT_A_FILE}]
    assert school.outcome()["result"] == "FAILED"  # the columns alone


@pytest.mark.parametrize(
    "body",
    [{}, {"schedule_code": "x"}, {"schedule_code": " ", "csv": HEAD}, {"schedule_code": "x", "csv": 1}],
)
def test_a_body_that_is_no_report_is_a_bad_parameter(school, body):
    assert told(school.lp.send(PATH, orjson.dumps(body)))[:2] == (400, "ERR40082")


def test_a_spreadsheets_mark_quotes_and_line_ends_are_read(school):
    row = f'"{school.codes[0]}", 1 ,{school.now}\r'
    assert school.outcome(row, head=f"\ufeff{HEAD}\r")["result"] == "SUCCESS"


def test_later_meetings_are_reported_once_the_code_was_used_and_twice_is_once(school):
    ani = school.codes[0]
    assert school.outcome(f"{ani},1,{school.now}")["result"] == "SUCCESS"
    for _ in range(2):
        assert school.outcome(f"{ani},2,{school.now}")["result"] == "SUCCESS"
    assert school.presence(ani, 2) == 1
    assert school.presence(ani, 999) == 0


def test_a_code_is_reported_by_its_institution_under_its_own_schedule(school):
    row = f"{school.codes[0]},1,{school.now}"
    assert school.outcome(row, by=school.lp2)["errors"][0]["code"] == "ERRTRX40028"
    assert school.outcome(row, schedule="0123456789abcdef")["errors"][0]["code"] == "ERRPLT40081"
    assert told(school.report(row, by=school.dp))[:2] == (401, "ERR40180")
    assert school.presence(school.codes[0], 1) == 0


def test_a_cancelled_code_is_refused(school):
    paid = school.dp.post("/payment/status", invoice_code="INV-1").json()["data"]["transaction_code"]
    assert school.dp.post("/payment/void", invoice_code="INV-1", transaction_code=paid).status == 200
    outcome = school.outcome(f"{school.codes[0]},1,{school.now}")
    assert outcome["errors"][0]["code"] == "ERRTRX40022"


@pytest.mark.parametrize(
    ("minutes", "result"), [(-61, "FAILED"), (-60, "SUCCESS"), (60, "SUCCESS"), (61, "FAILED")]
)
def test_a_webinars_window_is_judged_at_the_time_that_is_reported(school, minutes, result):
    starts = school.sandbox.now() + 600 * MINUTE
    school.list_course("obrolan", kind=int(CourseKind.WEBINAR), starts=starts)
    cici = school.enrol()
    school.bought(cici, "obrolan", "INV-3")
    school.until(starts + 300 * MINUTE)
    row = f"{school.redeem_code(cici)},1,{written(starts + minutes * MINUTE)}"
    assert school.outcome(row, schedule=school.schedule("obrolan"))["result"] == result


def test_who_came_to_an_offline_course_is_reported(school):
    school.list_course("luring", kind=int(CourseKind.OFFLINE))
    cici = school.enrol()
    school.bought(cici, "luring", "INV-3")
    code = school.redeem_code(cici)
    assert school.outcome(f"{code},1,{school.now}", schedule=school.schedule("luring"))["result"] == "SUCCESS"
    assert school.presence(code, 1) == 1
