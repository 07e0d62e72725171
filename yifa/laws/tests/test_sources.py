"""Every way a text comes in, on small files of our own making; what is defective is reported and the rest taken."""

from __future__ import annotations

import lzma
import sqlite3
import tarfile
import zipfile
from datetime import date
from pathlib import Path

import pytest

from yifa.kernel.word.reading import paragraphs
from yifa.laws.services import places
from yifa.laws.sources import archive, finding
from yifa.laws.sources.decoding import decode
from yifa.laws.sources.files import Refused
from yifa.laws.sources.refusing import MB, UnreadableError
from yifa.laws.tests import paper
from yifa.laws.texts import SourceText

PLACES = places()
ARTICLES = """第一条 为了试验，制定本办法。

第二条 有下列情形之一的，责令改正：

（一）甲；

（二）乙。

第三条 本办法自2024年3月1日起施行。
"""


def read(path: Path, *, source: str = "") -> tuple[dict[str, SourceText], dict[str, str]]:
    """(texts by title, reasons by path)."""
    texts, refused = {}, {}
    for each in finding.read(path, PLACES, source=source):
        if isinstance(each, Refused):
            refused[each.path] = each.reason
        else:
            texts[each.title] = each
    return texts, refused


def make_list(root: Path, *rows: tuple[str, str, str | None, str | None, int, str, str]) -> None:
    """db.sqlite3 of a LawRefBook tree: (folder, name, publish, valid_from, expired, level, category)."""
    with sqlite3.connect(root / "db.sqlite3") as database:
        database.execute("CREATE TABLE category (id, name, folder, isSubFolder, 'group', 'order')")
        database.execute(
            "CREATE TABLE law (id, level, name, filename, publish, expired, 'order', subtitle, valid_from, ver, tags, category_id)"
        )
        for number, (folder, name, publish, valid, expired, level, category) in enumerate(rows):
            database.execute("INSERT INTO category VALUES (?,?,?,0,NULL,1)", (number, category, folder))
            database.execute(
                "INSERT INTO law VALUES (?,?,?,NULL,?,?,NULL,NULL,?,1,NULL,?)", (number, level, name, publish, expired, valid, number)
            )


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_lawrefbook_takes_dates_and_status_from_its_list(tmp_path: Path) -> None:
    make_list(
        tmp_path,
        ("行政法规", "试验条例", "2019-03-02", "2008-05-01", 1, "行政法规", "行政法规"),
        ("案例", "某某诉某某案", None, None, 0, "案例", "案例"),
        ("行政法", "不在的法", "2020-01-01", None, 0, "法律", "行政法"),
    )
    head = "# 试验条例\n\n2008年4月1日 中华人民共和国国务院令第500号公布\n\n2019年3月2日 《国务院关于修改部分行政法规的决定》修订\n\n"
    write(tmp_path / "行政法规/试验条例(2019-03-02).md", f"{head}<!-- INFO END -->\n\n## 第一章 总则\n\n{ARTICLES}")
    write(tmp_path / "案例/某某诉某某案.md", "# 某某诉某某案\n\n<!-- INFO END -->\n\n案情。")
    texts, refused = read(tmp_path)
    text = texts["试验条例"]
    assert (text.type, text.version, text.claim, text.makers) == ("XZFG", "2019-03-02", "已废止或者已修改", ("国务院",))
    assert (text.published_on, text.effective_on) == (date(2019, 3, 2), date(2008, 5, 1))
    assert [(article.label, article.zhang) for article in text.articles] == [
        ("第一条", "第一章 总则"),
        ("第二条", "第一章 总则"),
        ("第三条", "第一章 总则"),
    ]
    assert refused == {
        "案例/某某诉某某案.md": "案例不是法律文本,未收录",
        "db.sqlite3#行政法/不在的法(2020-01-01)": "目录中有记录而没有文件",
    }


def test_lawrefbook_puts_the_parts_of_a_code_together(tmp_path: Path) -> None:
    make_list(tmp_path)
    head = "# 中华人民共和国试验法典\n\n# {}\n\n2020年5月28日 第十三届全国人民代表大会第三次会议通过\n\n<!-- INFO END -->\n\n"
    write(tmp_path / "民法典/合同编.md", head.format("合同编") + "## 第一章 通则\n\n第二条 乙。")
    write(tmp_path / "民法典/总则编.md", head.format("总则编") + "## 第一章 通则\n\n第一条 甲。")
    write(tmp_path / "民法典/附则.md", head.format("附则") + "第三条 本法自2021年1月1日起施行。")
    texts, refused = read(tmp_path)
    (text,) = texts.values()
    assert not refused
    assert [(article.label, article.bian) for article in text.articles] == [
        ("第一条", "第一编 总则"),
        ("第二条", "第二编 合同"),
        ("第三条", ""),
    ]
    assert text.effective_on == date(2021, 1, 1)


