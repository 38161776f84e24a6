"""Every command of the pages for partners is run, in order, against a server on a free port.

The address 8420 is replaced by that of the server. What a page shows below a command must come out (`...` is
anything).
A block that begins with `# NAME` is saved as that file.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.pages import ENGLISH, FENCED
from tests.live import serving

USUAL = "http://127.0.0.1:8420"
SERVE = "prakerja-sim serve "
NEEDED = ("bash", "curl", "jq", "openssl")
SAVED = re.compile(r"# (\w+\.\w+)\n")
BETWEEN = "\n@@@\n"

pytestmark = [
    pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason=f"needs {', '.join(NEEDED)}"),
    pytest.mark.timeout(180),
]


def chapters(page: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """For each server of a page the options it is started with, and the blocks up to the next server."""
    options, blocks = "--store memory", list[tuple[str, str]]()
    for tag, code in FENCED.findall((ENGLISH / page).read_text()):
        if code.startswith(SERVE):
            if blocks:
                yield options, blocks
            options, blocks = code.removeprefix(SERVE), []
        elif tag in ("sh", "python", "text"):
            blocks.append((tag, code))
    yield options, blocks


def run(blocks: list[tuple[str, str]], url: str, home: Path) -> None:
    """Run the blocks in one shell; each must end well and print what the page shows below it."""
    script, shown = ["set -eu -o pipefail"], dict[int, str]()
    before = ""
    for tag, code in blocks:
        saved = SAVED.match(code)
        if saved:
            (home / saved.group(1)).write_text(code)
        elif tag == "sh":
            script.append(code.replace(USUAL, url))
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


@pytest.mark.parametrize(("page", "servers"), [("tutorial.md", 2), ("signing.md", 1)])
def test_the_page_runs(tmp_path: Path, page: str, servers: int) -> None:
    parts = list(chapters(page))
    assert len(parts) == servers
    for options, blocks in parts:
        with serving(*options.split(), cwd=tmp_path) as server:
            run(blocks, server.url, tmp_path)


def test_a_command_that_fails_or_prints_something_else_is_found(tmp_path: Path) -> None:
    run([("sh", "echo one two\n"), ("text", "one ...\n")], USUAL, tmp_path)
    with pytest.raises(AssertionError):
        run([("sh", "echo one two\n"), ("text", "two\n"), ("sh", "echo two\n")], USUAL, tmp_path)
    with pytest.raises(AssertionError):
        run([("sh", "false\n"), ("sh", "true\n")], USUAL, tmp_path)
