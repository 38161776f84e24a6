"""The console plays stories in its own server, each in a sandbox that stays, as if they came from outside."""

from dataclasses import replace

import pytest

from prakerja_sim.scenarios.engine import on_console, recorder
from tests.mocks.admin.console.browsing import Console
from tests.mocks.worlds import World
from tests.played import stories_in

TOKEN = "0123456789abcdef" * 2


@pytest.fixture
def title():
    """A short story with a step that must be refused, played on every marketplace."""
    return "A wrong OTP, then the right one"


def test_a_story_is_played_step_by_step_in_a_sandbox_that_stays(title):
    world = World(stories=lambda: on_console)
    console = Console(world)
    page = console.page(f"stories?word={title[:20].replace(' ', '+')}")
    page = console.did(page, "POST /stories/play", {"title": title})
    assert "It went as it is told." in page.text
    assert "must be refused" in page.text
    [name] = set(world.sandboxes.names()) - {"default"}
    since = [link for link in page.links() if link.startswith(f"/s/{name}/console/timeline?since=")]
    assert len(since) > 3
    assert "client →" in console.got("GET", since[0]).text
    assert world.parties.bugs == []


def test_a_server_beyond_loopback_plays_stories_too(title):
    world = World(stories=lambda: on_console, admin_token=TOKEN)
    told = on_console.play(world.parties, title, "pijar")
    assert (told["passed"], told["message"]) == (True, "")
    assert [one["number"] for one in told["steps"]] == list(range(1, len(told["steps"]) + 1))


def test_a_story_that_fails_says_at_which_step(title, monkeypatch):
    world = World(stories=lambda: on_console)
    story = on_console._stories()[title]
    broken = replace(
        story, play=lambda perform: story.play(lambda step: perform(step) if step.number < 3 else 1 / 0)
    )
    monkeypatch.setattr(on_console, "_stories", lambda: {title: broken})
    told = on_console.play(world.parties, title, "tokopedia")
    assert not told["passed"]
    assert "ZeroDivisionError" in told["message"]


def test_what_was_done_is_recorded_by_a_button(tmp_path):
    console = Console(World(stories=lambda: on_console))
    form = console.page("stories").forms
    assert {"name": "A recording"} in [one["fields"] for one in form if one["method"] == "get"]
    console.world.send("POST", "/__admin/sandboxes", b'{"name": "uji"}', Content_Type="application/json")
    inside = Console(console.world, "/s/uji")
    assert "nothing was asked of sandbox uji yet" in inside.page("stories?record=1").text
    inside.did(inside.page("clock"), "POST /clock", {"advance": "1d"})
    assert "the title is one line of text" in inside.page("stories?record=1&name=a%0Ab").text
    page = inside.page("stories?record=1&name=Sehari")
    told = console.world.send("GET", "/s/uji/__admin/recording").json()
    path = tmp_path / "sehari.yaml"
    path.write_text(recorder.story(told, "Sehari")[0])
    [story] = stories_in(path)
    assert story.title == "Sehari"
    assert " ".join(path.read_text().split()) in page.text


def test_what_is_not_there_is_refused():
    played = Console(World(stories=lambda: on_console)).world
    json = {"Content_Type": "application/json"}
    answer = played.send("POST", "/__admin/stories/play", b'{"title":"Nothing"}', **json)
    assert (answer.status, answer.json()["error"]["code"]) == (400, "malformed")
    without = World()
    answer = without.send("POST", "/__admin/stories/play", b'{"title":"Nothing"}', **json)
    assert answer.json()["error"]["code"] == "no_stories"
    assert "started without stories" in Console(without).page("stories").text
