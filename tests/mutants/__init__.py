"""Mutation testing of the modules that decide: see `__main__`."""
