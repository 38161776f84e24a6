"""The pytest plugin, in runs of pytest of its own."""

import subprocess
import sys

import pytest

import prakerja_sim
from prakerja_sim.kit import pytest_plugin
from tests.live import REPOSITORY, Live, serving

pytest_plugins = ["pytester"]

BUYS = """
    import requests
    from tests.kit.partner import Shop

    def buys(box, **more):
        env = box.env("tokopedia")
        shop, buyer = Shop(requests, env["PRAKERJA_BASE_URL"], env), box.person()
        return shop, buyer, box.course("barista", price=650_000)
"""


@pytest.fixture
def run(run_pytest, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Run pytest on a file of tests."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))  # for the workers
    pytester.makepyfile(buying=BUYS)

    def run(text: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test_it=text)
        return run_pytest(*options)

    return run


def test_the_fixture_gives_a_sandbox_of_the_tests_own(run):
    done = run(
        """
        names, seeds = set(), set()

        import pytest

        @pytest.mark.parametrize("number", [1, 2])
        def test_one(prakerja, number):
            assert prakerja.admin.get("/people") == {"people": []}
            names.add(prakerja.name)
            seeds.add(prakerja.person().card)
            assert len(names) == len(seeds) == number

        def test_dropped(prakerja_server):
            assert not names & set(prakerja_server.sandboxes())
        """
    )
    done.assert_outcomes(passed=3)


def test_the_seed_follows_from_the_tests_id(run):
    text = """
        def test_one(prakerja):
            print("card", prakerja.person().card)
    """
    first, again = ([line for line in run(text, "-s").outlines if "card" in line] for _ in range(2))
    assert first == again != []


def test_the_marker_says_how_it_begins(run):
    done = run(
        """
        import pytest

        pytestmark = pytest.mark.prakerja(seed=7, start="2021-08-24 15:00:00")

        def test_of_the_module(prakerja, prakerja_server):
            assert prakerja.clock.now.isoformat() == "2021-08-24T15:00:00+07:00"
            with prakerja_server.lease(seed=7, start="2021-08-24 15:00:00") as same:
                assert same.person(wave=18) == prakerja.person(wave=18)

        @pytest.mark.prakerja(start="2021-09-01 08:00:00", settings={"otp_digits": 4})
        def test_the_nearest_counts(prakerja):
            assert prakerja.clock.now.day == 1

        @pytest.mark.prakerja(begin="2021-09-01 08:00:00")
        def test_misspelt(prakerja):
            pass
        """
    )
    done.assert_outcomes(passed=2, errors=1)
    done.stdout.fnmatch_lines(["*test_misspelt: the marker prakerja does not know begin; it takes start=, *"])


def test_a_failure_tells_what_happened_in_the_sandbox(run):
    done = run(
        """
        from buying import buys

        def test_it(prakerja):
            shop, buyer, course = buys(prakerja)
            with prakerja.faults.reply_lost("payment/authorize"):
                shop.buys(prakerja, buyer, course)
        """
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "*ConnectionError*",
            "*prakerja sandbox*",
            "sandbox *",
            "exchanges:",
            "*client -> prakerja POST /api/v1/integration/payment/authorize no answer (reply_lost)",
            "messages:",
            "*Kode OTP:*",
            "transfers:",
            "*purchase 650,000 card:*",
            "clock:",
            "*it shows 2021-11-01T09:00:00+07:00; next is due: *",
            "faults:",
            "*reply_lost at payment/authorize: struck 1, 0 left",
        ]
    )


def test_what_the_check_finds_at_the_end_fails_the_test(run):
    done = run(
        """
        def test_it(prakerja):
            prakerja.faults.sms_lost()
        """
    )
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(
        ["*Mismatch: the fault sms_lost at anywhere was armed and never struck", "*prakerja sandbox*"]
    )


def test_a_test_that_failed_is_not_checked_as_well(run):
    run("def test_it(prakerja):\n    prakerja.faults.sms_lost()\n    assert 0").assert_outcomes(failed=1)


def test_without_a_fixture_nothing_of_the_server_is_loaded_and_it_takes_no_time(tmp_path):
    program = """
import sys, time
import pytest
before = set(sys.modules)
began = time.process_time()
import prakerja_sim.kit.pytest_plugin
took = time.process_time() - began  # of its own: others use the cores too
heavy = {"flask", "werkzeug", "locust", "gevent", "pydantic", "requests", "lmdb", "msgspec", "httpx"}
assert not heavy & (set(sys.modules) - before), heavy & set(sys.modules)
print(took)
"""
    took = [
        float(
            subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        )
        for _ in range(3)
    ]
    assert min(took) < 0.05


def test_importing_the_package_loads_nothing_either():
    program = (
        "import sys, prakerja_sim; print(sorted({'flask', 'locust', 'msgspec', 'pytest'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_name_of_the_package_is_there():
    assert all(getattr(prakerja_sim, name) for name in prakerja_sim.__all__)
    with pytest.raises(AttributeError, match="no attribute 'lease'"):
        _ = prakerja_sim.lease


def test_a_running_server_is_used_and_what_failed_is_kept_there(run, live: Live, monkeypatch):
    monkeypatch.setenv(pytest_plugin.URL, live.url)
    text = """
        def test_good(prakerja):
            prakerja.person(name="Good")

        def test_bad(prakerja, prakerja_server):
            assert prakerja.url == 0
    """
    before = set(live.send("GET", "/__admin/sandboxes")[1]["sandboxes"])
    done = run(text.replace('name="Good"', ""), "--prakerja-keep")
    done.assert_outcomes(passed=1, failed=1)
    (kept,) = set(live.send("GET", "/__admin/sandboxes")[1]["sandboxes"]) - before
    done.stdout.fnmatch_lines([f"it is kept at {live.url}/s/{kept}"])
    live.send("DELETE", f"/__admin/sandboxes/{kept}")


def test_keeping_needs_a_server_that_outlives_the_run(run):
    done = run("def test_it(): pass", "--prakerja-keep")
    done.stderr.fnmatch_lines(["*--prakerja-keep: the simulator ends with this run; start*PRAKERJA_SIM_URL*"])
    assert done.ret == pytest.ExitCode.USAGE_ERROR


@pytest.mark.parametrize("at_a_url", [False, True])
def test_workers_do_not_meet(run, monkeypatch, at_a_url):
    text = """
        import pytest
        from buying import buys

        @pytest.mark.parametrize("number", range(8))
        def test_one(prakerja_responses, number):
            shop, buyer, course = buys(prakerja_responses)
            assert shop.buys(prakerja_responses, buyer, course)["success"]
            assert buyer.balance == 350_000
    """
    if not at_a_url:
        run(text, "-n", "2").assert_outcomes(passed=8)
        return
    with serving("--store", "memory") as server:
        monkeypatch.setenv(pytest_plugin.URL, server.url)
        run(text, "-n", "2").assert_outcomes(passed=8)
        assert server.send("GET", "/__admin/sandboxes")[1]["sandboxes"] == ["default"]


def test_its_names_begin_with_ours(run):
    """So that no other plugin has them."""
    shown = run("", "--fixtures").outlines
    ours = [line.split()[0] for line in shown if "kit/pytest_plugin.py" in line]
    assert sorted(ours) == ["prakerja", "prakerja_httpx", "prakerja_responses", "prakerja_server"]
