"""Signs that a terminal or a report cannot carry are shown as Python writes them; all others stay."""

import pytest

from prakerja_sim.simulator.values.signs import visible


@pytest.mark.parametrize(
    ("sign", "shown"),
    [
        ("\0", r"\x00"), ("\x1b", r"\x1b"), ("\r", r"\r"), ("\x7f", r"\x7f"), ("\x9b", r"\x9b"),
        ("\ud800", r"\ud800"), ("\udce9", r"\udce9"), ("\u202e", r"\u202e"), ("\u2028", r"\u2028"),
        ("\ufffe", r"\ufffe"), ("\uffff", r"\uffff"),
    ],
)  # fmt: skip
def test_a_sign_that_cannot_be_carried_is_escaped(sign, shown):
    assert visible(f"a{sign}b") == f"a{shown}b"


@pytest.mark.parametrize("sign", ["\t", "\n", " ", "~", "\xa0", "\xe9", "\u200d", "\ufffd", "\U0001f600"])
def test_all_others_stay(sign):
    assert visible(f"a{sign}b") == f"a{sign}b"
