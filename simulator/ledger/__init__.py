"""The books: double entry, and the moves of each event."""
