"""The documents that follow from the code; `make docs` writes them below docs/.

A test compares what is written with what would be, so they cannot go stale.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from prakerja_sim.mocks.docs.collections import collections
from prakerja_sim.mocks.docs.discrepancies import discrepancies
from prakerja_sim.mocks.docs.faults import faults
from prakerja_sim.mocks.docs.partner_api import NOTE, partner_api, table
from prakerja_sim.mocks.docs.settings import settings
from prakerja_sim.mocks.prakerja import magic
from prakerja_sim.mocks.prakerja.words import REJECTIONS
from prakerja_sim.simulator.marketplace import resale_goods
from prakerja_sim.simulator.marketplace.orders import PROMOS
from prakerja_sim.simulator.values import phones
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.phones import Fate

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"

TEST_VALUES = f"""# Test values

{NOTE}

Values that choose their answer, so that a tester needs no world prepared and no access to the admin API. They
work through any unmodified client and through any marketplace. Codes and cards move no money and are
journalled nowhere; phones are those of people who buy and are journalled like all others.
`serve --no-magic`, or the setting `magic: false` of a sandbox, takes all meaning from them.

## Redeem codes

A published error code that is typed as the redeem code is answered with itself, by every endpoint that
takes one (`status`, `commit`, `reset`, `url-generate`, the TPM endpoints). A single blank is
answered as it was seen to be.

{{redeem_codes}}

## Named test cases

`TC`, training type (1 self-paced, 2 webinar), sequence (001 redeem, 999 post-test), HTTP status. They
belong to every institution, each for itself, and go in wherever a redeem code does. The positive ones are
documented by the programme (their behaviour beyond the name is simulated): fresh at first, done after
`commit` or after a successful scan on the page that `url-generate` gives (it asks for no login), fresh
again after `reset`; while done, `status` is 1, and so is `attendance_status` for their own sequence, which
is 2 after a scan that failed. Tasks can be handed in and marked for them. What is done is forgotten when
the server stops. The negative ones are simulated; every endpoint answers them alike.

{{test_cases}}

Each institution also has `PRAT-` codes of its own courses: real test codes that are kept and journalled,
and that `reset` makes usable again. A course's first one is on the console and at `/__admin/courses`.

## Cards

Sixteen digits `9999 FFF PPPP SSSSS`. FFF chooses the outcome, PPPP and SSSSS are free: use them to tell
your test runs apart. No such card is ever issued, and none with another FFF exists. Only the card and the
form of the request are looked at.

{{cards}}

With a card whose outcome comes at `authorize`, `send-otp` answers a token, no SMS is sent, and any OTP will
do.

## Phones

Twelve digits `0849 PPPPP FFF`, in any spelling (`+62 849...`, `62849...`). FFF chooses what becomes of every
one-time code that goes to that phone: of a payment's, of the one that links a bank account or changes the
number on the dashboard, of a marketplace's own. PPPPP is free; an ending that is not listed is an ordinary
phone's. Nobody is served at 0849, and the people of a sandbox have 0840, so that no phone means anything by
accident. Type it where a phone is asked for (a marketplace's registration, the change of numbers on the
dashboard), or enrol somebody with it: `POST /__admin/people` with `phone`, in a story
`enrol: {{{{phone: "084900000011"}}}}`. The answers are those of `authorize`; where the code is for something
else, that party says the same in its own words. A code that is taken for wrong counts like any wrong one.

{{phones}}

## A distributor's goods and numbers

The goods of Tokopedia's public sandbox for distributors (SAT) are sold beside the classes, and these
customers' numbers do what they do there. Every bill comes to {{bill}}, unless the order names another amount.

{{resale_numbers}}

{{resale_goods}}

## Promo codes

They take off the same at every marketplace that has promo codes (Kemnaker has none), lower what the
card pays, and never make a class free: a class must cost more than the code takes off. Tokopedia lists
them on the landing page (`rechargeCatalogMenuDetail`). Codes and amounts are simulated.

