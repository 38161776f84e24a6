"""The page of the faults: what each does, where, and how to write one, from the classes themselves."""

from inspect import cleandoc, getsource

from prakerja_sim.mocks.docs.partner_api import NOTE, table
from prakerja_sim.simulator.world.faults import FAULTS, Fault
from prakerja_sim.simulator.world.faults.messages import SmsFault, SmsLost

PAGE = f"""# Faults

{NOTE}

A fault is armed at `POST /__admin/faults`, in a story with `arm: {{{{fault: sms_lost}}}}`, or on the console.
It strikes the next `times` that something passes its point (once, if nothing is said), and only where
`where` fits.

{{faults}}

## Where

{{points}}

An empty `where` is anywhere, but never the simulator's own admin API: name its path, such as `/clock`.

## How to write one

One class, in any file of `simulator/world/faults/`; every file there is found by itself. It derives from
the class of its point, which says what `apply()` is given and what it answers. Its docstring becomes its
row above: run `make docs`.

The point of text messages, and a whole fault:

```python
{{point}}

{{example}}
```

Where a fault may do one of several things (`http.py`, `supply.py`, `payout.py`), the point hands over an
object with a method for each, and the fault calls one. A fault has no state: what it needs to know is in
what passes. A fault without `apply()` crashes what it strikes, and so its story.
"""


def rows() -> list[dict[str, str]]:
    """Each fault: its point, what goes wrong, what passes there, and what `where` means there."""
    by_point: dict[type[Fault], list[type[Fault]]] = {}
    for kind in FAULTS.values():
        point = next(one for one in kind.__mro__ if "point" in vars(one))
        by_point.setdefault(point, []).append(kind)
    told = []
    for point, kinds in by_point.items():
        passes, _, where = _first_line(point).partition(" `where`: ")
        told += [
            {
                "fault": kind.name,
                "point": kind.point,
                "does": _first_line(kind),
                "passes": passes,
                "where": where,
            }
            for kind in kinds
        ]
    return told


def faults() -> str:
    """The document."""
    told = rows()
    points = {one["point"]: (one["point"], one["passes"], one["where"]) for one in told}
    return PAGE.format(
        faults=table(
            ("fault", "point", "what goes wrong"),
            [(f"`{one['fault']}`", one["point"], one["does"]) for one in told],
        ),
        points=table(("point", "what passes", "`where`"), points.values()),
        point=getsource(SmsFault),
        example=getsource(SmsLost).rstrip(),
    )


def _first_line(kind: type[Fault]) -> str:
    """A class's docstring on one line."""
    return " ".join(cleandoc(kind.__doc__ or "").split())
