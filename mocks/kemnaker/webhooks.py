"""Webhooks as Kemnaker would send them: Laravel's names and envelope (inferred), signature simulated."""

from prakerja_sim.mocks.kemnaker.envelope import META
from prakerja_sim.mocks.shop.webhook_dialect import renamed

FIELDS = {
    "order": "order_id",
    "invoice": "number",
    "course": "training_code",
    "voucher": "voucher_code",
    "total": "total",
}
DIALECT = renamed(
    FIELDS,
    lambda facts, data: {"event": facts["event"], "created_at": facts["at"], "data": data, "meta": META},
    lambda signature: {"X-Naker-Signature": f"sha256={signature}"},
    *(5, 30, 120),
)
