import pytest

from prakerja_sim.simulator.programme import sso
from prakerja_sim.simulator.programme.training_records import SsoCode
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.settings import Settings

LP = {"institution": "kopi-kita"}
OTHER = {"institution": "dapur"}


def consent(story, scope="name email"):
    return story.do(sso.consent, **LP, card=story.card, scope=scope).code


def exchange(story, code, who=LP):
    return story.do(sso.exchange, **who, code=code)


def holder(story, token, who=LP):
    return story.ask(sso.holder, **who, token=token)


def refresh(story, token, who=LP):
    return story.do(sso.refresh, **who, token=token)


def test_a_code_becomes_tokens_that_tell_who_it_is(story):
    tokens = exchange(story, consent(story))
    who, token = holder(story, tokens.access.token)
    assert (who.card, token.scope) == (story.card, "name email")
    now = story.sandbox.now()
    assert tokens.access.expires_at - now == 3600 * SECOND
    assert tokens.refresh.expires_at - now == 30 * 86_400 * SECOND


def test_a_code_is_used_once(story):
    code = consent(story)
    exchange(story, code)
    assert story.refusal(exchange, story, code) is Reason.SSO_CODE_UNKNOWN
    assert story.get(SsoCode, code).used_at == story.sandbox.now()


def test_two_consents_are_two_codes_and_two_pairs_of_tokens(story):
    first, second = consent(story), consent(story)
    tokens = [t.token for code in (first, second) for t in _pair(exchange(story, code))]
    assert len({first, second, *tokens}) == 6


def _pair(given):
    return given.access, given.refresh


@pytest.mark.parametrize(("settings", "life"), [(None, 300), (Settings(sso_code_lifetime=10), 10)])
def test_a_code_lives_for_five_minutes_or_as_the_setting_says(begin, settings, life):
    story = begin(settings=settings)
    code, late = consent(story), consent(story)
    story.after(life * SECOND)
    exchange(story, code)
    story.after(SECOND)
    assert story.refusal(exchange, story, late) is Reason.SSO_CODE_UNKNOWN


def test_an_access_token_lives_for_an_hour_and_is_renewed_with_the_other_one(story):
    tokens = exchange(story, consent(story))
    story.after(3600 * SECOND)
    holder(story, tokens.access.token)
    story.after(SECOND)
    assert story.refusal(holder, story, tokens.access.token) is Reason.SSO_CODE_UNKNOWN
    again = refresh(story, tokens.refresh.token)
    assert again.refresh == tokens.refresh
    assert holder(story, again.access.token)[0].card == story.card
    assert refresh(story, tokens.refresh.token).access.token != again.access.token


def test_a_refresh_token_ends_too(begin):
    story = begin(settings=Settings(sso_refresh_lifetime=100))
    tokens = exchange(story, consent(story))
    story.after(100 * SECOND)
    refresh(story, tokens.refresh.token)
    story.after(SECOND)
    assert story.refusal(refresh, story, tokens.refresh.token) is Reason.SSO_CODE_UNKNOWN


def test_each_token_is_good_for_its_own_purpose_and_its_own_institution(story):
    code = consent(story)
    assert story.refusal(exchange, story, code, OTHER) is Reason.SSO_CODE_UNKNOWN
    tokens = exchange(story, code)
    access, again = tokens.access.token, tokens.refresh.token
    for act, token, who in [
        (holder, again, LP),
        (refresh, access, LP),
        (holder, access, OTHER),
        (refresh, again, OTHER),
        (holder, "NONE", LP),
        (refresh, "NONE", LP),
        (exchange, "NONE", LP),
        (exchange, "", LP),
    ]:
        assert story.refusal(act, story, token, who) is Reason.SSO_CODE_UNKNOWN
    assert story.refusal(holder, story, "") is Reason.SSO_USER_UNKNOWN


def test_all_of_it_is_in_the_participants_own_chain(story):
    tokens = exchange(story, consent(story))
    refresh(story, tokens.refresh.token)
    journal = [(e.subject, e.command.rpartition(".")[2]) for e in story.sandbox.journal()][-3:]
    mine = f"participant:{story.card}"
    assert journal == [(mine, "consent"), (mine, "exchange"), (mine, "refresh")]
