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
    """The participant allows an institution to know him; returns the code that it can exchange."""
    world.need(Participant, card)
    number = len(world.find(SsoCode, card=card)) + 1

    world.subject = subject(card)
    code = chance.code(ALPHANUMERIC, 32, world.seed, "sso code", institution, card, number)
    issued = SsoCode(code, institution, card, scope, world.now)
    world.put(issued)
    return issued


@command("sso.exchange")
@refuses(Reason.SSO_CODE_UNKNOWN)
def exchange(world: Unit, *, institution: PartyCode, code: str) -> Tokens:
    """Tokens for a code, once; an unknown, used, expired or another institution's code is refused alike."""
    issued = world.get(SsoCode, code)
    # Computed before the code is judged, so that an unknown code takes the same time as an expired one.
    unsaid = _why_unknown(issued, institution)
    oldest = world.now - timedelta(seconds=world.settings.sso_code_lifetime)
    if issued is None or issued.institution != institution or issued.used_at is not None:
        raise Rejected(Reason.SSO_CODE_UNKNOWN, unsaid=unsaid)
    if issued.issued_at < oldest:
        raise Rejected(Reason.SSO_CODE_UNKNOWN, issued_at=issued.issued_at, oldest=oldest)

    world.subject = subject(issued.card)
    world.put(issued.but(used_at=world.now))
    refresh = SsoToken(
        chance.code(ALPHANUMERIC, 32, world.seed, "sso refresh", code),
        SsoTokenKind.REFRESH,
        institution,
        issued.card,
        issued.scope,
        world.now + timedelta(seconds=world.settings.sso_refresh_lifetime),
    )
    world.put(refresh)
    return Tokens(_access(world, refresh), refresh)


@command("sso.refresh")
@refuses(Reason.SSO_CODE_UNKNOWN)
def refresh(world: Unit, *, institution: PartyCode, token: str) -> Tokens:
    """A new access token for a refresh token, which stays as it is."""
    record = _live(world, institution, token, SsoTokenKind.REFRESH)
    if record is None:
        raise Rejected(Reason.SSO_CODE_UNKNOWN, kind=SsoTokenKind.REFRESH, live=False)

    world.subject = subject(record.card)
    return Tokens(_access(world, record), record)


@refuses(Reason.SSO_USER_UNKNOWN, Reason.SSO_CODE_UNKNOWN)
def holder(world: Unit, *, institution: PartyCode, token: str) -> tuple[Participant, SsoToken]:
    """The participant of an access token, and the token, whose scope says what may be passed on."""
    if not token:
        raise Rejected(Reason.SSO_USER_UNKNOWN, token="missing")
    record = _live(world, institution, token, SsoTokenKind.ACCESS)
    if record is None:
        raise Rejected(Reason.SSO_CODE_UNKNOWN, kind=SsoTokenKind.ACCESS, live=False)
    return world.need(Participant, record.card), record


def _why_unknown(issued: SsoCode | None, institution: PartyCode) -> dict[str, object]:
    if issued is None:
        return {"issued": False}
    return {"institution": institution, "issued_to": issued.institution, "used_at": issued.used_at}


def _live(world: Unit, institution: PartyCode, token: str, kind: SsoTokenKind) -> SsoToken | None:
    record = world.get(SsoToken, token)
    now = world.now  # read before the token is judged: an unknown token takes the same time as an expired one
    if record is None or record.kind is not kind or record.institution != institution:
        return None
    return record if now <= record.expires_at else None


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
