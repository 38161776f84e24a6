"""Delivers webhooks, with no unit of work open.

What stays inside the simulator is delivered before the request that caused it is answered, or before the
clock goes on from the event that did, so a story sees it at once and every time alike.  What goes to a real
address is delivered by a thread of its own, so a slow receiver slows nobody; only the clock waits.
"""

import json
import logging
import queue
import threading
from collections import defaultdict
from collections.abc import Collection
from functools import partial
from typing import Any

import requests

from prakerja_sim.mocks.http.timeline import because_of
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import registry, webhook_dialect
from prakerja_sim.mocks.shop.webhook_dialect import INBOX, PARTY, Dialect
from prakerja_sim.simulator.marketplace import webhooks_outbox
from prakerja_sim.simulator.marketplace.webhook_records import Webhook, WebhookTarget
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values.errors import Rejected
from prakerja_sim.simulator.world.faults.webhook import WebhookFault

log = logging.getLogger("prakerja_sim")
TIMEOUT_SECONDS = 5
LONGEST_ROUND_SECONDS = 30
MOST_OF_AN_ANSWER = 65_536
GONE = 410
"""The status after which a target gets no more webhooks."""


class WebhookDelivery:
    """The deliveries of all sandboxes of a server."""

    def __init__(self, parties: Any, allowed: Collection[str] = ()) -> None:
        self._parties = parties
        self.allowed = frozenset(allowed)
        """Hosts beyond this machine that may get webhooks, as HOST or HOST:PORT."""
        self._rounds: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._requested: set[str] = set()
        self._far: queue.SimpleQueue[Sandbox] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def after_request(self, sandbox: Sandbox) -> None:
        """Deliver the request's webhooks inside the simulator; leave the others to the thread."""
        if not sandbox.telling or sandbox.stopped:
            return
        self._requested.add(sandbox.name)
        while sandbox.name in self._requested:
            if not self._rounds[sandbox.name].acquire(blocking=False):
                return  # the request that is delivering sees that there is more
            try:
                self._requested.discard(sandbox.name)
                far = self._round(sandbox, far_too=False)
            except Exception as problem:  # the request that caused it is still answered
                self._note(sandbox, problem)
                return
            finally:
                self._rounds[sandbox.name].release()
            if far:
                self._start()
                self._far.put(sandbox)

    def deliver(self, sandbox: Sandbox) -> None:
        """Deliver everything that is due, here and now; the clock waits for it."""
        if sandbox.stopped:
            return
        lock = self._rounds[sandbox.name]
        if lock.acquire(timeout=LONGEST_ROUND_SECONDS):  # a receiver may have called back and moved the clock
            try:
                self._round(sandbox, far_too=True)
            finally:
                lock.release()

    def check(self, url: str) -> None:
        """Refuse a target to which nothing may be sent."""
        webhook_dialect.check_target(url, set(self._parties.faces) - {"admin"}, self.allowed)

    def _round(self, sandbox: Sandbox, *, far_too: bool) -> bool:
        """One round; answers whether something for a real address was left."""
        left = False
        for webhook in sandbox.ask(webhooks_outbox.due):
            target = sandbox.ask(webhooks_outbox.target_of, target=webhook.target)
            if target.url.startswith("http") and not far_too:
                left = True
            else:
                with because_of(f"webhook {webhook.key}"):
                    self._attempt(sandbox, webhook, target)
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
                return self._sent_within(sandbox, target.url, headers, body)
            return _sent_far(target.url, headers, body)
        except Rejected:
            return "refused"
        except NoReply:
            return "no answer"

    def _sent_within(self, sandbox: Sandbox, url: str, headers: dict[str, str], body: bytes) -> str:
        party, _, path = url.removeprefix(PARTY).partition("/")
        answer = self._parties.transport(party, sandbox).send("POST", f"/{path}", headers, body)
        return str(answer.status)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="webhook delivery", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            sandbox = self._far.get()
            try:
                self.deliver(sandbox)
            except Exception as problem:  # a bug must not end the thread unseen
                self._note(sandbox, problem)

    def _note(self, sandbox: Sandbox, problem: Exception) -> None:
        log.exception("a bug in a delivery", exc_info=problem)
        self._parties.bugs.append((sandbox.name, f"delivery: {problem!r}"))


def _sent_far(url: str, headers: dict[str, str], body: bytes) -> str:
    """Send to a real address: no proxy, no redirect, no more of the answer than is needed."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            with session.post(
                url, data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
            ) as reply:
                reply.raw.read(MOST_OF_AN_ANSWER)
                return str(reply.status_code)
        except (requests.RequestException, OSError) as problem:
            return type(problem).__name__
