"""The pages Timeline, Inboxes and Signature box."""

import json
import re
import shutil
import subprocess
import sys
from html import unescape
from xml.etree import ElementTree as ET

import pytest

from prakerja_sim.mocks.admin import sequence_svg, snippets
from prakerja_sim.mocks.admin.console.pages.inboxes import linked
from prakerja_sim.simulator.values.clock import unix_seconds
from tests.mocks.worlds import API, sign

SVG = "{http://www.w3.org/2000/svg}"


def newest(world, **query):
    told = "&".join(f"{name}={value}" for name, value in query.items())
    return world.send("GET", f"/__admin/timeline?{told}").json()["exchanges"][0]


def test_the_timeline_shows_who_asked_whom_and_leads_to_each_exchange(world, console):
    ani = world.enrol()
    world.bought(ani)
    page = console.page("timeline")
    assert "client → prakerja POST /api/v1/integration/payment/authorize" in page.text
    assert f"/console/timeline?id={newest(world)['id']}" in page.links()
    assert ani.card not in page.text


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("path=authorize", "payment/authorize", "payment/send-otp"),
        ("reason=otp_wrong", "otp_wrong", "200"),
        ("status=200", "payment/send-otp", "otp_wrong"),
        ("party=prakerja&asker=client", "payment/send-otp", "none yet"),
        ("text=INV-7", "authorize", "payment/send-otp"),
        ("person=Ani", "payment/send-otp", "none yet"),
        ("fault=reply_lost", "none yet", "payment/send-otp"),
    ],
)
def test_the_timeline_is_filtered(world, console, query, there, not_there):
    ani = world.enrol(name="Ani")
    token = world.opened(ani)
    world.authorize(token, world.wrong_otp(ani), "INV-7")
    rows = console.page(f"timeline?{query}").text.partition("Clear")[2]
    assert there in rows
    assert not_there not in rows


def test_a_filter_that_cannot_be_is_refused_with_the_remedy(console):
    page = console.page("timeline?status=many")
    assert "must be an HTTP status" in page.text
    assert "no participant has this card" in console.page("timeline?person=Nobody").text


def test_an_exchange_is_whole_with_its_reason_its_effects_and_no_secret(world, console):
    ani = world.enrol()
    world.bought(ani)
    page = console.page(f"timeline?id={newest(world, path='authorize')['id']}")
    for text in ("payment.authorize", "600.000", "INV-1", "tokopedia", "200"):
        assert text in page.text, text
    for secret in (ani.card, world.otp(ani)):
        assert secret not in page.answer.body.decode()
    assert world.authorize("x" * 32, "123456").status != 200
    refused = console.page(f"timeline?id={newest(world)['id']}")
    assert "Why it was refused" in refused.text
    assert "It changed nothing." in refused.text
    assert "not remembered any more" in console.page("timeline?id=99").text


def test_a_refused_signature_is_explained(world, console):
    world.dp.send(
        f"{API}/payment/quota-schedule", b'{"course_code":"x","schedule_code":"y"}', signature="0" * 40
    )
    page = console.page(f"timeline?id={newest(world)['id']}")
    assert "What is wrong with its signature" in page.text
    assert f"{world.dp.code}" in page.text


def test_a_persons_flow_is_a_diagram(world, console):
    ani = world.enrol(name="Ani <b>")
    world.bought(ani)
    raw = console.page(f"timeline?person={ani.card}&diagram=1").answer.body.decode()
    drawn = ET.fromstring(re.search("<svg.*?</svg>", raw, re.DOTALL)[0])
    texts = ["".join(one.itertext()) for one in drawn.iter(f"{SVG}text")]
    assert {"client", "prakerja"} <= set(texts)
    whole = [one.text for one in drawn.iter(f"{SVG}title")]
    assert any("POST /api/v1/integration/payment/authorize" in one for one in whole)
    assert any("600,000" in one for one in whole)
    assert ani.card not in raw.partition("<svg")[2].partition("</svg>")[0]


def test_a_diagram_draws_requests_within_requests_losses_and_faults():
    one = {
        "path": "/a?b=c",
        "method": "POST",
        "status": 200,
        "lost": None,
        "reason": None,
        "faults": [],
        "effects": [],
    }
    inner = {
        **one,
        "id": "2",
        "parent": "1",
        "asker": "shop",
        "party": "<b>",
        "lost": "reply_lost",
        "faults": ["f"],
    }
    outer = {**one, "id": "1", "parent": None, "asker": "client", "party": "shop", "reason": "why"}
    drawn = sequence_svg.svg([outer, inner], label='"x"', link=lambda number: f"/at?id={number}&x")
    rows = ET.fromstring(drawn).findall(f"{SVG}a")
    assert [(row.get("href"), row[0].get("class"), row[0].findtext(f"{SVG}text")) for row in rows] == [
        ("/at?id=1&x", "ask", "POST /a?b=c"),
        ("/at?id=2&x", "ask", "POST /a?b=c"),
        ("/at?id=2&x", "note", "fault f"),
        ("/at?id=2&x", "lost", "no answer (reply_lost)"),
        ("/at?id=1&x", "answer", "200 why"),
    ]
    assert "<b>" not in drawn


def test_the_list_is_exported_as_it_is_filtered(world, console):
    world.bought(world.enrol())
    page = console.page("timeline?path=authorize&asker=")
    [har] = [unescape(link) for link in page.links() if "format=har" in link]
    told = world.send("GET", har)
    assert "attachment" in told.headers["Content-Disposition"]
    [entry] = json.loads(told.body)["log"]["entries"]
    assert entry["request"]["url"].endswith("/payment/authorize")
    assert world.send("GET", "/console/export?status=x").status == 400


