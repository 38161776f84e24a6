"""The programme year as one page of HTML: the funnel beside the published one."""

from prakerja_sim.loadtests.programme_year import published, run
from prakerja_sim.loadtests.programme_year.published import Share
from prakerja_sim.loadtests.programme_year.run import Lived
from prakerja_sim.loadtests.reports.html import render
from prakerja_sim.loadtests.reports.series import Plot


def html(lived: Lived) -> bytes:
    """The page, in UTF-8."""
    stages = funnel(lived)
    names = [what for what, _, _ in stages]
    percent = [
        [round(share.percent, 2) for share in shares]
        for shares in zip(*(one[1:] for one in stages), strict=True)
    ]
    plot = Plot("People who came so far, of all awarded", "%", ["published", "simulated"], percent, names)
    return render(
        "cohort.html",
        well=lived.well,
        total=lived.total,
        stages=stages,
        compared=run.compared(lived.total),
        tolerated=run.TOLERATED,
        means=run.means(lived.total),
        last=lived.table.splitlines()[-1],
        plots=[plot.data()],
    )


def funnel(lived: Lived) -> list[tuple[str, Share, Share]]:
    """Each stage, its published share of all awarded people, and the simulated one.

    Who was not revoked has bought a first class (R06, R07): that share follows from the revocations.
    """
    total, awarded = lived.total, published.AWARDED
    bought = Share(
        awarded - published.REVOKED.of, awarded, f"who was not revoked; {published.REVOKED.source}"
    )
    stages = [
        ("awarded", Share(awarded, awarded, "the cohort of 2021"), total.awarded),
        ("bought in time", bought, total.awarded - total.revoked),
        ("finished a training", published.FINISHED, total.finished),
        ("paid an incentive", published.PAID, total.paid),
    ]
    return [(what, share, Share(count, total.awarded)) for what, share, count in stages]
