from dataclasses import replace
from typing import Any

import pytest

from prakerja_sim.loadtests import audit, fault_specs, locust_counts
from prakerja_sim.loadtests.audit import Books, Verdict
from prakerja_sim.loadtests.fault_specs import Struck
from prakerja_sim.loadtests.journeys import Journey
from prakerja_sim.loadtests.served import Admin
from tests.live import Live

NOBODY = Admin("http://127.0.0.1:9")
"""Asked only for what a finding about a purchase names."""
BEFORE = Books((), (), (), {"card": 5}, purchases=10, vouchers=8)
GOOD = replace(BEFORE, purchases=15, vouchers=13)
OFTEN = fault_specs.read("sms_lost*5")
LOST = Journey(person="Siti", card="9900000000001234", marketplace="pijar", state="lost", reason="no voucher")


def differs(about: str, *, until: str = "", kind: str = "paid_not_issued") -> dict[str, Any]:
    told = {"told": "Prakerja has Rp1", "remedy": "ask payment/status", "until": until}
    return {"kind": kind, "party": "pijar", "about": about, **told}


def judge(
    after: Books,
    *,
    finished: int = 5,
    struck: tuple[Struck, ...] = (),
    lived: tuple[Journey, ...] = (),
    before: Books = BEFORE,
    admin: Admin = NOBODY,
) -> Verdict:
    return audit.judge(before, after, struck, lived, finished=finished, admin=admin)


@pytest.mark.parametrize(
    ("after", "finished", "wrong"),
    [
        (GOOD, 5, None),
        (GOOD, 4, None),
        (replace(GOOD, violations=("I1 money is lost",)), 5, "invariant broken: I1 money is lost"),
        (replace(GOOD, bugs=("POST /x: KeyError",)), 5, "bug of the server: POST /x: KeyError"),
        (replace(GOOD, bugs=("a", "a", "a")), 5, "bug of the server: a (3 times)"),
        (replace(GOOD, vouchers=12), 4, "5 purchases are booked, 4 vouchers handed out, 0 are pending"),
        (replace(GOOD, vouchers=14), 5, "5 purchases are booked, 6 vouchers handed out, 0 are pending"),
        (replace(GOOD, vouchers=8), 0, None),
        (replace(GOOD, vouchers=14), 0, "5 purchases are booked, 6 vouchers handed out, 0 are pending"),
        (GOOD, 6, "users finished 6 flows, only 5 purchases are booked"),
    ],
)
def test_books_are_judged(after: Books, finished: int, wrong: str | None) -> None:
    found = [one.told for one in judge(after, finished=finished).wrong]
    assert found == ([] if wrong is None else [wrong])


def test_orders_that_wait_for_a_lost_reply_are_pending_and_not_wrong() -> None:
    """As it was seen: 1,407 purchases, 1,393 vouchers, and the shops will ask about the other 14."""
    waiting = tuple(differs(f"INV-{at}", until="2021-11-01T09:15:00+07:00") for at in range(14))
    after = replace(GOOD, purchases=1417, vouchers=1401, discrepancies=waiting)
    verdict = judge(after, finished=1393)
    assert verdict.clean
    assert len(verdict.pending) == 14
    assert verdict.pending[0] == "pijar INV-0 until 2021-11-01T09:15:00+07:00: Prakerja has Rp1"
    (short,) = judge(replace(after, vouchers=1400), finished=1393).wrong
    assert short.told == "1,407 purchases are booked, 1,392 vouchers handed out, 14 are pending"


def test_what_was_wrong_before_the_run_is_not_its_fault() -> None:
    old = {"violations": ("old",), "bugs": ("old",), "discrepancies": (differs("OLD"),)}
    assert judge(replace(GOOD, **old), before=replace(BEFORE, **old)).clean  # type: ignore[arg-type]


def test_what_was_pending_before_the_run_gets_its_voucher_within_it_or_is_wrong(live: Live) -> None:
    left = tuple(differs(f"INV-{at}", until="2021-11-01T09:15:00+07:00") for at in range(2))
    before = replace(BEFORE, discrepancies=left)
    assert judge(replace(GOOD, vouchers=15), before=before).clean
    (extra,) = judge(replace(GOOD, vouchers=16), before=before).wrong
    assert extra.told == "5 purchases are booked, 8 vouchers handed out, 2 less are pending"
    late = replace(GOOD, vouchers=14, discrepancies=(differs("INV-0"),))
    (missed,) = judge(late, before=before, admin=Admin(live.url)).wrong
    assert missed.told == "paid_not_issued: pijar INV-0: Prakerja has Rp1"


