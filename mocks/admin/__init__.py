"""The simulator's own levers: sandboxes, clock, people, courses, faults, inboxes, books, journal."""
