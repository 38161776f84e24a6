"""Answers that read alike take the same work, so that time tells nothing either.

Time on a shared machine proves nothing, so work is counted: every call of every function, ours and the
libraries', that one request makes.  Where answers are equal to the byte, so must be the calls.
"""

import gc
import sys
from collections import Counter
from datetime import timedelta

import orjson
import pytest

from prakerja_sim.simulator.values.settings import Settings
from tests.mocks.prakerja.test_sso_wire import code, granted, profile, token
from tests.mocks.worlds import API, CAKE, World

STATUS = f"{API}/payment/status"
LATE = timedelta(seconds=301)


def work(ask):
    """The answer, and how often each function was called for it."""
    calls = Counter()

    def noted(frame, event, function):
        if event == "call":
            calls[frame.f_code.co_filename, frame.f_code.co_qualname] += 1
        elif event == "c_call":
            calls["C", function.__qualname__] += 1

    gc.disable()  # a collection calls what other libraries asked to be told of, whenever it comes
    sys.setprofile(noted)
    try:
        answer = ask()
    finally:
        sys.setprofile(None)
        gc.enable()
    return answer, calls


class Checkout:
    """A payment that waits for its OTP."""

    def __init__(self, w, **changed):
        self.w, self.ani = w, w.enrol(**changed)
        self.token, self.right = w.opened(self.ani), w.otp(self.ani)

    def off_by_one(self, place):
        """The right code but for one digit."""
        digits = list(self.right)
        digits[place] = str((int(digits[place]) + 1) % 10)
        return "".join(digits)

    def pay(self):
        return self.w.authorize(self.token, self.right).json()["data"]

    def tried(self, times):
        for _ in range(times):
            self.w.authorize(self.token, self.off_by_one(0))
        return self

    def late(self, by=LATE):
        self.w.after(by)
        return self


def voided(w):
    one = Checkout(w)
    about = {"invoice_code": "INV-1", "transaction_code": one.pay()["transaction_code"]}
    assert w.dp.post("/payment/void", **about).status == 200
    return one


def replaced(w):
    one = Checkout(w)
    w.after(timedelta(seconds=60))
    assert w.opened(one.ani, amount=500_000) != one.token
    return one


def paid(w):
    one = Checkout(w)
    one.pay()
    return one


def rested(w):
    """A card that had fifteen wrong codes within the hour, and a new payment of it."""
    one = Checkout(w)
    for user in range(3):
        token = w.opened(one.ani, user=f"user-{user}")
        for _ in range(5):
            w.authorize(token, w.wrong_otp(one.ani))
    one.token = w.opened(one.ani, CAKE)
    one.right = w.otp(one.ani)
    return one


def signing(w, key=None, **changed):
    raw = orjson.dumps({"invoice_code": "INV-1"})
    return w.dp.wire.send("POST", STATUS, w.dp.headers(STATUS, raw, **changed), raw)


def spaced(w, **changed):
    raw = b'{"invoice_code": "INV-1"}'
    return w.dp.wire.send("POST", STATUS, w.dp.headers(STATUS, raw, **changed), raw)


def authorizing(of, otp="right", **how):
    """A request for the payment that `of` prepares."""

    def prepared(w):
        one = of(w)
        given = one.right if otp == "right" else one.off_by_one(otp) if isinstance(otp, int) else otp
        return lambda: w.authorize(one.token, given, **how)

    return prepared


def other_marketplaces(w):
    one = Checkout(w)
    return lambda: w.authorize(one.token, one.right, by=w.dp2)


def as_sso(prepare):
    """A request of a login program, in a world whose participant is called ani."""

    def prepared(w):
        w.ani = w.enrol()
        return prepare(w)

    return prepared


def used_code(w):
    given = code(w)
    assert token(w, code=given).status == 200
    return lambda: token(w, code=given)


def late_code(w):
    given = code(w)
    w.after(LATE)
    return lambda: token(w, code=given)


def others_code(w):
    given = code(w)
    return lambda: token(w, client=w.lp2.code, code=given)


def late_access(w):
    given = granted(w)["access_token"]
    w.after(timedelta(seconds=3601))
    return lambda: profile(w, given)


def refresh_as_access(w):
    given = granted(w)["refresh_token"]
    return lambda: profile(w, given)


def others_access(w):
    given = granted(w)["access_token"]
    return lambda: profile(w, given, client=w.lp2.code)


