"""Why the register refuses an act: the one exception that its pages know. The text is fit for the person who reads it."""

from __future__ import annotations

from yifa.kernel.citing import Article


class NotAllowed(Exception):
    """`text` says what is wrong, `cites` which articles want it so, `unblock` who can help."""

    def __init__(self, text: str, *cites: Article, unblock: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.cites = cites
        self.unblock = unblock

    def finding(self) -> dict[str, object]:
        """As `part/refusal.html` shows it."""
        cites = [{"label": str(article), "url": ""} for article in self.cites]
        return {"text": self.text, "cites": cites, "unblock": self.unblock, "severity": "block"}
