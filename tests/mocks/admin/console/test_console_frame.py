"""What all pages of the console share: languages, sandboxes, headers, and forms that do what the API does."""

import re
import sys
from pathlib import Path

import pytest

from prakerja_sim.mocks.admin.console import operations, site
from prakerja_sim.mocks.admin.leasing import Lease
from prakerja_sim.mocks.admin.operations import Arm, Enrol
from prakerja_sim.mocks.admin.server import FACE
from tests.mocks.admin.console.browsing import FORM, Console

NAMES = [page.name for page in site.PAGES if page.listed]
TEMPLATES = {path.name: path.read_text() for path in (site.HERE / "templates").glob("*.html")}
WORD = re.compile(r"""\bw\.(\w+)|\bw\["(\w+)"\]""")
OPERATION = re.compile(r'"((?:POST|PUT|PATCH|DELETE) /[^"]*)"')


def used(name):
    """The words that a template uses, with those that it stands in or includes."""
    text = TEMPLATES[name]
    words = {one or other for one, other in WORD.findall(text)}
    for inner in re.findall(r'{% (?:extends|include|import) "([^"]+)"', text):
        words |= used(inner)
    return words


@pytest.mark.parametrize("page", site.PAGES, ids=lambda page: page.name)
def test_every_word_is_there_in_both_languages_and_is_used(page):
    shared = {*site.WORDS, *(f"page_{name}" for name in NAMES)}
    assert used(f"{page.name}.html") <= shared | set(page.words)
    assert not set(page.words) & set(site.WORDS), "a word of its own that all pages share"
    module = Path(sys.modules[page.show.__module__].__file__).read_text()
    unused = set(page.words) - used(f"{page.name}.html")
    assert not [name for name in unused if module.count(f'"{name}"') < 2]
    for name, text in page.words.items():
        assert all(one.strip() for one in text), name


def test_shared_words_are_there_in_both_languages():
    for name, text in site.WORDS.items():
        assert all(one.strip() for one in text), name


def test_what_the_forms_do_is_there():
    named = {one for text in TEMPLATES.values() for one in OPERATION.findall(text)}
    assert len(named) > 3
    missing = {one for one in named if operations.endpoint_of(FACE, *one.split(" ", 1)) is None}
    assert missing == set()


@pytest.mark.parametrize("name", ["", *NAMES])
def test_a_page_speaks_the_language_that_the_browser_asks_for(world, name):
    for asked, spoken in (
        ("id", "id"),
        ("en-GB,en;q=0.9", "en"),
        ("fr", "id"),
        ("fr,en;q=0.5", "en"),
        ("", "id"),
    ):
        page = Console(world, **{"Accept-Language": asked}).page(name)
        assert ("html", {"lang": spoken}) in page.tags, asked


def test_a_chosen_language_is_remembered(world):
    chosen = Console(world).page("clock?lang=id")
    assert ("html", {"lang": "id"}) in chosen.tags
    kept = chosen.answer.headers["Set-Cookie"].partition(";")[0]
    assert ("html", {"lang": "id"}) in Console(world, Cookie=kept).page("people").tags
    assert "Set-Cookie" not in Console(world).page("clock?lang=de").answer.headers


@pytest.mark.parametrize("name", ["", *NAMES])
def test_a_page_of_a_sandbox_leads_to_pages_of_that_sandbox(world, name):
    world.sandboxes.lease("mine", 1, world.sandbox.now())
    page = Console(world, "/s/mine").page(name)
    assert "Sandbox mine" in page.text
    inside = [link for link in page.links() if link.startswith("/") and "/console/" in link]
    assert inside
    assert all(link.startswith("/s/mine/") for link in inside)


@pytest.mark.parametrize("name", ["", *NAMES])
def test_a_page_runs_no_script_of_others_and_stands_in_no_frame(console, name):
    page = console.page(name)
    policy = page.answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.answer.headers["X-Frame-Options"] == "DENY"
    scripts = [attrs["src"] for tag, attrs in page.tags if tag == "script"]
    assert scripts == ["/console/static/htmx.min.js", "/console/static/console.js"]
    assert not [
        attrs for _, attrs in page.tags if "style" in attrs or any(key.startswith("on") for key in attrs)
    ]


