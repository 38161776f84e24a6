"""The report of a load run as one page of HTML, which needs no network; the plots are drawn by uPlot."""

from math import isnan
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from prakerja_sim.loadtests.asked import Result
from prakerja_sim.loadtests.locust_counts import Row, percentile
from prakerja_sim.loadtests.reports import series, text
from prakerja_sim.loadtests.shapes import SHAPES
from prakerja_sim.simulator import VERSION
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.signs import visible

HERE = Path(__file__).parent
PAGES, UPLOT = HERE / "pages", HERE / "uplot"
MOST_ROWS = 200


def html(result: Result) -> bytes:
    """The page, in UTF-8."""
    before, after = result.before.rupiah, result.after.rupiah
    return render(
        "load.html",
        result=result,
        wrong=result.wrong,
        shape=SHAPES[result.asked.shape],
        server=text.server(result),
        saturated=text.SATURATED,
        others="" if isnan(result.others_cores) else text.others(result),
        rows=sorted(result.counts.rows, key=lambda row: -row.requests)[:MOST_ROWS],
        money=[(name, before.get(name, 0), after[name]) for name in after],
        plots=[one.data() for one in series.plots(result)],
    )


def render(page: str, **values: Any) -> bytes:
    """A page with uPlot in it, all values escaped."""
    environment = Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, finalize=_carried
    )
    environment.filters["rupiah"] = lambda amount: str(Rupiah(amount))
    environment.filters["percentile"] = _percentile
    uplot = {name: Markup((UPLOT / name).read_text()) for name in ("uPlot.iife.min.js", "uPlot.min.css")}  # noqa: S704
    template = environment.get_template(page)
    return template.render(
        **values, version=VERSION, uplot=uplot["uPlot.iife.min.js"], uplot_style=uplot["uPlot.min.css"]
    ).encode()


def _percentile(row: Row, percent: int) -> str:
    return f"{percentile(row.latencies_ms, percent):,.0f}"


def _carried(value: Any) -> Any:
    """A value of the page with signs escaped that no page can carry."""
    return visible(str(value)) if isinstance(value, str | Path) and not isinstance(value, Markup) else value
