"""Thresholds: read as they are written, refused with the place and the remedy, judged by what was counted."""

import pytest

from prakerja_sim.loadtests import operations, thresholds
from prakerja_sim.loadtests.errors import BadThreshold
from prakerja_sim.loadtests.locust_counts import Row

FLOWS = Row("FLOW", "flow", 100, 1, {900.0: 94, 29_000.0: 1, 30_000.0: 5})
AUTHORIZED = Row("POST", "/api/v1/integration/payment/authorize", 100, 5, {40.0: 98, 400.0: 2})
VERIFIED = Row("POST", "/pijar/api/v1/orders/<order_id>/prakerja/verify", 10, 0, {70.0: 10})
SEARCHED = Row("GET", "/pijar/api/v1/classes", 10, 0, {5.0: 10})
ROWS = (FLOWS, AUTHORIZED, VERIFIED, SEARCHED)

JUDGED = [
    ("p50(flow) < 901ms", True, "p50 of 100 is 900 ms"),
    ("p95(flow) < 29s", False, "p95 of 100 is 29,000 ms"),
    ("p95(flow) <= 29s", True, "p95 of 100 is 29,000 ms"),
    ("p95(flow)<0.5m", True, "p95 of 100 is 29,000 ms"),
    ("p99(flow) < 30000ms", False, "p99 of 100 is 30,000 ms"),
    ("failed(flow) < 1%", False, "1 of 100 failed"),
    ("failed(flow) <= 1%", True, "1 of 100 failed"),
    ("failed(flow) < 2", True, "1 of 100 failed"),
    ("failed( flow )  <1", False, "1 of 100 failed"),
    ("p99(authorize) <= 400ms", True, "p99 of 110 is 400 ms"),
    ("failed(authorize) < 5", False, "5 of 110 failed"),
    ("p50(verify) < 71ms", True, "p50 of 10 is 70 ms"),
    ("p50(/pijar/api/v1/classes) < 5ms", False, "p50 of 10 is 5 ms"),
    ("p50(search) <= 5ms", True, "p50 of 10 is 5 ms"),
    ("p99(send-otp) < 1s", False, "send-otp was never measured; there is authorize, flow, pay, search"),
]


@pytest.mark.parametrize(("written", "kept", "told"), JUDGED, ids=[written for written, _, _ in JUDGED])
def test_a_threshold_is_judged(written: str, kept: bool, told: str) -> None:
    (judged,) = thresholds.judge([thresholds.read(written)], ROWS)
    assert (judged.kept, judged.told) == (kept, told)


REFUSED = [
    ("p96(flow) < 30s", "there is no metric 'p96'; write p50, p95, p99 or failed"),
    ("p95 < 30s", "p95 of what? Write p95(flow), or such as p95(authorize)"),
    ("p95() < 30s", "p95 of what?"),
    ("p95(flow) > 30s", "'>' is no comparison; write < or <="),
    ("p95(flow) < 30", "a time has a unit, one of ms, s, m; write such as 30s or 30ms"),
    ("p95(flow) < 30%", "a time has a unit, one of ms, s, m; write such as 30s or 30ms"),
    ("p95(flow) < fast", "'fast' is no number with a unit"),
    ("p95(flow) < -1s", "'-1s' is no number with a unit"),
    ("failed(flow) < 3s", "failed has no unit 's'; write a number, or a share such as 1%"),
    ("quick", "is no METRIC(OPERATION) < VALUE; write such as 'p95(flow) < 30s'"),
    ("", "is no METRIC(OPERATION) < VALUE"),
]


@pytest.mark.parametrize(("written", "remedy"), REFUSED, ids=[written or "nothing" for written, _ in REFUSED])
def test_a_threshold_that_cannot_be_read_is_refused(written: str, remedy: str) -> None:
    with pytest.raises(BadThreshold) as refused:
        thresholds.read(written)
    assert str(refused.value).startswith(f"--threshold {written!r}: ")
    assert remedy in str(refused.value)


@pytest.mark.parametrize(
    ("of", "remedy"),
    [("authorise_", "did you mean authorise?"), ("xyzzy", "write flow, or the last word of a path")],
)
def test_an_operation_that_no_party_has_is_refused_before_the_run(of: str, remedy: str) -> None:
    with pytest.raises(BadThreshold, match="there is no operation") as refused:
        thresholds.check([thresholds.read(f"p95({of}) < 1s")])
    assert remedy in str(refused.value)
    thresholds.check(
        [thresholds.read(f"p95({known}) < 1s") for known in ("flow", "authorize", "send-otp", "pay")]
    )


def test_the_otp_at_each_shop_makes_it_authorize() -> None:
    entering = {
        ("POST", "/tokopedia/pay/v2/prakerja/confirm"),
        ("POST", "/pijar/api/v1/orders/<order_id>/prakerja/verify"),
        ("POST", "/prakerja/api/v1/integration/payment/authorize"),
        ("POST", "/s/mine/prakerja/api/v1/integration/payment/authorize"),
    }
    for method, name in entering:
        assert "authorize" in operations.words(method, name), name
    assert "authorize" not in operations.words("POST", "/tokopedia/pay/v2/prakerja/inquiry")
    assert "authorize" not in operations.words("GET", "/pijar/api/v1/orders/<order_id>")
