"""What a source may refuse, and the bounds beyond which it does. Pure.

The bounds are far above any statute (the longest text of a collection of 3,800 has 0.5 MB) and far below what would hurt a server.
"""

from __future__ import annotations

MB = 1024 * 1024
MAX_TEXT = 8 * MB  # one .txt or .md file, as it lies on disk
MAX_DOCX = 20 * MB
MAX_ARCHIVE = 200 * MB  # packed
MAX_UNPACKED = 512 * MB  # all members together
MAX_MEMBER = 64 * MB
MAX_MEMBERS = 50_000


class UnreadableError(Exception):
    """The file or folder is missing, too large, or not what it should be; str() says which, fit to be shown."""
