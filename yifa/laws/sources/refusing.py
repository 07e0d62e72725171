"""What a source may refuse, and the bounds beyond which it does. Pure.

The bounds are far above any statute (the longest text of a collection of 3,800 has 0.5 MB) and far below what would hurt a server.
Those of a .docx are kept by its reader (`kernel.word.reading`).
"""

from __future__ import annotations

from yifa.kernel.word.refusing import MB as MB
from yifa.kernel.word.refusing import UnreadableError as UnreadableError

MAX_TEXT = 8 * MB  # one .txt or .md file, as it lies on disk
MAX_ARCHIVE = 200 * MB  # packed
MAX_UNPACKED = 512 * MB  # all members together
MAX_MEMBER = 64 * MB
MAX_MEMBERS = 50_000
