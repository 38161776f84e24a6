"""`examples/node` and `examples/php`: as a partner runs them, and with a mistake planted in each shop."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from tests.live import REPOSITORY, Live, serving

EXAMPLES = REPOSITORY / "examples"
SHOP = {"node": "shop.js", "php": "shop.php"}
TESTS = 3
RUNTIMES = pytest.mark.parametrize("folder", SHOP)
REFUSED = ") {\n                throw $declined;\n            }\n            "
MISTAKES = {
    "no recovery after a lost reply": {
        "node": ("return this.recover(order);", "return false;"),
        "php": ("return $this->recover($order);", "return false;"),
        "told": "the card paid, and the buyer has no class",
    },
    "ignores a wrong OTP": {
        "node": (
            "if (problem.code === WRONG_OTP) return false;",
            "if (problem.code === WRONG_OTP) return true;",
        ),
        "php": (f"WRONG_OTP{REFUSED}return false;", f"WRONG_OTP{REFUSED}return true;"),
        "told": "not ok.*a wrong OTP pays nothing",
    },
    "pays twice": {
        "node": ('if (order.state === "paid") return true;', ""),
        "php": ("if ($order->state === 'paid')", "if (false)"),
        "told": "expected 1, found 2",
    },
    "signs with milliseconds": {
        "node": ("String(Math.floor(Date.now() / 1000))", "String(Date.now())"),
        "php": ("(string) time()", "(string) (time() * 1000)"),
        "told": "ERR40004: .*sign expired",
    },
}


@pytest.fixture(scope="module")
def server() -> Iterator[Live]:
    with serving("--store", "memory") as live:
        yield live


def run(folder: Path, server: Live) -> subprocess.CompletedProcess[str]:
    """Run the tests of an example with the last command of its README; skips where its runtime is missing."""
    (block,) = re.findall(r"```sh\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
    command = block.splitlines()[-1].split()
    if shutil.which(command[0]) is None:
        pytest.skip(f"SKIPPED: examples/{folder.name} was not run, for there is no {command[0]}")
    environment = {**os.environ, "PRAKERJA_SIM_URL": server.url, "NO_COLOR": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@RUNTIMES
def test_the_example_passes_and_leaves_no_sandbox(tmp_path: Path, server: Live, folder: str) -> None:
    done = run(copytree(EXAMPLES / folder, tmp_path / folder), server)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"^ok\b", done.stdout, re.MULTILINE)) == TESTS
    assert server.send("GET", "/__admin/sandboxes")[1]["sandboxes"] == ["default"]


@RUNTIMES
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_shop_is_found_and_told(
    tmp_path: Path, server: Live, folder: str, mistake: str
) -> None:
    example = copytree(EXAMPLES / folder, tmp_path / folder)
    right, wrong = MISTAKES[mistake][folder]
    shop = example / SHOP[folder]
    assert shop.read_text().count(right) == 1
    shop.write_text(shop.read_text().replace(right, wrong))
    done = run(example, server)
    assert done.returncode == 1
    assert re.search(str(MISTAKES[mistake]["told"]), done.stdout), done.stdout


@RUNTIMES
def test_the_example_needs_nothing_that_must_be_installed(folder: str) -> None:
    for file in (EXAMPLES / folder).iterdir():
        text = file.read_text()
        assert not re.search(r'"(dev)?[dD]ependencies"|vendor/autoload', text), file
        imported = re.findall(r'from "(.*?)"', text)
        assert all(name.startswith(("node:", "./")) for name in imported), imported
