"""The verdict of a load run, and its reports: text, JSON, JUnit and the page."""

import json
import re
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
from junitparser import JUnitXml
from msgspec import structs

from prakerja_sim.loadtests import fault_specs, thresholds
from prakerja_sim.loadtests.asked import Asked, Result
from prakerja_sim.loadtests.audit import Books, Finding, Verdict
from prakerja_sim.loadtests.fault_specs import Struck
from prakerja_sim.loadtests.journeys import Journey
from prakerja_sim.loadtests.locust_counts import Counts, Row
from prakerja_sim.loadtests.plan import Plan
from prakerja_sim.loadtests.progress import Progress, told
from prakerja_sim.loadtests.reports import FORMATS, series
from prakerja_sim.loadtests.reports.text import text
from prakerja_sim.loadtests.samples import Reader, Sample, write
from prakerja_sim.loadtests.thresholds import Judged

ROWS = (Row("POST", "/pijar/pay", 100, 2, {5.0: 99, 9.0: 1}), Row("FLOW", "flow", 10, 0, {50.0: 10}))
BEFORE = Books((), (), (), {"card": 1_000_000, "institution": 0}, 0, 0)
AFTER = Books((), (), (), {"card": 400_000, "institution": 600_000}, 5, 4, "abc")
KEPT = Judged(thresholds.read("p95(flow) < 1s"), True, 50.0, "p95 of 10 is 50 ms")
MISSED = Judged(thresholds.read("failed(pay) < 1%"), False, 2.0, "2 of 100 failed")
WRONG = Finding(
    "booked <b>twice</b>", "Siti (card ****1234)", "INV-1", "2021-11-01", ("1 a -> b",), ("7",), "stop"
)
PAID = Journey(
    person="Siti", card="1", marketplace="pijar", state="paid", mistakes=("wrong_otp",), price=600_000
)
REFUSED = Journey(
    person="Budi", card="2", marketplace="pijar", state="refused", reason="class full", ended=1.5
)


def sample(at: float, **more: object) -> Sample:
    fields: dict[str, object] = {
        "began": 0.0, "at": at, "users": 3, "requests": int(at * 10), "request_failures": 0, "flows": int(at),
        "flow_failures": 0, "request_ms": {5.0: 10}, "flow_ms": {50.0: 1}, "cpu": {"client": 20.0},
        "errors": {},
    }  # fmt: skip
    return Sample(**{**fields, **more})  # type: ignore[arg-type]


ERRORS = {"POST /x: 409 number=7": 2, "POST /x: 409 number=8": 1}
GOOD = Result(
    asked=Asked(plan=Plan(marketplaces={"pijar": 1}), users=3, seconds=2, thresholds=[KEPT.threshold]),
    counts=Counts((replace(ROWS[0], failures=0), ROWS[1]), 0.0, 2.0),
    before=BEFORE,
    after=AFTER,
    verdict=Verdict(pending=("pijar INV-9 until 09:15: lost",)),
    judged=[KEPT],
    samples=[sample(float(at)) for at in range(1, 9)],
    journeys=[PAID, REFUSED],
    server_seconds=1.0,
)
BAD = replace(
    GOOD,
    others_cores=0.5,
    counts=Counts(ROWS, 0.0, 2.0),
    verdict=Verdict((WRONG,), more=3),
    judged=[KEPT, MISSED],
    struck=[Struck(fault_specs.read("sms_lost*2"), 2, 1)],
    samples=[*GOOD.samples, sample(9.0, cpu={"client": 95.0}, errors=ERRORS)],
)

