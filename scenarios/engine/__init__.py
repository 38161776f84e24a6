"""Reads, plays and reports stories."""
