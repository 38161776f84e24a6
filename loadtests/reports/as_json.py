"""The report of a load run as JSON; times are ms or s as their names say, amounts rupiah."""

from dataclasses import asdict
from math import isnan
from typing import Any

import orjson

from prakerja_sim.loadtests.asked import Result
from prakerja_sim.loadtests.locust_counts import Row, percentile
from prakerja_sim.simulator import VERSION


def as_json(result: Result) -> bytes:
    """The report, indented."""
    return orjson.dumps(content(result), option=orjson.OPT_INDENT_2) + b"\n"


def content(result: Result) -> dict[str, Any]:
    """The report as plain values."""
    counts = result.counts
    return {
        "version": VERSION,
        "passed": not result.wrong,
        "wrong": result.wrong,
        "setting": dict(result.setting),
        "began": counts.began,
        "seconds": round(counts.seconds, 3),
        "flows": {"finished": counts.flows, "per_second": round(result.flows_a_second, 3)},
        "requests": {"count": counts.requests, "per_second": round(result.requests_a_second, 3)},
        "failures": counts.failures,
        "rows": [_row(row) for row in counts.rows],
        "errors": result.errors,
        "cpu": _cpu(result),
        "thresholds": [
            {"text": one.threshold.text, "kept": one.kept, "value": one.value, "told": one.told}
            for one in result.judged
        ],
        "faults": [
            {"fault": one.spec.text, "armed": one.armed, "struck": one.struck} for one in result.struck
        ],
        "people": _people(result),
        "books": _books(result),
        "audit": {
            "clean": result.verdict.clean,
            "pending": list(result.verdict.pending),
            "more": result.verdict.more,
            "findings": [asdict(one) for one in result.verdict.wrong],
        },
    }


def _cpu(result: Result) -> dict[str, Any]:
    return {
        "server_cores": None if isnan(result.server_cores) else round(result.server_cores, 3),
        "others_cores": None if isnan(result.others_cores) else round(result.others_cores, 3),
        "client_percent": result.client_percent,
        "client_saturated": result.saturated,
    }


def _people(result: Result) -> dict[str, Any]:
    reasons = result.reasons.most_common()
    return {
        "states": dict(result.states),
        "reasons": [{"state": state, "reason": why, "people": count} for (state, why), count in reasons],
        "mistakes": [
            {"mistake": name, "people": made, "paid": paid} for name, _, made, paid in result.mistakes
        ],
    }


def _books(result: Result) -> dict[str, Any]:
    before, after = result.before, result.after
    return {
        "purchases": after.purchases - before.purchases,
        "vouchers": after.vouchers - before.vouchers,
        "rupiah": {name: after.rupiah[name] - before.rupiah.get(name, 0) for name in after.rupiah},
        "digest": after.digest,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "method": row.method,
        "name": row.name,
        "requests": row.requests,
        "failures": row.failures,
        **{f"p{percent}_ms": percentile(row.latencies_ms, percent) for percent in (50, 95, 99)},
    }
