"""A tape of numbers as a story: each number is a verb, a person and its arguments.

A cell of zero does nothing, so a tape shrinks by becoming zeros.  Every other cell goes on with
somebody's purchase, moves the clock, or takes any verb with any arguments, sensible or not.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from prakerja_sim.scenarios.engine.errors import StepRefused
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.simulator.payout.partners import OUTCOMES
from prakerja_sim.simulator.programme.waves import PUBLISHED
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values.chance import draw
from prakerja_sim.simulator.values.clock import DAY, SECOND
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.faults import FAULTS
from prakerja_sim.simulator.world.records import Entry
from prakerja_sim.simulator.world.store import Unit
from tests.played import WORDS

CELLS = 2**16
"""How many different cells a tape may have at each place."""
PEOPLE = ("ani", "budi", "citra")
COURSES = ("barista-dasar", "usaha-kue", "webinar")
INSTITUTION = "lp-kopi"
MISUSE = (AssertionError, IndexError, KeyError, StopIteration, TypeError)
"""What a verb says to whoever has not got what it takes: no order, no voucher, no such person."""

ONWARD = (
    "enrol", "buy", "enter_card", "enter_otp", "redeem", "attest", "pre_test", "study", "finish",
    "link_account", "two weeks", "rate", "a week", "fill_survey", "fill_survey", "a month", "fill_survey",
    "buy",
)  # fmt: skip
"""How a person who does everything right goes on; spans of time move the clock."""
WAITS = {"two weeks": 14 * DAY, "a week": 7 * DAY, "a month": 30 * DAY}
SECONDS = (1, 59, 60, 61, 300, 301, 3600, 7200, 86_400, 864_000, 2_592_000)
SPANS = tuple(timedelta(seconds=one) for one in SECONDS)
WAVES = tuple(number for number in PUBLISHED if number >= 12)
LASTS = ("buy_first_until", "spend_until", "finish_until", "surveys_until", "payout_until")
LAST_SECONDS = {getattr(PUBLISHED[number], name) for number in WAVES for name in LASTS}
EDGES = sorted(at + late for at in LAST_SECONDS for late in (0 * SECOND, SECOND))
"""The last second of everything that has one, and the first one after it."""
OMIT = object()
VALUES = {
    # what an argument may be, by its name or by its verb and name; the first is what is usual
    "person": PEOPLE,
    "course": COURSES,
    "wave": (18, *WAVES),
    "videos": (True, False),
    "wallet": (True, False),
    "fault": tuple(sorted(FAULTS)),
    "arm.where": ("payment/authorize", "payment/send-otp", "payment/void", ""),
    "times": (1, 2),
    "find_voucher.where": ("history", "mail"),
    "card": ("right", "9900000000000000", "990012341234"),
    "otp": ("right", "wrong", "old"),
    "sign_up.code": ("right", "000000"),
    "promo": ("BELAJAR50", "NONE"),
    "number": (1, 2, 3, 4),
    "sequence": (1, 2, 999),
    "outcome": ("success", "no_match", "camera_refused", "abandoned"),
    "switch_partner.outcome": OUTCOMES,
    "partner": ("ovo", "bni"),
    "phone": ("084000000001", "084000000002"),
    "open_wallet.phone": ("084000000001",),
    "upgraded": (True, False),
    "active": (True, False),
    "monthly_limit": (Rupiah(600_000), Rupiah(599_999)),
    "rated": ("dashboard", "marketplace"),
    "price": (Rupiah(650_000), Rupiah(1_000_000), Rupiah(24_000)),
    "quota": (1, 0),
    "score": (80, 0, 100),
    "stars": (5, 1),
    "lessons": (4, 1, 9),
    "agree": (True, False),
    "voucher": ("NOWHERE",),
    "institution": (INSTITUTION, "lp-lain"),
    "name": ("Orang Lain",),
    "category": ("Makanan & Minuman",),
    "words": ("kartu prakerja",),
    "finds": COURSES,
    "by": SPANS,
}
KINDS = ("onward", "onward", "onward", "any", "any", "any", "clock", "void")
NEVER = ("expect",)
"""A claim about how things stand is not something that people do."""


@dataclass
class Mix:
    """One story being made up while it is played."""

    stage: Stage
    sandbox: Sandbox
    steps: list[tuple[str, dict, str | None]] = field(default_factory=list)
    """What was done and how it ended, as a scenario file has it."""
    onward: dict[str, int] = field(default_factory=dict)
    """How far each person has come with doing everything right."""
    calm: bool = False
    """Whether time jumps by hours only, and people join the newest wave: then they come further."""
    refusals: dict[str, int] = field(default_factory=dict)
    """How often in a row each person was refused; twice, and he goes on with something else."""
    over: bool = False
    """Whether something happened that no scenario file could repeat."""

    def open(self) -> None:
        """What there is to buy."""
        self.play("list_course", {"course": COURSES[0]})
        self.play("list_course", {"course": COURSES[1], "price": Rupiah(240_000), "quota": 2, "title": "Kue"})
        starts = self.now() + 3 * DAY
        told = {"course": COURSES[2], "price": Rupiah(100_000), "kind": "webinar", "title": "Webinar"}
        self.play("list_course", {**told, "starts": starts, "quota": 1})

    def take(self, place: int, cell: int) -> StepRefused | None:
        """Do what a cell of the tape says, if it can be done; the refusal, if it was refused."""
        if not cell:
            return None
        self.left = draw(b"tape", place, cell)  # even, whatever numbers the search likes best
        person = self.pick(PEOPLE)
        kind = self.pick(KINDS)
        if kind == "onward":
            return self.go_on(person)
        if kind == "clock":
            return self.play("advance", self.jump())
        if kind == "void":
            return self.play("void", {"person": person})
        verb = self.pick([name for name in sorted(WORDS.verbs) if name not in NEVER and self.known(name)])
        return self.play(verb, self.arguments(verb, person))

    def go_on(self, person: str) -> StepRefused | None:
        at = self.onward.get(person, 0)
        verb = ONWARD[at % len(ONWARD)]
        if verb in WAITS:
            self.onward[person] = at + 1
            return self.play("advance", {"by": WAITS[verb]})
        told = {"person": person} | self.usual(verb, at)
        before = len(self.steps)
        refusal = self.play(verb, told)
        done = refusal is None and len(self.steps) > before
        self.refusals[person] = 0 if done else self.refusals.get(person, 0) + 1
        if done or self.refusals[person] > 2:
            self.onward[person] = at + 1
        return refusal

    def usual(self, verb: str, at: int) -> dict:
        if verb == "enrol":
            newest = [one for one in WAVES if PUBLISHED[one].announced <= self.now()][-1:]
            return {"wave": self.pick(newest if self.calm else VALUES["wave"])}
        if verb == "buy":
            return {"course": self.pick(COURSES)}
        if verb == "fill_survey":
            return {"number": 1 + ONWARD[: at % len(ONWARD)].count("fill_survey")}
        return {}

    def jump(self) -> dict:
        """Forward by a span, or to the next edge of something."""
        if self.calm:
            return {"by": self.pick(SPANS[:8])}
        ahead = [at for at in EDGES if at >= self.now()][:4]
        return self.pick([*({"by": span} for span in SPANS), *({"to": at} for at in ahead)])

    def known(self, verb: str) -> bool:
        """Whether all that the verb needs has values here."""
        return all(f"{verb}.{one}" in VALUES or one in VALUES for one in WORDS.verbs[verb].needed)

    def arguments(self, verb: str, person: str) -> dict:
        told = {}
        for name in WORDS.verbs[verb].arguments:
            values = VALUES.get(f"{verb}.{name}", VALUES.get(name))
            if name == "person":
                told[name] = person
            elif values is not None:
                chosen = self.pick([*values] if name in WORDS.verbs[verb].needed else [OMIT, OMIT, *values])
                told |= {} if chosen is OMIT else {name: chosen}
        if verb == "arm":  # whether it strikes is left to chance
            told["optional"] = True
        return told

    def pick(self, options):
        self.left, at = divmod(self.left, len(options))
        return options[at]

    def play(self, verb: str, told: dict) -> StepRefused | None:
        """Do it, and write it down as it went; what no story can say or do at all is not written."""
        if WORDS.verbs[verb].read(told)[1]:
            return None
        before = self.entries()
        try:
            getattr(self.stage, verb)(**told)
        except StepRefused as refusal:
            if refusal.reason is None:  # the site's own word, which no scenario can name
                self.over |= self.entries() != before
                return None
            self.steps.append((verb, told, refusal.reason))
            return refusal
        except MISUSE:
            self.over |= self.entries() != before
            return None
        self.steps.append((verb, told, None))
        return None

    def now(self) -> datetime:
        """As the store has it: the sandbox in front of the clock is another one."""
        return self.sandbox.ask(lambda world: world.now)

    def entries(self) -> int:
        return len(self.sandbox.ask(Unit.log, kind=Entry))
