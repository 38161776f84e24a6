"""`at: MARKETPLACE` on a step: one card, many shops. `tags:` select stories."""

import pytest

from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.scenarios.engine.errors import BadScenarios
from prakerja_sim.scenarios.engine.finding import discover, tagged
from prakerja_sim.scenarios.engine.runner import play
from prakerja_sim.scenarios.engine.wiring import in_process, stages
from prakerja_sim.simulator.stores.memory import Memory
from tests.played import SEED, WORDS, on_stage, stories_in

HEAD = "# W\nscenario: One card\nsettings: {buy_ahead: true}\nsteps:\n"
BOUGHT = """  - list_course: {course: kopi, price: 400_000}
  - list_course: {course: teh, price: 400_000}
  - enrol:
  - buy: {course: kopi}
  - enter_card:
  - enter_otp:
  - buy: {course: teh}
    at: bukalapak
  - enter_card:
    at: bukalapak
  - enter_otp:
    at: bukalapak
  - expect: {charges: 2, balance: 200_000, order: issued, total: 400_000}
"""


def outcome(folder, text, name="story.yaml"):
    path = folder / name
    path.write_text(text)
    (story,) = stories_in(path)
    return play(story, "tokopedia", stages(in_process(Memory(), wall), SEED))


def test_each_shop_has_its_own_order_voucher_and_account(tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text(HEAD + BOUGHT.replace("", ""))
    (story,) = stories_in(path)
    with on_stage(story) as (stage, _):
        steps = []
        story.play(steps.append)
        for step in steps:
            with stage.at(step.at or "tokopedia"):
                getattr(stage, step.verb)(**step.arguments)
        who = stage.people["peserta"]
        here = (who.order, who.course, who.shopper)
        with stage.at("bukalapak"):
            assert who.course == "teh"
            there = who.order
            stage.find_voucher(where="order")
            voucher = who.voucher
        assert (who.order, who.course, who.shopper, who.voucher) == (*here, "")
        orders = {one["order"]: one for one in stage.parties.admin("GET", "/orders")["orders"]}
        assert (orders[here[0]]["marketplace"], orders[there]["marketplace"]) == ("tokopedia", "bukalapak")
        assert voucher


def test_a_refusal_elsewhere_is_read_in_that_shops_words(tmp_path):
    step = "  - enter_otp: {otp: wrong}\n    fails: otp_wrong\n    at: bukalapak\n"
    text = HEAD + BOUGHT.partition("  - enter_otp:\n    at")[0] + step
    assert outcome(tmp_path, text).passed


def test_a_column_may_name_the_shop(tmp_path):
    path = tmp_path / "story.yaml"
    text = "  - list_course:\n  - enrol:\n  - buy: {course: barista-dasar}\n    at: $shop\n"
    path.write_text(HEAD.replace("steps", "cases: [{shop: pijar}, {shop: kemnaker}]\nsteps") + text)
    for story in stories_in(path):
        assert play(story, "tokopedia", stages(in_process(Memory(), wall), SEED)).passed


def test_a_story_in_python_says_it_by_an_argument(tmp_path):
    text = (
        '"""One card.\n\nW."""\n\n\ndef scenario(stage):\n    stage.list_course()\n    stage.enrol()\n'
        '    stage.buy(course="barista-dasar", at="pijar")\n'
    )
    assert outcome(tmp_path, text, "story.py").passed


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        (
            "a.yaml",
            HEAD + "  - enrol:\n    at: tokopdia\n",
            6,
            "unknown marketplace 'tokopdia'; did you mean 'tok",
        ),
        ("a.yaml", HEAD + "  - enrol:\n    at:\n", 6, "at: unknown marketplace None"),
        (
            "a.yaml",
            HEAD + "  - enrol: {at: pijar}\n",
            5,
            "`at:` is no argument of enrol; indent it like enrol",
        ),
        (
            "a.py",
            '"""T.\n\nW."""\n\n\ndef scenario(stage):\n    stage.enrol(at="x")\n',
            7,
            "at: unknown market",
        ),
        (
            "a.yaml",
            HEAD.replace("steps:", "tags: [Smoke]\nsteps: [enrol]"),
            4,
            "'Smoke' is no tag; write small",
        ),
        ("a.yaml", HEAD.replace("steps:", "tags: smoke\nsteps: [enrol]"), 4, "'smoke' is no list of words"),
        ("a.yaml", HEAD.replace("steps:", "tags: [a, a]\nsteps: [enrol]"), 4, "tag a is there twice"),
    ],
)
def test_what_is_no_marketplace_and_no_tag_is_refused(tmp_path, name, text, line, said):
    (tmp_path / name).write_text(text)
    with pytest.raises(BadScenarios) as caught:
        discover([tmp_path / name], WORDS)
    (problem,) = caught.value.problems
    assert problem.line == line
    assert said in problem.message


def test_tags_select_stories(tmp_path):
    for name, tags in (("a", "[smoke, otp]"), ("b", "[otp]"), ("c", "[slow]")):
        text = f"# W\nscenario: {name}\ntags: {tags}\nsteps: [enrol]\n"
        (tmp_path / f"{name}.yaml").write_text(text)
    (tmp_path / "d.py").write_text(
        '"""d.\n\nW."""\nTAGS = ["otp"]\n\n\ndef scenario(stage):\n    stage.enrol()\n'
    )
    found = stories_in(tmp_path)

    def chosen(*tags):
        return [story.title for story in tagged(found, tags)]

    assert (chosen("otp"), chosen("smoke", "slow"), chosen()) == (list("abd"), list("ac"), list("abcd"))
    with pytest.raises(BadScenarios, match="--tag: no story has the tag 'otq'; did you mean 'otp'"):
        chosen("otp", "otq")
