"""A participant of the programme, as a test knows him."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from prakerja_sim.kit.admin import Admin

__tracebackhide__ = True  # pytest shows the line of the test


@dataclass(frozen=True, slots=True)
class Person:
    """A participant: whom a shop sells to. He belongs to nobody; `card` is his Kartu Prakerja number."""

    name: str
    card: str
    nik: str
    phone: str
    email: str
    password: str | None
    """For the dashboard."""
    wave: int
    _admin: Admin = field(repr=False, compare=False)

    @classmethod
    def of(cls, admin: Admin, row: Mapping[str, Any]) -> Self:
        """From a row of the admin API."""
        known = {one.name for one in fields(cls)}
        told = {name: value for name, value in row.items() if name in known}
        return cls(**told, card=row["prakerja_id"], _admin=admin)

    @property
    def balance(self) -> int:
        """What is left on the card now, in rupiah."""
        accounts = self._admin.get("/ledger", account=f"card:{self.card}", limit=1)["accounts"]
        return int(accounts[0]["balance"]) if accounts else 0

    def __str__(self) -> str:
        return f"{self.name} (card ...{self.card[-4:]}, {self.phone})"