# Again, and as a program


def test_a_request_is_sent_again_signed_anew(world, console):
    world.dp.post("/payment/quota-schedule", course_code="barista", schedule_code=world.schedule("barista"))
    first = newest(world)
    world.sandbox.advance(world.sandbox.now().replace(hour=23))
    page = console.did(console.page(f"timeline?id={first['id']}"), "POST /timeline/<id>/again")
    assert "This came back: 200" in page.text
    second = newest(world, path="quota-schedule")
    assert second["id"] > first["id"]
    assert (second["status"], second["signature_refused"]) == (200, False)
    assert f"/console/timeline?id={second['id']}" in page.links()


def test_what_nobody_sent_is_not_sent_again(world):
    ani = world.enrol()
    world.sandbox.step()
    clock = newest(world, party="simulator")
    refused = world.send("POST", f"/__admin/timeline/{clock['id']}/again")
    assert (refused.status, refused.json()["error"]["code"]) == (409, "not_to_be_sent_again")
    assert world.send("POST", "/__admin/timeline/99/again").status == 404
    assert ani


def sent_live(live):
    """A signed request that a live server has answered."""
    demo = live.send("GET", "/__admin/demo")[1]["curl"]
    demo = demo.replace("http://127.0.0.1:8420", live.url)
    subprocess.run(["bash", "-c", demo], capture_output=True, check=True, timeout=30)
    return live.send("GET", "/__admin/timeline?path=quota-schedule")[1]["exchanges"][0]["id"]


RUNNERS = {"curl": ["bash", "-c"], "Python": None, "Node": ["node", "-e"], "PHP": ["php", "-r"]}


@pytest.mark.parametrize("language", snippets.LANGUAGES)
def test_an_exchange_as_a_program_does_the_same(live, language):
    """Each program is run against a server; what runs it must be installed, but for PHP."""
    number = sent_live(live)
    html = live.send("GET", f"/console/timeline?id={number}&as={language}")[1].decode()
    program = unescape(re.search('<pre id="program"[^>]*>(.*?)</pre>', html, re.DOTALL)[1])
    if language == "PHP" and not shutil.which("php"):
        assert "hash_hmac('sha1', $signed," in program
        return
    runner = RUNNERS[language] or [sys.executable, "-c"]
    told = subprocess.run(
        [*runner, program.removeprefix("<?php")], capture_output=True, text=True, check=True, timeout=30
    )
    assert '"quota"' in told.stdout, (told.stdout, told.stderr)
    again = live.send("GET", "/__admin/timeline?path=quota-schedule")[1]["exchanges"][0]
    assert again["id"] > number
    assert again["status"] == 200


# Inboxes


def test_inboxes_show_messages_the_newest_code_and_an_email_as_it_looks(world, console):
    ani = world.enrol()
    world.opened(ani)
    page = console.page(f"inboxes?phone={ani.phone}")
    assert f"Newest code: {world.otp(ani)}" in page.text
    mails = console.page(f"inboxes?address={ani.email}")
    [first] = [link for link in mails.links() if "mail=0" in link]
    opened = console.got("GET", first)
    [frame] = [attrs for tag, attrs in opened.tags if tag == "iframe"]
    assert "allow-scripts" not in frame["sandbox"]
    letter = console.got("GET", frame["src"])
    assert " ".join(world.mails(ani.email)[0].text.split()) in letter.text
    assert "frame-ancestors 'self'" in letter.answer.headers["Content-Security-Policy"]
    assert "There is no such e-mail." in console.page("inboxes?mail=77").text
    assert "There is no such e-mail." in console.page("mail?n=x").text


def test_only_addresses_in_a_mail_are_links():
    shown = str(linked('Lihat https://a.example/x?y=1&z=<b>, "http://b.example/(c)". javascript:alert(1)'))
    assert '<a href="https://a.example/x?y=1&amp;z=" target="_blank"' in shown
    assert "<b>" not in shown
    assert 'href="javascript' not in shown


# The signature box


def pasted(world, **changed):
    raw = b'{"course_code": "barista"}'
    headers = world.dp.headers(f"{API}/payment/quota-schedule", raw, **changed)
    return {
        "path": f"{API}/payment/quota-schedule",
        "headers": "\n".join(f"-H '{name}: {value}' \\" for name, value in headers.items()),
        "body": raw.decode(),
    }


def test_a_right_signature_is_called_right(world, console):
    page = console.did(console.page("signature"), "POST /signature", **pasted(world))
    assert "The signature is right." in page.text
    assert f"{world.dp.code}" in page.text
    assert page.form("POST /signature")["fields"]["path"].endswith("quota-schedule")


def test_a_wrong_signature_is_explained_and_nothing_is_changed(world, console):
    before = world.digest()
    typed = pasted(world)
    stamp = unix_seconds(world.sandbox.now())
    lower = sign(world.dp.code, world.dp.key, stamp, typed["path"], typed["body"].encode(), method="post")
    typed["headers"] = re.sub("[0-9a-f]{40}", lower, typed["headers"])
    wrong = console.did(console.page("signature"), "POST /signature", **typed)
    assert "you signed" in wrong.text.partition("What differs")[2]
    assert (
        "missing: client_code"
        in console.did(console.page("signature"), "POST /signature", headers="timestamp: 1").text
    )
    refused = console.send(console.page("signature"), "POST /signature", headers="no colon")
    assert "must be a line each" in refused.text
    assert world.digest() == before