@pytest.mark.parametrize("name", ["", *NAMES])
def test_looking_changes_nothing(world, console, name):
    world.bought(world.enrol())
    before = world.digest()
    console.page(name)
    assert world.digest() == before


def test_there_are_no_other_pages_and_assets(world):
    for path in ("/console/nothing", "/console/static/site.py", "/console/static/..%2Fsite.py", "/console"):
        assert world.send("GET", path).status == 404, path
    style = world.send("GET", "/console/static/console.css")
    assert (style.status, style.headers["Content-Type"]) == (200, "text/css; charset=utf-8")


def test_a_stopped_sandbox_says_why_on_every_page(world):
    stopped = world.sandboxes.lease("stopped", 1, world.sandbox.now())
    stopped.stopped = ["books_agree: <b>no</b>"]
    for name in ("", *NAMES):
        page = Console(world, "/s/stopped").page(name)
        assert "stopped: books_agree: <b>no</b>" in page.text
        assert "books agree " not in page.text
    refused = Console(world, "/s/stopped")
    assert "The sandbox is stopped" in refused.send(refused.page("people"), "POST /people").text


# Forms


def test_a_form_is_read_as_the_json_that_the_operation_takes():
    fields = {"count": ["1.000"], "wave": ["22"], "phone": [""], "late": ["true"], "wallet": ["false"]}
    assert operations.body_from(Enrol, fields) == {"count": 1000, "wave": 22, "late": True, "wallet": False}
    assert operations.body_from(Enrol, {"count": "1.5"}) == {"count": "1.5"}
    assert operations.body_from(Enrol, {"count": "-3", "nothing": "x"}) == {"count": -3}
    assert operations.body_from(Arm, {"fault": "sms_lost", "where": "0812"}) == {
        "fault": "sms_lost",
        "where": "0812",
    }
    assert operations.body_from(Lease, {"settings": '{"magic": false}'}) == {"settings": {"magic": False}}
    assert operations.body_from(Lease, {"settings": "no JSON"}) == {"settings": "no JSON"}


def test_what_is_malformed_is_named_by_its_field_and_stays_in_the_form(world, console):
    before = world.digest()
    answer = console.send(console.page("people"), "POST /people", count="many", phone="0812 <b>")
    assert "Refused; nothing was changed. The request is not well formed." in answer.text
    assert "count Input should be a valid integer" in answer.text
    fields = answer.form("POST /people")["fields"]
    assert (fields["count"], fields["phone"]) == ("many", "0812 <b>")
    assert world.digest() == before


def test_a_refusal_names_its_reason_and_its_values(console):
    answer = console.send(
        console.page("clock"), "POST /clock", {"set": "2021-11-03 09:00:00"}, set="2021-11-01"
    )
    assert "clock_forward_only" in answer.text
    assert "2021-11-03" in answer.text


def test_what_a_form_did_is_one_exchange_with_its_operation(world, console):
    console.did(console.page("people"), "POST /people")
    [exchange] = world.send("GET", "/__admin/timeline?command=enrolment.enrol").json()["exchanges"]
    assert (exchange["method"], exchange["path"]) == ("POST", "/console/people")


def test_a_form_of_another_operation_than_the_api_has_is_refused(world, console):
    form = console.page("people").form("POST /people")
    for operation in ("POST /nothing", "", "people", "POST"):
        raw = f"guard={form['fields']['guard']}&do={operation}".encode()
        assert "the admin API has no" in console.got("POST", "/console/people", raw=raw, **FORM).text
    for raw in (b"\xff", b"&".join(b"a=1" for _ in range(101))):
        assert "cannot be read" in console.got("POST", "/console/people", raw=raw, **FORM).text
