"""What participation refuses. Pure."""

from __future__ import annotations


class RejectedError(ValueError):
    """What someone sent cannot be taken; str() says what to do instead."""
