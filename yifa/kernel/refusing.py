"""What is refused outside the procedures: by registers, desks, pages and imports. Pure."""

from __future__ import annotations

from yifa.kernel.citing import Article


class RejectedError(ValueError):
    """What someone sent or asked cannot be taken; str() says what to do instead and names the articles, fit to be read aloud."""

    def __init__(self, text: str, *cites: Article) -> None:
        self.cites = cites
        super().__init__(f"{text}（{'、'.join(str(each) for each in cites)}）" if cites else text)
