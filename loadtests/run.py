"""A load run: a simulator of its own, many shoppers over HTTP, then the audit of the books.

Locust patches the interpreter that it runs in, so it gets one of its own.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from prakerja_sim.loadtests import audit, cores, locust_counts, plan, served
from prakerja_sim.loadtests.audit import Books
from prakerja_sim.loadtests.errors import LoadFailed, NotServed
from prakerja_sim.loadtests.locust_counts import Counts
from prakerja_sim.loadtests.plan import Plan

STOP_SECONDS, MORE_A_USER = 15, 0.1
"""How long a flow that is under way at the end may still take: longer, the more users share the server."""
PATIENCE_SECONDS = 60
RELAXED = "NOT DURABLE: --durability relaxed may lose answered purchases on a power cut"


def load(*, users: int, seconds: int, server: str, durability: str, store: str | None) -> str:
    """Play the happy flow for so long and audit the books; answers the report."""
    with TemporaryDirectory() as folder:
        kept = store or f"lmdb:{Path(folder) / 'load.db'}"
        options = ["--server", server, "--durability", durability, "--store", kept]
        try:
            with served.simulator(*options) as (url, group):
                admin = served.Admin(url)
                before = audit.read(admin)
                used = cores.seconds_of_group(group)
                counts = play(url, users=users, seconds=seconds, folder=Path(folder))
                used = cores.seconds_of_group(group) - used
                after = audit.read(admin)
        except NotServed as problem:
            raise LoadFailed(str(problem)) from None
    wrong = audit.complaints(before, after, finished=counts.flows, failures=counts.failures)
    setting = f"{users} users, {seconds} s, server {server}, store {kept.partition(':')[0]}"
    text = report(counts, before, after, wrong, setting=setting, durability=durability, server_seconds=used)
    if wrong:
        raise LoadFailed(text)
    return text


def play(url: str, *, users: int, seconds: int, folder: Path) -> Counts:
    """Run Locust against a simulator; answers what it counted."""
    stats = folder / "locust.json"
    stop = int(STOP_SECONDS + MORE_A_USER * users)
    command = [
        *(*served.PYTHON, "-m", "locust", "-f", str(Path(__file__).with_name("locustfile.py"))),
        *("--headless", "--only-summary", "--loglevel", "WARNING", "--json-file", str(stats.with_suffix(""))),
        *("--users", str(users), "--spawn-rate", str(users), "--run-time", f"{seconds}s"),
        *("--stop-timeout", str(stop), "--host", url),
    ]
    with cores.pinned(cores.CLIENT):
        try:
            done = subprocess.run(  # noqa: S603  # our own command
                command,
                env={**os.environ, plan.VARIABLE: plan.write(Plan(folder=str(folder)))},
                cwd=folder,  # Locust reads settings from where it runs
                capture_output=True,
                text=True,
                check=False,
                start_new_session=True,
                timeout=seconds + stop + PATIENCE_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise LoadFailed("Locust did not come to its end") from None
    if not stats.is_file():
        raise LoadFailed(f"Locust counted nothing: {(done.stderr or done.stdout)[-2000:].strip()}")
    rows: list[Mapping[str, Any]] = json.loads(stats.read_text())
    return locust_counts.read(rows)


def report(
    counts: Counts,
    before: Books,
    after: Books,
    wrong: list[str],
    *,
    setting: str,
    durability: str,
    server_seconds: float,
) -> str:
    """The report, its verdict last."""
    rate = counts.requests / counts.seconds
    each = server_seconds * 1e6 / counts.requests if counts.requests else 0.0
    durable = "durability full" if durability == "full" else RELAXED
    bought = after.purchases - before.purchases
    lines = [
        f"{setting}; {cores.pinning()}",
        durable,
        f"flows     {counts.flows / counts.seconds:,.1f}/s, {counts.flows:,} finished; "
        f"{locust_counts.percentiles(counts.flow_ms)}",
        f"requests  {rate:,.0f}/s, {counts.requests:,}; {locust_counts.percentiles(counts.latencies_ms)}",
        f"server    {server_seconds / counts.seconds:.2f} cores, {each:,.0f} us a request",
        f"failures  {counts.failures}",
        *(f"          {line}" for line in counts.worst[:10]),
        f"books     {bought:,} purchases, {after.vouchers - before.vouchers:,} vouchers, "
        f"digest {after.digest}",
    ]
    lines += [f"audit     FAILED: {line}" for line in wrong] or ["audit     books agree"]
    return "\n".join(lines)
