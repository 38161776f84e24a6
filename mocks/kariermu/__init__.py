"""Karier.mu, the work brand of Sekolah.mu: its site and its buyers."""
