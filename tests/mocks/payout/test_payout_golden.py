"""The golden pairs of the payment partners: each operation, as it answers when all is well and when not."""

import orjson

from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.payout.server import FACE
from tests.mocks.golden import Recorder, check_golden

PERSON = {"nik": "3171011502980001", "name": "Ani Contoh", "phone": "081234567890"}
NUMBER, REFERENCE = "081234567890", "INC-1/instalment-1"


class Instructed(Recorder):
    """Keeps what became of an instruction apart: paid, not yet, not at all."""

    def outcome(self, path, answer):
        became = "" if answer.status >= 400 else answer.json().get("status", "paid")
        return super().outcome(path, answer) + {"pending": "_pending", "refused": "_unpaid"}.get(became, "")


def play(world):
    wire = Instructed(InProcess(world.parties.application, "/payout"), FACE)

    def ask(method, path, **body):
        return wire.send(method, path, {}, orjson.dumps(body) if body else b"").status

    order = PERSON | {"reference": REFERENCE, "number": NUMBER, "amount": 600_000}
    ask("GET", "/partners")
    ask("POST", "/ovo/transfers", **order)
    ask("POST", "/ovo/accounts", **PERSON, number=NUMBER)
    ask("POST", "/bca/accounts", **PERSON, number="12")
    ask("POST", "/ovo/transfers", **order)
    ask("GET", f"/ovo/transfers/{REFERENCE}")
    ask("GET", "/ovo/transfers/INC-9/instalment-1")
    ask("GET", f"/ovo/accounts/{NUMBER}")
    ask("GET", "/ovo/accounts/000000")
    ask("POST", f"/ovo/transfers/{REFERENCE}/recall")
    ask("POST", "/ovo/transfers", **order | {"reference": "INC-2/instalment-1", "name": "Orang Lain"})
    ask("GET", "/ovo/transfers/INC-2/instalment-1")
    ask("POST", "/ovo/transfers/INC-2/instalment-1/recall")
    ask("POST", "/ovo/outcome", outcome="rusak")
    ask("POST", "/ovo/outcome", outcome="payout_late")
    late = "INC-3/instalment-1"
    ask("POST", "/ovo/transfers", **order | {"reference": late})
    ask("GET", f"/ovo/transfers/{late}")
    ask("POST", f"/ovo/transfers/{late}/recall")
    return wire.kept


def test_the_wire_is_as_it_was_recorded(world):
    check_golden("payout", play(world))
