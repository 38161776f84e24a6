"""The plain envelope, for the parties that have no published one: institution, payout, admin.

`{"error": {"code", "message", "remedy"?}}`; a refusal's code is its reason.
"""

from prakerja_sim.mocks.http import secrets
from prakerja_sim.mocks.http.face import Environ, Malformed, Reply
from prakerja_sim.simulator.values.errors import Reason, Rejected

NOT_FOUND = {
    Reason.VOUCHER_UNKNOWN,
    Reason.ENROLMENT_UNKNOWN,
    Reason.ORDER_UNKNOWN,
    Reason.SANDBOX_UNKNOWN,
    Reason.SNAPSHOT_UNKNOWN,
    Reason.PERSON_UNKNOWN,
    Reason.WALLET_UNKNOWN,
    Reason.WEBHOOK_UNKNOWN,
    Reason.WEBHOOK_TARGET_UNKNOWN,
    Reason.PAYOUT_UNKNOWN,
}


def error(status: int, code: str, message: str) -> Reply:
    """An error in the plain envelope."""
    return Reply({"error": {"code": code, "message": message}}, status)


class Plain:
    """The plain envelope."""

    def __init__(self, environ: Environ | None = None) -> None:
        """The same for every request."""

    def refused(self, refusal: Rejected) -> Reply:
        """A reason, with the facts that help; what is secret among them is masked."""
        status = 404 if refusal.reason in NOT_FOUND else 409
        facts = ", ".join(
            f"{name}={secrets.value(name, str(found))}" for name, found in refusal.facts.items()
        )
        said = f"{refusal.reason}: {facts}" if facts else refusal.reason
        return error(status, refusal.reason.value, f"{said}; nothing was changed")

    def malformed(self, problem: Malformed) -> Reply:
        """All problems at once."""
        return error(400, "malformed", f"{problem}; nothing was changed")

    def unauthorized(self) -> Reply:
        """The same answer for every unknown sender."""
        return error(401, "unauthorized", "a valid token or signature is needed")

    def unknown(self, status: int) -> Reply:
        """An unknown path, a wrong method, or a request that is too large."""
        code, message = {
            404: ("not_found", "no such path"),
            405: ("method", "no such method here"),
            413: ("too_large", "body is larger than 64 kB"),
            415: ("encoded", "body is compressed; send it as it is, without Content-Encoding"),
            429: ("too_often", "too many requests; wait as long as the header says"),
            503: (
                "store_unusable",
                "the store takes nothing now; /readyz says why; nothing was changed",
            ),
        }[status]
        return error(status, code, message)

    def broken(self) -> Reply:
        """Our own bug, or a stopped sandbox."""
        return error(
            500, "internal", "a bug in the simulator, or a stopped sandbox; see its log and invariants"
        )
