"""Forty story files that are wrong: each is refused with its line, what to write instead, and exit code 2."""

import pytest

from tests.cli.test_cli import refused

# ruff: noqa: E501  # a table reads best with one file a line

HEAD = "# W\nscenario: A\n"
STEP = HEAD + "steps:\n"
PYTHON = '"""T.\n\nW."""\n'
SCENARIO = "\n\ndef scenario(stage):\n    "
# (the file's name, what is in it, the line that is named, what is said)
BAD = [
    ("a.yaml", b"", 1, "the file is empty; a story needs `scenario:` and `steps:`"),
    ("a.yaml", b"\xff\xfe", 1, "byte 0 is not UTF-8; save the file as UTF-8"),
    ("a.yaml", "scenario: A\nsteps: [enrol]", 1, "no word on why the story exists; open the file with a # comment"),
    ("a.yaml", "# W\n\tsteps: [enrol]", 2, "column 1: a tab; indent with spaces"),
    ("a.yaml", "# W\nsteps: [enrol]", 1, "no `scenario:`; add it"),
    ("a.yaml", HEAD, 1, "no `steps:`; add it"),
    ("a.yaml", "# W\n- enrol", 2, "a story is a mapping; begin with `scenario:` and `steps:`"),
    ("a.yaml", HEAD + "steps: [enrol]\nsteps: [enrol]", 4, "'steps' is in line 3 already; keep one of them"),
    ("a.yaml", HEAD + "stpes: [enrol]", 3, "unknown key 'stpes'; did you mean 'steps'?"),
    ("a.yaml", HEAD + "steps: [enrol", 3, "check brackets and indentation"),
    ("a.yaml", HEAD + "start: tomorrow\nsteps: [enrol]", 3, "'tomorrow' is not a time; write 2021-09-22 23:59:59"),
    ("a.yaml", HEAD + "start: 2021-02-30\nsteps: [enrol]", 3, "'2021-02-30' is not a time; write"),
    ("a.yaml", HEAD + "start: none.yaml\nsteps: [enrol]", 3, "none.yaml: cannot be read: No such file"),
    ("a.yaml", HEAD + "start: a.yaml\nsteps: [enrol]", 3, "a.yaml -> a.yaml begin with each other; let one of them"),
    ("a.yaml", HEAD + "settings:\n  otp_tries: 3\n  otp_digits: 9\nsteps: [enrol]", 3, "otp_digits must be a whole"),
    ("a.yaml", HEAD + "settings: {otp_tris: 3}\nsteps: [enrol]", 3, "unknown setting 'otp_tris'; did you mean"),
    ("a.yaml", HEAD + "marketplaces: [tokopdia]\nsteps: [enrol]", 3, "unknown marketplace 'tokopdia'; did you mean"),
    ("a.yaml", HEAD + "except: {pijar: }\nsteps: [enrol]", 3, "pijar: say why the story is not for it"),
    ("a.yaml", HEAD + "shows: [F99]\nsteps: [enrol]", 3, "unknown failure 'F99'; did you mean"),
    ("a.yaml", HEAD + "tags: [Big One]\nsteps: [enrol]", 3, "'Big One' is no tag; write small letters"),
    ("a.yaml", HEAD + "seed: many\nsteps: [enrol]", 3, "'many' is not a whole number; write 3"),
    ("a.yaml", HEAD + "digest: abc\nsteps: [enrol]", 3, "'abc' is no digest; write its 64 digits"),
    ("a.yaml", HEAD + "holds: {peple: []}\nsteps: [enrol]", 3, "holds: there is no 'peple'; did you mean 'people'?"),
    ("a.yaml", HEAD + "holds: {people: [{wave: x}]}\nsteps: [enrol]", 3, "holds: people.0.wave: "),
    ("a.yaml", HEAD + "cases: [{n: 1}]\nsteps: [enrol]", 3, "no step uses column 'n'; write $n in one, or drop it"),
    ("a.yaml", STEP + "  - enroll", 4, "unknown verb 'enroll'; did you mean 'enrol'?"),
    ("a.yaml", STEP + "  - enrol:\n      wave: 18\n      persn: budi", 6, "enrol takes no 'persn'; did you mean 'person'?"),
    ("a.yaml", STEP + "  - enrol:\n      person: budi\n      wave: 99", 6, "wave: unknown word '99'"),
    ("a.yaml", STEP + "  - buy:", 4, "buy needs 'course'; add it"),
    ("a.yaml", STEP + "  - enter_otp: {otp: rigth}", 4, "otp: unknown word 'rigth'; write right, old, wrong or the"),
    ("a.yaml", STEP + "  - enter_otp:\n    fails: otp_wrng", 5, "unknown reason 'otp_wrng'; did you mean 'otp_wrong'?"),
    ("a.yaml", STEP + "  - enter_otp:\n      fails: otp_wrong", 5, "`fails:` is no argument of enter_otp; indent it"),
    ("a.yaml", STEP + "  - enrol:\n    at: tokopdia", 5, "at: unknown marketplace 'tokopdia'; did you mean"),
    ("a.yaml", STEP + "  - advance: {by: 5}", 4, "by: 5 is not a stretch of time; write 90s, 5m, 2h or 30d"),
    ("a.yaml", STEP + "  - advance: {by: 5m, to: 2021-09-01}", 4, "needs either `by` or `to`; write {by: 5m} or"),
    ("a.yaml", STEP + "  - arm: {fault: reply_lost, where: payment/autorize}", 4, "mean 'payment/authorize'?"),
    ("a.yaml", STEP + "  - expect: {person: budi}", 4, "claims nothing, so it could not fail; write {balance"),
    ("a.yaml", STEP + "  - call: {party: tokopdia, path: /x}", 4, "party: unknown word 'tokopdia'; did you mean"),
    ("a.yaml", STEP + "  - call: {party: pijar, path: x}", 4, "path: 'x' does not begin with /; write /x"),
    ("a.yaml", STEP + "  - call: {party: pijar, path: /x, text: a, body: {}}", 4, "has body and text; write one of them"),
    ("a.py", PYTHON + "START = 5 / 2" + SCENARIO + "stage.enrol()", 4, "START is no plain value; write it out"),
    ("a.py", PYTHON + SCENARIO + "stage.enroll()", 7, "unknown verb 'enroll'; did you mean 'enrol'?"),
    ("a.py", PYTHON + SCENARIO + "stage.enrol(at='toko')", 7, "at: unknown marketplace 'toko'"),
    ("a.py", PYTHON + SCENARIO + "stage.enrol(", 7, "SyntaxError: "),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "line", "said"), BAD)
def test_a_bad_story_is_refused_with_line_and_remedy_and_nothing_is_played(
    tmp_path, name, content, line, said
):
    assert len(BAD) >= 40
    (tmp_path / "b.yaml").write_text(HEAD.replace("A", "Another") + "steps: [enrol]\n")
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    output = refused("replay", tmp_path)
    assert f"{path}:{line}: " in output
    assert said in output
    assert "replayed" not in output
    assert "marketplaces:" not in output
