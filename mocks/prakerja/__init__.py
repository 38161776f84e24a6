"""Prakerja itself: the partner API, and the participant's dashboard."""
