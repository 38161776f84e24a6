import pytest

from prakerja_sim.simulator.values.money import ZERO, Rupiah, rupiah


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (650_000, 650_000),
        ("650000", 650_000),
        ("650_000", 650_000),
        ("1_0", 10),
        ("-5", -5),
        (0, 0),
        ("0", 0),
    ],
)
def test_an_amount_is_read_as_people_write_it(written, amount):
    assert rupiah(written) == Rupiah(amount)


@pytest.mark.parametrize(
    "written",
    [
        True,
        False,
        250_000.0,
        None,
        "",
        " 1",
        "1 ",
        "1.000",
        "1,000",
        "_1",
        "1_",
        "1__0",
        "--1",
        "+1",
        "\uff11",
        "1\n",
    ],
)
def test_anything_but_a_whole_number_is_refused_where_it_enters(written):
    with pytest.raises(ValueError, match="not a whole number of rupiah"):
        rupiah(written)


def test_sums_are_exact():
    assert Rupiah(10**18) + Rupiah(1) - Rupiah(10**18) == Rupiah(1)
    assert Rupiah(50_000) * 3 == Rupiah(150_000)


def test_a_bare_number_is_no_money():
    with pytest.raises(AttributeError):
        Rupiah(1) + 1


def test_amounts_are_ordered_and_only_nothing_is_false():
    assert Rupiah(-1) < ZERO < Rupiah(1)
    assert not ZERO
    assert Rupiah(-1) and Rupiah(1)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0, "Rp0"), (999, "Rp999"), (1_000, "Rp1.000"), (1_000_000, "Rp1.000.000"), (-50_000, "-Rp50.000")],
)
def test_an_amount_is_shown_as_indonesians_write_it(amount, shown):
    assert str(Rupiah(amount)) == shown
