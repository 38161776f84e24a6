"""The page of a run: valid, small, without a network, everything escaped, failed plays shown step by step."""

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest

from prakerja_sim.mocks.admin.sequence_svg import svg
from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.errors import StepRefused, StoryEnded
from prakerja_sim.scenarios.engine.finding import HOME, discover
from prakerja_sim.scenarios.engine.html_report import ROOM, html
from prakerja_sim.scenarios.engine.outcome import Outcome, Report, StoryFailure, Taken
from prakerja_sim.scenarios.engine.runner import Looking, run
from prakerja_sim.scenarios.engine.scene import Scene
from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.scenarios.engine.wiring import in_process, stages
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.settings import Settings

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert(1)</script>\"'&\x1b\ud800"
FAILS = """# why: to be looked at
scenario: It fails
steps:
  - list_course: {course: kopi, price: 400_000}
  - enrol:
  - arm: {fault: reply_lost, where: payment/authorize}
  - buy: {course: kopi}
  - enter_card:
  - enter_otp:
"""


def played(files, places, **looking):
    stories = discover(files, vocabulary(Stage, registry.codes()))
    return run(stories, places, stages(in_process(Memory(), wall), 42), looking=Looking(**looking))


def parsed(page):
    """The page as a browser reads it; what is no HTML5 is refused."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.decode())


def text_of(element):
    return " ".join("".join(element.itertext()).split())


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    file = tmp_path_factory.mktemp("stories") / "fails.yaml"
    file.write_text(FAILS)
    return played([file, HOME / "purchase" / "promo.yaml"], ["pijar", "kemnaker"])


@pytest.fixture(scope="module")
def page(report):
    return parsed(html(report, seed="42"))


def test_a_failed_play_is_shown_step_by_step(page, report):
    one, other = page.findall(".//article")
    assert [each.get("data-places") for each in (one, other)] == ["pijar", "kemnaker"]
    verdict = text_of(one.find("div[@class='verdict']"))
    failure = report.outcomes[0].failure
    assert failure.said in verdict
    assert re.search(r"Step 6, enter_otp, \S*fails\.yaml:9", verdict)
    assert "reply_lost at payment/authorize: struck once" in verdict
    steps = one.findall("details")
    assert [each.get("open") is not None for each in steps] == [False] * 5 + [True]
    last = steps[-1]
    assert "fault reply_lost" in text_of(last.find("summary"))
    assert last.find(f".//{SVG}svg") is not None
    rows = [[text_of(cell) for cell in row.findall("td")] for row in last.iter("tr")]
    (card,) = (row for row in rows if row and row[0].startswith("card:"))
    assert card[1:] == ["600,000", "-400,000"]
    assert "no answer (reply_lost)" in text_of(last)


def test_the_ledger_after_the_last_step_is_what_the_books_hold(report, page):
    with_books = stages(in_process(Memory(), wall), 42)
    story = report.outcomes[0].story
    with with_books(story, "pijar") as stage, suppress(StoryEnded, StepRefused):
        try:
            story.play(lambda step: getattr(stage, step.verb)(**step.arguments))
        finally:
            books = stage.parties.admin("GET", "/ledger")["accounts"]
    shown = page.findall(".//article")[0].findall("details")[-1]
    rows = [[text_of(cell) for cell in row.findall("td")] for row in shown.iter("tr")]
    balances = {row[0]: row[1] for row in rows if row}
    assert [f"{one['balance']:,}" for one in books] == [balances[name] for name in sorted(balances)]


def test_a_passed_play_is_a_line_a_step(page):
    stories = page.findall(".//details[@class='story']")
    promo = next(one for one in stories if "promo" in one.get("data-text"))
    assert promo.get("data-status") == "passed"
    (steps,) = promo.findall("pre")
    assert text_of(steps).startswith(
        "1 line 8: list_course: {course: mahal, price: 1_050_000} 2 line 9: enrol"
    )


def test_what_was_asked_for_whole_is_shown_step_by_step_though_it_passed():
    report = played([HOME / "purchase" / "promo.yaml"], ["pijar"], whole=True)
    (one,) = parsed(html(report, seed="42")).findall(".//article")
    assert (one.get("data-status"), len(one.findall("details"))) == ("passed", 8)


def test_no_network_is_needed(page):
    addresses = [each.get(name) for each in page.iter() for name in ("src", "href", "action", "xlink:href")]
    assert not any(addresses)
    assert "default-src 'none'" in "".join(each.get("content", "") for each in page.iter("meta"))


def test_it_is_used_by_keyboard(page):
    for each in page.iter():
        if each.tag == "pre" or each.get("class") == "scroll":
            assert each.get("tabindex") == "0"
    for each in (*page.iter("input"), *page.iter("select")):
        assert page.find(f".//label[@for='{each.get('id')}']") is not None
    assert page.find(".").get("lang") == "en"


def test_everything_is_escaped():
    failure = StoryFailure(1, 2, EVIL, EVIL, EVIL)
    exchange = {
        "id": "1", "parent": EVIL, "asker": EVIL, "party": f"x{EVIL}", "method": EVIL, "path": EVIL,
        "at": None, "status": 400, "lost": EVIL, "reason": EVIL, "faults": [EVIL], "cause": EVIL,
        "why": {"rules": [EVIL], "says": {"en": EVIL}, "values": {EVIL: EVIL}, "fields": {EVIL: EVIL}},
        "request": {"body": EVIL}, "answer": {"body": EVIL},
        "effects": [
            {
                "command": EVIL,
                "transfers": [{"event": EVIL, "amount": 1, "source": EVIL, "target": f"y{EVIL}"}],
                "messages": [{"sms": EVIL, "from": EVIL, "text": EVIL}],
            }
        ],
    }  # fmt: skip
    fault = {"fault": EVIL, "where": EVIL, "struck": 1, "left": 1}
    story = Story(Path(EVIL), EVIL, EVIL, (), START, Settings(), lambda _: None)
    scene = Scene(EVIL, (exchange,), (fault,), (EVIL,))
    outcome = Outcome(story, EVIL, 1, "", 0, failure, (Taken(1, 2, EVIL, EVIL, ""),), scene)
    page = html(Report((outcome,)), seed=EVIL, empty=[(story, EVIL, EVIL)])
    assert b"<script>alert" not in page
    assert b"\x1b" not in page
    assert len(parsed(page).findall(".//script")) == 1


def test_a_diagram_has_a_lane_a_party_and_two_arrows_an_exchange(report):
    exchanges = report.outcomes[0].scene.exchanges
    drawn = parsed(f"<!DOCTYPE html><title>.</title>{svg(exchanges)}".encode())
    lanes = [text_of(each) for each in drawn.iter(f"{SVG}text") if each.get("class") == "name"]
    assert lanes == ["client", "admin", "prakerja", "pijar"]
    kinds = [each.get("class") for each in drawn.iter(f"{SVG}g")]
    assert kinds.count("ask") == len(exchanges)
    assert kinds.count("answer") + kinds.count("refused") + kinds.count("lost") == len(exchanges)
    assert kinds.count("lost") == sum(one["lost"] is not None for one in exchanges) > 0


def test_a_run_in_which_everything_fails_stays_below_3_mb(report):
    failed = report.outcomes[0]
    many = [replace(failed, story=replace(failed.story, title=f"It fails {n}")) for n in range(900)]
    page = html(Report(tuple(many)), seed="42")
    assert ROOM - 100_000 < len(page) < 3_000_000
    assert b"More that failed" in page
