"""What Tokopedia offers to businesses: distributors who sell on (SAT), institutions that supply (PIS)."""

MARKETPLACE = "tokopedia"
"""Under whose face, credential and key pair all of it stands."""
