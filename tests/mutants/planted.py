"""Bugs that are planted one by one; `make replay` alone must notice each of them.

`python -m tests.mutants.planted` plays all stories with each bug in a child of its own and prints what
noticed it; a bug with which every story passes is a failure.
"""

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from prakerja_sim.mocks.shop import webhook_dialect
from prakerja_sim.scenarios.engine import runner
from prakerja_sim.scenarios.engine.replay import Asked, replay
from prakerja_sim.simulator.marketplace import vouchers
from prakerja_sim.simulator.marketplace.records import Voucher, VoucherStatus
from prakerja_sim.simulator.programme import payment_token
from prakerja_sim.simulator.programme.records import Payment, PaymentStatus
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.world import faults
from prakerja_sim.simulator.world.records import ArmedFault
from prakerja_sim.simulator.world.store import Unit

Put = Callable[[object, str, object], None]
"""Puts something in the place of an attribute, as `monkeypatch.setattr` does."""


def a_resend_forgives_wrong_otps(put: Put) -> None:
    """The counter of wrong OTPs begins again with each new code."""
    live = payment_token.live

    def forgiving(world, checkout, amount):
        found = live(world, checkout, amount)
        return found.but(wrong_otps=0) if found is not None else None

    put(payment_token, "live", forgiving)


def a_voucher_is_checked_outside_its_unit(put: Put) -> None:
    """Whether a voucher is free is read in one unit of work, and it is burned in the next."""
    check, perform = vouchers.check_voucher, Sandbox.perform

    def believing(world, *, marketplace, code, institution):
        return world.need(Voucher, code).but(status=VoucherStatus.ISSUED)

    def in_two_units(self, operation, /, *rest, **arguments):
        if operation is vouchers.redeem_voucher:
            self.ask(check, **arguments)
        return perform(self, operation, *rest, **arguments)

    put(vouchers, "check_voucher", believing)
    put(Sandbox, "perform", in_two_units)


def another_marketplaces_token_is_taken(put: Put) -> None:
    """Whoever shows a payment token may pay with it."""
    get = Unit.get

    def anybodys(self, kind, key):
        found = get(self, kind, key)
        if kind is Payment and found is not None and found.status is PaymentStatus.AWAITING_OTP:
            caller = sys._getframe(1)
            if caller.f_code.co_name == "authorize":
                return found.but(marketplace=caller.f_locals["marketplace"])
        return found

    put(Unit, "get", anybodys)


def a_webhook_is_signed_over_other_bytes(put: Put) -> None:
    """The signature is of the body as another library would write it."""

    def resigned(dialect, webhook, name, secret):
        body = dialect.body(webhook_dialect.facts_of(webhook), name)
        again = json.dumps(json.loads(body), indent=1).encode()
        return {"Content-Type": dialect.content_type, **dialect.sign(again, secret)}, body

    put(webhook_dialect, "signed_message", resigned)


def invariants_are_skipped_after_a_refusal(put: Put) -> None:
    """The runner looks at the world only after steps that succeeded."""
    look = runner._Performance.look

    def sparing(self, wrong, detail, refusal):
        if wrong or refusal is None:
            look(self, wrong, detail, refusal)

    put(runner._Performance, "look", sparing)


def a_fault_is_counted_in_two_units(put: Put) -> None:
    """How often a fault will still strike is read in one unit of work and written in the next."""

    def strike(self, kind, at):
        if not self.faulty:
            return None
        for armed in self.ask(Unit.find, kind=ArmedFault, point=kind.point, spent=False):
            if at.endswith(armed.where) and (armed.where or not at.startswith(faults.ADMIN)):
                left = armed.left - 1
                counted = armed.but(left=left, spent=left <= 0, struck=armed.struck + 1)
                self.store.run(self.name, lambda unit, counted=counted: unit.put(counted))
                return faults.FAULTS[armed.fault]()
        return None

    put(Sandbox, "strike", strike)


PLANTED: dict[Callable[[Put], None], str] = {
    # the bug, and a story that notices it; "" where the replay itself does
    a_resend_forgives_wrong_otps: "otp/resend_forgives_nothing.yaml",
    a_voucher_is_checked_outside_its_unit: "redemption/pressed_again_and_again.yaml",
    another_marketplaces_token_is_taken: "purchase/token_of_another_marketplace.yaml",
    a_webhook_is_signed_over_other_bytes: "webhooks/told_once.yaml",
    invariants_are_skipped_after_a_refusal: "",
    a_fault_is_counted_in_two_units: "faults/struck_at_once.yaml",
}


def noticed(plant: Callable[[Put], None]) -> str:
    """What a replay of all stories says of the bug, in a child; empty if every story passed."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder, "said")
        child = os.fork()
        if child == 0:
            try:
                with said.open("w") as out, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                    plant(setattr)
                    try:
                        replay((), Asked(), environment={})
                    except AssertionError as problem:
                        print(f"FAIL {problem}")
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        return "\n".join(
            line for line in said.read_text().splitlines() if line.startswith(("FAIL  ", "FAIL the"))
        )


def main() -> int:
    missed = 0
    for plant in PLANTED:
        lines = noticed(plant).splitlines()
        missed += not lines
        print(f"{plant.__name__}: {f'noticed {len(lines)} times' if lines else 'NOT NOTICED'}")
        print("".join(f"    {line}\n" for line in lines[:2]), end="", flush=True)
    print(f"{len(PLANTED) - missed} of {len(PLANTED)} planted bugs are noticed by the stories")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
