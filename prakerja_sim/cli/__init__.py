"""The command line: `prakerja-sim`."""
