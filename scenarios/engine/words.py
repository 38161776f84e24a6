"""Arguments that are one of some words. The type of an argument carries its words.

So every verb and every claim that has an argument of such a type has it checked before a story is
played, and a new one gets that for nothing.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from typing import Annotated

from prakerja_sim.mocks.admin import fault_places
from prakerja_sim.mocks.prakerja import assignments, complaints, labels
from prakerja_sim.mocks.server.mounts import known_faces
from prakerja_sim.mocks.shop import fields, registry
from prakerja_sim.scenarios.engine.errors import nearest
from prakerja_sim.simulator.marketplace.webhook_records import WebhookStatus
from prakerja_sim.simulator.marketplace.webhooks_outbox import VERSIONS
from prakerja_sim.simulator.payout.partners import OUTCOMES, PARTNERS
from prakerja_sim.simulator.programme.attendance import ABANDONED, ScanResult
from prakerja_sim.simulator.programme.records import Membership as MembershipStatus
from prakerja_sim.simulator.programme.schemes import NORMAL, SEMI_BANSOS
from prakerja_sim.simulator.programme.sso import SCOPES
from prakerja_sim.simulator.programme.waves import WAVES
from prakerja_sim.simulator.world.faults import FAULTS

ANYTHING = re.compile(r".*", re.DOTALL)
"""Whatever is written, unless it looks like one of the words misspelt."""


@dataclass(frozen=True, slots=True)
class Words:
    """What an argument may be: one of some words, or whatever `other` matches."""

    known: Callable[[], Iterable[object]]
    """Asked whenever a story is read, since waves of one's own may be added."""
    other: re.Pattern[str] | None = None
    called: str = ""
    """What `other` is, as a message says it."""
    more: str = ""
    """How there can be more words, as a message says it."""

    def check(self, value: object) -> None:
        """Raises ValueError with the nearest word for what is none of them."""
        said, words = str(value), [str(word) for word in self.known()]
        if said in words:
            return
        if self.other is None or (self.other is ANYTHING and get_close_matches(said, words)):
            raise ValueError(f"unknown word {said!r}; {nearest(said, words)}{self.more}")
        if not self.other.fullmatch(said):
            raise ValueError(f"unknown word {said!r}; write {', '.join(words)} or {self.called}")


def one_of(*words: object) -> Words:
    """These words and no others."""
    return Words(lambda: words)


_SLOTS = [
    f"{kind}-{number}"
    for kind, most in (
        ("job", max(SEMI_BANSOS.incentive_months, NORMAL.incentive_months)),
        ("survey", max(SEMI_BANSOS.surveys, NORMAL.surveys)),
    )
    for number in range(1, most + 1)
]
_SCOPES = re.compile("({0})( ({0}))+".format("|".join(SCOPES)))
_ROWS = sorted({*labels.INCENTIVE.values(), *labels.OF_2020.values()})
_TASK = range(4)
"""How a practical task or its feedback may stand, as the wire numbers it."""

# What people enter
Code = Annotated[str, Words(lambda: ("right", "old", "wrong"), re.compile(r"\d+"), "the digits to enter")]
Card = Annotated[str, Words(lambda: ("right",), re.compile(r".*\d.*"), "the digits to enter")]
Own = Annotated[str, Words(lambda: ("right",), ANYTHING)]
Currency = Annotated[str, Words(lambda: ("IDR",), re.compile(r"[A-Z]{3}"), "another one, such as USD")]
Place = Annotated[str, one_of("history", "order", "mail")]
Link = Annotated[str, one_of("newest", "oldest")]
BulkResult = Annotated[str, one_of("SUCCESS", "PARTIAL SUCCESS", "FAILED")]
AccountName = Annotated[str, one_of("email", "nik", "phone")]
RatedAt = Annotated[str, one_of("dashboard", "marketplace")]
Face = Annotated[str, one_of(*ScanResult, ABANDONED)]
Scopes = Annotated[str, Words(lambda: SCOPES, _SCOPES, "some of them with blanks between")]

# What there is
Party = Annotated[str, Words(lambda: [face.code for face in known_faces()])]
Method = Annotated[str, one_of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")]
ShopTopic = fields.Topic
ProgrammeTopic = complaints.Topic
TaskScope = assignments.Scope
WaveNumber = Annotated[int, Words(lambda: WAVES, more="; a wave of your own needs --waves FILE")]
FaultName = Annotated[str, Words(lambda: FAULTS)]
Partner = Annotated[str, one_of(*PARTNERS)]
Outcome = Annotated[str, one_of(*OUTCOMES)]
Event = Annotated[str, one_of(*VERSIONS)]
Issuer = Annotated[str, Words(lambda: ("lembaga", *registry.codes()))]

# How things stand
Membership = Annotated[str, one_of(*MembershipStatus)]
Training = Annotated[str, one_of(labels.NO_TRAINING, *labels.TRAINING.values())]
Complaint = Annotated[str, one_of(*complaints.LABELS.values())]
Task = Annotated[str, one_of(*(f"assignment {one}, feedback {two}" for one, two in product(_TASK, _TASK)))]
Told = Annotated[str, one_of(*(f"{event} {status}" for event, status in product(VERSIONS, WebhookStatus)))]
Incentive = Annotated[str, one_of(*(f"{slot} {label}" for slot, label in product(_SLOTS, _ROWS)))]
Notice = Annotated[
    str, one_of("none", *(f"{slot} {label}" for slot, label in product(_SLOTS, labels.NOTICE.values())))
]


def faults_place(fault: str, where: str) -> None:
    """Raises ValueError with the remedy if that fault can strike nothing there."""
    remedy = fault_places.remedy_for(fault, where, known_faces())
    if remedy:
        raise ValueError(f"where: nothing that {fault} can strike ends with {where!r}; {remedy}")
