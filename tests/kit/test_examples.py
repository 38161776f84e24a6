"""`examples/python`: as a partner runs it, and with a mistake planted in the shop."""

import ast
from pathlib import Path
from shutil import copytree

import pytest

from tests.clean_environment import build, install, ran
from tests.live import REPOSITORY, serving

pytest_plugins = ["pytester"]

EXAMPLES = REPOSITORY / "examples" / "python"
MOST_GLUE = 10
GUARD = """        if order.state == "paid":
            return True
"""
WRONG = """            if declined.code != WRONG_OTP:
                raise
"""
MISTAKES = {
    "no recovery after a lost reply": (
        ("            return self.recover(order)\n", "            return False\n"),
        [
            "*test_after_a_lost_reply*",
            "*AssertionError: the card paid, and the buyer has no class*",
            "*prakerja POST /api/v1/integration/payment/authorize no answer (reply_lost)*",
            "*purchase 650,000 card:*",
        ],
    ),
    "pays twice": (
        (GUARD, ""),
        ["*payment/authorize with body {'invoice_code': 'INV-1'}: expected 1, found 2*"],
    ),
    "ignores a wrong OTP": (
        (f"{WRONG}            return False\n", f"{WRONG}            paid = {{'transaction_code': ''}}\n"),
        ["*test_a_wrong_otp*", "*the shop hands out a class although the OTP was wrong*"],
    ),
    "forgets the void": (
        (
            '        call("void", {"invoice_code": order.invoice, "transaction_code": order.transaction})\n',
            "",
        ),
        ["*payment/void with status 200 and body {'invoice_code': 'INV-1'}: expected at least 1, found 0*"],
    ),
    "misreads the deadline": (
        ("datetime(2021, 11, 30, 23, 59, 59, tzinfo=WIB)", "datetime(2021, 11, 30, tzinfo=WIB)"),
        ["*AssertionError: at 2021-11-30 23:59:59 Prakerja says yes*"],
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_shop_is_found_and_told(run_pytest, pytester: pytest.Pytester, mistake: str) -> None:
    (right, wrong), told = MISTAKES[mistake]
    folder = Path(copytree(EXAMPLES / "shop", pytester.path / "shop"))
    text = (folder / "shop.py").read_text()
    assert text.count(right) == 1
    (folder / "shop.py").write_text(text.replace(right, wrong))
    done = run_pytest("shop")
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    done.stdout.fnmatch_lines(told)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    wheel = build(tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("wheel"))
    beside = ("pytest", "pytest-xdist")
    return install(wheel, tmp_path_factory.mktemp("clean"), ("responses", "respx"), beside)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("at_a_url", [False, True], ids=["in process", "at a url"])
def test_the_examples_pass_in_a_clean_environment_with_four_workers(
    clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_a_url: bool
) -> None:
    copytree(EXAMPLES, tmp_path / "python")
    run = (clean / "python", "-m", "pytest", "-p", "no:cacheprovider", "-n", "4", "python")
    if at_a_url:
        with serving("--store", "memory", simulator=(str(clean / "prakerja-sim"),), cwd=tmp_path) as server:
            monkeypatch.setenv("PRAKERJA_SIM_URL", server.url)
            done = ran(*run, cwd=tmp_path)
            assert server.send("GET", "/__admin/sandboxes")[1]["sandboxes"] == ["default"]
    else:
        monkeypatch.delenv("PRAKERJA_SIM_URL", raising=False)
        done = ran(*run, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "32 passed" in done.stdout


@pytest.mark.parametrize("folder", ["shop", "learning"])
def test_the_glue_is_ten_lines_at_most(folder: str) -> None:
    (fixture,) = (
        node
        for node in ast.parse((EXAMPLES / folder / "conftest.py").read_text()).body
        if isinstance(node, ast.FunctionDef)
    )
    assert (fixture.end_lineno or 0) - fixture.decorator_list[0].lineno + 1 <= MOST_GLUE
