"""What the distributors' surface says: JSON:API documents, and its own few codes.

Documented are P02, P03, P04, S00 and, on an order that failed, S02.  P00 and U00 are known by name
only; here P00 is whatever has no code of its own, U00 a sender who is not known (simulated).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from prakerja_sim.mocks.http.face import Environ, Malformed, Reply
from prakerja_sim.simulator.marketplace.resale_goods import Kind
from prakerja_sim.simulator.marketplace.supply_records import ResaleStatus
from prakerja_sim.simulator.values.errors import Reason, Rejected

SURFACES = ("b2b", "api")
"""The first part of its paths, and what the real host leaves of them."""

OTHERWISE = ("P00", "Request could not be processed", 400)
SAYS: Mapping[Reason, tuple[str, str, int]] = {
    Reason.ORDER_UNKNOWN: ("P02", "Transaction is not found", 400),
    Reason.REQUEST_REPEATED: ("P03", "Duplicate Request ID, please check your system", 400),
    Reason.COURSE_UNKNOWN: ("P04", "Product not found", 400),
    Reason.AMOUNT_UNFIT: ("P00", "Amount is not the product's price", 400),
    Reason.DEPOSIT_TOO_LOW: ("P00", "Saldo is not enough", 400),
    Reason.SERVICE_UNAVAILABLE: ("S00", "Internal Server Error", 500),
}
FAILED = {ResaleStatus.FAILED.value: ("S02", "Product is not available")}
"""What an order says that has failed."""
CUSTOMER, MASKED_CUSTOMER = "Tokopedia User Default", "TOKOPXXXX UXX"
"""The customer of every number in the public sandbox, and his name before he has paid."""
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
    "November", "Desember",
)  # fmt: skip
ACTIVE, INACTIVE = 1, 2
"""The statuses of a product."""
EDGE = {403: "Forbidden", 429: "Too Many Requests"}
"""What comes as HTML from in front of the surface (seen): a client takes it for no answer of this one."""
UNKNOWN = {
    404: "Not found",
    405: "Method not allowed",
    413: "Request entity too large",
    415: "Unsupported media type",
}


def error(code: str, detail: str, status: int) -> Reply:
    """One error in this surface's envelope."""
    return Reply({"errors": [{"code": code, "detail": detail, "status": str(status)}]}, status)


def document(kind: str, name: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """One JSON:API document."""
    return {"data": {"type": kind, "id": name, "attributes": dict(attributes)}}


def order(facts: Mapping[str, Any]) -> dict[str, Any]:
    """An order, in the answers about it and in the callback; only a success tells what it gave (seen)."""
    code, detail = FAILED.get(facts["status"], ("", ""))
    succeeded = facts["status"] == ResaleStatus.SUCCESS.value
    attributes = {
        "client_number": facts["client_number"],
        "error_code": code,
        "error_detail": detail,
        "fields": json.loads(facts["fields"]),
        "fulfilled_at": facts["ended_at"] if succeeded else None,
        "partner_fee": facts["partner_fee"],
        "product_code": facts["product"],
        "sales_price": facts["price"],
        "serial_number": facts["serial_number"],
        "status": facts["status"],
    }
    return document("order", facts["request"], attributes | (_given(facts) if succeeded else {}))


def bill_rows(name: str, client_number: str, when: datetime, total: int, fee: int) -> list[dict[str, str]]:
    """The details of a bill of that total with its fee, in rupiah, as the buyer sees them (seen)."""
    return rows(
        {
            "Nama Pelanggan": name,
            "Nomor Pelanggan": client_number,
            "Jumlah Tagihan": "1",
            "Periode Bayar": f"{MONTHS[when.month - 1]} {when.year}",
            "Total Tagihan": rupiah(max(total - fee, 0)),
            "Biaya Admin": rupiah(fee),
            "Total Bayar": rupiah(total),
        }
    )


def electricity_rows(client_number: str, when: datetime, total: int, fee: int) -> list[dict[str, str]]:
    """The details of an electricity bill before it is paid, as the buyer sees them (seen)."""
    return rows(
        {
            "ID Pelanggan": client_number,
            "Nama": MASKED_CUSTOMER,
            "Total Bayar": rupiah(total),
            "IDPEL": client_number,
            "NAMA": CUSTOMER,
            "TOTAL TAGIHAN": "1 BULAN",
            "BL/TH": f"{MONTHS[when.month - 1][:3].upper()}{when:%y}",
            "RP TAG PLN": rupiah(total - fee),
            "ADMIN BANK": rupiah(fee),
            "TOTAL BAYAR": rupiah(total),
        }
    )


def rows(told: Mapping[str, str]) -> list[dict[str, str]]:
    """Details as this surface lists them."""
    return [{"name": name, "value": value} for name, value in told.items()]


def rupiah(amount: int) -> str:
    """An amount as this surface's details write it: Rp 27.500."""
    return f"Rp {amount:,}".replace(",", ".")


def _given(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a successful order gave."""
    serial = facts["serial_number"]
    token = facts["kind"] == Kind.TOKEN.value
    if token:
        serial = " ".join(serial[at : at + 4] for at in range(0, len(serial), 4))
    return {
        "admin_fee": facts["admin_fee"],
        "client_name": CUSTOMER,
        "fulfillment_result": _results(facts),
        "serial_number": serial,
        "voucher_code": serial if token else facts["voucher"],
    }


def _results(facts: Mapping[str, Any]) -> list[dict[str, str]]:
    """The details of a successful order that a buyer sees; a token's are its voucher code (seen)."""
    if facts["kind"] == Kind.TOKEN.value:
        return []
    if facts["kind"] == Kind.CLASS.value:
        until = datetime.fromisoformat(facts["valid_until"])
        valid = until.strftime("%Y-%m-%d %H:%M:%S")
        return rows({"Kode Voucher": facts["voucher"], "Berlaku Sampai": valid})
    reference = rows({"Nomor Referensi": facts["serial_number"]})
    if facts["kind"] == Kind.TOP_UP.value:
        return reference
    ended = datetime.fromisoformat(facts["ended_at"])
    return reference + bill_rows(CUSTOMER, facts["client_number"], ended, facts["price"], facts["admin_fee"])


class Words:
    """This surface's envelope for everything that goes wrong."""

    def __init__(self, environ: Environ | None = None) -> None:
        """The same for every request."""

    def refused(self, refusal: Rejected) -> Reply:
        """A reason in its code."""
        return error(*SAYS.get(refusal.reason, OTHERWISE))

    def malformed(self, problem: Malformed) -> Reply:
        """All problems at once."""
        return error("P00", f"Bad request: {problem}", 400)

    def unauthorized(self) -> Reply:
        """One answer for a missing or expired token and a wrong signature."""
        return error("U00", "Unauthorized", 401)

    def unknown(self, status: int) -> Reply:
        """Paths, methods and sizes; the edge in front answers by itself."""
        if status == 503:
            return error("S00", "Service Unavailable", 503)
        if status in EDGE:
            return Reply(f"<html><body><h1>{status} {EDGE[status]}</h1></body></html>", status)
        return error("P00", UNKNOWN[status], status)

    def broken(self) -> Reply:
        """Our own bug."""
        return error(*SAYS[Reason.SERVICE_UNAVAILABLE])
