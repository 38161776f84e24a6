"""Delivers webhooks, with no unit of work open.

What stays inside the simulator is delivered before the request that caused it is answered, or before the
clock goes on from the event that did, so a story sees it at once and every time alike.  What goes to a real
address is delivered by threads of their own: a slow receiver slows neither a request nor the clock, and only
what is to be sent from the same sandbox waits for it, to keep its order.
"""

import json
import logging
import queue
import threading
from collections.abc import Collection
from functools import partial
from typing import Any

from prakerja_sim.mocks.http.exchanges import CLIENT, Request
from prakerja_sim.mocks.http.timeline import because_of
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.server import webhook_sending
from prakerja_sim.mocks.shop import registry, webhook_dialect
from prakerja_sim.mocks.shop.webhook_dialect import INBOX, PARTY, Dialect
from prakerja_sim.simulator.marketplace import webhooks_outbox
from prakerja_sim.simulator.marketplace.webhook_records import Webhook, WebhookTarget
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values.errors import Rejected, WorldGone
from prakerja_sim.simulator.world.faults.webhook import WebhookFault

log = logging.getLogger("prakerja_sim")
LONGEST_ROUND_SECONDS = 30
THREADS = 8
"""So many sandboxes may have a slow receiver at once without holding up the others'."""
GONE = 410
"""The status after which a target gets no more webhooks."""


