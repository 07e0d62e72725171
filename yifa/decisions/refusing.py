"""What the registers of decisions refuse, with the article that wants it otherwise. Pure."""

from __future__ import annotations

from yifa.kernel.citing import Article, Law

R713 = Law("重大行政决策程序暂行条例", "2019-04-20")


class RejectedError(ValueError):
    """Something cannot be done so; str() says what to do instead and names the article."""

    def __init__(self, text: str, *cites: Article) -> None:
        self.cites = cites
        super().__init__(f"{text}（{'、'.join(str(each) for each in cites)}）" if cites else text)
