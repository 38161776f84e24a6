"""Blocking an account, withdrawing a course's content, pausing payouts, over the admin API."""

import orjson
import pytest


def post(world, path, **body):
    raw = orjson.dumps(body) if body else b""
    return world.send("POST", f"/__admin{path}", raw, Content_Type="application/json")


def test_a_blocked_account_cannot_log_in_and_its_token_is_good_for_nothing(world):
    ani = world.enrol()
    assert post(world, f"/people/{ani.card}/block", blocked=True).json() == {"blocked": True}
    listed = world.send("GET", "/__admin/people").json()["people"]
    login = {"email": ani.email, "password": listed[0]["password"]}
    raw = orjson.dumps(login)
    refused = world.send("POST", "/prakerja/dashboard/login", raw, Content_Type="application/json")
    assert refused.json()["code"] == "DASHBOARD_LOGIN_REFUSED"
    assert post(world, f"/people/{ani.card}/block", blocked=False).json() == {"blocked": False}
    again = world.send("POST", "/prakerja/dashboard/login", raw, Content_Type="application/json")
    assert again.status == 200


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/people/9900000000000000/block", {"blocked": True}, 404, "person_unknown"),
        ("/people/9900000000000000/block", {"blocked": "yes"}, 400, "malformed"),
        ("/courses/none/withdraw", {}, 404, "course_unknown"),
        ("/payouts/pause", {"until": "soon"}, 400, "malformed"),
        ("/payouts/pause", {}, 400, "malformed"),
    ],
)
def test_a_bad_decision_is_told(world, path, body, status, code):
    answer = post(world, path, **body)
    assert answer.json()["error"]["code"] == code
    assert answer.status in (status, 409)


def test_payouts_are_paused_until_a_time_of_the_sandbox(world):
    told = post(world, "/payouts/pause", until="2021-12-24 09:00:00").json()
    assert told == {"until": "2021-12-24T09:00:00+07:00"}
