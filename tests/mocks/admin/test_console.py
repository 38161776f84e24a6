"""The console: one page for people, that shows what there is and trusts nobody's text."""

from html.parser import HTMLParser

import pytest

from prakerja_sim.mocks.tokopedia.shopper import Shopper
from tests.mocks.worlds import BARISTA

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Text and tags of a page; every tag must be closed in order."""

    def __init__(self, answer):
        super().__init__()
        self.open, self.tags, self.text = [], [], ""
        self.feed(answer.body.decode())
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def console(world, path="/"):
    answer = world.send("GET", path)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    return Page(answer)


def test_an_empty_sandbox_has_a_page_too(world):
    world.sandboxes.lease("empty", 1, world.sandbox.now())
    page = console(world, "/s/empty/")
    assert page.text.count("none yet") == 6
    assert "sandbox empty" in " ".join(page.text.split())
    assert "default, empty" in page.text


def test_the_page_shows_people_messages_orders_accounts_faults_and_the_journal(world):
    ani = world.enrol()
    shopper = Shopper(world.parties.transport("tokopedia", world.sandbox))
    shopper.sign_up(ani.name, ani.phone, ani.email)
    shopper.enter_phone_code(world.otp(ani))
    shopper.add_to_cart(BARISTA)
    order = shopper.check_out()
    shopper.enter_card(order, ani.card)
    shopper.enter_otp(order, world.otp(ani))
    world.sandbox.arm("mail_lost", "x@example.com", 3)
    page = console(world)
    voucher = shopper.order(order).voucher
    for shown in (ani.name, ani.card[-4:], ani.phone, ani.email, order, voucher, "400.000"):
        assert shown in page.text, shown
    assert "mail_lost" in page.text
    assert "payment.authorize" in page.text
    assert "2021-11-03 09:00:00 WIB" in page.text
    assert world.digest()[:12] in page.text
    assert "books agree" in page.text
    assert "none yet" not in page.text


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "</td></table>",
    "&lt;b&gt;",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_names_and_texts_are_shown_and_never_taken_for_html(world, text):
    clean = [tag for tag, _ in console(world).tags]
    world.enrol(name=text)
    ani = world.enrol(email=f"{text}@example.com")
    shopper = Shopper(world.parties.transport("tokopedia", world.sandbox))
    shopper.sign_up(text, ani.phone, "ani@example.com")
    world.list_course("nakal", title=text, category=text)
    world.sandbox.arm("mail_lost", text)
    page = console(world)
    assert text in page.text
    new = {tag for tag, _ in page.tags} - set(clean)
    assert new <= {"div", "table", "tr", "td", "th"}
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)]
    assert ("script", {}) not in page.tags


def test_a_mails_text_is_safe_in_its_title(world):
    ani = world.enrol(name="x")
    world.list_course("kutip", title='" onmouseover="alert(1)', price=100_000)
    shopper = Shopper(world.parties.transport("tokopedia", world.sandbox))
    shopper.sign_up(ani.name, ani.phone, ani.email)
    shopper.enter_phone_code(world.otp(ani))
    shopper.add_to_cart("kutip")
    order = shopper.check_out()
    shopper.enter_card(order, ani.card)
    shopper.enter_otp(order, world.otp(ani))
    titles = [attrs["title"] for tag, attrs in console(world).tags if tag == "td" and "title" in attrs]
    assert any('" onmouseover="alert(1)' in title for title in titles)


def test_a_stopped_sandbox_says_why(world):
    stopped = world.sandboxes.lease("stopped", 1, world.sandbox.now())
    stopped.stopped = ["books_agree: <b>no</b>"]
    page = console(world, "/s/stopped/")
    assert "stopped: books_agree: <b>no</b>" in page.text
    assert "books agree" not in page.text


def test_looking_changes_nothing(world):
    world.bought(world.enrol())
    before = world.digest()
    console(world)
    assert world.digest() == before
