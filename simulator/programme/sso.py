"""Logging in at an institution with the Prakerja account: consent, code, tokens, profile.

A code is used once and soon; a refresh token stays the same until it expires, so that an
institution that lost our reply may ask once more.
"""

from datetime import timedelta

from msgspec import Struct

from prakerja_sim.simulator.programme.enrolment import subject
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.programme.training_records import SsoCode, SsoToken, SsoTokenKind
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import ALPHANUMERIC, CardNumber, PartyCode
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

SCOPES = ("name", "email", "prakerjaid", "notelp")


class Tokens(Struct, frozen=True):
    """What an institution gets for a code or for a refresh token."""

    access: SsoToken
    refresh: SsoToken


@command("sso.consent")
def consent(world: Unit, *, institution: PartyCode, card: CardNumber, scope: str) -> SsoCode:
    """The participant lets an institution know him; answers the code that it may exchange."""
    world.need(Participant, card)
    number = len(world.find(SsoCode, card=card)) + 1

    world.subject = subject(card)
    code = chance.code(ALPHANUMERIC, 32, world.seed, "sso code", institution, card, number)
    given = SsoCode(code, institution, card, scope, world.now)
    world.put(given)
    return given


@command("sso.exchange")
@refuses(Reason.SSO_CODE_UNKNOWN)
def exchange(world: Unit, *, institution: PartyCode, code: str) -> Tokens:
    """Tokens for a code, once; unknown, used, expired and another's are told alike."""
    given = world.get(SsoCode, code)
    # Worked out before the code is judged, so that an unknown one takes as long as one that is over.
    oldest = world.now - timedelta(seconds=world.settings.sso_code_lifetime)
    if given is None or given.institution != institution or given.used_at is not None:
        raise Rejected(Reason.SSO_CODE_UNKNOWN)
    if given.issued_at < oldest:
        raise Rejected(Reason.SSO_CODE_UNKNOWN)

    world.subject = subject(given.card)
    world.put(given.but(used_at=world.now))
    refresh = SsoToken(
        chance.code(ALPHANUMERIC, 32, world.seed, "sso refresh", code),
        SsoTokenKind.REFRESH,
        institution,
        given.card,
        given.scope,
        world.now + timedelta(seconds=world.settings.sso_refresh_lifetime),
    )
    world.put(refresh)
    return Tokens(_access(world, refresh), refresh)


@command("sso.refresh")
@refuses(Reason.SSO_CODE_UNKNOWN)
def refresh(world: Unit, *, institution: PartyCode, token: str) -> Tokens:
    """A new access token for a refresh token, which stays as it is."""
    kept = _live(world, institution, token, SsoTokenKind.REFRESH)
    if kept is None:
        raise Rejected(Reason.SSO_CODE_UNKNOWN)

    world.subject = subject(kept.card)
    return Tokens(_access(world, kept), kept)


@refuses(Reason.SSO_USER_UNKNOWN, Reason.SSO_CODE_UNKNOWN)
def holder(world: Unit, *, institution: PartyCode, token: str) -> tuple[Participant, SsoToken]:
    """The participant whose access token this is, and what may be told of him."""
    if not token:
        raise Rejected(Reason.SSO_USER_UNKNOWN)
    kept = _live(world, institution, token, SsoTokenKind.ACCESS)
    if kept is None:
        raise Rejected(Reason.SSO_CODE_UNKNOWN)
    return world.need(Participant, kept.card), kept


def _live(world: Unit, institution: PartyCode, token: str, kind: SsoTokenKind) -> SsoToken | None:
    kept = world.get(SsoToken, token)
    now = world.now  # asked before the token is judged: an unknown one takes as long as one that is over
    if kept is None or kept.kind is not kind or kept.institution != institution:
        return None
    return kept if now <= kept.expires_at else None


def _access(world: Unit, refresh: SsoToken) -> SsoToken:
    number = len(world.find(SsoToken, card=refresh.card)) + 1
    access = SsoToken(
        chance.code(ALPHANUMERIC, 32, world.seed, "sso access", refresh.token, number),
        SsoTokenKind.ACCESS,
        refresh.institution,
        refresh.card,
        refresh.scope,
        world.now + timedelta(seconds=world.settings.sso_access_lifetime),
    )
    world.put(access)
    return access
