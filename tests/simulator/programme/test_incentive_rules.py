"""Rules of the incentives at both sides of their edges, from facts alone; the rest is told in stories."""

import pytest

from prakerja_sim.simulator.programme.incentive_rules import Linking, Rating, SurveyEntry
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.programme.waves import PUBLISHED
from prakerja_sim.simulator.values.clock import DAY, SECOND
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world import refusals

WAVE = PUBLISHED[18]
LAST = WAVE.rate_until


@pytest.mark.parametrize(
    ("now", "reason"),
    [(LAST, None), (LAST + SECOND, Reason.RATING_CLOSED), (LAST + DAY, Reason.RATING_CLOSED)],
)
def test_a_training_is_rated_up_to_the_last_second(story, now, reason):
    bought = story.get(Training, story.buy().transaction)
    certified = bought.but(status=TrainingStatus.CERTIFIED)
    assert refusals.broken(Rating(now, story.card, WAVE, certified)) is reason


def test_an_account_at_a_partner_of_no_terms_is_not_linked(story):
    me = story.get(Participant, story.card)
    attempt = Linking(
        now=story.sandbox.now(), participant=me, wave=WAVE, terms=None, wallet=None, linked=None
    )
    assert refusals.broken(attempt) is Reason.PARTNER_UNKNOWN


@pytest.mark.parametrize(
    ("number", "wave", "reason"),
    [
        (0, 18, Reason.SURVEY_NOT_OPEN),
        (1, 18, None),
        (3, 18, None),
        (4, 18, Reason.SURVEY_NOT_OPEN),
        (2, 51, None),
        (3, 51, Reason.SURVEY_NOT_OPEN),
    ],
)
def test_a_scheme_has_so_many_surveys(number, wave, reason):
    round_ = PUBLISHED[wave]
    now = round_.announced + DAY
    assert refusals.broken(SurveyEntry(now, number, round_, done=False, opens=now)) is reason
