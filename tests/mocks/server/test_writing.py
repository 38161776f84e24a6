"""Files that commands write: whole or not at all, through links, into pipes and devices."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from prakerja_sim.mocks.server.writing import CannotWrite, check, same, write

ROOT = os.geteuid() == 0


def refused(action, *arguments):
    with pytest.raises(CannotWrite) as problem:
        action("--junit", *arguments)
    return str(problem.value)


def test_a_new_file_and_an_old_one_hold_what_was_written(tmp_path):
    file = tmp_path / "report"
    for content in (b"first and longer", b"second"):
        check("--junit", file)
        write("--junit", file, content)
        assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


def test_a_check_leaves_nothing_and_changes_nothing(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("old")
    check("--junit", old)
    check("--junit", new)
    assert [one.read_text() for one in tmp_path.iterdir()] == ["old"]


def test_a_file_keeps_its_rights(tmp_path):
    file = tmp_path / "report"
    file.touch(0o640)
    write("--junit", file, b"x")
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_and_its_target_is_written(tmp_path):
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "report", tmp_path / "link"
    link.symlink_to(target)
    for content in (b"target is new", b"target is old"):
        check("--junit", link)
        write("--junit", link, content)
        assert link.is_symlink()
        assert target.read_bytes() == content


def test_a_failure_leaves_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / "report"
    file.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert "No space left on device" in refused(write, file, b"new")
    assert [one.read_text() for one in tmp_path.iterdir()] == ["old"]


def test_a_pipe_gets_all_of_it(tmp_path):
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    check("--junit", pipe)
    content = b"x" * 300_000  # more than a pipe holds
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write("--junit", pipe, content)
    reader.join(10)
    assert got == [content]
    assert pipe.is_fifo()


def test_a_full_device_is_told_and_stays_a_device():
    device = Path("/dev/full")
    check("--junit", device)
    assert "No space left on device" in refused(write, device, b"x")
    assert device.is_char_device()


@pytest.mark.parametrize("to", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
@pytest.mark.parametrize("piped", [True, False])
def test_our_own_output_goes_on_after_it(tmp_path, to, piped):
    program = (
        "from pathlib import Path; from prakerja_sim.mocks.server.writing import check, write;"
        "print('before');"
        f"path = Path({to!r}); check('--junit', path); write('--junit', path, b'<xml/>\\n'); print('after')"
    )
    command = [sys.executable, "-c", program]
    if piped:
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    else:
        file = tmp_path / "out"
        with file.open("w") as into:
            subprocess.run(command, check=True, stdout=into)
        out = file.read_text()
    assert out == "before\n<xml/>\nafter\n"


def test_what_cannot_be_written_is_refused_with_the_remedy(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        for name, told in (
            ("", "is a folder; name a file"),
            ("socket", "is a socket; name a file"),
            ("missing/report", "make its folder first"),
            ("file/report", "Not a directory; name another file"),
            ("x" * 300, "File name too long"),
            ("loop", "name another file"),
            ("null\0byte", "null byte"),
        ):
            assert told in refused(check, tmp_path / name), name
    assert "name another file" in refused(check, Path("/proc/self/report"))


@pytest.mark.skipif(ROOT, reason="nothing is read-only to root")
def test_in_a_folder_that_takes_no_file_the_old_one_is_written_and_a_new_one_refused(tmp_path):
    old = tmp_path / "old"
    old.write_text("old")
    tmp_path.chmod(0o500)
    try:
        check("--junit", old)
        write("--junit", old, b"new")
        assert old.read_text() == "new"
        assert "Permission denied" in refused(check, tmp_path / "new")
    finally:
        tmp_path.chmod(0o700)


def test_one_file_under_two_names_is_the_same(tmp_path):
    file, link = tmp_path / "file", tmp_path / "link"
    link.symlink_to(file)
    assert same(file, link)
    assert same(file, tmp_path / "." / "file")
    assert not same(file, tmp_path / "other")
    assert not same(Path("/dev/null"), Path("/dev/null"))
