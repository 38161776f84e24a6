"""What is wrong in a sandbox, in sentences that name persons, invoices and transfers."""

from typing import Any

from prakerja_sim.kit.admin import Admin

LAST = 40
"""So many of the last exchanges, messages and transfers are told."""


def problems(admin: Admin) -> list[str]:
    """Broken invariants, differences between parties, bugs of the server, faults that never struck."""
    broken = [f"broken invariant: {one}" for one in admin.get("/invariants")["violations"]]
    differ = [_told(admin, one) for one in admin.get("/reconciliation")["discrepancies"]]
    bugs = [f"a bug in the simulator: {one}" for one in admin.get("/bugs")["bugs"]]
    idle = [
        f"the fault {one['fault']} at {one['where'] or 'anywhere'} was armed and never struck"
        for one in admin.get("/faults")["faults"]
        if not one["struck"]
    ]
    return [_with_names(admin, one) for one in (*broken, *differ)] + bugs + idle


def dossier(admin: Admin) -> str:
    """All that helps to understand a failure: exchanges, messages, transfers, the clock, the faults."""
    clock = admin.get("/clock")
    waits = [f"{one['path']} is refused as {one['reason']} until {one['until']}" for one in clock["waits"]]
    sms = [f"{one['at']} to {one['phone']}: {one['text']}" for one in admin.get("/inbox/sms")["messages"]]
    mail = [
        f"{one['at']} to {one['address']}: {one['subject']}" for one in admin.get("/inbox/mail")["messages"]
    ]
    chapters = {
        "exchanges": admin.text("/timeline", format="text", limit=LAST).splitlines(),
        "messages": (sms + mail)[-LAST:],
        "transfers": [_moved(one) for one in admin.get("/ledger", limit=LAST)["transfers"]],
        "clock": [f"it shows {clock['now']}; next is due: {clock['next'] or 'nothing'}", *waits],
        "faults": [
            f"{one['fault']} at {one['where'] or 'anywhere'}: struck {one['struck']}, {one['left']} left"
            for one in admin.get("/faults")["faults"]
        ],
    }
    return "\n".join(
        f"{title}:\n" + "\n".join(f"  {line}" for line in lines or ["none"])
        for title, lines in chapters.items()
    )


def _told(admin: Admin, one: dict[str, Any]) -> str:
    """A difference between two parties, with the person, and what was moved for it."""
    told = f"{one['kind']}: {one['party']} {one['about']}: {one['told']}; remedy: {one['remedy']}"
    paid = admin.get("/payments", invoice=one["about"])["payments"]
    who = "".join(f"; bought by {each['person']} ({each['course_code']})" for each in paid)
    moved = [
        f"{move['event']} {move['amount']:,} {move['source']} -> {move['target']}"
        for row in admin.get("/timeline", invoice=one["about"])["exchanges"][::-1]
        for effect in admin.get(f"/timeline/{row['id']}")["effects"]
        for move in effect["transfers"]
    ]
    return told + who + (f"; transfers: {', '.join(dict.fromkeys(moved))}" if moved else "")


def _with_names(admin: Admin, text: str) -> str:
    """A text in which whole card numbers are followed by their owners' names."""
    for row in admin.get("/people")["people"]:
        text = text.replace(row["prakerja_id"], f"{row['name']} (...{row['prakerja_id'][-4:]})")
    return text


def _moved(one: dict[str, Any]) -> str:
    return f"{one['at']} {one['event']} {one['amount']:,} {one['source']} -> {one['target']}"
