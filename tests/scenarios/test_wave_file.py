"""A wave of one's own: one entry in a file, and stories are played in it."""

import orjson
import pytest
from click.testing import CliRunner

from prakerja_sim.cli.main import main
from prakerja_sim.mocks.server import serve
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.scenarios.engine import wave_file
from prakerja_sim.scenarios.engine.errors import BadScenarios
from prakerja_sim.simulator.programme import waves
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.errors import Rejected

FILE = """\
# Our own wave.
waves:
  - wave: 100
    announced: 2026-03-01 10:00:00
    size: 50
    balance_until: 2026-04-30
"""
STORY = """\
# The last second of a wave that nobody but us has.
scenario: Our own wave ends when we said
start: 2026-03-01 10:00:00
breaks: [R06]

steps:
  - list_course: {course: barista-dasar, price: 650_000}
  - enrol: {wave: 100}
  - enrol: {wave: 100, person: siti}
  - advance: {to: 2026-03-30 23:59:59}
  - buy: {course: barista-dasar}
  - enter_card
  - enter_otp
  - advance: {by: 1s}
  - expect: {membership: active}
  - expect: {membership: revoked, person: siti}
  - advance: {to: 2026-05-01 00:00:00}
  - expect: {balance: 0, returned: 350_000}
"""


@pytest.fixture(autouse=True)
def published_waves_only():
    before = dict(waves.WAVES)
    yield
    waves.WAVES.clear()
    waves.WAVES.update(before)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "waves.yaml"
    path.write_text(FILE)
    return path


def replayed(*arguments):
    return CliRunner().invoke(main, ["replay", *map(str, arguments)])


def test_a_story_is_played_in_a_wave_of_ones_own(tmp_path, file):
    story = tmp_path / "story.yaml"
    story.write_text(STORY)

    without = replayed(story)
    unchecked = CliRunner().invoke(main, ["check", str(story)])
    checked = CliRunner().invoke(main, ["check", str(story), "--waves", str(file)])
    played = replayed(story, "--waves", file)

    for refused in (without, unchecked):
        assert refused.exit_code == 2
        assert "enrol: wave: unknown word '100'" in refused.output
        assert "a wave of your own needs --waves FILE" in refused.output
    assert checked.exit_code == 0, checked.output
    assert played.exit_code == 0, played.output


def test_with_another_simulator_the_file_says_which_waves_stories_may_name(tmp_path, file):
    story = tmp_path / "story.yaml"
    story.write_text(STORY)

    told = replayed(story, "--waves", file, "--against", "http://127.0.0.1:1")
    assert told.exit_code == 2
    assert "no simulator answers at http://127.0.0.1:1" in told.output


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("# Why.\n- wave: 100\n", 2, "the file is one list of waves; write `waves:`"),
        ("# Why.\nwave: 100\n", 2, "the file is one list of waves"),
        (FILE + "story: 1\n", 2, "the file is one list of waves"),
        ("# Why.\nwaves: 5\n", 2, "the file is one list of waves"),
        ("# Why.\nwaves: [100]\n", 2, "a wave is a mapping"),
        (FILE + "    sizes: 3\n", 3, "unknown key 'sizes'"),
        (FILE.replace("100", "22"), 3, "wave: 22 is taken or out of reach; choose one from 100"),
        (FILE.replace("size: 50", "size: many"), 5, "size: 'many' is no whole number"),
        (FILE + FILE[FILE.index("  -") :], 2, "wave 100 stands there twice"),
        ("waves: [", 1, ""),
    ],
)
def test_a_bad_file_is_refused_with_its_place_and_the_remedy(tmp_path, text, line, said):
    path = tmp_path / "waves.yaml"
    path.write_text(text)
    with pytest.raises(BadScenarios) as refused:
        wave_file.read(path)
    (problem, *_) = refused.value.problems
    assert problem.line == line
    assert said in problem.message
    for command in (["replay"], ["serve", "--store", "memory", "--port", "0"]):
        told = CliRunner().invoke(main, [*command, "--waves", str(path)])
        assert told.exit_code == 2
        assert f"{path}:{line}: " in told.output


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadScenarios, match="cannot be read"):
        wave_file.read(tmp_path / "none.yaml")


def test_a_store_remembers_the_waves_it_was_served_with(tmp_path, file):
    entries = wave_file.read(file)
    store = LMDB(tmp_path / "kept.db")
    Sandboxes(store).add_waves(entries)
    store.close()
    del waves.WAVES[100]

    store = LMDB(tmp_path / "kept.db")
    Sandboxes(store)
    assert waves.wave(100).size == 50
    store.close()

    options = Options(store=f"lmdb:{tmp_path / 'kept.db'}", port=serve.free_port("127.0.0.1"))
    other = [entries[0] | {"size": 51}]
    with pytest.raises(ValueError, match="wave 100 is known with other values; choose another number"):
        serve.check(serve.replace(options, waves=orjson.dumps(other).decode()))


def test_a_wave_that_nobody_added_is_not_known():
    Sandboxes(Memory())
    with pytest.raises(Rejected):
        waves.wave(100)
