"""A failing story is understood from what it prints: what failed and why, where, and what had passed.

Each row is a story that must fail, with what its output must say. The numbers follow from seed 42.
"""

import re

from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.finding import discover
from prakerja_sim.scenarios.engine.matrix import Matrix
from prakerja_sim.scenarios.engine.runner import run
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.scenarios.engine.wiring import in_process, stages
from prakerja_sim.simulator.audit import invariants
from prakerja_sim.simulator.stores.memory import Memory

HEAD = """# why: to fail
scenario: It fails
steps:
  - list_course: {course: kopi, price: 400_000}
  - enrol: {}
"""
BOUGHT = "  - buy: {course: kopi}\n  - enter_card:\n  - enter_otp:\n"
CARD = r"card \*{12}\d{4}"


def printed(tmp_path, steps, marketplace="pijar"):
    """What a replay of this story prints."""
    file = tmp_path / "fails.yaml"
    file.write_text(HEAD + steps)
    lines = []
    table = Matrix([marketplace], lines.append)
    words = vocabulary(Stage, registry.codes())
    report = run(
        discover([file], words), [marketplace], stages(in_process(Memory(), wall), 42), 1, table.hear
    )
    assert not report.passed
    assert not re.search(r"\d{16}|(?<!\d)\d{6}(?=\. Berlaku)", "\n".join(lines))  # no card, no code
    return "\n".join(lines)


def fails(output, *, step, line, says):
    """The line that says what failed, with step and place."""
    assert re.search(
        rf"^FAIL  It fails \(pijar\): {step} \(\S+fails\.yaml:{line}\){says}", output, re.MULTILINE
    ), output


def holds(output, *patterns):
    for pattern in patterns:
        assert re.search(pattern, output, re.MULTILINE), f"{pattern}\n{output}"


def test_a_wrong_expectation_of_a_balance(tmp_path):
    output = printed(tmp_path, BOUGHT + "  - expect: {balance: 500_000}\n")
    fails(output, step="step 6", line=9, says=", expect: balance is Rp600.000, expected Rp500.000$")
    holds(
        output,
        f"peserta: .*{CARD}, wave 18",
        r"^ +grant 1,000,000 programme:18 to card:\*{12}\d{4}$",
        r"^ +purchase 400,000 card:\*{12}\d{4} to platform:pijar$",
        r"^ +2021-08-24 15:00:00   pijar -> prakerja POST \S+/payment/authorize 200$",
        r"SMS to \*{8}\d{4} from PRAKERJA: Kode OTP: \*{6}\.",
        "faults: none",
    )


def test_a_refusal_that_did_not_come(tmp_path):
    output = printed(tmp_path, BOUGHT + "    fails: otp_wrong\n")
    fails(output, step="step 5", line=8, says=", enter_otp: succeeded, expected otp_wrong$")
    holds(output, CARD, r"  5 line 8: enter_otp, fails: otp_wrong", r"purchase 400,000 card:\*{12}\d{4} to")


def test_a_refusal_for_another_reason(tmp_path):
    steps = "  - list_course: {course: mahal, price: 1_400_000}\n  - buy: {course: mahal}\n  - enter_card:\n"
    output = printed(tmp_path, steps + "    fails: card_unknown\n")
    fails(
        output,
        step="step 5",
        line=8,
        says=", enter_card: refused with balance_too_low .*, expected card_unknown$",
    )
    holds(
        output,
        r"pijar -> prakerja POST \S+/payment/send-otp 400 balance_too_low\n"
        rf" +R13: The balance does not cover the amount\. \({CARD}, .*balance 1,000,000, amount 1,400,000\)",
    )


def test_a_fault_that_never_struck(tmp_path):
    output = printed(tmp_path, '  - arm: {fault: sms_lost, where: "081234567890"}\n' + BOUGHT)
    fails(output, step="after step 6", line=9, says=r": the fault sms_lost at \*{8}7890 never struck")
    holds(output, CARD, r"sms_lost at \*{8}7890: never struck, 1 left", r"3 line 6: arm: {fault: sms_lost,")


def test_a_text_message_that_was_lost(tmp_path):
    output = printed(tmp_path, "  - arm: {fault: sms_lost}\n" + BOUGHT)
    fails(output, step="step 4", line=7, says=", buy: `right`: no such code has arrived")
    holds(
        output,
        CARD,
        r"client -> pijar POST \S+/otp 200\n +the fault sms_lost struck here",
        "sms_lost: struck once$",
    )


def test_a_bug_in_a_party(tmp_path, monkeypatch):
    class Bug(Exception):
        pass

    def authorize(*_, **__):
        raise Bug("nothing works")

    monkeypatch.setattr("prakerja_sim.simulator.programme.payment.authorize", authorize)
    output = printed(tmp_path, BOUGHT)
    fails(output, step="step 5", line=8, says=", enter_otp: .*internal error: .*authorize")
    holds(
        output,
        CARD,
        r"pijar -> prakerja POST \S+/payment/authorize 500 bug\n"
        r" +A bug in the simulator\. \(because .*nothing works",
    )


def test_a_broken_invariant(tmp_path, monkeypatch):
    def broken(_):
        yield "card:9900164602219921 holds less than nothing"

    monkeypatch.setattr(invariants, "INVARIANTS", [broken])
    output = printed(tmp_path, BOUGHT)
    fails(
        output,
        step="step 1",
        line=4,
        says=r", list_course: invariant broken: broken: card:\S*9921\S* holds less than nothing",
    )


def test_what_a_clock_did_by_itself_names_its_cause(tmp_path):
    output = printed(tmp_path, BOUGHT + "  - advance: {by: 400d}\n  - expect: {balance: 500_000}\n")
    fails(output, step="step 7", line=10, says=", expect: balance is Rp0, expected Rp500.000$")
    holds(output, r"lapse 600,000 card:\*{12}\d{4} to programme:18")
