"""What a load run does, as data: where, at which marketplaces, with which mistakes, for how long people live.

A plan travels to Locust's processes as JSON in the environment variable PRAKERJA_LOAD; without it a process
does what a plan without fields says, against Locust's own `--host`.
"""

import os
from collections.abc import Mapping
from typing import Literal, NamedTuple

import msgspec

from prakerja_sim.loadtests.errors import PlanRefused
from prakerja_sim.mocks.shop import registry

VARIABLE = "PRAKERJA_LOAD"
MIX = "mix"
"""In place of a marketplace: all of them, each as often as the others."""
LONGEST_SECONDS = 3600.0


class Mistake(NamedTuple):
    """Something that people or networks do wrong, of which a life recovers or not."""

    stage: str
    """At most one mistake of a stage happens in a life."""
    takes_time: bool
    """Whether the clock must go on before a life can recover."""
    says: str


MISTAKES: Mapping[str, Mistake] = {
    "login_forgotten": Mistake("login", False, "forgets the login and finds the account again"),
    "abandoned": Mistake("checkout", False, "leaves the checkout, and comes back to order anew"),
    "wrong_otp": Mistake("otp", False, "types a wrong OTP first"),
    "otp_lost": Mistake("otp", True, "gets no OTP, and asks for another one"),
    "otp_late": Mistake(
        "otp", True, "asks for another OTP although one has come, and types the old one first"
    ),
    "double_press": Mistake("confirm", False, "presses pay twice at the same moment"),
    "impatient_retry": Mistake("confirm", False, "does not wait for the answer and enters the OTP again"),
    "reply_lost": Mistake("confirm", False, "gets no answer and looks at the order"),
    "mail_lost_history": Mistake("voucher", False, "gets no e-mail, and finds the code in the history"),
    "mail_lost_support": Mistake("voucher", True, "gets no e-mail, and asks support"),
    "refund": Mistake("refund", True, "wants the money back, and buys again"),
}


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a run does."""

    url: str = ""
    """The server; empty is Locust's `--host`."""
    sandbox: str = "default"
    marketplaces: dict[str, int] = msgspec.field(default_factory=lambda: {str(registry.DEFAULT): 1})
    """How often each is chosen, against the others: a weight for each code; {"mix": 1} is all."""
    mistakes: dict[str, float] = {}
    """The share of lives in which each happens, from 0 to 1; `MISTAKES` has their names."""
    institution_clients: list[str] = []
    """The institutions that redeem and report by programs of their own, not on their sites here."""
    think: tuple[float, float] = (0.0, 0.0)
    """The shortest and the longest wait before a person's next step, in seconds of the wall."""
    until: Literal["purchase", "incentive"] = "purchase"
    """How far lives go: to the finished class and its review, or to the last instalment and survey."""
    clock: Literal["still", "stepped"] = "still"
    """Whether the clock is stepped to what is due next, whenever nobody is in the middle of something."""
    clock_bound: float = 5.0
    """After so many seconds of the wall without a step, nobody begins anything until one was made."""
    lives_each: int = 0
    """How many lives a Locust user lives, one after the other; 0 is until the run ends."""
    seed: int = 42
    """Of the choices that people make; the same people of a sandbox choose alike."""
    folder: str = ""
    """Where journeys are written; empty is nowhere."""

    def __post_init__(self) -> None:
        """Refuse what fits together with nothing; the message names the place and the remedy."""
        problem = next(filter(None, (check(self) for check in _CHECKS)), "")
        if problem:
            raise ValueError(problem)

    def weights(self) -> dict[str, int]:
        """How often each marketplace is chosen, without the word for all of them."""
        chosen = (
            dict.fromkeys(map(str, registry.codes()), self.marketplaces[MIX])
            if MIX in self.marketplaces
            else {}
        )
        for code, weight in self.marketplaces.items():
            if code != MIX:
                chosen[code] = chosen.get(code, 0) + weight
        return {code: weight for code, weight in chosen.items() if weight}


def read(text: str) -> Plan:
    """A plan from JSON; raises PlanRefused with the place and what to write."""
    try:
        return msgspec.json.decode(text, type=Plan)
    except msgspec.DecodeError as problem:
        raise PlanRefused(f"{VARIABLE}: {problem}") from None


def write(plan: Plan) -> str:
    """A plan as JSON, as PRAKERJA_LOAD carries it."""
    return msgspec.json.encode(plan).decode()


def of_environment(environ: Mapping[str, str] = os.environ) -> Plan:
    """The plan of this process; raises PlanRefused."""
    return read(environ.get(VARIABLE) or "{}")


def _url(plan: Plan) -> str:
    if plan.url and not plan.url.startswith(("http://", "https://")):
        return f"url: {plan.url!r} is no address; write such as http://127.0.0.1:8000"
    return ""


def _marketplaces(plan: Plan) -> str:
    known = (*registry.codes(), MIX)
    for code, weight in plan.marketplaces.items():
        if code not in known:
            return f"marketplaces: there is no {code!r}; write one of {', '.join(known)}"
        if weight < 0:
            return f"marketplaces.{code}: {weight} is below 0; write how often, 0 or more"
    return "" if plan.weights() else "marketplaces: nobody buys anywhere; give one a weight above 0"


def _mistakes(plan: Plan) -> str:
    of_stage: dict[str, float] = {}
    for name, share in plan.mistakes.items():
        if name not in MISTAKES:
            return f"mistakes: there is no {name!r}; write one of {', '.join(MISTAKES)}"
        if not 0 <= share <= 1:
            return f"mistakes.{name}: {share:g} is no share; write a number from 0 to 1"
        if share and MISTAKES[name].takes_time and plan.clock == "still":
            return f"mistakes.{name}: takes time, and the clock stands still; write clock: stepped"
        stage = MISTAKES[name].stage
        of_stage[stage] = of_stage.get(stage, 0.0) + share
        if of_stage[stage] > 1.000001:
            return (
                f"mistakes.{name}: the mistakes of the stage {stage} add up to more than 1; lower one of them"
            )
    return ""


def _spans(plan: Plan) -> str:
    shortest, longest = plan.think
    if not 0 <= shortest <= longest <= LONGEST_SECONDS:
        return f"think: {shortest:g} to {longest:g} s is no span; write [SHORTEST, LONGEST], an hour at most"
    if not 0 < plan.clock_bound <= LONGEST_SECONDS:
        return f"clock_bound: {plan.clock_bound:g} is out of reach; write seconds above 0, an hour at most"
    return ""


def _whole(plan: Plan) -> str:
    if plan.lives_each < 0:
        return f"lives_each: {plan.lives_each} is below 0; write how many, 0 for until the run ends"
    if plan.until == "incentive" and plan.clock == "still":
        return "until: nobody is paid while the clock stands still; write clock: stepped"
    return ""


_CHECKS = (_url, _marketplaces, _mistakes, _spans, _whole)
