"""The books: double entry, and what each event books."""