FAILING = replace(GOOD, counts=BAD.counts)
EMPTY = replace(GOOD, counts=Counts((), 0.0, 2.0))
VERDICTS = [
    (GOOD, []),
    (replace(GOOD, verdict=Verdict((WRONG,), 3)), [WRONG.told, "3 more findings"]),
    (replace(GOOD, judged=[KEPT, MISSED]), ["failed(pay) < 1%: 2 of 100 failed"]),
    (FAILING, ["2 requests failed, and no --threshold says how many may"]),
    (replace(FAILING, asked=replace(GOOD.asked, thresholds=[MISSED.threshold])), []),
    (replace(FAILING, asked=replace(GOOD.asked, faults=[fault_specs.read("sms_lost")])), []),
    (EMPTY, ["no flow was finished; give it more --seconds"]),
    (
        replace(EMPTY, asked=replace(GOOD.asked, file=Path("own.py"))),
        ["no request was made; look at the locustfile, or give it more --seconds"],
    ),
    (
        replace(
            GOOD, counts=Counts(GOOD.counts.rows[:1], 0.0, 2.0), asked=replace(GOOD.asked, file=Path("o"))
        ),
        [],
    ),
    (replace(GOOD, stopped=True), ["stopped by Ctrl-C before its time"]),
]


@pytest.mark.parametrize(("result", "wrong"), VERDICTS, ids=range(len(VERDICTS)))
def test_what_fails_a_run(result: Result, wrong: list[str]) -> None:
    assert result.wrong == wrong
    assert ("verdict   passed" in text(result)) == (not wrong)


def test_a_mistake_that_was_asked_for_and_that_nobody_made_is_told() -> None:
    plan = Plan(mistakes={"wrong_otp": 0.5, "login_forgotten": 0.01, "abandoned": 0.0})
    asked = replace(GOOD, asked=replace(GOOD.asked, plan=plan))
    assert [(name, made, paid) for name, _, made, paid in asked.mistakes] == [
        ("login_forgotten", 0, 0),
        ("wrong_otp", 1, 1),
    ]
    assert "login_forgotten: made by 0, so it was not tested" in text(asked)
    assert "<td><code>login_forgotten</code></td>" in FORMATS["--html"](asked).decode()


def test_the_text_says_what_was_done_and_found() -> None:
    said = text(BAD)
    for line in (
        "users     3 steady, 2 s, 1 process(es)",
        "flows     5.0/s, 10 finished; p50 50 ms",
        "requests  50/s, 100; p50 5 ms",
        "server    0.50 cores, 10,000 us a request",
        "client    95 % of a core; the client is the bottleneck",
        "others    0.50 of ",
        "people    2: 1 paid, 1 refused",
        "          wrong_otp: made by 1, 100% of them ended paid",
        "          1 refused: class full",
        "fault     sms_lost*2: armed 2, struck 1",
        "limit     kept: p95(flow) < 1s: p95 of 10 is 50 ms",
        "limit     MISSED: failed(pay) < 1%: 2 of 100 failed",
        "books     5 purchases, 4 vouchers, 0 pending, digest abc",
        "audit     FAILED: booked <b>twice</b>",
        "            person Siti (card ****1234), invoice INV-1, at 2021-11-01",
        "            exchange 7",
    ):
        assert line in said.splitlines() or any(one.startswith(line) for one in said.splitlines()), line
    assert "audit     books agree" in text(GOOD)
    assert "other programs keep the machine busy" in said
    assert "other programs" not in text(replace(BAD, others_cores=0.49))
    assert "others" not in text(GOOD), "of a server that may be on another machine nothing is known"
    assert "NOT DURABLE" in text(replace(GOOD, asked=replace(GOOD.asked, durability="relaxed")))
    assert "does not tell" in text(replace(GOOD, server_seconds=float("nan")))


def test_the_json_has_the_verdict_and_all_figures() -> None:
    told = json.loads(FORMATS["--json"](BAD))
    assert told["passed"] is False
    assert told["thresholds"][1] == {
        "text": "failed(pay) < 1%", "kept": False, "value": 2.0, "told": "2 of 100 failed",
    }  # fmt: skip
    assert told["rows"][1]["p95_ms"] == 50.0
    assert told["books"]["rupiah"] == {"card": -600_000, "institution": 600_000}
    assert told["audit"]["findings"][0]["person"] == "Siti (card ****1234)"
    assert told["errors"] == {"POST /x: 409 number=*": 3}, (
        "what differs from one person to the next is folded"
    )
    assert (
        json.loads(FORMATS["--json"](replace(GOOD, server_seconds=float("nan"))))["cpu"]["server_cores"]
        is None
    )


