"""The admin API under `/__admin`, the health endpoints, the metrics and the console."""

from dataclasses import replace

from prometheus_client import generate_latest

from prakerja_sim.mocks.admin import (
    again,
    books,
    bringing,
    courses,
    distributors,
    guard,
    leases,
    lookups,
    operations,
    operator_actions,
    partner_steps,
    queries,
    recording,
    redeem_codes,
    snapshots,
    stories,
    suppliers,
    timeline,
    together,
    verifying,
    webhooks,
)
from prakerja_sim.mocks.admin.console import site
from prakerja_sim.mocks.admin.described import DESCRIBED
from prakerja_sim.mocks.admin.shown import shown
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.simulator import VERSION
from prakerja_sim.simulator.values.errors import StoreUnusable

FACE = Face("admin", "Simulator", guard.Envelope, guard.check, Role.OPERATOR)
leases.add_to(FACE)
snapshots.add_to(FACE)
bringing.add_to(FACE)
operations.add_to(FACE)
together.add_to(FACE)
courses.add_to(FACE)
books.add_to(FACE)
timeline.add_to(FACE)
recording.add_to(FACE)
verifying.add_to(FACE)
again.add_to(FACE)
lookups.add_to(FACE)
redeem_codes.add_to(FACE)
stories.add_to(FACE)
distributors.add_to(FACE)
suppliers.add_to(FACE)
operator_actions.add_to(FACE)
partner_steps.add_to(FACE)
webhooks.add_to(FACE)
site.add_to(FACE)
FACE.check_query = queries.check
FACE.described = replace(
    DESCRIBED,
    others={
        **DESCRIBED.others,
        **{
            (one.method, one.path): (*DESCRIBED.others.get((one.method, one.path), ()), *guard.FROM_ABROAD)
            for one in FACE.endpoints
            if one.method not in guard.SAFE
        },
        **{
            (one.method, one.path): tuple({400, *DESCRIBED.others.get((one.method, one.path), ())})
            for one in FACE.endpoints
            if one.method == "GET"
        },
    },
)


@FACE.endpoint("GET", "/healthz", provenance=Provenance.SIMULATED, open_to_all=True)
def healthz(call: Call) -> Reply:  # noqa: ARG001  # it answers, so it is alive
    """Alive."""
    return Reply({"status": "ok"})


@FACE.endpoint("GET", "/readyz", provenance=Provenance.SIMULATED, open_to_all=True)
def readyz(call: Call) -> Reply:
    """Ready: the store takes commands; with what this server is and can do, if the caller may know it."""
    try:
        call.parties.sandboxes.store.check()
    except StoreUnusable as problem:
        why = {"reason": str(problem)} if guard.holds_token(call) else {}
        return Reply({"status": "unavailable", **why}, 503)
    now = call.sandbox.now()
    if not guard.holds_token(call):  # from the seed every key and every OTP can be computed
        return Reply({"status": "ready"})
    about = {"version": VERSION, "seed": call.sandbox.seed, "now": now.isoformat(), **call.parties.about}
    texts = call.ask(shown, whole=call.parties.show_secrets)
    return Reply({"status": "ready", "stopped": [texts.text(one) for one in call.sandbox.stopped], **about})


@FACE.endpoint("GET", "/metrics", provenance=Provenance.SIMULATED, open_to_all=True)
def metrics(call: Call) -> Reply:  # noqa: ARG001  # the counters are of the whole process
    """Counters in the Prometheus text format."""
    return Reply(generate_latest(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
