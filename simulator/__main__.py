"""`python -m simulator` is `prakerja-sim`."""

from simulator.cli import main

main()
