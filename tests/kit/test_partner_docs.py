"""The pages for partners: the same in Indonesian and English, and what they say is so."""

import re
from pathlib import Path

import pytest

from tests.kit.pages import DOCS, ENGLISH, FENCED, INDONESIAN, PAIRS
from tests.live import REPOSITORY

ALL_PAGES = [*REPOSITORY.glob("README*.md"), *DOCS.rglob("*.md")]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def prose(page: Path) -> str:
    """A page without its code."""
    return FENCED.sub("", page.read_text())


def levels(page: Path) -> list[int]:
    return [len(found) for found in re.findall(r"^(#+) ", prose(page), re.MULTILINE)]


def anchors(page: Path) -> set[str]:
    """The addresses of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def dead_links(page: Path) -> list[str]:
    """The links that lead nowhere; those to other sites are not followed."""
    dead = []
    for link in LINK.findall(prose(page)):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if "://" not in link and not (target.exists() and (not anchor or anchor in anchors(target))):
            dead.append(link)
    return dead


def test_both_languages_have_the_same_pages() -> None:
    pages = [page.name for page in INDONESIAN.glob("*.md")]
    assert len(pages) >= 4
    assert sorted(pages) == sorted(page.name for page in ENGLISH.glob("*.md"))


@pytest.mark.parametrize(("indonesian", "english"), PAIRS, ids=lambda page: page.name)
def test_both_languages_have_the_same_headings_and_the_same_code(indonesian: Path, english: Path) -> None:
    assert levels(indonesian) == levels(english)
    assert FENCED.findall(indonesian.read_text()) == FENCED.findall(english.read_text())


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert dead_links(page) == []


def test_a_link_to_a_missing_page_or_heading_is_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# A heading, here\n```sh\n# no heading\n```\n")
    page = tmp_path / "page.md"
    page.write_text(
        "# One\n[a](other.md) [b](other.md#a-heading-here) [c](#one) [d](none.md) [e](other.md#no-heading)"
    )
    assert dead_links(page) == ["none.md", "other.md#no-heading"]
