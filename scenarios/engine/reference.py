"""The pages that follow from rules, failures and stories; `make docs` writes them.

A test compares what is written with what would be, so they cannot go stale.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from prakerja_sim.mocks.docs.partner_api import NOTE, table
from prakerja_sim.mocks.docs.reference import DOCS, write
from prakerja_sim.mocks.shop.registry import codes
from prakerja_sim.scenarios.engine import story_schema, verb_reference
from prakerja_sim.scenarios.engine.failures import FAILURES
from prakerja_sim.scenarios.engine.finding import HOME, discover
from prakerja_sim.scenarios.engine.script import Story
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.vocabulary import Vocabulary, vocabulary
from prakerja_sim.simulator.programme.rulebook import RULES
from prakerja_sim.simulator.programme.waves import PUBLISHED, Wave

RULES_PAGE = f"""# The programme's rules

{NOTE}

Ids and sources are those of the programme's reference. Where two rules are broken at once, the earlier in
`simulator/programme/rules.py` speaks. *Breaks* names the story in which somebody breaks the rule, *keeps* the
one in which it is only just kept; without a story the reason stands there.

{{rules}}

## Waves

Days in *italics* are given by no source and follow an inference: announced three days after registration
closed, deadlines counted from the announcement as day 1, years as their neighbours. The days of waves 24-47
and of most of the normal scheme are not public here; a wave of your own is one entry of a file:

    waves:
      - wave: 100
        announced: 2026-03-01 10:00:00

`prakerja-sim serve --waves FILE`, `prakerja-sim replay --waves FILE`. Other keys: `scheme` (semi-bansos,
normal), `size`, `registration_opens`, `registration_closes`, `videos`, `pre_test`, `recovers`,
`balance_until`, `finish_until`, `link_until`, `payout_until`, `voucher_until`, `surveys_until`.

{{waves}}
"""
FAILURES_PAGE = f"""# What goes wrong

{NOTE}

The failures F01-F51 of the programme's reference, and the stories in which they happen and are made good.

{{failures}}
"""


def documents(stories: Sequence[Story] | None = None) -> dict[str, str]:
    """Every page by its path below docs/."""
    words = vocabulary(Stage, codes())
    all_stories = discover([HOME], words) if stories is None else stories
    return {
        "rules.md": rules_page(all_stories),
        "failures.md": failures_page(all_stories),
        "stories.md": stories_page(words, all_stories),
        "story.schema.json": story_schema.written(words),
    }


def stories_page(words: Vocabulary, stories: Sequence[Story]) -> str:
    """The page about stories: what a person wrote stays, the verbs below it are written anew."""
    by_hand = (DOCS / "stories.md").read_text(encoding="utf-8").partition(NOTE)[0]
    return f"{by_hand}{NOTE}\n\n{verb_reference.chapters(verb_reference.verbs(words, stories))}"


def rules_page(stories: Sequence[Story]) -> str:
    """Each rule with its values by scheme, its reasons, its places and its stories; and the waves."""
    rows = [
        (
            rule_id,
            f"{rule.states} ({rule.source})",
            rule.semi_bansos,
            rule.normal,
            _lines(f"`{reason}`" for reason in rule.reasons) or "refuses nobody",
            _lines(f"`{place}`" for place in rule.where),
            _stories(one for one in stories if rule_id in one.breaks) or rule.unbroken,
            _stories(one for one in stories if rule_id in one.keeps) or rule.unkept,
        )
        for rule_id, rule in RULES.items()
    ]
    head = ("rule", "what it says", "semi-bansos", "normal scheme", "reason", "where", "breaks", "keeps")
    waves = table(
        ("wave", "scheme", "registration", "announced", "size", "buy first until", "spend until"),
        [_wave(wave) for wave in PUBLISHED.values()],
    )
    return RULES_PAGE.format(rules=table(head, rows), waves=waves)


def failures_page(stories: Sequence[Story]) -> str:
    """Each failure with its stories, or why there is none."""
    rows = [
        (
            failure_id,
            failure.happens,
            failure.recovery,
            _stories(one for one in stories if failure_id in one.shows) or failure.unsimulated,
        )
        for failure_id, failure in FAILURES.items()
    ]
    return FAILURES_PAGE.format(failures=table(("failure", "what happens", "way out", "stories"), rows))


def _stories(stories: Iterable[Story]) -> str:
    found = dict.fromkeys(one.path.resolve().relative_to(HOME.resolve()).as_posix() for one in stories)
    return _lines(f"[{path}](../scenarios/{path})" for path in found)


def _lines(cells: Iterable[str]) -> str:
    return "<br>".join(cells)


def _wave(wave: Wave) -> tuple[str, ...]:
    def shown(field: str, text: str | None) -> str:
        known = text or "unknown"
        return f"*{known}*" if field in wave.inferred else known

    opens = shown("opens", wave.opens.isoformat() if wave.opens else None)
    closes = shown("closes", f"{wave.closes:%Y-%m-%d %H:%M}" if wave.closes else None)
    deadline = wave.buy_first_until.date().isoformat()
    balance = wave.cohort.balance_until.isoformat()
    return (
        str(wave.number),
        wave.scheme.code,
        f"{opens} to {closes}",
        shown("announced", f"{wave.announced:%Y-%m-%d %H:%M}"),
        shown("size", f"{wave.size:,}" if wave.size else None),
        shown("announced", deadline),
        f"*{balance}*" if "balance_until" in wave.cohort.inferred else balance,
    )


def main(say: Callable[[str], object] = print, into: Path = DOCS) -> None:
    """Bring the pages up to date."""
    for name in write(into, documents()):
        say(f"docs/{name} is written anew")


if __name__ == "__main__":
    main()
