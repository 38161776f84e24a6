"""What is not public and had to be guessed, as settings of a sandbox.

Each default is the simulated default of the references.  A sandbox keeps its settings
for life, and they are part of its digest: other settings are another world.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from prakerja_sim.simulator.values import policies

MOST_SECONDS = 1_000_000_000
MOST_DAYS = 3660
RANGES = {"hang_seconds": (0, 300), "otp_digits": (4, 8)}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "price_check": ("at_most", "exact"),
    "signature_clock": ("either", "wall", "sandbox", "off"),
}
"""Settings that are one of some words."""


def range_of(name: str) -> tuple[int, int]:
    """The least and the largest value of a setting that is a whole number."""
    return RANGES.get(name, (0, MOST_DAYS if "days" in name else MOST_SECONDS))


@dataclass(frozen=True, slots=True)
class Settings:
    """The guessed values; spans are whole seconds unless the name says otherwise."""

    otp_digits: int = 6
    """How many digits the OTP of a payment has, 4 to 8."""
    otp_lifetime: int = 300
    """How long it is valid."""
    otp_tries: int = 5
    """How many wrong OTPs end the attempt to pay."""
    otp_resend_after: int = 60
    """How long after an OTP another one may be asked for."""
    otp_resends: int = 5
    """How often it may be asked for again."""
    otp_resend_wait: int = 7200
    """How long to wait after that."""
    otp_failures_per_hour: int = 15
    """How many wrong OTPs a card may have in an hour, over all attempts."""
    price_check: str = "at_most"
    """Which amount pays for a course: at_most its price, since promo codes lower it, or exact."""
    commission: Mapping[str, int] = field(default_factory=dict)
    """What marketplaces keep of what is paid, in whole percent: {kariermu: 10}; others keep nothing.

    Rounded down to a whole rupiah; the institution gets the rest.
    """
    fixed_otp: str | None = None
    """One code for everybody, for load runs; the banner says so when it is set."""

    magic: bool = True
    """Whether cards, codes and phones with a meaning choose their answer; see docs/test-values.md."""

    link_otp_tries: int = 3
    """How many wrong codes are allowed when an account is linked or a phone changed."""
    link_otp_wait: int = 3600
    """How long to wait after one more."""

    signature_clock: str = "either"
    """Which clock a request's timestamp is compared with: either, wall, sandbox, off."""
    signature_window: int = 300
    """How far from that clock a timestamp may be."""
    strict_documentation: bool = False
    """Whether Prakerja refuses what its documentation does not allow; docs/partner-api.md lists it."""

    verification_lifetime: int = 900
    """How long the address that url-generate gave may be used."""
    tpm_delay: int = 0
    """From an assignment's or a feedback's submission until its status says success."""
    sso_code_lifetime: int = 300
    """How long the code of a login with Prakerja may be exchanged."""
    sso_access_lifetime: int = 3600
    """How long its access token is valid."""
    sso_refresh_lifetime: int = 2_592_000
    """How long its refresh token is valid."""

    reset_link_lifetime: int = 3600
    """How long a link to a new password may be used, an institution's or Prakerja's."""
    live_suppliers: bool = False
    """Whether Tokopedia gets a class's voucher from its institution (PIS), not from a pool of its own."""
    supplier_slow_seconds: int = 0
    """How long an institution works on an order that it accepted without a voucher (fault `supply_slow`)."""
    supplier_callbacks: bool = False
    """Whether the institution calls back when such an order has its voucher."""
    supplier_health_checks: bool = False
    """Whether suppliers get a health check every five minutes, from their first order on."""
    supplier_patience: int = 5400
    """How long the marketplace asks about an accepted order before it pays all of it back."""
    resale_delay: int = 0
    """From a distributor's order to its end; the answer to the order says "pending" in any case."""

    hang_seconds: int = 60
    """How long an answer that hangs is held back, five minutes at most: some clients never give up."""
    throttle_seconds: int = 60
    """How long to wait, as a refusal with 429 says."""

    refunds: Mapping[str, Any] = field(default_factory=dict)
    """A marketplace's refund policy in place of its own: who may ask, until when, full or refused."""
    support: Mapping[str, Any] = field(default_factory=dict)
    """The times of a marketplace's support, or of prakerja's form, in place of its own."""

    buy_ahead: bool = False
    """Whether the next course may be bought before the last one is finished; it does not open until then."""
    rebuy_days: int = 7
    """How long after a void a first course may be bought again, if that is later than the wave's date."""
    credit_delay: int = 0
    """From the award until the balance is on the card, while the days to buy run (F06)."""
    platform_sync: int = 0
    """From the award until marketplaces can sell to the card (F07)."""

    report_working_days: int = 2
    """Institution to marketplace and marketplace to programme, one working day each."""
    institution_report_working_days: int = 0
    """How many of these the institution lets pass before it reports; the programme then counts the rest."""
    check_working_days: int = 7
    """The programme's own check before a certificate shows on the dashboard, at most."""
    incentive_sync: int = 86_400
    """From the rating until the schedule of incentives shows."""
    transfer_working_days: int = 3
    """From an incentive's date until it arrives."""
    instalment_days: int = 30
    """From one instalment to the next."""
    payout_step_working_days: int = 1
    """Each step of a failed payment's way back: failed, checked, waiting, scheduled, paid."""
    payout_recheck_days: int = 7
    """After how many days the programme checks again an account that could not be paid."""
    payout_status_after: int = 3600
    """How long an instruction may stay without an answer until the programme asks what became of it."""
    payout_late_working_days: int = 2
    """How many working days later a late payment comes; three to five working days in all."""
    survey_paid_within_days: int = 14
    """How many days after a survey it is paid, at most."""

    def __post_init__(self) -> None:
        for name in (one.name for one in fields(self) if one.type is int):
            value = getattr(self, name)
            least, most = range_of(name)
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
                raise ValueError(
                    f"setting {name} must be a whole number from {least} to {most}, not {value!r}"
                )
        for name in policies.PARTS:
            policies.read(name, getattr(self, name))
        for name in (one.name for one in fields(self) if one.type is bool):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"setting {name} must be true or false, not {getattr(self, name)!r}")
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                meant = f"{', '.join(choices[:-1])} or {choices[-1]}"
                raise ValueError(f"setting {name} must be {meant}, not {getattr(self, name)!r}")
        policies.check_commission(self.commission)
        fixed = self.fixed_otp
        if fixed is not None and not (isinstance(fixed, str) and fixed.isascii() and fixed.isdigit()):
            raise ValueError('setting fixed_otp must be digits in quotes, as "123456"')

    def commission_of(self, marketplace: str) -> int:
        """What a marketplace keeps of each payment, in whole percent."""
        return self.commission.get(marketplace, 0)

    def to_json(self) -> str:
        """What differs from the defaults as canonical text, for the store and the digest.

        So a setting that is new leaves the digests of worlds that do not use it alone.
        """
        own = {name: value for name in NAMES if (value := getattr(self, name)) != getattr(USUAL, name)}
        return json.dumps(own, sort_keys=True, separators=(",", ":"))


NAMES = tuple(one.name for one in fields(Settings))
USUAL = Settings()


def from_json(text: str) -> Settings:
    """The settings that `to_json` wrote."""
    return Settings(**json.loads(text))


def changed(values: dict[str, object]) -> Settings:
    """The defaults with some values changed.

    Raises ValueError naming an unknown setting or a value out of its range.
    """
    for name in values:
        if name not in NAMES:
            raise ValueError(f"unknown setting {name!r}; there are {', '.join(sorted(NAMES))}")
    return Settings(**values) if values else USUAL  # type: ignore[arg-type]  # __post_init__ judges the values
