"""Mutants that no test can kill, because they do the same: each with the reason."""

EQUIVALENT: dict[tuple[str, str], str] = {
    # (module, what is said of the mutant): why it changes nothing
    ("rules", "schedule_is_of_the_course: operand 2 is dropped"): "that it exists is the rule before it",
    ("rules", "card_is_active: operand 1 is dropped"): "that it is known is a rule before it",
    (
        "rules",
        "resends_are_left: operand 1 is dropped",
    ): "before the first one nothing was sent",
}
