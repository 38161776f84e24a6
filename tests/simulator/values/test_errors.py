from prakerja_sim.simulator.values.errors import Reason, Rejected


def test_a_refusal_tells_its_reason_and_its_facts():
    assert str(Rejected(Reason.BALANCE_TOO_LOW)) == "balance_too_low"
    refusal = Rejected(Reason.BALANCE_TOO_LOW, balance=1, price=2)
    assert str(refusal) == "balance_too_low: balance=1, price=2"
    assert (refusal.reason, refusal.facts) == (Reason.BALANCE_TOO_LOW, {"balance": 1, "price": 2})


def test_a_refusal_counts_only_if_it_says_so():
    assert not Rejected(Reason.OTP_WRONG).counts
    assert Rejected(Reason.OTP_WRONG, counts=True).counts


def test_a_reasons_value_is_its_name_in_small_letters():
    assert all(reason.value == reason.name.lower() for reason in Reason)
