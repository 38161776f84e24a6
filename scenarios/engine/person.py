"""A person of a story: what he holds, and what he asks Prakerja, the marketplace and his institution."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from prakerja_sim.mocks.shop.buyer import Shopper
from prakerja_sim.scenarios.engine.parties import Parties

P = ParamSpec("P")
T = TypeVar("T")

AT_A_MARKETPLACE: Mapping[str, Any] = {
    "shopper": None,
    "signed_up": False,
    "order": "",
    "texts_before_order": 0,
    "ticket": "",
    "voucher": "",
    "institution": "",
    "course": "",
}
"""What a person has at each marketplace by itself, and how it is before he was there."""


@dataclass
class Person:
    """A participant with his phone, his mail and his shopper at the marketplace."""

    parties: Parties
    profile: Mapping[str, Any]
    """The participant as the admin API shows him, with his password."""
    shopper: Shopper
    called: str = "peserta"
    """His name in the story."""
    token: str = ""
    """His login at the dashboard."""
    signed_up: bool = False
    order: str = ""
    texts_before_order: int = 0
    """How many text messages were on his phone when he ordered; their codes are not the order's."""
    ticket: str = ""
    voucher: str = ""
    institution: str = ""
    course: str = ""
    accounts: dict[str, str] = field(default_factory=dict)
    """His account's number at each payment partner."""
    verification: str = ""
    """The address at which he is to show his face."""
    _elsewhere: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._place = self.parties.marketplace
        self.signed_up = self.parties.has_own_shopper

    def go(self) -> None:
        """From now on he is at the marketplace that is played, with what he had there before."""
        if self._place == self.parties.marketplace:
            return
        self._elsewhere[self._place] = {name: getattr(self, name) for name in AT_A_MARKETPLACE}
        self._place = self.parties.marketplace
        for name, value in self._elsewhere.get(self._place, AT_A_MARKETPLACE).items():
            setattr(self, name, value)
        if self._place not in self._elsewhere:
            self.shopper, self.signed_up = self.parties.shopper(), self.parties.has_own_shopper

    @property
    def card(self) -> str:
        """The card number on the dashboard."""
        return str(self.profile["prakerja_id"])

    @property
    def phone(self) -> str:
        """The phone number at Prakerja."""
        return str(self.profile["phone"])

    @property
    def email(self) -> str:
        """The e-mail address at Prakerja."""
        return str(self.profile["email"])

    def shop(self, action: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """What an action of his shopper gives."""
        return self.parties.shop(action, *arguments, **named)

    def dashboard(self, method: str, path: str, body: Any = None) -> Any:
        """What the dashboard answers him."""
        login = {"Authorization": f"Bearer {self.token}"}
        return self.parties.ask("prakerja", method, f"/dashboard{path}", body, login).get("data")

    def learn(self, path: str, body: Any = None) -> Any:
        """What his institution answers about his voucher."""
        if not self.voucher:
            raise AssertionError(f"{self.called} has no voucher to learn with; `redeem` one first")
        voucher = f"/{self.institution or 'lp-kopi'}/vouchers/{self.voucher}"
        return self.parties.ask("institution", "POST", f"{voucher}{path}", body)

    def texts(self) -> list[dict[str, Any]]:
        """The text messages on his phone, the oldest first."""
        return self.parties.texts(self.phone)

    def mails(self) -> list[dict[str, Any]]:
        """His e-mails, the oldest first."""
        return self.parties.mails(self.email)

    def mailed(self, label: str) -> list[str]:
        """What his e-mails say on the lines that begin with a label, the oldest first."""
        lines = [line for mail in self.mails() for line in mail["text"].splitlines()]
        return [line.removeprefix(label) for line in lines if line.startswith(label)]

    def trainings(self) -> list[dict[str, Any]]:
        """His trainings on the dashboard, the oldest first."""
        trainings: list[dict[str, Any]] = self.dashboard("GET", "/trainings")["trainings"]
        return trainings

    def training(self, course: str = "") -> dict[str, Any]:
        """The latest training in that course, or in the one that he bought last."""
        course = course or self.course
        mine = [one for one in self.trainings() if one["course_code"] == course]
        if not mine:
            raise AssertionError(
                f"{self.called} has no training in {course or 'any course'}; buy and pay it first"
            )
        return mine[-1]

    def redeem_code(self) -> str:
        """The redeem code of that training."""
        return str(self.training()["redeem_code"])

    def complaints(self) -> list[dict[str, Any]]:
        """His complaints to Prakerja, the newest first."""
        complaints: list[dict[str, Any]] = self.dashboard("GET", "/complaints")["complaints"]
        return complaints

    def latest_complaint(self) -> dict[str, Any]:
        """His newest complaint to Prakerja."""
        complaints = self.complaints()
        if not complaints:
            raise AssertionError(
                f"{self.called} has not complained to Prakerja; `complain_to_prakerja` first"
            )
        return complaints[0]

    def placed_order(self) -> str:
        """His latest order."""
        if not self.order:
            raise AssertionError(f"{self.called} has ordered nothing; `buy` first")
        return self.order

    def payout_account(self, partner: str | None = None) -> dict[str, str]:
        """His account at a partner, or the one he uses; a new one has the phone's number."""
        used = self.profile["account"]
        code = partner or (used["partner"] if used is not None else "ovo")
        if used is not None and code == used["partner"]:
            return {"partner": code, "number": used["number"]}
        return {"partner": code, "number": self.accounts.get(code, self.phone)}
