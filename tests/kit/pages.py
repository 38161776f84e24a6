"""Where the pages for partners are, and the code in them."""

import re

from tests.live import REPOSITORY

DOCS = REPOSITORY / "docs"
INDONESIAN, ENGLISH = DOCS / "id", DOCS / "en"
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
"""A block of code: its language and its text."""
PAIRS = [(REPOSITORY / "README.id.md", REPOSITORY / "README.md")]
PAIRS += [(page, ENGLISH / page.name) for page in sorted(INDONESIAN.glob("*.md"))]
"""Each page in Indonesian and in English."""
