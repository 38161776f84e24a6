"""The names of things: card numbers, invoices, vouchers and the like.

They are plain text at run time and different types for mypy.  Text from outside is checked
once, where it enters; inside, an id is always well formed.
"""

import re
from typing import NewType

CardNumber = NewType("CardNumber", str)
PaymentToken = NewType("PaymentToken", str)
InvoiceCode = NewType("InvoiceCode", str)
TransactionCode = NewType("TransactionCode", str)
CourseCode = NewType("CourseCode", str)
ScheduleCode = NewType("ScheduleCode", str)
RedeemCode = NewType("RedeemCode", str)
VoucherCode = NewType("VoucherCode", str)
PartyCode = NewType("PartyCode", str)
Phone = NewType("Phone", str)
Nik = NewType("Nik", str)
OrderId = NewType("OrderId", str)

UNAMBIGUOUS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Capital letters and digits without 0, O, 1 and I, which people misread."""

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HEX = "0123456789abcdef"
DIGITS = "0123456789"

_CARD = re.compile(r"[0-9]{16}")


def is_card_number(text: str) -> bool:
    """Whether the text looks like a card number: sixteen ASCII digits (R01)."""
    return _CARD.fullmatch(text) is not None


def masked(secret: str) -> str:
    """A card, phone, NIK or OTP as it may be shown: its last four characters at most."""
    ending = secret[-4:] if len(secret) > 6 else ""
    return "*" * (len(secret) - len(ending)) + ending
