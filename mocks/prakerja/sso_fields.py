"""What single sign-on takes and answers: the login's query, a code or token, tokens, the profile."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from prakerja_sim.mocks.http.bodies import Body, Model
from prakerja_sim.mocks.prakerja.fields import Address
from prakerja_sim.simulator.programme.sso import SCOPES

Code = Annotated[str, StringConstraints(max_length=255)]


def _check_scope(scope: str) -> str:
    scopes = scope.split()
    if not scopes or not set(scopes) <= set(SCOPES):
        raise ValueError(f"scope is some of {' '.join(SCOPES)}")
    return scope


class LoginQuery(Body):
    """Where a browser comes from, which data its user is asked to share, and where it goes afterwards."""

    state: Annotated[str, StringConstraints(min_length=1, max_length=1024)]
    scope: Annotated[str, StringConstraints(max_length=255), AfterValidator(_check_scope)]
    redirect_uri: Address
    login_uri: Address
    client_id: Code = ""
    client_name: Code = ""


class TokenQuery(Body):
    """A code to exchange, or a refresh token."""

    code: Code = ""
    token: Code = ""


class LoginUrl(Model):
    """Where to send the browser."""

    redirect_url: str


class TokenAnswer(Model):
    """Tokens; `expires_in` is the time (Unix seconds) at which the access token expires, not a duration."""

    access_token: str
    expires_in: str
    refresh_token: str
    scope: str
    token_type: str


class Profile(Model):
    """The participant; fields that he did not consent to are empty."""

    dp_user_id: str
    email: str
    name: str
    no_prakerja: str
    phone_number: str
    user_id: str