def test_an_interpretation_is_made_by_those_its_title_names(tmp_path: Path) -> None:
    make_list(tmp_path, ("司法解释", "关于办理试验案件的解释", "2021-01-05", None, 0, "司法解释", "司法解释"))
    head = "# 最高人民法院、最高人民检察院关于办理试验案件的解释\n\n2021年1月4日 最高人民法院审判委员会第1800次会议通过\n\n"
    head += "<!-- INFO END -->\n\n"
    write(tmp_path / "司法解释/关于办理试验案件的解释(2021-01-05).md", head + ARTICLES)
    (text,) = read(tmp_path)[0].values()
    assert (text.type, text.region, text.makers) == ("SFJS", "", ("最高人民法院", "最高人民检察院"))


def test_local_regulations_are_filed_under_their_region(tmp_path: Path) -> None:
    make_list(tmp_path, ("地方性法规/山东", "济南市试验条例", "2020-06-12", None, 0, "地方性法规", "山东"))
    head = "# 济南市试验条例\n\n2020年4月1日 济南市第十七届人民代表大会常务委员会第十次会议通过\n\n"
    head += "2020年6月12日 山东省第十三届人民代表大会常务委员会第二十次会议批准\n\n<!-- INFO END -->\n\n"
    write(tmp_path / "地方性法规/山东/济南市试验条例(2020-06-12).md", head + ARTICLES)
    text = read(tmp_path)[0]["济南市试验条例"]
    assert (text.type, text.region, text.makers, text.adopted_on) == (
        "DFXFG-C",
        "370100",
        ("济南市人民代表大会常务委员会",),
        date(2020, 4, 1),
    )


def test_just_laws_reads_a_law_and_its_parts(tmp_path: Path) -> None:
    law = "---\nsidebar: auto\n---\n\n# 中华人民共和国试验法\n\n2021年1月22日第十三届全国人民代表大会常务委员会第二十五次会议修订\n\n"
    body = "## 第一章　总则\n\n**第一条**　甲。\n\n乙。\n\n**第二条**　本法自2021年7月15日起施行。\n"
    write(tmp_path / "docs/administrative/trial-law/README.md", law + body)
    write(tmp_path / "docs/administrative/trial-code/README.md", law.replace("试验法", "试验法典"))
    write(tmp_path / "docs/administrative/trial-code/00-supplementary.md", "# 附则\n\n**第三条**　本法自2022年1月1日起施行。")
    write(tmp_path / "docs/administrative/trial-code/01-one.md", "# 第一编　总则\n\n### 第一章　一般规定\n\n**第一条**　甲。")
    write(tmp_path / "docs/administrative/trial-code/02-two.md", "# 第二编　物权\n\n## 第一分编　通则\n\n**第二条**　乙。")
    texts, refused = read(tmp_path)
    assert not refused
    assert texts["中华人民共和国试验法"].articles[0].text == "甲。\n乙。"
    assert (texts["中华人民共和国试验法"].version, texts["中华人民共和国试验法"].effective_on) == ("2021-01-22", date(2021, 7, 15))
    code = texts["中华人民共和国试验法典"]
    assert [(article.label, article.bian) for article in code.articles] == [
        ("第一条", "第一编 总则"),
        ("第二条", "第二编 物权\n第一分编 通则"),
        ("第三条", ""),
    ]


def test_front_matter_is_not_believed(tmp_path: Path) -> None:
    block = '---\ntitle: "试验管理条例"\npublish_date: "2001-12-25"\nstatus: "现行有效"\ncategory: "行政法规"\n---\n'
    note = "# 试验管理条例\n\n2001年12月25日 中华人民共和国国务院令第343号公布\n\n"
    note += "2024年12月6日 《国务院关于修改和废止部分行政法规的决定》修订）\n\n"
    write(tmp_path / "试验管理条例(2024-12-06).md", block + note + "<!-- INFO END -->\n\n" + ARTICLES)
    text = read(tmp_path)[0]["试验管理条例"]
    assert (text.version, text.published_on) == ("2024-12-06", date(2024, 12, 6))
    assert any("2001-12-25与题注不符" in defect for defect in text.defects)


REGIONAL = [
    "内蒙古自治区人民政府令",
    "第262号",
    "内蒙古自治区试验管理办法",
    "（2023年10月27日内蒙古自治区人民政府第20次常务会议审议通过　2023年11月1日公布）",
    "第一章　总则",
    "第一条　为了试验，制定本办法。",
    "第二条 旗县级以上人民政府负责试验。",
    "第三条　本办法自2023年12月1日起施行。",
]


