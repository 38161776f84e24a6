"""What an institution hears of orders by webhook: kept once, whoever tells it and however often."""

import orjson
import pytest

from tests.mocks.institution.test_institution import Learner, error


def heard(world):
    return world.send("GET", "/institution/lp-kopi/webhooks").json()["webhooks"]


def tell(world, raw):
    return world.send("POST", "/institution/lp-kopi/webhooks", raw)


def test_a_paid_order_is_heard_of_at_its_institution(world):
    target = {
        "marketplace": "tokopedia",
        "url": "party:institution/lp-kopi/webhooks",
        "institution": "lp-kopi",
    }
    target["events"] = ["order.paid"]
    assert world.send("POST", "/__admin/webhooks/targets", orjson.dumps(target)).status == 201
    Learner(world)
    [notice] = heard(world)
    assert notice["times"] == 1


def test_the_same_webhook_twice_is_one_that_was_counted(world):
    assert tell(world, b'{"event": "x"}').json() == {"received": True, "times": 1}
    assert tell(world, b'{"event": "x"}').json() == {"received": True, "times": 2}
    tell(world, b'{"event": "y"}')
    assert [notice["times"] for notice in heard(world)].count(2) == 1
    assert len(heard(world)) == 2


@pytest.mark.parametrize("raw", [b"", b"x", b"[]", b"null", b'{"a": "\xff"}', b"[" * 40 + b"]" * 40])
def test_what_is_no_webhook_is_refused(world, raw):
    before = world.digest()
    assert error(tell(world, raw)) == (400, "malformed")
    assert world.digest() == before


def test_an_institution_that_teaches_nothing_hears_nothing(world):
    assert world.send("POST", "/institution/nobody/webhooks", b"{}").status == 404
