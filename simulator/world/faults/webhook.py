"""What may go wrong with a marketplace's webhook on its way to its receiver."""

from collections.abc import Callable

from prakerja_sim.simulator.world.faults import Fault, fault


class WebhookFault(Fault):
    """One attempt to deliver a webhook.

    `where`: the end of `PARTY/EVENT`.
    """

    point = "webhook"

    def apply(self, send: Callable[[], str]) -> str:
        """What the marketplace notes of the attempt: a status or a word. `send()` sends and tells that."""
        raise self.unfinished()


@fault("webhook_lost")
class WebhookLost(WebhookFault):
    """The webhook never reaches its receiver; the marketplace sends it again later."""

    def apply(self, send: Callable[[], str]) -> str:
        return "lost"


@fault("webhook_unanswered")
class WebhookUnanswered(WebhookFault):
    """The webhook arrives and its answer does not: the receiver gets it a second time."""

    def apply(self, send: Callable[[], str]) -> str:
        send()
        return "unanswered"
