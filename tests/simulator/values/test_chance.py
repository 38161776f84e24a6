import pytest

from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.ids import ALPHANUMERIC, DIGITS, HEX, UNAMBIGUOUS

SEED = seed_bytes(42)


def test_a_draw_follows_from_its_seed_and_from_what_it_is_about():
    assert chance.draw(SEED, "otp", "a", 1) == chance.draw(SEED, "otp", "a", 1)
    others = {chance.draw(seed_bytes(43), "otp", "a", 1), chance.draw(SEED, "otp", "b", 1)}
    others |= {chance.draw(SEED, "voucher", "a", 1), chance.draw(SEED, "otp", "a", 2)}
    assert len(others | {chance.draw(SEED, "otp", "a", 1)}) == 5


def test_draws_are_the_same_in_every_process_and_release():
    assert chance.draw(SEED, "otp", "a", 1) == 18_440_664_241_833_557_774
    assert chance.code(DIGITS, 6, SEED, "otp", "a", 1) == "846745"
    assert chance.code(HEX, 8, SEED, "token", 1) == "0fcbba82"
    assert chance.code(UNAMBIGUOUS, 8, SEED, "voucher", 1) == "5VTDQ27Z"


def test_a_number_below_a_limit_takes_every_value_about_equally_often():
    counted = [0] * 6
    for n in range(6_000):
        counted[chance.below(6, SEED, "die", n)] += 1
    assert all(850 < count < 1_150 for count in counted)


@pytest.mark.parametrize("alphabet", [DIGITS, HEX, ALPHANUMERIC, UNAMBIGUOUS])
@pytest.mark.parametrize("length", [1, 6, 16, 32])
def test_a_code_has_its_length_and_only_letters_of_its_alphabet(alphabet, length):
    codes = [chance.code(alphabet, length, SEED, "code", n) for n in range(200)]
    assert {len(code) for code in codes} == {length}
    assert set("".join(codes)) <= set(alphabet)


def test_a_code_of_digits_keeps_its_leading_zeros():
    assert any(chance.code(DIGITS, 6, SEED, "otp", n).startswith("0") for n in range(100))


@pytest.mark.parametrize(
    ("numerator", "denominator", "least", "most"), [(0, 1, 0, 0), (1, 1, 1000, 1000), (1, 4, 200, 300)]
)
def test_an_event_happens_as_often_as_its_probability_says(numerator, denominator, least, most):
    happened = sum(chance.hits(numerator, denominator, SEED, "fault", n) for n in range(1_000))
    assert least <= happened <= most


@pytest.mark.parametrize("seed", [0, 1, -1, 2**63 - 1, -(2**63)])
def test_every_whole_number_of_64_bits_is_a_seed(seed):
    assert len(seed_bytes(seed)) == 8


def test_different_seeds_have_different_keys():
    assert len({seed_bytes(seed) for seed in range(-100, 100)}) == 200
