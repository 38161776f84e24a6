"""The programme itself: what may happen, when, and what it costs.

Nothing in here knows the wire, the wall clock or the disk; those are handed in.
"""

VERSION = "0.1.0"
