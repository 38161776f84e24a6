"""The wheel, in an environment that holds what a base installation holds and nothing else.

It is built from the files of the checkout, needs no network, and is used in a folder whose own packages
have the names of our folders.
"""

import zipfile
from pathlib import Path

import pytest

from tests.clean_environment import build, files, install, ran
from tests.live import CHECKOUT, REPOSITORY, serving

FOLDERS = ("simulator", "mocks", "scenarios", "loadtests")
STORY = """# Why this is told.
scenario: A story of our own

steps:
  - list_course: {course: barista-dasar, price: 650_000}
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def bin_folder(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the programs of the clean environment are; "promo" in its path must select no story."""
    return install(wheel, tmp_path_factory.mktemp("promo"))


@pytest.fixture(params=["packages", "folders"])
def partner(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A partner's folder, whose names are ours too; whoever imports one of them fails."""
    for name in FOLDERS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "server.py").write_text("raise RuntimeError('a partner owns this')\n")
        if request.param == "packages":
            (tmp_path / name / "__init__.py").write_text("raise RuntimeError('a partner owns this')\n")
    (tmp_path / "scenarios" / "mine.yaml").write_text(STORY)
    return tmp_path


def test_everything_of_ours_is_in_the_wheel_below_one_name(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        top_level = next(name for name in names if name.endswith(".dist-info/top_level.txt"))
        assert archive.read(top_level).decode().split() == ["prakerja_sim"]
    expected = {name for name in files() if name.startswith("prakerja_sim/") and not is_link(name)}
    expected |= {f"prakerja_sim/{name}" for name in files() if name.split("/")[0] in FOLDERS}
    assert {name for name in names if ".dist-info/" not in name} == expected


def is_link(name: str) -> bool:
    return (REPOSITORY / name).is_symlink()


def test_a_partner_uses_it_beside_folders_of_the_same_names(bin_folder: Path, partner: Path) -> None:
    command, module = (str(bin_folder / "prakerja-sim"),), (str(bin_folder / "python"), "-m", "prakerja_sim")

    with serving(simulator=command, cwd=partner) as server:
        assert server.send("GET", "/healthz")[:2] == (200, {"status": "ok"})
        assert b"swagger-ui" in server.send("GET", "/prakerja/swagger")[1]
    books = ran(*command, "ledger", "--store", "lmdb:prakerja-sim.db", "verify", cwd=partner)
    assert "books agree" in books.stdout, books.stderr

    played = ran(*command, "replay", "-k", "promo", cwd=partner)
    assert played.returncode == 0, played.stdout + played.stderr
    here = ran(*CHECKOUT, "replay", "-k", "promo")
    assert played.stdout.splitlines()[-1] == here.stdout.splitlines()[-1]

    checked = ran(*module, "check", "scenarios/mine.yaml", cwd=partner)
    assert checked.stdout == "1 stories are well formed\n", checked.stderr


@pytest.mark.parametrize(
    ("ask", "code"), [(["--version"], 0), (["version"], 0), (["--help"], 0), (["replay", "nowhere.yaml"], 2)]
)
def test_the_module_is_the_command(bin_folder: Path, tmp_path: Path, ask: list[str], code: int) -> None:
    command = ran(bin_folder / "prakerja-sim", *ask, cwd=tmp_path)
    module = ran(bin_folder / "python", "-m", "prakerja_sim", *ask, cwd=tmp_path)
    told = (code, command.stdout, command.stderr)
    assert command.returncode == code, command.stderr
    assert (module.returncode, module.stdout, module.stderr) == told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["load"],
            "load needs locust, which is not installed; install it with: pip install 'prakerja-sim[load]'",
        ),
        (
            ["serve", "--server", "granian"],
            "--server granian needs granian, which is not installed; "
            "install it with: pip install 'prakerja-sim[granian]'",
        ),
        (
            ["serve", "--port", "0", "--store", "postgresql://127.0.0.1:1/sim"],
            "--store postgresql needs psycopg, which is not installed; "
            "install it with: pip install 'prakerja-sim[postgres]'",
        ),
        (
            ["store", "dump", "postgresql://127.0.0.1:1/sim"],
            "a store in PostgreSQL needs psycopg, which is not installed; "
            "install it with: pip install 'prakerja-sim[postgres]'",
        ),
    ],
)
def test_a_command_whose_extra_is_missing_names_it(
    bin_folder: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    done = ran(bin_folder / "prakerja-sim", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"Error: {message}\n")
