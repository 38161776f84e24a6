"""The admin API: sandboxes, clock, people, courses, faults, inboxes, books, journal."""