def test_the_department_brings_its_own_word_file(tmp_path: Path) -> None:
    paper.docx(tmp_path / "办法.docx", REGIONAL)
    text = read(tmp_path)[0]["内蒙古自治区试验管理办法"]
    assert (text.type, text.region, text.makers) == ("DFZFGZ-P", "150000", ("内蒙古自治区人民政府",))
    assert (text.published_on, text.effective_on, text.adopted_on) == (date(2023, 11, 1), date(2023, 12, 1), date(2023, 10, 27))
    assert "令" in text.number
    assert text.articles[0].text == "为了试验，制定本办法。"


def test_an_order_goes_before_the_text_it_issues(tmp_path: Path) -> None:
    order = [
        "包头市人民政府令",
        "第158号",
        "《包头市试验管理办法》已经2024年1月4日市人民政府第3次常务会议审议通过，现予公布，自2024年3月1日起施行。",
        "市长 某某",
        "2024年1月10日",
        "包头市试验管理办法",
    ]
    paper.docx(tmp_path / "令.docx", [*order, "第一章 总则", "第一条 甲。", "第二条 本办法自2024年3月1日起施行。"])
    notice = ["包府发〔2024〕7号", "包头市人民政府关于印发《包头市测试管理规定》的通知", "各旗、县、区人民政府：", "现印发给你们。"]
    notice += ["包头市人民政府", "2024年2月1日", "包头市测试管理规定", "第一条 甲。", "第二条 本规定自印发之日起施行。"]
    write(tmp_path / "通知.txt", "\n".join(notice))
    texts, _ = read(tmp_path)
    rule, document = texts["包头市试验管理办法"], texts["包头市测试管理规定"]
    assert (rule.type, rule.number, rule.makers) == ("DFZFGZ-C", "包头市人民政府令第158号", ("包头市人民政府",))
    assert (rule.adopted_on, rule.published_on, rule.effective_on) == (date(2024, 1, 4), date(2024, 1, 10), date(2024, 3, 1))
    assert [article.label for article in rule.articles] == ["第一条", "第二条"]
    assert (document.type, document.number, document.published_on, document.effective_on) == (
        "GFXWJ-G",
        "包府发〔2024〕7号",
        date(2024, 2, 1),
        date(2024, 2, 1),
    )


def test_numbers_set_by_word_count_as_articles(tmp_path: Path) -> None:
    lines = ["包头市试验办法", "（2024年1月5日包头市人民政府令第9号公布）"]
    paper.docx(tmp_path / "自动编号.docx", lines, numbered=["为了试验。", "由政府负责。", "本办法自公布之日起施行。"])
    text = read(tmp_path)[0]["包头市试验办法"]
    assert [article.label for article in text.articles] == ["第一条", "第二条", "第三条"]
    assert text.effective_on == date(2024, 1, 5)


def test_a_signed_document_is_dated_by_its_signature(tmp_path: Path) -> None:
    body = "土右政发〔2024〕12号\n土默特右旗人民政府关于印发\n《试验管理办法》的通知\n各苏木乡镇人民政府：\n"
    body += ARTICLES + "\n土默特右旗人民政府\n2024年2月20日\n"
    (tmp_path / "通知.txt").write_bytes(body.encode("gb18030"))
    (text,) = read(tmp_path)[0].values()
    assert (text.title, text.number) == ("土默特右旗人民政府关于印发《试验管理办法》的通知", "土右政发〔2024〕12号")
    assert (text.type, text.region, text.makers, text.published_on) == ("GFXWJ-G", "150221", ("土默特右旗人民政府",), date(2024, 2, 20))
    assert text.articles[-1].text == "本办法自2024年3月1日起施行。"


