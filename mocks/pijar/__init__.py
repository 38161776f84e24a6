"""Pijar (Pijar Mahir): its site and its buyers."""
