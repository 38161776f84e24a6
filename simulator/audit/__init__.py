"""Checks between books and records, and statements and exports of the books."""
