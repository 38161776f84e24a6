"""Test codes are listed and handed out; what is handed out redeems."""

import re

import pytest

from tests.mocks.admin.test_admin import Admin
from tests.mocks.worlds import BARISTA, World


def test_a_test_code_is_handed_out_listed_and_redeems(world: World) -> None:
    admin = Admin(world.parties)
    before = admin.get("/test-codes")["test_codes"]
    issued = admin.post("/test-codes", schedule_code=world.schedule(BARISTA))
    assert re.fullmatch("PRAT-[0-9A-Z]{6}", issued["redeem_code"])
    assert (issued["institution"], issued["course_code"]) == ("lp-kopi", BARISTA)
    assert admin.get("/test-codes")["test_codes"] == [*before, issued]
    again = admin.post("/test-codes", schedule_code=world.schedule(BARISTA))
    assert again["redeem_code"] != issued["redeem_code"]
    for step, status in (("commit", "redeemed"), ("reset", "issued")):
        assert world.lp.post(f"/payment/redeem-code/{step}", redeem_code=issued["redeem_code"]).status == 200
        known = {c["redeem_code"]: c["status"] for c in admin.get("/test-codes")["test_codes"]}
        assert (known[issued["redeem_code"]], known[again["redeem_code"]]) == (status, "issued")


BAD = [
    ({"schedule_code": "nobody"}, (409, "schedule_unknown")),
    ({"schedule_code": ""}, (400, "malformed")),
    ({"schedule_code": 7}, (400, "malformed")),
    ({"schedule_code": "x" * 65}, (400, "malformed")),
    ({}, (400, "malformed")),
    ({"schedule_code": "nobody", "marketplace": "tokopedia"}, (400, "malformed")),
]


@pytest.mark.parametrize(("body", "told"), BAD)
def test_a_test_code_without_a_schedule_is_refused(
    world: World, body: dict[str, object], told: tuple[int, str]
) -> None:
    assert Admin(world.parties).refused("POST", "/test-codes", body)[:2] == told