def test_no_report_shows_a_whole_card() -> None:
    card = "9900123456789012"
    refused = structs.replace(REFUSED, reason=f"card {card} is blocked")
    leaky = replace(GOOD, journeys=[refused], samples=[sample(1.0, errors={f"POST /x: {card}": 1})])
    for report in (text(leaky).encode(), *(write_it(leaky) for write_it in FORMATS.values())):
        assert card.encode() not in report
    assert "card ************9012 is blocked" in text(leaky)


def test_the_junit_report_has_a_case_for_each_thing_that_is_judged() -> None:
    cases = {
        (case.classname, case.name): [one.message for one in case.result]
        for suite in JUnitXml.fromstring(FORMATS["--junit"](BAD))
        for case in suite
    }
    assert cases == {
        ("threshold", "p95(flow) < 1s"): [],
        ("threshold", "failed(pay) < 1%"): ["failed(pay) < 1%: 2 of 100 failed"],
        ("fault", "sms_lost*2"): [],
        ("audit", "the books agree"): [WRONG.told],
        ("run", "the run came to its end"): ["2 requests failed, and no --threshold says how many may"],
    }
    passed = JUnitXml.fromstring(FORMATS["--junit"](GOOD))
    assert (passed.tests, passed.failures) == (3, 0)


def test_the_page_is_html_that_needs_no_network_and_is_escaped() -> None:
    page = FORMATS["--html"](BAD).decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert "booked &lt;b&gt;twice&lt;/b&gt;" in page
    assert not re.search(r"(?:src|href)\s*=", page.partition("<script>")[0])
    assert '<h1 class="bad">The load run failed</h1>' in page
    assert "<td>forgets" not in page
    assert "types a wrong OTP first" in page
    (plots,) = re.findall(r'<script id="plots" type="application/json">(.*?)</script>', page)
    titles = [one["title"] for one in json.loads(plots)]
    assert titles[0] == "Flows finished or broken, a second"
    assert titles[-1] == "Money of the people whose lives have ended"


def test_the_plots_follow_the_run() -> None:
    by_title = {one.title: one for one in series.plots(GOOD)}
    flows = by_title["Flows finished or broken, a second"]
    assert flows.columns == [[2.0, 4.0, 6.0, 8.0], [1.0, 1.0, 1.0, 1.0]]
    assert by_title["How long a flow takes"].columns[1:] == [[50.0] * 4] * 3
    money = by_title["Money of the people whose lives have ended"]
    assert money.columns[1] == [600_000] * 4
    assert series.plots(replace(GOOD, samples=[])) == []
    still = replace(GOOD, samples=[sample(1.0, flow_ms={}), sample(5.0, flow_ms={})])
    assert {one.title: one for one in series.plots(still)}["How long a flow takes"].columns[1] == [None]


def test_a_long_run_has_no_more_points_than_fit() -> None:
    long = replace(GOOD, samples=[sample(float(at)) for at in range(1, 3601)])
    assert all(len(plot.columns[0]) <= series.MOST_POINTS + 1 for plot in series.plots(long))


def test_progress_is_told_every_ten_seconds_where_there_is_no_terminal() -> None:
    said: list[str] = []
    with Progress(30, terminal=False, say=said.append) as progress:
        for at in range(1, 31):
            progress.show(float(at), [sample(float(max(at - 1, 1))), sample(float(at))], at * 0.5)
    assert [line.split()[0] for line in said] == ["10", "20", "30"]
    assert said[0].strip().split("  ")[1:5] == [
        "3 users",
        "1.0 flows/s",
        "10.0 requests/s",
        "p95(flow) 50 ms",
    ]
    assert "server 0.5 cores" in said[0]
    assert "SATURATED" not in said[0]
    assert "SATURATED" in told(1.0, 30, [sample(1.0, cpu={"a": 3.0, "b": 90.0})], 1.0)


def test_samples_are_read_as_they_are_written(tmp_path: Path) -> None:
    file = tmp_path / "samples"
    reader = Reader(file)
    assert reader.read() == []
    write(file, sample(1.0))
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:20])
    assert reader.read() == [sample(1.0)]
    file.write_bytes(whole + whole)
    assert reader.read() == [sample(1.0)]
    assert reader.samples == [sample(1.0)] * 2