{{promos}}
"""
PHONES = {
    Fate.LOST: "the SMS is never delivered",
    Fate.TWICE: "the SMS is delivered twice, with one code",
    Fate.LATE: "the SMS is delivered when half of the code's life is over",
    Fate.TOO_LATE: "the SMS is delivered one second after the code's life",
    Fate.WRONG: "the SMS is delivered; every code is taken for a wrong one",
    Fate.EXPIRED: "the SMS is delivered; the code has expired at once",
    Fate.NO_TRIES: "the SMS is delivered; no try is left",
}
"""What becomes of a code, for the table."""
RESALE_NUMBERS = [
    *((*one, "order", "`Failed` with `S02`; the money goes back") for one in resale_goods.FAILING),
    *((*one, "inquiry", "500 `S00` Internal Server Error") for one in resale_goods.BROKEN),
]
"""Goods and customers' numbers that do not end well."""
GIVES = {
    resale_goods.Kind.TOP_UP: "a serial number",
    resale_goods.Kind.TOKEN: "a token of twenty digits, as `voucher_code`",
    resale_goods.Kind.BILL: "a serial number and the bill's details; any amount is taken",
}
"""What a successful order of a distributor's good gives."""


def documents() -> dict[str, str]:
    """Every generated document by its path below docs/."""
    return {
        "test-values.md": test_values(),
        "partner-api.md": partner_api(),
        "discrepancies.md": discrepancies(),
        "faults.md": faults(),
        "settings.md": settings(),
        **collections(),
    }


def test_values() -> str:
    """The table of values with a meaning."""
    codes = [(f"`{code}`", *_refusal_cells(reason)) for code, reason in magic.REDEEM_CODES.items()]
    cases = [
        (f"`{code}`", "documented" if reason is None else "simulated", *_refusal_cells(reason, "succeeds"))
        for code, reason in magic.TEST_CASES.items()
    ]
    cards = [
        (f"`9999 {outcome} 0000 00000`", at, *_refusal_cells(reason, "no answer: the connection breaks"))
        for at, outcomes in (("send-otp", magic.AT_SEND_OTP), ("authorize", magic.AT_AUTHORIZE))
        for outcome, reason in outcomes.items()
    ]
    refused = {
        Fate.TOO_LATE: Reason.OTP_EXPIRED,
        Fate.WRONG: Reason.OTP_WRONG,
        Fate.EXPIRED: Reason.OTP_EXPIRED,
        Fate.NO_TRIES: Reason.OTP_TRIES_EXHAUSTED,
    }
    numbers = [
        (f"`{phones.PREFIX} 00000 {ending}`", PHONES[fate], *_refusal_cells(refused.get(fate)))
        for ending, fate in phones.ENDINGS.items()
    ]
    resold = [(f"`{good}`", f"`{number}`", at, what) for good, number, at, what in RESALE_NUMBERS]
    goods = [
        (f"`{good.code}`", good.name, "the bill's" if good.is_bill else str(good.price), GIVES[good.kind])
        for good in resale_goods.SANDBOX.values()
    ]
    answer = ("HTTP", "code", "message", "reason")
    return TEST_VALUES.format(
        redeem_codes=table(("typed code", *answer), codes),
        test_cases=table(("code", "known from", *answer), cases),
        cards=table(("card", "at", *answer), cards),
        phones=table(("phone", "what becomes of a code", *answer), numbers),
        bill=f"{resale_goods.BILL}, {resale_goods.FEE} of it a fee",
        resale_numbers=table(("good", "customer's number", "at", "what happens"), resold),
        resale_goods=table(("good", "name", "price", "what a successful order gives"), goods),
        promos=table(
            ("code", "takes off"), [(f"`{code}`", str(Rupiah(off))) for code, off in PROMOS.items()]
        ),
    )


def _refusal_cells(reason: Reason | None, otherwise: str = "") -> tuple[str, str, str, str]:
    if reason is None:
        return ("200", "", "", otherwise) if otherwise == "succeeds" else ("", "", "", otherwise)
    status, code, message, _ = REJECTIONS[reason]
    return str(status), f"`{code}`", message, f"`{reason.value}`"


def write(into: Path, generated: Mapping[str, str]) -> list[str]:
    """Write what differs; answers the paths that did."""
    changed = []
    for name, text in generated.items():
        path = into / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed


def main(say: Callable[[str], object] = print) -> None:
    """Bring the documents up to date."""
    for name in write(DOCS, documents()):
        say(f"docs/{name} is written anew")


if __name__ == "__main__":
    main()
