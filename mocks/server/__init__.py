"""The process that serves all parties."""
