"""How a reader of files says no. Pure, so that readers which need no library can say it too."""

from __future__ import annotations

MB = 1024 * 1024


class UnreadableError(Exception):
    """The file or folder is missing, too large, or not what it should be; str() says which, fit to be shown."""
