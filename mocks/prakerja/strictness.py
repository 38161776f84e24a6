"""What is accepted though the documentation does not say so, because real clients send it.

With the setting `strict_documentation` each of these is refused, so that a partner sees what the real
Prakerja might refuse too.  docs/partner-api.md lists them from `ACCEPTED`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.exceptions import NotFound

from prakerja_sim.mocks.http.bodies import Malformed, loaded
from prakerja_sim.mocks.http.face import Call, Endpoint
from prakerja_sim.mocks.prakerja.fields import API
from prakerja_sim.mocks.prakerja.words import NotJson

DOUBLED = "sim.doubled"
"""The WSGI key that says that the path was sent with a doubled slash."""
JSON = "application/json"
INTEGER_INVOICE = f"{API}/payment/authorize"
"""The one table that types the invoice code as an integer; its example is a text."""


@dataclass(frozen=True, slots=True)
class Leniency:
    """Something that is accepted beyond the documentation."""

    sent: str
    documented: str
    refused: str
    """What `strict_documentation` answers."""


ACCEPTED = (
    Leniency("a signature in upper-case hex", "lower-case hex", "401 `ERR40180`"),
    Leniency(
        "a signature whose raw string has `Authorization` between path and body, whole or as the bare token",
        "client_code, timestamp, method, path, body",
        "401 `ERR40180`",
    ),
    Leniency(
        "another `Content-Type` than JSON's, or none", "`Content-Type: application/json`", "400 `ERR40080`"
    ),
    Leniency("a path with a doubled slash", "a single slash", "404 `ERR40480`"),
    Leniency("a path with a slash at its end", "no slash there", "404 `ERR40480`"),
    Leniency(
        "the bare payment token in `Authorization`", "`Authorization: Payment <token>`", "400 `ERRPLT40097`"
    ),
    Leniency("`Authorization: Bearer` for the profile", "the bare access token", "400 `ERROAUTH4031`"),
    Leniency(
        "`invoice_code` as an integer, elsewhere than at `payment/authorize`",
        "a text; only authorize's table says integer",
        "400 `ERR40082`",
    ),
    Leniency("fields that are not documented", "the fields of the endpoint's table", "400 `ERR40082`"),
)


def check(call: Call, endpoints: Iterable[Endpoint]) -> None:
    """Refuse what is not documented in a signed request; raises Malformed or NotFound.

    The signature and the tokens are checked where they are read.
    """
    at = (call.environ["REQUEST_METHOD"], call.environ["PATH_INFO"])
    endpoint = next((one for one in endpoints if (one.method, one.path) == at), None)
    if endpoint is None or DOUBLED in call.environ:
        raise NotFound
    model = endpoint.body
    if model is None:
        return
    if call.headers.get("Content-Type", "").partition(";")[0].strip().lower() != JSON:
        raise NotJson("Content-Type: must be application/json")
    fields = loaded(call.raw)
    if not isinstance(fields, dict):
        return  # which the validation of every body refuses
    unknown = sorted(fields.keys() - model.model_fields.keys())
    if unknown:
        raise Malformed(*(f"{name}: not documented" for name in unknown[:20]))
    if type(fields.get("invoice_code")) is int and call.environ["PATH_INFO"] != INTEGER_INVOICE:
        raise Malformed("invoice_code: must be a text")
