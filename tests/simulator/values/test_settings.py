import pytest

from prakerja_sim.simulator.values.settings import Settings, changed, from_json


def test_what_is_written_is_read_back():
    settings = changed({"otp_digits": 4, "fixed_otp": "1234", "signature_clock": "off"})
    assert from_json(settings.to_json()) == settings


def test_the_text_does_not_depend_on_the_order_of_the_values():
    one = changed({"otp_digits": 4, "otp_tries": 3})
    assert one.to_json() == changed({"otp_tries": 3, "otp_digits": 4}).to_json() != Settings().to_json()


def test_nothing_changed_is_the_defaults():
    assert changed({}) == Settings()


@pytest.mark.parametrize("clock", ["either", "wall", "sandbox", "off"])
def test_the_signature_clock_is_one_of_four(clock):
    assert changed({"signature_clock": clock}).signature_clock == clock


@pytest.mark.parametrize("digits", [4, 8])
def test_an_otp_has_four_to_eight_digits(digits):
    assert changed({"otp_digits": digits}).otp_digits == digits


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"otp_colour": 1}, "unknown setting 'otp_colour'; there are .*otp_digits"),
        ({"otp_digits": 3}, "from 4 to 8, not 3"),
        ({"otp_digits": 9}, "from 4 to 8, not 9"),
        ({"otp_lifetime": -1}, "otp_lifetime must be a whole number from 0 to 1000000000, not -1"),
        ({"otp_lifetime": True}, "otp_lifetime must be a whole number"),
        ({"otp_lifetime": "300"}, "otp_lifetime must be a whole number"),
        ({"otp_lifetime": 1.5}, "otp_lifetime must be a whole number"),
        ({"signature_clock": "moon"}, "either, wall, sandbox or off, not 'moon'"),
        ({"fixed_otp": "12a4"}, "fixed_otp must be digits"),
        ({"fixed_otp": ""}, "fixed_otp must be digits"),
        ({"fixed_otp": "\uff11" * 4}, "fixed_otp must be digits"),
        ({"fixed_otp": 1234}, "fixed_otp must be digits"),
        ({"signature_clock": ["off"]}, "either, wall, sandbox or off"),
    ],
)
def test_a_bad_value_is_refused_by_its_name(values, complaint):
    with pytest.raises(ValueError, match=complaint):
        changed(values)


@pytest.mark.parametrize("given", [1, "yes", None])
def test_the_meaning_of_cards_is_on_or_off(given):
    with pytest.raises(ValueError, match="setting magic must be true or false"):
        changed({"magic": given})
