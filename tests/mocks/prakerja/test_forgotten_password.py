"""Prakerja's "Lupa Password": a link by e-mail for whoever names an e-mail, NIK or phone; old logins end."""

import orjson
import pytest

from prakerja_sim.mocks.prakerja import forgotten
from prakerja_sim.simulator.programme.account_password import first_password
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.prakerja.browser import Browser
from tests.mocks.worlds import World, told

NEW = "kopi-susu-gula"
OVER = (400, "DASHBOARD_RESET_LINK_OVER", "Tautan tidak berlaku lagi. Minta tautan baru.")


@pytest.fixture
def world():
    made = World()
    made.ani = made.enrol()
    yield made
    assert made.is_sound()


def post(world, path, token="", **body):

    login = {"Authorization": f"Bearer {token}"} if token else {}
    return world.send("POST", f"/prakerja/dashboard{path}", orjson.dumps(body), **login)


def login(world, password):
    return post(world, "/login", email=world.ani.email, password=password)


def links(world):
    texts = [one.text for one in world.mails(world.ani.email) if "kode=" in one.text]
    return [text.partition("kode=")[2].split()[0] for text in texts]


def spelt(who):
    return {"email": who.email.upper(), "nik": who.nik, "phone": f"+62 {who.phone[1:]}"}


@pytest.mark.parametrize("by", ["email", "nik", "phone"])
def test_a_link_comes_by_mail_whatever_names_the_account(world, by):
    assert post(world, "/password/forgotten", account=spelt(world.ani)[by]).status == 200
    [link] = links(world)
    assert post(world, "/password", code=link, password=NEW).status == 200
    assert login(world, NEW).status == 200
    assert login(world, world.sandbox.ask(first_password, card=world.ani.card)).status == 400


def test_who_is_nobody_is_told_the_same_and_gets_nothing(world):
    before = world.digest()
    for nobody in ("budi@example.com", "3171234567890000", "084099999999", "*"):
        answer = post(world, "/password/forgotten", account=nobody)
        assert answer.json() == {"success": True, "message": "OK"}
    assert world.digest() == before


def test_of_several_enrolments_with_one_email_the_link_and_the_login_are_the_latest_ones(world):
    for _ in range(3):  # cards do not follow the order of enrolment
        world.until(world.sandbox.now() + SECOND)
        last = world.enrol(email=world.ani.email)
        post(world, "/password/forgotten", account=world.ani.email)
        link = links(world)[-1]
        assert link.startswith(f"{last.card}.")
        assert post(world, "/password", code=link, password=NEW).status == 200
        assert login(world, NEW).json()["data"]["token"].startswith(f"{last.card}.")


def test_a_new_password_ends_every_older_login(world):
    first = world.sandbox.ask(first_password, card=world.ani.card)
    token = login(world, first).json()["data"]["token"]
    post(world, "/password/forgotten", account=world.ani.email)
    assert post(world, "/videos", token).status == 200  # asking ends nothing
    post(world, "/password", code=links(world)[0], password=first)  # even if it is the same again
    assert post(world, "/videos", token).status == 401
    assert post(world, "/videos", login(world, first).json()["data"]["token"]).status == 200


@pytest.mark.parametrize(("after", "good"), [(3600, True), (3601, False)])
def test_a_link_lives_for_an_hour(world, after, good):
    post(world, "/password/forgotten", account=world.ani.email)
    world.after(after * SECOND)
    answer = post(world, "/password", code=links(world)[0], password=NEW)
    assert answer.status == 200 if good else told(answer) == OVER


def test_only_the_newest_link_is_good_and_only_once(world):
    for _ in range(2):
        post(world, "/password/forgotten", account=world.ani.email)
    old, new = links(world)
    made_up = f"{world.ani.card}.{'0' * 32}"
    for wrong in (old, made_up, "x", new + "0"):
        assert told(post(world, "/password", code=wrong, password=NEW)) == OVER
    assert post(world, "/password", code=new, password=NEW).status == 200
    assert told(post(world, "/password", code=new, password="lain-sekali")) == OVER
    assert login(world, NEW).status == 200


@pytest.mark.parametrize(
    "body", [{}, {"account": ""}, {"account": " "}, {"account": 1}, {"account": "x" * 256}]
)
def test_a_bad_account_is_a_bad_parameter(world, body):
    assert told(post(world, "/password/forgotten", **body))[:2] == (400, "ERR40082")


def test_a_short_password_is_refused_and_the_link_stays_good(world):
    post(world, "/password/forgotten", account=world.ani.email)
    [link] = links(world)
    assert told(post(world, "/password", code=link, password="pendek7"))[:2] == (400, "ERR40082")
    assert post(world, "/password", code=link, password="pendek78").status == 200


def test_no_password_is_kept_and_testers_are_told_that_theirs_is_over(world):
    people = "/__admin/people"
    assert world.send("GET", people).json()["people"][0]["password"]
    post(world, "/password/forgotten", account=world.ani.email)
    post(world, "/password", code=links(world)[0], password=NEW)
    assert world.send("GET", people).json()["people"][0]["password"] is None
    assert NEW not in str(world.sandbox.journal(1000))


def test_a_blocked_account_stays_closed(world):
    post(world, "/password/forgotten", account=world.ani.email)
    post(world, "/password", code=links(world)[0], password=NEW)
    world.send("POST", f"/__admin/people/{world.ani.card}/block", b'{"blocked":true}',
               Content_Type="application/json")  # fmt: skip
    assert world.sandbox.ask(Unit.need, kind=Participant, key=world.ani.card).blocked
    assert login(world, NEW).status == 400


def test_by_hand_on_the_pages(world):
    login_page = world.send("GET", "/prakerja/dasbor").body.decode()
    assert f'href="/prakerja{forgotten.LINK_PAGE}"' in login_page
    window = Browser(world)
    window.open(f"/prakerja{forgotten.LINK_PAGE}").post(account=world.ani.nik)
    assert "tautan untuk membuat password baru sudah dikirim" in window.page.text
    [link] = links(world)
    window.open(f"/prakerja{forgotten.PASSWORD_PAGE}?kode={link}")
    window.post(code=link, password="pendek7")
    assert "8 sampai 128 karakter" in window.page.text
    window.post(code=link, password=NEW)
    assert login(world, NEW).status == 200
    window.open(f"/prakerja{forgotten.PASSWORD_PAGE}").post(code=link, password=NEW)
    assert "Tautan tidak berlaku lagi" in window.page.text