def test_a_fault_that_never_struck_and_a_person_who_is_lost_fail_the_run() -> None:
    (idle,) = judge(GOOD, struck=(Struck(OFTEN, 5, 0), Struck(OFTEN, 5, 1)), lived=(LOST,)).wrong
    assert idle.told == "sms_lost*5 never struck"
    (lost,) = judge(GOOD, lived=(LOST,)).wrong
    assert (lost.told, lost.person) == ("lost: pijar: no voucher", "Siti (card ************1234)")


def test_all_that_is_wrong_is_told_at_once_but_not_without_end() -> None:
    after = Books(("one", "two"), ("three",), (), {}, purchases=11, vouchers=8)
    assert len(judge(after, finished=2).wrong) == 5
    many = replace(GOOD, violations=tuple(map(str, range(audit.MOST_NAMED + 3))))
    verdict = judge(many)
    assert (len(verdict.wrong), verdict.more) == (audit.MOST_NAMED, 3)


def test_what_is_wrong_with_a_purchase_is_named(live: Live) -> None:
    admin = Admin(live.url, "named")
    Admin(live.url).do("/sandboxes", {"name": "named", "seed": 3, "fill": True})
    card = admin.ask("/people?can_buy=true&limit=1")["people"][0]["prakerja_id"]
    bought = admin.do("/bring", {"person": card, "to": "paid", "marketplace": "pijar"})
    before = audit.read(admin)
    for about in (bought["invoice_code"], admin.ask("/orders")["orders"][0]["voucher"]):
        after = replace(before, discrepancies=(differs(about, kind="booked_otherwise"),))
        (found,) = judge(after, before=before, finished=0, admin=admin).wrong
        assert found.told == f"booked_otherwise: pijar {about}: Prakerja has Rp1"
        assert found.person == f"{bought['person']} (card ************{card[-4:]})"
        assert found.invoice == bought["invoice_code"]
        assert found.at.startswith("2021-11-01T09:00")
        assert any("card:" in one and "platform:pijar" in one for one in found.transfers)
        paths = [admin.ask(f"/timeline/{one}")["path"] for one in found.exchanges]
        assert any(path.endswith("payment/authorize") for path in paths)
        assert card not in "".join(found.lines())


def test_an_account_that_differs_names_no_purchase_of_it() -> None:
    after = replace(GOOD, discrepancies=(differs("platform:pijar", kind="ledger_differs"),))
    (found,) = judge(after).wrong  # and asks nobody
    assert found.lines() == [
        "ledger_differs: pijar platform:pijar: Prakerja has Rp1",
        "remedy: ask payment/status",
    ]


def test_of_a_purchase_that_nobody_knows_that_much_is_said(live: Live) -> None:
    found = judge(replace(GOOD, discrepancies=(differs("INV-404"),)), admin=Admin(live.url)).wrong[0]
    assert found.lines() == [
        "paid_not_issued: pijar INV-404: Prakerja has Rp1",
        f"exchange {audit.FORGOTTEN}",
        "remedy: ask payment/status",
    ]


def row(name: str, requests: int, failures: int, times: dict[str, int]) -> dict[str, object]:
    return {
        "name": name,
        "method": "POST",
        "num_requests": requests,
        "num_failures": failures,
        "response_times": times,
        "start_time": 100.0,
        "last_request_timestamp": 102.0,
    }


def test_locusts_counts_are_read() -> None:
    rows = [
        row("/gql", 90, 1, {"5": 60, "7": 30}),
        row("/pay", 10, 0, {"5": 9, "100": 1}),
        row("flow", 6, 1, {"50": 6}),
    ]
    counts = locust_counts.read(rows)
    assert (counts.flows, counts.requests, counts.failures, counts.seconds) == (5, 100, 2, 2.0)
    assert counts.worst == ["1 x POST /gql", "1 x POST flow"]
    latencies = locust_counts.merged(counts.request_rows)
    assert latencies == {5.0: 69, 7.0: 30, 100.0: 1}
    assert locust_counts.percentiles(latencies) == "p50 5 ms, p95 7 ms, p99 7 ms"
    assert (
        locust_counts.percentiles(locust_counts.merged(counts.flow_rows)) == "p50 50 ms, p95 50 ms, p99 50 ms"
    )


def test_nothing_counted_is_nothing_finished() -> None:
    counts = locust_counts.read([])
    assert (counts.flows, counts.requests, counts.failures) == (0, 0, 0)
    assert locust_counts.percentile({}, 99) == 0.0