def test_a_title_that_does_not_name_its_region_is_told_apart(tmp_path: Path) -> None:
    for folder, maker in (("甲", "土默特右旗人民政府"), ("乙", "固阳县人民政府")):
        write(tmp_path / folder / "办法.txt", f"城市养犬管理办法\n（2024年1月1日{maker}公布）\n{ARTICLES}")
    scopes = sorted(each.scope for each in finding.read(tmp_path, PLACES) if isinstance(each, SourceText))
    assert scopes == ["固阳县", "土默特右旗"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_told_apart(encoding: str) -> None:
    text = "第一条　为了加强管理，制定本办法。\n第二条　堃喆犇。\n"
    found = decode(text.encode(encoding))
    assert (found.text.lstrip("\ufeff"), found.defect) == (text, "")


def test_broken_bytes_are_marked_and_counted() -> None:
    found = decode("第一条　甲。".encode() + b"\xff\xfe\xff" + "第二条　乙。".encode())
    assert "第一条" in found.text
    assert "第19字节起" in found.defect


def test_a_large_or_deceitful_word_file_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.docx"
    large.write_bytes(b"PK" + b"\0" * (30 * MB))
    bomb = paper.docx(tmp_path / "bomb.docx", ["甲"], parts=[("word/media/a.bin", b"\0" * (40 * MB))])
    entity = paper.docx(tmp_path / "entity.docx", [], body='<!DOCTYPE a [<!ENTITY b "c">]><w:document xmlns:w="x">&b;</w:document>')
    no_word = tmp_path / "no.docx"
    no_word.write_bytes(b"not a zip")
    for path, reason in (
        (large, "30.0 MB"),
        (bomb, "压缩炸弹"),
        (entity, "实体"),
        (no_word, "不是完好的"),
        (tmp_path / "old.doc", "另存为"),
    ):
        if not path.exists():
            path.write_bytes(b"\xd0\xcf\x11\xe0")
        if path.suffix == ".docx":
            with pytest.raises(UnreadableError, match=reason):
                paragraphs(path)
        assert reason in read(path)[1][path.name]


def test_an_archive_is_unpacked_without_its_tricks(tmp_path: Path) -> None:
    link = tarfile.TarInfo("DLC/link.md")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    head = "# 济南市试验条例\n\n2020年6月12日 济南市人民代表大会常务委员会第十次会议通过\n\n<!-- INFO END -->\n\n"
    path = paper.tar(
        tmp_path / "texts.tar.xz",
        [
            ("../outside.md", b"x"),
            ("/abs.md", b"x"),
            (link, b""),
            ("DLC/试验条例(2020-06-12).md", (head + ARTICLES).encode()),
            ("a.exe", b"MZ"),
        ],
    )
    texts, refused = read(path)
    assert list(texts) == ["济南市试验条例"]
    assert {name.partition("!")[2]: reason for name, reason in refused.items()} == {
        "../outside.md": "路径越出目标文件夹,未取出",
        "/abs.md": "路径越出目标文件夹,未取出",
        "DLC/link.md": "不是普通文件(链接或者设备),未取出",
    }
    assert not (tmp_path.parent / "outside.md").exists()


def test_a_bomb_ends_the_unpacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1 * MB)
    with pytest.raises(UnreadableError, match="压缩炸弹"):
        archive.unpack(paper.tar(tmp_path / "bomb.tar.xz", [("a.bin", b"\0" * (4 * MB))]), tmp_path / "out")
    zipped = tmp_path / "bomb.zip"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("a.md", b"\0" * (4 * MB))
    with pytest.raises(UnreadableError, match="压缩炸弹"):
        archive.unpack(zipped, tmp_path / "out")
    packed = tmp_path / "laws.db.xz"
    packed.write_bytes(lzma.compress(b"\0" * (4 * MB)))
    with pytest.raises(UnreadableError, match="压缩炸弹"):
        archive.unxz(packed, tmp_path / "laws.db")


def test_a_folder_of_several_sources_yields_all(tmp_path: Path) -> None:
    tree = tmp_path / "book"
    tree.mkdir()
    make_list(tree, ("行政法", "试验法", "2020-01-01", "2020-06-01", 0, "法律", "行政法"))
    write(tree / "行政法/试验法(2020-01-01).md", "# 中华人民共和国试验法\n\n<!-- INFO END -->\n\n" + ARTICLES)
    write(tmp_path / "own/办法.txt", "\n".join(REGIONAL))
    (tmp_path / "broken.tar.xz").write_bytes(b"no archive")
    write(tmp_path / "README.md", "# Notes\n")
    texts, refused = read(tmp_path)
    assert set(texts) == {"中华人民共和国试验法", "内蒙古自治区试验管理办法"}
    assert {text.key.partition(":")[0] for text in texts.values()} == {"lawrefbook", "folder"}
    assert "不是完好的压缩文件" in refused["broken.tar.xz"]


def test_the_source_can_be_named(tmp_path: Path) -> None:
    write(tmp_path / "docs/a/b/README.md", "# 试验办法\n\n2020年1月1日公布\n\n**第一条**　甲。")
    assert next(iter(read(tmp_path)[0].values())).key.startswith("just-laws:")
    assert next(iter(read(tmp_path, source="folder")[0].values())).key.startswith("folder:")
    with pytest.raises(UnreadableError, match="没有这个文件"):
        read(tmp_path / "none")
