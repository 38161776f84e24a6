"""Phones and e-mail addresses in a request: taken in every spelling, handed on in one."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from prakerja_sim.simulator.values import emails, phones

_NATIONAL = AfterValidator(phones.national)
Phone = Annotated[
    str, StringConstraints(pattern=r"^[ (]*(\+?62|0|8)([ .()-]*[0-9]){8,13} *$", max_length=64), _NATIONAL
]
"""A phone with the country's number, with a leading 0, or as a mobile number without either."""
Mobile = Annotated[
    str,
    StringConstraints(pattern=r"^[ (]*(\+?62[ .()-]*0?|0)?[ .()-]*8([ .()-]*[0-9]){8,11} *$", max_length=64),
    _NATIONAL,
]
"""A phone that text messages reach: 08 and eight to eleven digits."""
Email = Annotated[
    str,
    StringConstraints(max_length=254, pattern=r"^[!-?A-~]+@[!-?A-~]+$"),
    AfterValidator(emails.canonical),
]


SpeltAnyhow = BeforeValidator(lambda value: phones.national(value) if isinstance(value, str) else value)
"""Before a field that judges a phone in its own way."""
