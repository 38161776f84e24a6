"""Where the pages for partners are, and the code in them."""

import re

from tests.live import REPOSITORY

DOCS = REPOSITORY / "docs"
INDONESIAN, ENGLISH = DOCS / "id", DOCS / "en"
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
"""A block of code: its language and its text."""
