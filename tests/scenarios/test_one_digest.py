"""One seed and one story have one digest, wherever and on whichever Python they are played."""

import os
import subprocess
import sys

import pytest

from tests.live import REPOSITORY

STORIES = ("whole/wave_18.yaml", "whole/wave_22.yaml", "refund/reply_lost.yaml", "otp/resent.yaml")
PLAYED = [
    # the seed of the interpreter's hashes, and where the world is kept or served
    ("1", "lmdb"),
    ("2", "http"),
]


@pytest.fixture(scope="session")
def expected():
    """The digests as this interpreter has them in memory."""
    return replayed(sys.executable, "3", "--store", "memory")


def pytest_generate_tests(metafunc):
    pythons = metafunc.config.getoption("python") or [sys.executable]
    metafunc.parametrize("python", pythons, ids=[f"python{n}" for n, _ in enumerate(pythons)])


def replayed(python, hash_seed, *options):
    """The report's last line: how many were played, and the digest over them all."""
    done = subprocess.run(
        [python, "-m", "prakerja_sim", "replay", *options, *(f"scenarios/{one}" for one in STORIES)],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(("hash_seed", "where"), PLAYED)
def test_the_same_stories_have_one_digest(python, hash_seed, where, expected, live, tmp_path):
    places = {
        "lmdb": ("--store", f"lmdb:{tmp_path / 'kept.db'}"),
        "http": ("--against", live.url),
    }
    assert replayed(python, hash_seed, *places[where]) == expected
