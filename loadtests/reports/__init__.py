"""The reports of a load run: text for people, JSON, JUnit, and a page of HTML."""

from collections.abc import Callable, Mapping

from prakerja_sim.loadtests.asked import Result
from prakerja_sim.loadtests.reports.as_json import as_json
from prakerja_sim.loadtests.reports.html import html
from prakerja_sim.loadtests.reports.junit import junit

FORMATS: Mapping[str, Callable[[Result], bytes]] = {"--json": as_json, "--junit": junit, "--html": html}
"""What makes a report, by the option that asks for it."""
