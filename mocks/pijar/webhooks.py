"""Webhooks as Pijar would send them: its envelope's names, its partner surface's signature (inferred)."""

from prakerja_sim.mocks.shop.webhook_dialect import renamed

FIELDS = {
    "order": "orderId",
    "invoice": "orderNo",
    "course": "prakerjaCode",
    "voucher": "voucherCode",
    "total": "total",
}
DIALECT = renamed(
    FIELDS,
    lambda facts, data: {"event": facts["event"], "data": data, "meta": {"sentAt": facts["at"]}},
    lambda signature: {"X-Signature": signature},
    *(1, 5, 30),
)
