"""What an endpoint is, for every party alike."""
