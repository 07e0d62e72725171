"""Splitting an article into 款, 项 and 目; what is irregular is reported and nothing is lost."""

from __future__ import annotations

from yifa.laws.texts import SourceArticle, split


def nodes_of(*articles: SourceArticle) -> dict[str, str]:
    return {node.key: node.text for node in split(articles).nodes}


def one(text: str, label: str = "第一条") -> dict[str, str]:
    return nodes_of(SourceArticle(label, text))


def test_paragraphs_are_kuan_and_carry_no_number() -> None:
    assert one("第一款的话。\n第二款的话。") == {"t1": "第一款的话。\n第二款的话。", "t1.k1": "第一款的话。", "t1.k2": "第二款的话。"}


def test_xiang_belong_to_the_kuan_before_them() -> None:
    found = one("有下列情形之一的：\n（一）甲；\n（二）乙。\n前款的话。")
    assert found["t1.k1"] == "有下列情形之一的：\n（一）甲；\n（二）乙。"
    assert (found["t1.k1.x1"], found["t1.k1.x2"], found["t1.k2"]) == ("（一）甲；", "（二）乙。", "前款的话。")


def test_mu_belong_to_their_xiang() -> None:
    found = one("按下列规定：\n（一）货物：\n1.农产品；\n2.自来水；\n（二）服务。")
    assert (found["t1.k1.x1.m1"], found["t1.k1.x1.m2"]) == ("1.农产品；", "2.自来水；")
    assert found["t1.k1.x2"] == "（二）服务。"


def test_a_paragraph_between_two_xiang_belongs_to_the_first() -> None:
    found = one("按下列规定：\n（一）甲。\n甲的补充。\n（二）乙。")
    assert found["t1.k1.x1"] == "（一）甲。\n甲的补充。"
    assert "t1.k2" not in found


def test_a_list_without_numbers_stays_in_its_kuan() -> None:
    found = one("由下列人员组成：\n委员长，\n秘书长，\n委员若干人。\n组成人员应当有适当名额。")
    assert found["t1.k2"] == "组成人员应当有适当名额。"
    assert "t1.k3" not in found


def test_a_broken_sentence_is_joined_and_reported() -> None:
    result = split([SourceArticle("第一条", "所需费\n用由当事人承担。\n第二款。")])
    texts = {node.key: node.text for node in result.nodes}
    assert texts["t1.k1"] == "所需费用由当事人承担。"
    assert texts["t1.k2"] == "第二款。"
    assert result.irregular == ["段落在句中断开,已接上:第一条"]


def test_inserted_articles_keep_their_number() -> None:
    found = nodes_of(SourceArticle("第一百二十条", "甲。"), SourceArticle("第一百二十条之一", "乙。\n丙。"))
    assert found["t120_1.k2"] == "丙。"


def test_a_missing_article_is_reported() -> None:
    result = split([SourceArticle("第一条", "甲。"), SourceArticle("第四条", "乙。")])
    assert result.irregular == ["之前缺第二条至第三条:第四条"]
    assert result.articles == 2


def test_a_repeated_article_is_kept_under_another_key() -> None:
    result = split([SourceArticle("第一条", "甲。"), SourceArticle("第一条", "乙。")])
    assert [node.text for node in result.nodes if node.kind == "条"] == ["甲。", "乙。"]
    assert len({node.key for node in result.nodes}) == len(result.nodes)
    assert any("重复出现" in reason for reason in result.irregular)


def test_zero_width_characters_are_removed_and_reported() -> None:
    result = split([SourceArticle("第一条", "甲\u200b乙。")])
    assert result.nodes[0].text == "甲乙。"
    assert result.irregular == ["含有不可见字符,已删去:第一条"]


def test_chapters_that_start_again_get_keys_of_their_own() -> None:
    result = split(
        [
            SourceArticle("第一条", "甲。", zhang="第一章 总则"),
            SourceArticle("第二条", "乙。", zhang="第二章 分则", jie="第一节 通则"),
            SourceArticle("第三条", "丙。", zhang="第一章 一般规定"),
        ]
    )
    assert [(node.key, node.heading) for node in result.nodes if node.heading] == [
        ("z1", "总则"),
        ("z2", "分则"),
        ("z2.j1", "通则"),
        ("b2.z1", "一般规定"),
    ]
    assert next(node.parent for node in result.nodes if node.key == "t2") == "z2.j1"


def test_a_heading_glued_to_an_article_becomes_a_heading() -> None:
    result = split(
        [
            SourceArticle("第一条", "甲。\n第二编 物 权\n第一分编 通 则", zhang="第一章 总则"),
            SourceArticle("第二条", "乙。", zhang="第一章 一般规定"),
        ]
    )
    by_key = {node.key: node for node in result.nodes}
    assert by_key["t1"].text == "甲。"
    assert (by_key["b2"].heading, by_key["b2.f1"].heading, by_key["b2.f1.z1"].heading) == ("物 权", "通 则", "一般规定")
    assert (by_key["b2.f1"].parent, by_key["b2.f1.z1"].parent, by_key["t2"].parent) == ("b2", "b2.f1", "b2.f1.z1")


def test_an_annex_is_not_taken_for_a_kuan() -> None:
    result = split([SourceArticle("第一条", "本法自2020年1月1日起施行。\n附：\n税率表\n甲 | 1")])
    assert [(node.key, node.kind) for node in result.nodes] == [("t1", "条"), ("t1.k1", "款"), ("t1.f1", "附件")]


def test_entries_of_decisions_are_addressable_but_not_split() -> None:
    result = split([SourceArticle("条目一", "将第一条修改为：“甲。\n“乙。”"), SourceArticle("条目二", "丙。")])
    assert [(node.key, node.kind) for node in result.nodes] == [("e1", "条目"), ("e2", "条目")]
    assert result.irregular == []


def test_a_text_without_articles_is_reported() -> None:
    assert split([]).irregular == ["没有条文:全文"]
    assert split([SourceArticle("第一条", "")]).irregular == ["没有正文:第一条"]
