"""Every command of the pages for partners is run, in order, against a server on a free port.

The address 8420 is replaced by that of the server. What a page shows below a command must come out (`...` is
anything). A block that begins with `# NAME` is saved as that file, a story as `story.yaml`. The targets of
`make` are only looked up, because they install.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.kit.pages import DOCS, ENGLISH, FENCED
from tests.live import REPOSITORY, serving

USUAL = "http://127.0.0.1:8420"
USUAL_PROXY = "http://127.0.0.1:8444"
SERVE = re.compile(r"(?:export (\w+)=(\S+)\n)?prakerja-sim serve (.*)\n")
NEEDED = ("bash", "curl", "jq", "openssl")
SAVED = re.compile(r"^```\w+\n(?=# (\w+\.\w+)\n)(.*?)^```$", re.DOTALL | re.MULTILINE)
NAME = re.compile(r"# (\w+\.\w+)\n")
TARGETS = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
BETWEEN = "\n@@@\n"

PAGES = [
    (REPOSITORY / "README.md", 1),
    (DOCS / "handbook.md", 2),
    (ENGLISH / "tutorial.md", 2),
    (ENGLISH / "signing.md", 1),
    (ENGLISH / "recipes.md", 3),
    (REPOSITORY / "mocks/bukalapak/NOTES.md", 1),
]
"""With how many servers each needs."""

pytestmark = [
    pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason=f"needs {', '.join(NEEDED)}"),
    pytest.mark.timeout(180),
]


class Chapter(NamedTuple):
    """What is run against one server of a page: all blocks up to the next server."""

    variable: str = ""
    value: str = ""
    options: str = "--store memory"
    blocks: Sequence[tuple[str, str]] = ()


def chapters(page: Path) -> list[Chapter]:
    """The chapters of a page."""
    found = [Chapter()]
    for tag, code in FENCED.findall(page.read_text()):
        served = SERVE.fullmatch(code)
        if served:
            found.append(Chapter(*(text or "" for text in served.groups())))
        elif tag in ("sh", "python", "text", "yaml"):
            found[-1] = found[-1]._replace(blocks=(*found[-1].blocks, (tag, code)))
    return [one for one in found if one.blocks]


def run(blocks: Sequence[tuple[str, str]], ready: Mapping[str, Any], home: Path) -> None:
    """Run the blocks in one shell; each must end well and print what the page shows below it."""
    script, shown = ["set -eu -o pipefail"], dict[int, str]()
    before = ""
    for tag, code in blocks:
        if code.startswith("make "):
            called = re.findall(r"^make (\S+)", code, re.MULTILINE)
            assert set(called) <= TARGETS, called
        elif tag == "sh" and not NAME.match(code):
            script.append(code.replace(USUAL, ready["url"]).replace(USUAL_PROXY, ready.get("proxy", "")))
        elif tag == "yaml":
            (home / "story.yaml").write_text(code)
        elif tag == "text" and before == "sh":
            shown[len(script) - 1] = code
        before = tag
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    text = "\nprintf '\\n@@@\\n'\n".join(script)
    done = subprocess.run(
        ["bash", "-c", text],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    printed = done.stdout.split(BETWEEN)
    assert len(printed) == len(script)
    for number, pattern in shown.items():
        expected = re.escape(pattern.strip()).replace(re.escape("..."), ".*")
        assert re.search(f"^{expected}", printed[number].strip(), re.DOTALL), printed[number]


@pytest.mark.parametrize(("page", "servers"), PAGES, ids=lambda value: getattr(value, "name", value))
def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: Path, servers: int) -> None:
    for saved, code in SAVED.findall((ENGLISH / "tutorial.md").read_text()):
        (tmp_path / saved).write_text(code)
    parts = chapters(page)
    assert len(parts) == servers
    for part in parts:
        if part.variable:
            monkeypatch.setenv(part.variable, part.value)
        ports = ("--tls-port", "0", "--proxy-port", "0") if "--tls" in part.options else ()
        with serving(*part.options.split(), *ports, cwd=tmp_path) as server:
            run(part.blocks, server.ready, tmp_path)


def test_a_command_that_fails_or_prints_something_else_is_found(tmp_path: Path) -> None:
    run([("sh", "echo one two\n"), ("text", "one ...\n")], {"url": USUAL}, tmp_path)
    with pytest.raises(AssertionError):
        run([("sh", "echo one two\n"), ("text", "two\n"), ("sh", "echo two\n")], {"url": USUAL}, tmp_path)
    with pytest.raises(AssertionError):
        run([("sh", "false\n"), ("sh", "true\n")], {"url": USUAL}, tmp_path)
