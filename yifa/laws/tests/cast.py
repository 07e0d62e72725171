"""Small invented laws for the tests of the library: 《试验管理法》 in two versions, 《试验条例》 that repeals another."""

from __future__ import annotations

from datetime import date

from yifa.laws.texts import SourceArticle, SourceText


def text(
    title: str,
    version: str,
    *articles: str,
    effective: str | None = None,
    claim: str = "现行有效",
    sha256: str = "",
    labels: tuple[str, ...] = (),
) -> SourceText:
    """A source text whose articles are numbered 第一条, 第二条 … unless `labels` says otherwise."""
    names = labels or tuple(f"第{'一二三四五六七八九'[n]}条" for n in range(len(articles)))
    return SourceText(
        path=f"test#{title}@{version}",
        key=f"test:{title}:{version}",
        title=title,
        type="FL",
        form="法律",
        makers=("全国人民代表大会常务委员会",),
        subjects=("行政法",),
        version=version,
        published_on=date.fromisoformat(version),
        effective_on=date.fromisoformat(effective) if effective else date.fromisoformat(version),
        claim=claim,
        articles=tuple(SourceArticle(label, each) for label, each in zip(names, articles, strict=True)),
        sha256=sha256 or f"{hash((title, version, articles)):064x}"[-64:],
    )


LONG_ARTICLE = "有下列情形之一的，责令改正：\n（一）第一种情形；\n（二）第二种情形。\n前款规定的情形由主管部门认定。"
OLD = text("中华人民共和国试验管理法", "2010-05-01", "为了试验，制定本法。", "旧的规定。", effective="2010-06-01", claim="历史版本")
NEW = text(
    "中华人民共和国试验管理法", "2024-03-01", "为了试验，制定本法。", LONG_ARTICLE, "本法自2024年7月1日起施行。", effective="2024-07-01"
)
REPEALED = text("中华人民共和国旧试验法", "2001-01-01", "旧法的第一条。", claim="已废止")
REPEALING = text(
    "中华人民共和国试验法典", "2026-03-12", "本法自2026年8月15日起施行。《中华人民共和国旧试验法》同时废止。", effective="2026-08-15"
)
EARLY = text("中华人民共和国早施行法", "2020-10-17", "修正后的条文。", effective="1985-04-01")
