"""`python -m prakerja_sim` is `prakerja-sim`."""

from prakerja_sim.cli.main import main

main(prog_name="prakerja-sim")
