"""What people did on pages is recorded as what a program would have sent, and plays to the same digest."""

import re
from types import SimpleNamespace

import orjson
import pytest

from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine import recorder
from prakerja_sim.scenarios.engine.runner import play
from prakerja_sim.scenarios.engine.wiring import in_process, stages
from prakerja_sim.simulator.stores.memory import Memory
from tests.mocks.admin.console.browsing import Console
from tests.mocks.prakerja.browser import Browser as Window
from tests.mocks.shop.pages.browser import Browser
from tests.mocks.worlds import World
from tests.played import SEED, stories_in

SANDBOX = "/s/uji"
JSON = {"Content-Type": "application/json"}


class Desk:
    """Somebody without code, in a sandbox of their own."""

    def __init__(self):
        self.world = World()
        self.console = Console(self.world, SANDBOX)
        self.ask("POST", "/sandboxes", {"name": "uji", "seed": 7, "start": "2021-11-02 09:00:00"}, base="")
        course = {"code": "kopi", "title": "Kopi", "category": "Makanan", "institution": "lp-kopi"}
        self.does("catalogue", "POST /courses", **course, price="400.000", new="true")

    def ask(self, method, path, body=None, base=SANDBOX):
        raw = orjson.dumps(body) if body is not None else b""
        answer = self.world.send(method, f"{base}/__admin{path}", raw, **JSON)
        assert answer.status < 300, answer.body
        return orjson.loads(answer.body)

    def does(self, page, operation, **typed):
        self.console.did(self.console.page(page), operation, **typed)

    def enrols(self):
        self.does("people", "POST /people", count="1", wave="22")
        return self.ask("GET", "/people")["people"][-1]

    def code(self, person):
        return self.ask("GET", f"/inbox/sms?to={person['phone']}")["otp"]

    def recorded(self, folder):
        """The file of a recording; it plays to the digest of the sandbox."""
        path = folder / "uji.yaml"
        path.write_text(recorder.story(self.ask("GET", "/recording"), "Clicked")[0])
        (story,) = stories_in(path)
        played = play(story, story.marketplaces[0], stages(in_process(Memory(), wall), SEED))
        assert played.passed, played.message
        assert played.digest == self.ask("GET", "/digest")["digest"]
        return path.read_text()


@pytest.fixture
def desk():
    return Desk()


def test_a_form_of_the_console_is_recorded_as_its_operation(desk, tmp_path):
    person = desk.enrols()
    desk.does("clock", "POST /clock", advance="90s")
    desk.does("faults", "POST /faults", fault="mail_lost", where="@nobody.example", times="1")
    form = {"person": person["prakerja_id"], "to": "paid"}
    page = f"people?person={person['prakerja_id']}"
    desk.does(page, "POST /bring", **form)
    text = desk.recorded(tmp_path)
    assert "guard" not in text
    assert "- advance: {by: 90s}" in text
    assert "fault: mail_lost" in text
    assert 'path: "/people"' in text
    assert 'path: "/bring"' in text


def test_what_a_form_was_refused_is_recorded_as_a_program_would_have_been(desk, tmp_path):
    faults, clock = desk.console.page("faults"), desk.console.page("clock")
    nowhere = desk.console.send(faults, "POST /faults", fault="reply_lost", where="nowhere")
    unread = desk.console.send(clock, "POST /clock", {"advance": ""}, advance="soon")
    assert "Refused" in nowhere.text
    assert "Refused" in unread.text
    text = desk.recorded(tmp_path)
    assert re.search(r'path: "/faults", .*expect_status: 409}\n    fails: fault_nowhere', text)
    assert 'path: "/clock", body: {advance: soon}, expect_status: 400}' in text


def test_an_operation_that_a_program_was_refused_is_no_verb(desk, tmp_path):
    raw = orjson.dumps({"advance": "soon"})
    assert desk.world.send("POST", f"{SANDBOX}/__admin/clock", raw, **JSON).status == 400
    assert "- advance" not in desk.recorded(tmp_path)


def test_an_operation_that_only_let_others_act_is_recorded(desk, tmp_path):
    person = desk.enrols()
    desk.ask("POST", "/bring", {"person": person["prakerja_id"], "to": "paid"})
    assert desk.recorded(tmp_path).count('path: "/bring"') == 1
    [asked] = desk.ask("GET", "/timeline?path=/bring")["exchanges"]
    within = desk.ask("GET", "/timeline?limit=500")["exchanges"]
    assert any(one["parent"] == asked["id"] for one in within)


def test_a_request_that_was_sent_again_is_recorded_as_sent_twice(desk, tmp_path):
    person = desk.enrols()
    login = {"email": person["email"], "password": person["password"]}
    desk.world.send("POST", f"{SANDBOX}/prakerja/dashboard/login", orjson.dumps(login), **JSON)
    [sent] = desk.ask("GET", "/timeline?path=dashboard/login")["exchanges"]
    desk.ask("POST", f"/timeline/{sent['id']}/again")
    text = desk.recorded(tmp_path)
    assert text.count("dashboard/login") == 2
    assert "/again" not in text


@pytest.mark.parametrize("place", registry.codes())
def test_clicks_in_a_shop_are_recorded_as_what_they_sent(desk, place, tmp_path):
    person, labels = desk.enrols(), registry.labels(place)
    browser = Browser(SimpleNamespace(parties=desk.world.parties, code=place), SANDBOX)
    browser.open("/masuk").press(
        "Kirim kode verifikasi", name=person["name"], phone=person["phone"], email=person["email"]
    )
    browser.press("Verifikasi nomor", code=desk.code(person))
    browser.open("/kelas/kopi").press(labels.buy).press(labels.order)
    if labels.methods:
        browser.click(labels.methods).click("Kartu Prakerja")
    if place == "bukalapak":
        browser.press(labels.check, card_number=person["prakerja_id"]).press(labels.pay)
    else:
        browser.press(labels.pay, card_number=person["prakerja_id"])
    browser.press(labels.confirm, otp=desk.code(person))
    assert labels.paid in browser.page.text
    text = desk.recorded(tmp_path)
    for of_a_page in ("csrf=", 'path: "/masuk', 'path: "/kelas', "/kartu"):
        assert of_a_page not in text


def test_forms_of_the_dashboard_are_recorded_with_their_guard_taken_from_the_page(desk, tmp_path):
    [person] = desk.ask("POST", "/people", {"wave": 22, "count": 1, "videos_watched": False})["people"]
    window = Window(desk.world).open(f"{SANDBOX}/prakerja/dasbor")
    window.press("login", email=person["email"], password=person["password"])
    window.press("videos")
    assert "videos" not in window.page.choices
    text = desk.recorded(tmp_path)
    assert "keeps: {csrf: page.csrf.0}" in text
    assert "do=videos&csrf=<csrf>" in text
