"""Faults of a load run: `NAME`, `NAME@WHERE`, `NAME@WHERE*TIMES`, armed one after the other while it lasts.

A fault that is armed ten times at once strikes the first ten that come, all in the same second. So its
strikes are spread over the first four fifths of the run; one that never struck was armed for nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from prakerja_sim.loadtests.errors import BadFault, NotServed
from prakerja_sim.loadtests.served import Admin
from prakerja_sim.simulator.world.faults import FAULTS

_FORM = re.compile(r"(?P<fault>[a-z_]+)(?:@(?P<where>.*?))?(?:\*(?P<times>\d+))?")
UNTIL = 0.8
"""The share of the run in which faults are armed."""
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class FaultSpec:
    """A fault, where it strikes, and how often in the whole run."""

    text: str
    fault: str
    where: str
    times: int


@dataclass(frozen=True, slots=True)
class Struck:
    """What became of a fault of the run."""

    spec: FaultSpec
    armed: int
    struck: int


def read(text: str) -> FaultSpec:
    """A fault as it is written; raises BadFault with the place and the remedy."""
    form = _FORM.fullmatch(text)
    if form is None:
        raise BadFault(f"--fault {text!r}: write NAME@WHERE*TIMES, such as sms_lost*20 or {EXAMPLE}")
    times = int(form["times"] or 1)
    if form["fault"] not in FAULTS:
        raise BadFault(
            f"--fault {text!r}: there is no fault {form['fault']!r}; `prakerja-sim faults` lists them"
        )
    if not 1 <= times <= MOST:
        raise BadFault(f"--fault {text!r}: a fault strikes from 1 to {MOST:,} times, not {times:,}")
    return FaultSpec(text, form["fault"], form["where"] or "", times)


EXAMPLE = "'reply_lost@payment/authorize*50'"


@dataclass(slots=True)
class Arming:
    """The faults of one run: arms them bit by bit, and says at the end which of them struck."""

    admin: Admin
    specs: Sequence[FaultSpec]
    seconds: float
    _armed: list[list[tuple[str, int]]] = field(default_factory=list)
    """Of each fault, the number that it was armed under and how often it may strike."""

    def begin(self) -> None:
        """Arm each once, so that one that can strike nowhere is refused before anybody plays."""
        self._armed = [[] for _ in self.specs]
        for at, spec in enumerate(self.specs):
            try:
                self._arm(at, 1)
            except NotServed as refusal:
                self.end()
                raise BadFault(f"--fault {spec.text!r}: {refusal}") from None

    def go_on(self, elapsed: float) -> None:
        """Arm what is due after so many seconds."""
        share = min(1.0, elapsed / (self.seconds * UNTIL))
        for at, spec in enumerate(self.specs):
            more = int(spec.times * share) - sum(times for _, times in self._armed[at])
            if more > 0:
                self._arm(at, more)

    def end(self) -> list[Struck]:
        """Disarm what has not struck, and say what did."""
        known = {one["number"]: one for one in self.admin.ask("/faults")["faults"]}
        ended: list[Struck] = []
        for spec, armed in zip(self.specs, self._armed, strict=True):
            mine = [(number, times) for number, times in armed if number in known]
            struck = sum(known[number]["struck"] for number, _ in mine)
            for number, _ in mine:
                if known[number]["left"]:
                    self.admin.undo(f"/faults/{number}")
            ended.append(Struck(spec, sum(times for _, times in armed), struck))
        return ended

    def _arm(self, at: int, times: int) -> None:
        spec = self.specs[at]
        body = {"fault": spec.fault, "where": spec.where, "times": times}
        self._armed[at].append((self.admin.do("/faults", body)["number"], times))
