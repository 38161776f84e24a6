"""Mutants that no test can kill, because they do the same: each with the reason."""

EQUIVALENT: dict[tuple[str, str], str] = {
    # (module, what is said of the mutant): why it changes nothing
    ("rules", "register: None is returned"): "a rule is called from its table, never by its name",
}
