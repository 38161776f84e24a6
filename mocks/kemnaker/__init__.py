"""Kemnaker (Sisnaker in 2021, later SIAPkerja and Skillhub): its site and its buyers."""
