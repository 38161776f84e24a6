"""Any mix of verbs, waves and clock jumps keeps every invariant, whatever is refused on the way.

`make properties` plays 10,000 mixes of up to 100 steps, `make test` a few.  A mix that fails is
told as a scenario file, made as small as possible.
"""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.runner import play
from prakerja_sim.scenarios.engine.script import Story
from prakerja_sim.scenarios.engine.wiring import in_process, stages
from prakerja_sim.scenarios.engine.writer import to_yaml
from prakerja_sim.simulator.audit import invariants
from prakerja_sim.simulator.ledger import bookings
from prakerja_sim.simulator.programme import deadlines
from prakerja_sim.simulator.programme.waves import PUBLISHED
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.settings import Settings
from tests.played import SEED, on_stage, stories_in
from tests.properties.mixing import CELLS, Mix
from tests.properties.watching import Watch

STEPS = 100
LONG = 1_000
SHARDS = range(8)
"""Parts of the runs, each with a seed of its own, so that they may be played at the same time."""
STARTS = [PUBLISHED[number].announced for number in (18, 12, 16, 21, 22, 23)]
MIXES = {
    "marketplace": st.sampled_from(registry.codes()),
    "start": st.sampled_from(STARTS),
    "calm": st.booleans(),
    "tape": st.lists(st.integers(0, CELLS - 1), min_size=STEPS, max_size=STEPS),
}
USUAL = settings(
    deadline=None,
    database=None,
    print_blob=False,
    report_multiple_bugs=False,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
ENDS: Counter[str] = Counter()
"""How the verbs of all mixes of this process went."""


def mixed(marketplace: str, start: datetime, calm: bool, tape: list[int]) -> tuple[str, str, list[str]]:
    """Play a tape: the scenario file that it became, the digest, and what it broke, if anything."""
    story = Story(Path("mix"), "A mix of verbs", "", (), start, Settings(), lambda _: None)
    wrong: list[str] = []
    with on_stage(story, marketplace=marketplace) as (stage, sandbox):
        mix, watch = Mix(stage, sandbox, calm=calm), Watch(sandbox)
        mix.open()
        for place, cell in enumerate(tape):
            before = len(mix.steps)
            refusal = mix.take(place, cell)
            if mix.over:
                break
            if len(mix.steps) == before:
                continue
            ENDS[f"{mix.steps[-1][0]} {refusal.reason if refusal else 'done'}"] += 1
            wrong = [*stage.errors(), *sandbox.ask(invariants.violations)]
            wrong += watch.complaints()
            if wrong:
                break
        digest = "" if mix.over else stage.digest()
    why = "; ".join(wrong) or "Nothing is wrong with it."
    written = to_yaml(
        mix.steps,
        title="A mix of verbs",
        why=why,
        marketplaces=[marketplace],
        start=start.replace(microsecond=0),
    )
    return written, digest, wrong


class Broken(AssertionError):
    """A mix broke the world; the story says how."""

    def __str__(self) -> str:
        return f"this story breaks the world:\n\n{self.args[0]}"


def check(**mix) -> None:
    written, _, wrong = mixed(**mix)
    if wrong:
        raise Broken(written)


def replayed(path: Path, written: str):
    """The outcome of a scenario file as `prakerja-sim replay` would have it."""
    path.write_text(written)
    (story,) = stories_in(path)
    (place,) = story.marketplaces
    return play(story, place, stages(in_process(Memory(), wall), SEED))


@pytest.mark.parametrize("shard", SHARDS)
def test_any_mix_of_verbs_keeps_every_invariant(shard, request):
    runs = -(-request.config.getoption("--runs") // len(SHARDS))
    seed(shard)(settings(USUAL, max_examples=runs)(given(**MIXES)(check)))()


FAR = {
    "advance", "arm", "attest", "buy", "enrol", "enter_card", "enter_otp", "fill_survey", "finish",
    "link_account", "pre_test", "rate", "redeem", "step_clock", "study", "void",
}  # fmt: skip


def test_the_mixes_come_far_enough_to_break_something():
    """What never happens cannot break: each of these verbs must have succeeded in some mix."""
    ENDS.clear()
    missing = FAR
    for number in range(20):
        seed(number)(settings(USUAL, max_examples=30)(given(**MIXES)(check)))()
        missing = {verb for verb in FAR if not ENDS[f"{verb} done"]}
        if not missing:
            break
    assert missing == set()


@pytest.mark.parametrize("number", range(3))
def test_a_mix_is_a_scenario_file_that_replays_to_the_same_digest(number, tmp_path):
    found = []
    seed(100 + number)(
        settings(USUAL, max_examples=3)(given(**MIXES)(lambda **mix: found.append(mixed(**mix))))
    )()
    written, digest, wrong = next(one for one in reversed(found) if one[1])  # without, it cannot be repeated
    assert not wrong
    outcome = replayed(tmp_path / "mix.yaml", written)
    assert outcome.failure is None, f"{outcome.failure}\n{written}"
    assert outcome.digest.startswith(digest[:12])


def lapse_nothing(world, participant):
    """A revoked card keeps its balance."""


def keep_the_seat(real):
    """A void gives the money back, and not the seat."""
    return lambda *payment: real(*payment)[:1]


PLANTED = [
    # where a bug is planted, the bug, the invariant that it breaks
    (deadlines, "_lapse", lambda _: lapse_nothing, "every_granted_rupiah_is_somewhere"),
    (bookings, "void", keep_the_seat, "seats_are_people"),
]


@pytest.mark.parametrize(("module", "name", "bug", "broken"), PLANTED, ids=[one[1] for one in PLANTED])
def test_a_planted_bug_is_told_as_a_scenario_file_that_replays(
    module, name, bug, broken, tmp_path, monkeypatch, request
):
    """Making it small takes a minute, so only `make properties` asks for that."""
    small = request.config.getoption("--runs") >= LONG
    phases = USUAL.phases if small else (Phase.generate,)
    with monkeypatch.context() as patched:
        patched.setattr(module, name, bug(getattr(module, name)))
        search = seed(1)(settings(USUAL, max_examples=200, phases=phases)(given(**MIXES)(check)))
        with pytest.raises(Broken) as failed:
            search()
        (written,) = failed.value.args
        assert broken in written
        assert not small or written.count("\n  - ") <= 30, written
        outcome = replayed(tmp_path / "bug.yaml", written)
        assert outcome.failure is not None
        assert broken in outcome.failure.said
        assert outcome.failure.step == written.count("\n  - "), "it is the last step that breaks the world"
    assert replayed(tmp_path / "mended.yaml", written).failure is None