class WebhookDelivery:
    """The deliveries of all sandboxes of a server."""

    def __init__(self, parties: Any, allowed: Collection[str] = ()) -> None:
        self._parties = parties
        self.allowed = frozenset(allowed)
        """Hosts beyond this machine that may get webhooks, as HOST or HOST:PORT."""
        self._far: queue.SimpleQueue[Sandbox] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._starting = threading.Lock()

    def after_request(self, sandbox: Sandbox) -> None:
        """Deliver the request's webhooks inside the simulator; leave the others to the threads."""
        if not sandbox.telling or sandbox.stopped:
            return
        rounds = _rounds(sandbox, far=False)
        rounds.requested = True
        while rounds.requested:
            if not rounds.lock.acquire(blocking=False):
                return  # the request that is delivering sees that there is more
            try:
                rounds.requested = False
                self._leave(sandbox, self._round(sandbox, far=False))
            except WorldGone:  # and with it its webhooks
                return
            except Exception as problem:  # the request that caused it is still answered
                self._note(sandbox, problem)
                return
            finally:
                rounds.lock.release()

    def deliver(self, sandbox: Sandbox) -> None:
        """Deliver what is due inside the simulator, here and now, as the clock asks; leave the rest."""
        if sandbox.stopped:
            return
        lock = _rounds(sandbox, far=False).lock
        if lock.acquire(timeout=LONGEST_ROUND_SECONDS):  # a receiver may have called back and moved the clock
            try:
                self._leave(sandbox, self._round(sandbox, far=False))
            finally:
                lock.release()

    def deliver_all(self, sandbox: Sandbox) -> None:
        """Deliver everything that is due and wait for it, as releasing them one by one demands."""
        self.deliver(sandbox)
        if sandbox.stopped:
            return
        rounds = _rounds(sandbox, far=True)
        with rounds.lock:
            self._round(sandbox, far=True)
        if rounds.requested:  # a thread came meanwhile and went away
            self._far.put(sandbox)

    def check(self, url: str) -> None:
        """Refuse a target to which nothing may be sent."""
        webhook_dialect.check_target(url, set(self._parties.faces) - {"admin"}, self.allowed)

    def _round(self, sandbox: Sandbox, *, far: bool) -> bool:
        """One round to the near or to the far targets; answers whether something for the others is left."""
        left = False
        for webhook in sandbox.ask(webhooks_outbox.due):
            target = sandbox.ask(webhooks_outbox.target_of, target=webhook.target)
            if _is_far(target.url) is far:
                with because_of(f"webhook {webhook.key}"):
                    self._attempt(sandbox, webhook, target)
            else:
                left = True
        return left

    def _attempt(self, sandbox: Sandbox, webhook: Webhook, target: WebhookTarget) -> None:
        """Make one attempt and note what came of it."""
        dialect = registry.dialect(webhook.party, webhook.event)
        waits = dialect.waits
        wait = waits[webhook.attempts] if webhook.attempts < len(waits) else None
        if target.stopped:
            wait = None
        at = f"{webhook.party}/{webhook.event}"
        struck = None if target.stopped else sandbox.strike(WebhookFault, at=at)
        send = partial(self._sent, sandbox, webhook, target, dialect)
        outcome = send() if struck is None else struck.apply(send)
        delivered = outcome.isdigit() and dialect.accepted(int(outcome))
        sandbox.do(
            webhooks_outbox.attempted,
            webhook=webhook.key,
            outcome=outcome,
            delivered=delivered,
            retry_after=None if wait is None or outcome == str(GONE) else int(wait.total_seconds()),
        )
        if outcome == str(GONE):
            sandbox.do(webhooks_outbox.stop, target=target.key)

    def _sent(self, sandbox: Sandbox, webhook: Webhook, target: WebhookTarget, dialect: Dialect) -> str:
        """Send, and say what came back: a status, or why there is none."""
        name = target.key.partition("/")[2]
        if target.stopped:
            return "stopped"
        headers, body = webhook_dialect.signed_message(dialect, webhook, name, target.secret)
        if target.url == INBOX:
            sandbox.do(
                webhooks_outbox.arrive,
                webhook=webhook.key,
                headers=json.dumps(headers, sort_keys=True),
                body=body.decode(),
            )
            return "200"
        try:
            self.check(target.url)
            if target.url.startswith(PARTY):
                return self._sent_within(sandbox, webhook, target.url, headers, body)
            return self._sent_far(sandbox, webhook, target.url, headers, body)
        except Rejected:
            return "refused"
        except NoReply:
            return "no answer"

    def _sent_within(
        self, sandbox: Sandbox, webhook: Webhook, url: str, headers: dict[str, str], body: bytes
    ) -> str:
        party, _, path = url.removeprefix(PARTY).partition("/")
        wire = self._parties.transport(party, sandbox, asker=webhook.party)
        answer = wire.send("POST", f"/{path}", headers, body)
        return str(answer.status)

    def _sent_far(
        self, sandbox: Sandbox, webhook: Webhook, url: str, headers: dict[str, str], body: bytes
    ) -> str:
        request = Request("POST", url, headers, body)
        with self._parties.timeline.sending(sandbox, CLIENT, request, asker=webhook.party) as now:
            outcome = webhook_sending.send(url, headers, body)
            if outcome.isdigit():
                now.end(int(outcome), (), b"")
            else:
                now.lost = outcome
            return outcome

    def _leave(self, sandbox: Sandbox, far: bool) -> None:
        """Let a thread deliver what is for real addresses."""
        if not far:
            return
        _rounds(sandbox, far=True).requested = True
        with self._starting:
            if len(self._threads) < THREADS:
                thread = threading.Thread(target=self._work, name="webhook delivery", daemon=True)
                self._threads.append(thread)
                thread.start()
        self._far.put(sandbox)

    def _work(self) -> None:
        while True:
            sandbox = self._far.get()
            try:
                self._send_far(sandbox)
            except WorldGone:
                continue
            except Exception as problem:  # a bug must not end the thread unseen
                self._note(sandbox, problem)

    def _send_far(self, sandbox: Sandbox) -> None:
        rounds = _rounds(sandbox, far=True)
        while rounds.requested and not sandbox.stopped:
            if not rounds.lock.acquire(blocking=False):
                return  # the thread that is sending sees that there is more
            try:
                rounds.requested = False
                self._round(sandbox, far=True)
            finally:
                rounds.lock.release()

    def _note(self, sandbox: Sandbox, problem: Exception) -> None:
        if self._parties.sandboxes.get(sandbox.name) is not sandbox:  # dropped while it was being told
            return
        log.exception("a bug in a delivery", exc_info=problem)
        self._parties.bugs.append((sandbox.name, f"delivery: {problem!r}"))


class _Rounds:
    """The rounds of one world to its near, or to its far targets: one after the other."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.requested = False
        """Whether another round was asked for since the last one began."""


def _rounds(sandbox: Sandbox, *, far: bool) -> _Rounds:
    """Those of this world, not of its name: after a reset, nobody waits for what the old world sends."""
    rounds: _Rounds = sandbox.aside.setdefault("far webhooks" if far else "near webhooks", _Rounds())
    return rounds


def _is_far(url: str) -> bool:
    """Whether a target is a real address, which may take its time."""
    return url != INBOX and not url.startswith(PARTY)
