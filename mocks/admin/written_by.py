"""Which exchange wrote what: its id is in the rows of the journal, of the ledger and of the webhooks."""

from prakerja_sim.mocks.http.timeline import remembered
from prakerja_sim.simulator.marketplace.webhook_records import Webhook
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.world.records import Entry


def entries(sandbox: Sandbox) -> dict[str, str]:
    """Which exchange wrote each entry of the journal, by SUBJECT#N, of those that are remembered."""
    return {
        f"{entry.subject}#{entry.n}": one.id
        for one in remembered(sandbox)
        for effect in one.effects
        for entry in effect.appended
        if isinstance(entry, Entry)
    }


def webhooks(sandbox: Sandbox) -> dict[str, str]:
    """Which exchange caused each webhook, by its key, of those that are remembered."""
    caused: dict[str, str] = {}
    for one in remembered(sandbox):
        for effect in one.effects:
            for record in effect.put:
                if isinstance(record, Webhook):
                    caused.setdefault(record.key, one.id)
    return caused