ALIKE = {
    "a payment token that buys nothing": {
        "unknown": lambda w: lambda: w.authorize("0" * 32, "000000"),
        "short": lambda w: lambda: w.authorize("0", "000000"),
        "another marketplace's": other_marketplaces,
        "paid, another code": authorizing(paid, 0),
        "paid, another invoice": authorizing(paid, invoice="INV-2"),
        "voided, the right code": authorizing(voided),
        "voided, a wrong code": authorizing(voided, 0),
        "replaced, the right code": authorizing(replaced),
        "replaced, a wrong code": authorizing(replaced, 0),
    },
    "a wrong code": {
        "in the first digit": authorizing(Checkout, 0),
        "in the last digit": authorizing(Checkout, 5),
        "too short": authorizing(Checkout, "1"),
        "too long": authorizing(Checkout, "1" * 255),
        "no digits": authorizing(Checkout, "abcdef"),
    },
    "a wrong code, not the first": {
        "the second": authorizing(lambda w: Checkout(w).tried(1), 0),
        "the fourth": authorizing(lambda w: Checkout(w).tried(3), 5),
    },
    "an expired code": {
        "the right one": authorizing(lambda w: Checkout(w).late()),
        "wrong in the first digit": authorizing(lambda w: Checkout(w).late(), 0),
        "wrong in the last digit": authorizing(lambda w: Checkout(w).late(), 5),
        "a day later": authorizing(lambda w: Checkout(w).late(timedelta(days=1))),
    },
    "no try left": {
        "the right code": authorizing(lambda w: Checkout(w).tried(5)),
        "wrong in the first digit": authorizing(lambda w: Checkout(w).tried(5), 0),
        "the right code of a card that rests": authorizing(rested),
        "a wrong code of a card that rests": authorizing(rested, 0),
    },
    "an invoice that is nobody's": {
        "unknown": lambda w: lambda: w.dp.post("/payment/status", invoice_code="INV-0"),
        "another marketplace's": lambda w: (
            paid(w) and (lambda: w.dp2.post("/payment/status", invoice_code="INV-1"))
        ),
    },
    "a signature that is not good": {
        "an unknown client": lambda w: lambda: signing(w, client_code="nobody-at-all-0000000000"),
        "a wrong signature": lambda w: lambda: signing(w, signature="0" * 40),
        "another client's": lambda w: lambda: signing(w, client_code=w.dp2.code),
    },
    "a signature that is not good, of a body with blanks": {
        "an unknown client": lambda w: lambda: spaced(w, client_code="nobody-at-all-0000000000"),
        "a wrong signature": lambda w: lambda: spaced(w, signature="0" * 40),
    },
    "a login code that is not good": {
        "unknown": as_sso(lambda w: lambda: token(w, code="0" * 32)),
        "used": as_sso(used_code),
        "expired": as_sso(late_code),
        "another's": as_sso(others_code),
    },
    "an access token that is not good": {
        "unknown": as_sso(lambda w: lambda: profile(w, "0" * 32)),
        "expired": as_sso(late_access),
        "a refresh token": as_sso(refresh_as_access),
        "another's": as_sso(others_access),
    },
}
COMPARED = {
    "a signature that is not good": 1,
    "a payment token that buys nothing": 3,  # without and with the token signed, and with an older purchase
    "a wrong code": 4,
}
"""How often a secret is compared, each time in constant time."""


def observed(group, case):
    ALIKE[group][case](World(Settings()))()  # what is done once in a process is done
    w = World(Settings())
    ask = ALIKE[group][case](w)
    for path in (f"{API}/payment/authorize", STATUS):  # what is done once in a world is done
        w.dp.wire.send("POST", path, {}, b"{}")
    answer, calls = work(ask)
    return answer, Counter({name: count for name, count in calls.items() if name[0] != __file__})


@pytest.mark.parametrize("group", ALIKE)
def test_equal_answers_take_equal_work(group):
    first, *others = ALIKE[group]
    usual, usual_calls = observed(group, first)
    assert usual.status >= 400
    for case in others:
        answer, calls = observed(group, case)
        assert (answer.status, answer.body) == (usual.status, usual.body), case
        assert [name for name in calls.keys() | usual_calls if calls[name] != usual_calls[name]] == [], case


@pytest.mark.parametrize("group", COMPARED)
def test_a_secret_is_compared_in_constant_time(group):
    for case in ALIKE[group]:
        _, calls = observed(group, case)
        assert calls["C", "compare_digest"] == COMPARED[group], case


def test_the_work_of_different_requests_differs():
    """The count sees what it is to see: a code that is still looked at, and one that is not."""
    _, looked_at = observed("a wrong code", "in the first digit")
    _, not_looked_at = observed("no try left", "the right code")
    assert looked_at["C", "compare_digest"] > not_looked_at["C", "compare_digest"]
