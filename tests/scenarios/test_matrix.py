"""The matrix story x marketplace: a line a story, a column a marketplace, each empty cell with its reason."""

from pathlib import Path

from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.finding import HOME, discover
from prakerja_sim.scenarios.engine.matrix import Matrix, empty_cells, summary
from prakerja_sim.scenarios.engine.outcome import Outcome, Report, StoryFailure
from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.simulator.values.settings import Settings

PLACES = ("bukalapak", "kemnaker", "tokopedia")


def story(title, places=(), **more):
    return Story(Path("scenarios/a.yaml"), title, "Why.", places, START, Settings(), lambda _: None, **more)


EVERYWHERE = story("Everywhere")
APART = story("Apart", apart={"kemnaker": "no promo codes"})
ALONE = story("Alone", ("tokopedia",))


def heard(*outcomes):
    lines = []
    table = Matrix(PLACES, lines.append)
    table.begin()
    for one in outcomes:
        table.hear(one)
    return lines


def test_a_story_has_one_line_with_a_cell_a_marketplace():
    played = [Outcome(EVERYWHERE, place, 3, "", 0) for place in PLACES]
    played += [Outcome(APART, place, 1, "", 0) for place in ("bukalapak", "tokopedia")]
    assert heard(*played, Outcome(ALONE, "tokopedia", 2, "", 0)) == [
        "marketplaces: bukalapak, kemnaker, tokopedia",
        "buka kemn toko  story",
        "pass pass pass  Everywhere  3 steps",
        "pass -    pass  Apart  1 step",
        "-    -    pass  Alone  2 steps",
    ]


def test_what_failed_stands_below_its_line():
    wrong = Outcome(EVERYWHERE, "kemnaker", 2, "", 0, StoryFailure(2, 9, "buy", "refused"))
    told = heard(
        Outcome(EVERYWHERE, "bukalapak", 3, "", 0), wrong, Outcome(EVERYWHERE, "tokopedia", 3, "", 0)
    )
    assert told[2:] == ["pass FAIL pass  Everywhere  3 steps", f"FAIL  {wrong.message}"]


def test_names_that_begin_alike_are_told_apart():
    lines = []
    Matrix(("kariera", "karierb"), lines.append).begin()
    assert lines[1] == "kariera karierb  story"


def test_the_summary_says_what_is_empty_and_that_nothing_is_missing():
    stories = [EVERYWHERE, APART, ALONE]
    played = [Outcome(one, place, 1, "", 0) for one in stories for place in one.played_on(PLACES)]
    assert summary(Report(tuple(played)), stories, PLACES) == [
        "not on kemnaker: Apart (no promo codes)",
        "matrix: 3 stories x 3 marketplaces, 6 played, 3 for others, 0 missing",
    ]
    assert summary(Report(tuple(played[1:])), stories, PLACES)[-1].endswith(
        "5 played, 3 for others, 1 missing"
    )


def test_a_story_that_is_not_for_all_says_which_and_why():
    known = registry.codes()
    stories = discover([HOME], vocabulary(Stage, known))
    for one, _, why in empty_cells(stories, known):
        assert why.strip()
        for place in one.marketplaces:
            assert registry.title(place).lower() in one.why.lower(), f"{one.path}: why only {place}?"
    assert sum(not one.marketplaces and not one.apart for one in stories) > len(stories) / 2
