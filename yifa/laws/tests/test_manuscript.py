"""Lines to articles: headings, contents, what is glued, what only looks like an article."""

from __future__ import annotations

from yifa.laws.manuscript import front_matter, lines_of, read


def labels(text: str) -> list[str]:
    return [article.label for article in read(lines_of(text)).articles]


def test_contents_are_left_out_and_headings_kept() -> None:
    text = "试验条例\n目　录\n第一章　总则\n第二章　附则\n第一章　总则\n第一条　甲。\n第二章　附则\n第二条　乙。"
    found = read(lines_of(text))
    assert [(article.label, article.zhang) for article in found.articles] == [("第一条", "第一章 总则"), ("第二条", "第二章 附则")]


def test_an_article_behind_another_is_taken_apart_and_reported() -> None:
    found = read(lines_of("试验条例\n第一条 甲。第二条 乙。\n第三条 丙。"))
    assert [(article.label, article.text) for article in found.articles] == [("第一条", "甲。"), ("第二条", "乙。"), ("第三条", "丙。")]
    assert found.defects == ["连在上一条之后,已分开:第二条"]


def test_a_paragraph_that_begins_with_a_locator_is_no_article() -> None:
    text = "试验条例\n第一条　甲。\n第二条规定的情形，由部门处理。\n第二条为了乙。\n第三条　丙。"
    found = read(lines_of(text))
    assert [article.label for article in found.articles] == ["第一条", "第二条", "第三条"]
    assert found.articles[0].text == "甲。\n第二条规定的情形，由部门处理。"


def test_entries_stand_for_articles_where_there_are_none() -> None:
    found = read(lines_of("试验决定\n为了试验，决定如下：\n一、甲。\n补充。\n二、乙。"))
    assert [(article.label, article.text) for article in found.articles] == [
        ("序言", "为了试验，决定如下："),
        ("条目一", "甲。\n补充。"),
        ("条目二", "乙。"),
    ]
    assert labels("试验决议\n同意甲。\n乙。") == ["全文"]


def test_an_annex_and_a_signature_are_no_part_of_the_last_article() -> None:
    found = read(lines_of("试验办法\n第一条　甲。\n第二条　乙。\n附件：\n收费表\n某某局\n2024年1月5日"))
    assert [(article.label, article.text) for article in found.articles] == [
        ("第一条", "甲。"),
        ("第二条", "乙。"),
        ("附件", "附件：\n收费表"),
    ]
    assert found.tail == ["某某局", "2024年1月5日"]


def test_articles_inserted_keep_their_number() -> None:
    assert labels("试验法\n第一百二十条　甲。\n第一百二十条之一　乙。") == ["第一百二十条", "第一百二十条之一"]


def test_front_matter_is_read_and_taken_off() -> None:
    assert front_matter('---\ntitle: "甲"\ntags:\n  - 乙\n---\n正文') == ({"title": "甲", "tags": ""}, "正文")
    assert front_matter("正文") == ({}, "正文")
