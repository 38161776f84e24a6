"""Whatever people type at any party, the console shows as text: no tag, no attribute, no script of theirs."""

from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import orjson
import pytest

from prakerja_sim.mocks.admin.console import site
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.server.mounts import known_faces
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.commands import command
from tests.mocks.admin.console.browsing import FORM, Console, Html
from tests.mocks.worlds import API

MARK = "zqxw"
HOSTILE = f"<script>{MARK}</script>\"'><img src={MARK} onerror={MARK}>"
TIMELINE = site.exchanges.FILTERS
PAGES = [page.name for page in site.PAGES if page.listed]


class Planted(HTMLParser):
    """What of the hostile text has become a part of the page's tags or attributes' names."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        sources = [value or "" for name, value in attrs if name == "src"]
        if tag == "script" and not dict(attrs).get("src", "").startswith(("/console/", "/s/")):
            self.found.append((tag, attrs))
        if any(MARK in one for one in (tag, *names, *sources)) or any(one.startswith("on") for one in names):
            self.found.append((tag, attrs))


def clean(page):
    html = page.answer.body.decode()
    assert Planted(html).found == []
    assert HOSTILE not in html
    return html


@command("test.hostile_messages")
def _messages(world, *, phone, address):
    messages.text(world, phone, HOSTILE, HOSTILE, "123456")
    messages.mail(world, address, HOSTILE, HOSTILE, HOSTILE)


def filled(world):
    """A world in which hostile text stands in every record that people write."""
    ani = world.enrol(name=HOSTILE, email=f"{MARK}'<b>@example.com")
    world.list_course("nakal", title=HOSTILE, category=HOSTILE, institution="lp-kopi")
    world.bought(ani, invoice=f"<i>{MARK}")
    send = lambda path, body: world.send("POST", f"/__admin{path}", orjson.dumps(body), **JSON)  # noqa: E731
    client = {"client_code": HOSTILE[:64], "sign_key": HOSTILE[:64], "party": "lp-nakal"}
    assert send("/clients", client | {"redirect_uris": HOSTILE}).status == 201
    assert send("/webhooks/targets", {"marketplace": "tokopedia", "secret": HOSTILE}).status == 201
    world.sandbox.do(_messages, phone=ani.phone, address=ani.email)
    world.sandbox.arm("mail_lost", HOSTILE, 3)
    return ani


JSON = {"Content_Type": "application/json"}


def paths(world, ani):
    """Every page, and what each shows of one thing."""
    newest = world.send("GET", "/__admin/timeline?limit=1").json()["exchanges"][0]["id"]
    code = world.send("GET", "/__admin/redeem-codes").json()["redeem_codes"][0]["redeem_code"]
    text = quote(HOSTILE)
    return [
        *PAGES,
        f"people?person={ani.card}&judge=1",
        f"people?person={text}",
        f"timeline?person={ani.card}&diagram=1",
        *(f"timeline?{name}={text}" for name in TIMELINE),
        f"timeline?id={newest}&as=curl",
        f"timeline?id={text}",
        f"timeline?id={newest}&as={text}",
        f"inboxes?mail=0&phone={text}&address={text}",
        "inboxes?mail=1",
        f"learning?code={code}",
        f"learning?code={text}",
        f"learning?who={text}&institution={text}&state={text}",
        f"payments?who={text}&which={text}",
        f"ledger?who={text}",
        f"faults?fault={text}",
        f"clock?x={text}&lang={text}",
    ]


def test_every_page_shows_hostile_texts_of_people_as_texts(world, console):
    ani = filled(world)
    shown = ""
    for path in paths(world, ani):
        shown += clean(console.page(path))
    for number in range(3):
        shown += clean(console.page(f"mail?n={number}"))
    assert shown.count(MARK) > 50


def test_every_form_shows_hostile_fields_as_texts(world, console):
    """Whatever is typed into any form is refused or taken, and shown as a text either way."""
    ani = filled(world)
    sent = 0
    for path in (*PAGES, f"people?person={ani.card}"):
        page = console.page(path)
        for form in page.forms:
            operation = form["fields"].get("do", "")
            if form["method"] != "post" or operation in ("login", "POST /reset", "DELETE /faults", ""):
                continue
            for name in set(form["fields"]) - {"guard", "do"}:
                sent += 1
                raw = urlencode({**form["fields"], name: HOSTILE}).encode()
                clean(console.got("POST", form["at"], raw=raw, **FORM))
    assert sent > 40


def sendable():
    """Every operation of every party, but for the console's own and those that end the world."""
    return [
        (face, one)
        for face in known_faces()
        for one in face.endpoints
        if one.path != "/reset" and one.method != "DELETE"
    ]


def test_what_is_sent_to_any_operation_of_any_party_is_shown_as_a_text(world, console):
    """In path, query, headers and every field of the body; then each exchange is looked at."""
    partner = world.dp
    for face, one in sendable():
        path = "/".join(f"{MARK}'\"" if "<" in part else part for part in one.path.split("/"))
        fields = one.body.model_json_schema()["properties"] if one.body else {}
        raw = orjson.dumps(dict.fromkeys([*fields, HOSTILE], HOSTILE)) if one.method != "GET" else b""
        headers = {**JSON, "Authorization": HOSTILE, "User_Agent": HOSTILE, "client_code": partner.code}
        with suppress(NoReply):
            world.send(one.method, f"{face.at}{path}?{MARK}=%3Cscript%3E{MARK}", raw, **headers)
    for path in (f"{API}/payment/send-otp", f"{API}/payment/quota-schedule"):
        partner.send(path, orjson.dumps({"course_code": HOSTILE, "schedule_code": HOSTILE}))
    numbers = [one["id"] for one in world.send("GET", "/__admin/timeline?limit=2000").json()["exchanges"]]
    assert len(numbers) > 200
    for number in numbers:
        clean(console.page(f"timeline?id={number}"))
    clean(console.page("timeline?diagram=1"))


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% raw %}", "&lt;b&gt;", "</title>", "\u202e", "é" * 300])
def test_what_looks_like_a_template_stays_as_it_is(world, text):
    ani = world.enrol(name=text)
    page = Console(world).page(f"people?person={ani.card}")
    assert isinstance(page, Html)
    assert text in page.said
    assert "49" not in page.text.partition("Balance")[0].partition("Signature box")[2]
