"""The mark of a minute in a badge's code: it tells a badge shown now from a photograph of one.

The mark follows from the badge's token, the minute and the installation's key; nothing is stored. It holds for the minute it was made in
and the next, so that whoever scans it late in a minute still has time to.
"""

from __future__ import annotations

import hmac
from datetime import datetime

from yifa.kernel.people import sealing

SECONDS = 60
LENGTH = 12


def mark(token: str, at: datetime) -> str:
    """The mark of a badge in the minute of `at`."""
    return _of(token, int(at.timestamp()) // SECONDS)


def is_fresh(token: str, given: str, at: datetime) -> bool:
    """Was this mark made in the minute of `at` or the one before?"""
    minute = int(at.timestamp()) // SECONDS
    return any(hmac.compare_digest(_of(token, each).encode(), given.encode()) for each in (minute, minute - 1))


def _of(token: str, minute: int) -> str:
    return sealing.digest(f"{token} {minute}", "badge-mark")[:LENGTH]
