"""A server whose worlds are in a PostgreSQL database: the same digests, and what happens without it."""

import json
import os
import signal
import subprocess
import sys

import pytest

from prakerja_sim.cli.admin import Failed
from prakerja_sim.cli.store import opened
from tests.live import REPOSITORY, serving

STORIES = ("whole/wave_18.yaml", "whole/wave_22.yaml", "refund/reply_lost.yaml", "otp/resent.yaml")


@pytest.fixture
def url(database):
    return database.emptied()


@pytest.fixture
def server(url):
    with serving("--store", url) as running:
        yield running


def simulator(*arguments, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "prakerja_sim", *arguments],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout if code == 0 else done.stderr


def digest(server):
    return server.send("GET", "/__admin/digest")[1]["digest"]


def replayed(*where):
    return simulator("replay", *where, *(f"scenarios/{one}" for one in STORIES)).splitlines()[-1]


def test_the_same_stories_have_the_digest_that_they_have_in_memory(url):
    expected = replayed("--store", "memory")
    assert replayed("--store", url) == expected
    with serving("--store", url) as server:
        assert replayed("--against", server.url) == expected


def test_a_killed_server_goes_on_where_it_was(url):
    with serving("--store", url) as server:
        assert server.send("POST", "/__admin/people", {"wave": 22, "number": 7})[0] < 300
        assert (
            server.send("POST", "/__admin/sandboxes", {"name": "tim-a", "people": [{"wave": 22}]})[0] == 201
        )
        kept = digest(server)
        os.kill(server.process.pid, signal.SIGKILL)
    with serving("--store", url) as server:
        assert digest(server) == kept
        assert server.send("POST", "/s/tim-a/__admin/reset")[0] < 300
        assert server.send("DELETE", "/__admin/sandboxes/tim-a")[0] < 300


def test_books_and_records_are_read_beside_the_server(server, url):
    assert "books agree" in simulator("ledger", "--store", url, "verify")
    told = [json.loads(line) for line in simulator("store", "dump", url).splitlines()]
    assert {one["sandbox"] for one in told} == {"default"}
    assert {"World", "Clock", "Participant", "Entry"} <= {one["kind"] for one in told}


def test_no_message_names_the_password(server, url):
    named = url.replace("postgres@", "postgres:rahasia@")
    for what in ("verify", "heads"):
        said = simulator("ledger", "--store", named, "--sandbox", "nobody", what, code=2)
        assert "has no sandbox 'nobody'" in said
        assert "rahasia" not in said


def test_a_database_that_is_lost_while_it_is_read_is_told(server, url, database):
    def looked():
        with opened(url) as kept:
            assert kept.names() == ["default"]
            database.stop()
            kept.names()

    try:
        with pytest.raises(Failed, match=r"cannot be used .*mend the database"):
            looked()
    finally:
        database.start()


def test_a_database_without_a_store_is_told(url):
    assert "keeps nothing of ours; serve it first" in simulator("store", "dump", url, code=2)


def test_a_setting_that_may_lose_purchases_is_told_once_at_the_start(url, tmp_path):
    asked = f"{url}?options=-c%20synchronous_commit%3Doff"
    with (tmp_path / "log").open("w") as log, serving("--store", asked, log=log):
        pass
    assert (tmp_path / "log").read_text().count("NOT DURABLE: synchronous_commit is off") == 1


def test_a_second_server_is_refused(server, url):
    assert "is in use by another server" in simulator("serve", "--port", "0", "--store", url, code=2)


def test_without_the_database_everybody_gets_the_partys_own_503_until_it_is_back(server, database):
    people = ("POST", "/__admin/people", {"wave": 22, "number": 8})
    before = digest(server)
    database.stop(signal.SIGQUIT)
    try:
        status, told, _ = server.send(*people)
        assert (status, server.send("GET", "/readyz")[0]) == (503, 503)
        assert server.send("GET", "/healthz")[0] == 200
        assert told["error"]["code"] == "store_unusable"
    finally:
        database.start()
    assert server.send("GET", "/readyz")[0] == 200
    assert digest(server) == before
    assert server.send(*people)[0] < 300
    assert digest(server) != before
