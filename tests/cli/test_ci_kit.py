"""For CI (Dockerfile, compose.yaml, action.yml, docs/ci.md): each command is taken from its file and run."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests
import yaml

from prakerja_sim.mocks.server.listening import here
from prakerja_sim.mocks.server.serve import free_port
from tests.live import CHECKOUT, REPOSITORY, ended, serving

TOKEN = "t" * 40
ALL = "0.0.0.0"


def dockerfile(instruction):
    """The words of the last such instruction, which are JSON."""
    lines = (REPOSITORY / "Dockerfile").read_text().splitlines()
    line = [one for one in lines if one.startswith(f"{instruction} ")][-1]
    return json.loads(line[line.index("[") :])


def compose():
    (service,) = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())["services"].items()
    return service


CONTAINERS = {"Dockerfile": dockerfile("CMD"), "compose.yaml": compose()[1]["command"]}


def on_loopback(words):
    """The arguments of `serve`, listening on this machine only."""
    assert words[0] == "serve"
    return [here(word) for word in words[1:]]


@pytest.fixture
def healthy():
    """Run the health check of the Dockerfile against a port; answers its exit code."""
    program, *words = dockerfile("HEALTHCHECK --interval=5s --timeout=5s --start-period=30s CMD")
    assert program == "python"

    def check(port):
        moved = [word.replace(":8420/", f":{port}/") for word in words]
        assert moved != words
        return subprocess.run([sys.executable, *moved], check=False, stderr=subprocess.DEVNULL).returncode

    return check


@pytest.mark.parametrize("file", CONTAINERS)
def test_what_a_container_runs_serves_and_asks_for_the_token(monkeypatch, tmp_path, healthy, file):
    assert dockerfile("ENTRYPOINT") == ["prakerja-sim"]
    assert ALL in CONTAINERS[file]
    monkeypatch.setenv("PRAKERJA_SIM_TOKEN", TOKEN)
    with serving(*on_loopback(CONTAINERS[file]), cwd=tmp_path) as server:
        assert healthy(server.url.rpartition(":")[2]) == 0
        assert server.send("GET", "/__admin/people")[0] == 401
        assert server.send("GET", "/__admin/people", headers={"Authorization": f"Bearer {TOKEN}"})[0] == 200
        from_a_service = server.send("GET", "/readyz", headers={"Host": f"{compose()[0]}:8420"})[0]
        assert from_a_service == (200 if file == "compose.yaml" else 421)
        assert (tmp_path / "prakerja-sim.db").exists(), "the volume is where it starts"


@pytest.mark.parametrize("file", CONTAINERS)
def test_without_a_token_a_container_ends_with_the_remedy(tmp_path, file):
    environment = {name: value for name, value in os.environ.items() if name != "PRAKERJA_SIM_TOKEN"}
    done = subprocess.run(
        [*CHECKOUT, *CONTAINERS[file]],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "PRAKERJA_SIM_TOKEN" in done.stderr
    assert compose()[1]["environment"]["PRAKERJA_SIM_TOKEN"].startswith("${PRAKERJA_SIM_TOKEN:?")


def test_a_container_in_which_nobody_answers_is_not_healthy(healthy):
    assert healthy(free_port("127.0.0.1")) == 1


def test_a_container_runs_as_nobody_special_on_the_port_that_is_published():
    text = (REPOSITORY / "Dockerfile").read_text()
    assert re.findall(r"^USER (\S+)$", text, re.MULTILINE)[-1] != "root"
    (exposed,) = re.findall(r"^EXPOSE (\d+)$", text, re.MULTILINE)
    assert compose()[1]["ports"] == [f"127.0.0.1:{exposed}:{exposed}"]
    (kept,) = re.findall(r"^WORKDIR (\S+)$", text, re.MULTILINE)
    assert compose()[1]["volumes"] == [f"state:{kept}"]


@contextmanager
def programs(folder: Path):
    """A folder of programs in which `prakerja-sim` is this checkout's; ends the servers it is told of."""
    folder.mkdir(parents=True)
    program = folder / "prakerja-sim"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(CHECKOUT)} "$@"\n')
    program.chmod(0o755)
    left = []
    try:
        yield left
    finally:
        for pid in left:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


@pytest.mark.parametrize("port", ["0", None])
def test_the_action_starts_it_and_outputs_its_address(tmp_path, port):
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text())
    (step,) = (one for one in action["runs"]["steps"] if one.get("id") == "serve")
    inputs = {name: about["default"] for name, about in action["inputs"].items()}
    assert inputs["port"] == "8420"
    inputs["port"] = port or str(free_port("127.0.0.1"))
    given = {
        name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: inputs[found[1]], text)
        for name, text in step["env"].items()
    }
    runner = {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "output")}
    assert step["shell"] == "bash"
    with programs(tmp_path / "prakerja-sim" / "bin") as left:
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=tmp_path, env={**os.environ, **runner, **given}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        left.append(json.loads(done.stdout)["pid"])
        outputs = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
        assert requests.get(f"{outputs['url']}/readyz", timeout=10).status_code == 200
        assert port or outputs["url"].endswith(f":{inputs['port']}")
        assert "Credentials" in Path(outputs["log"]).read_text()
        for name, about in action["outputs"].items():
            assert about["value"] == f"${{{{ steps.serve.outputs.{name} }}}}"
        assert outputs.keys() == action["outputs"].keys()


def test_the_lines_for_gitlab_start_it_and_end_it_with_the_job(tmp_path):
    blocks = re.findall(r"```yaml\n(.*?)```", (REPOSITORY / "docs" / "ci.md").read_text(), re.DOTALL)
    (job,) = (one["test"] for one in map(yaml.safe_load, blocks) if "test" in one)
    install, start, test = job["script"]
    assert (install.split()[:2], test) == (["pip", "install"], "pytest")
    assert job["artifacts"]["paths"] == ["prakerja-sim.log"]
    port = free_port("127.0.0.1")
    url = job["variables"]["PRAKERJA_SIM_URL"].replace("8420", str(port))
    asking = f"import requests; print(requests.get('{url}/readyz', timeout=10).status_code)"
    ask = shlex.join([sys.executable, "-c", asking])
    with programs(tmp_path / "bin") as left:
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", f"{start} --port {port}\n{ask}"],
            cwd=tmp_path, env={**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        left.append(int(re.search(r"pid (\d+)", done.stdout)[1]))
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == "200"
        assert ended(left[0])


def test_each_replay_of_the_page_ends_well_and_writes_its_reports(tmp_path):
    page = (REPOSITORY / "docs" / "ci.md").read_text()
    commands = sorted(set(re.findall(r"prakerja-sim (replay [^'\n`]+)", page)))
    assert len(commands) == 2
    (tmp_path / "my-stories").mkdir()
    shutil.copy(REPOSITORY / "scenarios/lost_access/voucher_mail_lost.yaml", tmp_path / "my-stories")
    for command in commands:
        done = subprocess.run(
            [*CHECKOUT, *shlex.split(command)],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        for report in re.findall(r"--(?:junit|html|ctrf) (\S+)", command):
            assert (tmp_path / report).stat().st_size
            (tmp_path / report).unlink()
