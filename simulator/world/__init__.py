"""What a sandbox is made of: its store, journal, clock, due events, faults and messages."""
