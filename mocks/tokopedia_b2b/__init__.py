"""What Tokopedia offers to businesses: distributors who sell on (SAT), institutions that supply (PIS)."""

MARKETPLACE = "tokopedia"
"""The party whose face, credential and key pair are used here."""
