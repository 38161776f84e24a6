"""Measured comparisons, each the median of several runs, A B A B."""
