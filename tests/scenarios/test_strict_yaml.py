"""The strict loader: nothing is retyped, and what it refuses it names with place and remedy."""

from pathlib import Path

import pytest

from prakerja_sim.scenarios.engine.errors import BadScenario
from prakerja_sim.scenarios.engine.strict_yaml import DEPTH_MAX, SIZE_MAX, load, read

FILE = Path("some/story.yaml")


def value_of(text):
    return read(text.encode(), FILE).root.plain()


@pytest.mark.parametrize(
    "written",
    [
        "012345",
        "08123456789",
        "+6281234567890",
        "9990000000000000",
        "1234567890123456",
        "12:30",
        "12:30:45",
        "NO",
        "yes",
        "On",
        "True",
        "2021-08-24",
        "2021-08-24 15:00:00",
        "650_000",
        "1.50",
        "1e3",
        "0x1F",
        "-0",
        ".inf",
        "Null",
        "=",
    ],
)
def test_what_would_lose_something_stays_text(written):
    assert value_of(f"k: {written}") == {"k": written}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0),
        ("-5", -5),
        ("999999999999999", 999_999_999_999_999),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ('"0"', "0"),
        ("'true'", "true"),
        ('""', ""),
        (r'"a\tb\u0000"', "a\tb\0"),
        ("[1, a]", [1, "a"]),
        ("{a: {b: [x]}}", {"a": {"b": ["x"]}}),
    ],
)
def test_only_plain_numbers_and_words_are_typed(written, value):
    read_back = value_of(f"k: {written}")["k"]
    assert read_back == value
    assert type(read_back) is type(value)


def test_keys_are_always_text():
    assert value_of("1: a\n012: b\ntrue: c") == {"1": "a", "012": "b", "true": "c"}


def test_every_key_and_item_knows_its_line():
    root = read(b"# why\na: 1\nb:\n  - x\n  - y: 1\n    z:\n      2\n", FILE).root
    b = root.value["b"]
    assert root.value["a"].line == 2
    assert b.line == 3
    assert [item.line for item in b.value] == [4, 5]
    assert b.value[1].value["z"].line == 6


def test_the_opening_comment_is_kept_without_words_to_the_editor():
    text = (
        "# yaml-language-server: $schema=x.json\n#\n# Because of this\n# and that.\na: 1 # no\n# nor this\n"
    )
    assert read(text.encode(), FILE).comment == "Because of this\nand that."


@pytest.mark.parametrize("text", ["\ufeffa: 1", "a: 1\r\n", "---\na: 1\n...\n"])
def test_marks_of_other_editors_do_no_harm(text):
    assert value_of(text) == {"a": 1}


@pytest.mark.parametrize(
    ("raw", "line", "told"),
    [
        (b"a: 1\nb: 2\na: 3", 3, ["column 1", "'a' is in line 1 already", "keep one"]),
        (b"s:\n  - {x: 1, x: 2}", 2, ["column 12", "'x' is in line 2 already", "keep one"]),
        (b"a: &x 1\nb: 2", 1, ["column 4", "anchor &x", "write the value"]),
        (b"a: 1\nb: *x", 2, ["column 4", "alias *x", "write the value out"]),
        (b"a: 1\n<<: {b: 1}", 2, ["column 1", "merge key", "write the entries out"]),
        (b"a: 1\nb: !!str 5", 2, ["column 4", "tag", "remove it"]),
        (b"a: !x {b: 1}", 1, ["column 4", "tag !x", "remove it"]),
        (b"a: ! 012", 1, ["column 4", "tag !", "remove it"]),
        (b"a: 1\n---\nb: 2", 2, ["column 1", "second document", "remove the --- line"]),
        (b"%YAML 1.2\n---\na: 1", 1, ["directive", "remove the line"]),
        (b"? [a, b]\n: 1", 1, ["a key that is a list", "one word"]),
        (b"a: 1\n?\n: 2", 2, ["a key is missing", "name it"]),
        (b"", 1, ["empty", "scenario:"]),
        (b"# only why\n", 1, ["empty", "steps:"]),
        (b"a: 1\n\tb: 2", 2, ["column 1", "a tab", "indent with spaces"]),
        (b"a: x\ty", 1, ["column 5", "a tab", r"write "]),
        (b"a: 1\nb: \x00", 2, ["column 4", "U+0000", "remove it"]),
        (b"a: \x1b[31m", 1, ["column 4", "U+001B", "remove it"]),
        ("a: 1\nb: x\u2028y".encode(), 2, ["U+2028", "remove it"]),
        ("a: x\ufeffy".encode(), 1, ["U+FEFF", "remove it"]),
        (b"a: 1\nb: \xff", 2, ["byte 8 is not UTF-8", "save the file as UTF-8"]),
        ("a: 1".encode("utf-16"), 1, ["not UTF-8", "save the file as UTF-8"]),
        (b"a: 1\nb: {c: 1", 2, ["column", "check brackets"]),
        (b"a: 1\nb: c: d", 2, ["column 5", "mapping values", "quote text"]),
        (b"a: 1\nb: @x", 2, ["column 4", "quote text"]),
        (rb'a: "\ud800"', 1, ["column", "quote text"]),
        (b"a: " + b"[" * 5000, 1, ["depth limit of 32", "flatten"]),
        (b"a: " + b"{b: " * 5000, 1, ["depth limit of 32", "flatten"]),
    ],
)
def test_a_bad_file_is_refused_with_line_and_remedy(raw, line, told):
    with pytest.raises(BadScenario) as caught:
        read(raw, FILE)
    said = str(caught.value)
    assert said.startswith(f"{FILE}:{line}: ")
    assert "\n" not in said
    for words in told:
        assert words in said


def test_nesting_is_allowed_down_to_the_limit():
    deep = DEPTH_MAX - 1
    assert value_of("a: " + "[" * deep + "]" * deep)
    with pytest.raises(BadScenario, match="depth limit"):
        value_of("a: " + "[" * DEPTH_MAX + "]" * DEPTH_MAX)


def test_a_file_is_read_up_to_the_size_limit(tmp_path):
    file = tmp_path / "large.yaml"
    file.write_bytes(b"a: 1\n#" + b"x" * (SIZE_MAX - 6))
    assert load(file).root.plain() == {"a": 1}
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(
        BadScenario, match=r"large\.yaml:1: larger than the size limit of 1,000,000 bytes; split"
    ):
        load(file)


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(BadScenario, match=r"folder\.yaml: cannot be read: .*; check"):
        load(tmp_path / "folder.yaml")


def test_a_thousand_aliases_never_get_to_multiply():
    bomb = b"a: &a [x, x]\n" + b"".join(b"%c: &%c [*%c, *%c]\n" % (n, n, n - 1, n - 1) for n in b"bcdefgh")
    with pytest.raises(BadScenario, match=r"story\.yaml:1: .*anchor"):
        read(bomb, FILE)
