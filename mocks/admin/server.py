"""The admin API under `/__admin`, the health endpoints, the metrics and the console."""

from hmac import compare_digest

from prometheus_client import generate_latest

from prakerja_sim.mocks.admin import (
    books,
    console,
    distributors,
    operations,
    operator_actions,
    redeem_codes,
    suppliers,
    traffic,
    webhooks,
)
from prakerja_sim.mocks.admin.described import DESCRIBED
from prakerja_sim.mocks.http.envelope import Plain
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, Unauthorized
from prakerja_sim.simulator import VERSION


def _trusted(call: Call) -> None:
    """On loopback everybody; beyond it whoever holds the token."""
    token = call.parties.admin_token
    given = call.headers.get("Authorization", "").removeprefix("Bearer ")
    if token is not None and not compare_digest(token.encode(), given.encode()):
        raise Unauthorized("no valid admin token")


FACE = Face("admin", "Simulator", Plain, _trusted)
FACE.described = DESCRIBED
FACE.app.template_folder = "templates"
operations.add_to(FACE)
books.add_to(FACE)
traffic.add_to(FACE)
redeem_codes.add_to(FACE)
distributors.add_to(FACE)
suppliers.add_to(FACE)
operator_actions.add_to(FACE)
webhooks.add_to(FACE)


@FACE.endpoint("GET", "/", provenance=Provenance.SIMULATED)
def console_page(call: Call) -> Reply:
    """The console for people."""
    return Reply(console.page(call))


@FACE.endpoint("GET", "/healthz", provenance=Provenance.SIMULATED, open_to_all=True)
def healthz(call: Call) -> Reply:  # noqa: ARG001  # alive is alive
    """Alive."""
    return Reply({"status": "ok"})


@FACE.endpoint("GET", "/readyz", provenance=Provenance.SIMULATED, open_to_all=True)
def readyz(call: Call) -> Reply:
    """Ready: the store answers; with what this server is and can do."""
    now = call.sandbox.now()
    about = {"version": VERSION, "seed": call.sandbox.seed, "now": now.isoformat(), **call.parties.about}
    return Reply({"status": "ready", "stopped": call.sandbox.stopped, **about})


@FACE.endpoint("GET", "/metrics", provenance=Provenance.SIMULATED, open_to_all=True)
def metrics(call: Call) -> Reply:  # noqa: ARG001  # of the whole process
    """Counters in the Prometheus text format."""
    return Reply(generate_latest(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
