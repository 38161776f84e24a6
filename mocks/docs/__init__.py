"""Documents that follow from the code."""
