"""Whatever a test was refused says why: by rule or values, or by field, in both languages."""

from prakerja_sim.mocks.http import timeline, why


def unexplained(sandbox):
    """The exchanges of a sandbox whose refusal does not say what decided."""
    refused = (one for one in timeline.remembered(sandbox) if one.refusal is not None)
    return [f"{one.method} {one.path}: {one.refusal!r}" for one in refused if not says_why(one.refusal)]


def says_why(problem):
    """Whether a refusal names its reason in both languages and what decided."""
    said = why.explained(problem)
    assert said["fields"].keys() == said["fields_id"].keys()
    decided = {**said["values"], **said["fields"]}
    return bool(decided and decided.get("because") != "" and all(said["says"].values()))
