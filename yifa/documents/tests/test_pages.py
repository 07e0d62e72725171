"""The printed pages: every form with every kind of case, what poppler reads from them, where the text stands, what the archive wants."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from yifa.documents import fitting, rules, samples
from yifa.documents.rendering import Rendered, layout, preview, render
from yifa.documents.rules import Form
from yifa.documents.typesetting import LayoutError
from yifa.enforcement import forms
from yifa.enforcement.forms.declared import ADDRESS, CORRECTION, DECISION, FORMS, NO_PENALTY, ORDER, SERVICE

FOLDER = Path(forms.__path__[0])
ENTITY = {
    "kind": "entity",
    "name": "内蒙古样本旗堃喆犇生态畜牧业农民专业合作社联合社有限责任公司",
    "credit_code": "91150000MA0N000000",
    "representative": "阿拉坦格日乐·巴特尔苏和额尔敦朝鲁",
    "post": "理事长",
    "phone": "0483-00000000",
    "address": "内蒙古自治区样本盟样本旗额鲁特东路与雅布赖路交叉口西南角综合楼三单元1201室",
}
TRADER = {
    "kind": "trader",
    "name": "昆都仑区样本奶食品店",
    "credit_code": "92150203MA0N000000",
    "operator": "额尔敦其其格",
    "identity_number": "150203198001010000",
    "phone": "13800000000",
    "address": "包头市昆都仑区样本街28号",
}
LEAST = {"kind": "natural", "name": "张堃", "identity_number": "150203198001010000"}
PAID = (
    {"way": "code", "payment_code": "15020026000000000018", "channel": "手机银行", "due_on": samples.DAY},
    {"way": "on_the_spot", "ground": "依法给予一百元以下罚款", "receipt_number": ""},
)
FACTS = "2026年3月2日9时许，执法人员巡查时发现当事人未经批准在人行道上摆放货架、遮阳棚从事经营活动，占用城市道路约12平方米。" * 8
DIGEST = hashlib.sha256(b"arrival").hexdigest()


def made(form: Form, values: dict[str, Any]) -> Rendered:
    return render(form, values, folder=FOLDER, region="150203", number=f"包昆城管{form.series}〔2026〕18号" if form.series else "")


def poppler(command: str, pdf: bytes, *options: str) -> str:
    """What poppler, which shares no code with the typesetter, reads from the file."""
    if shutil.which(command) is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{command} is missing")
        pytest.skip(f"{command} is missing")
    return subprocess.run([command, *options, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def words(pdf: bytes) -> list[tuple[str, float, float, float, float]]:
    """(text, left, top, right, bottom) in millimetres."""
    box = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
    found = re.findall(box, poppler("pdftotext", pdf, "-bbox"))
    left, top, right, bottom = ([float(word[n]) * 25.4 / 72 for word in found] for n in range(4))
    return list(zip((word[4] for word in found), left, top, right, bottom, strict=True))


def above_the_signatures(pdf: bytes) -> list[tuple[str, float, float, float, float]]:
    found = words(pdf)
    return found[: next(n for n, word in enumerate(found) if "（签名）" in word[0])]


def cases() -> Iterator[Any]:
    """Every form with every kind of party, every choice it offers, and every way a fine is paid."""
    for form in FORMS:
        for n, party in enumerate((samples.sample(DECISION)["party"], LEAST, TRADER, ENTITY)):
            yield pytest.param(form, {"party": party}, id=f"{form.key}-party{n}")
        for state in form.states:
            if state.type == rules.CHOICE:
                for key, _label in state.choices:
                    yield pytest.param(
                        form, {state.key: key} | ({"mode": "D2"} if state.key == "left_proof" else {}), id=f"{form.key}-{key}"
                    )
    for n, paid in enumerate(PAID):
        yield pytest.param(DECISION, {"payment": paid}, id=f"paid{n}")
    for sanctions in (["警告"], ["罚款"]):
        yield pytest.param(DECISION, {"sanctions": sanctions}, id="".join(sanctions))


@pytest.mark.parametrize(("form", "chosen"), list(cases()))
def test_every_form_prints_every_kind_of_case_and_every_text_of_it(form: Form, chosen: dict[str, Any]) -> None:
    values = samples.sample(form, **chosen)
    done = made(form, values)
    found = bare(poppler("pdftotext", done.pdf))
    party = values["party"]
    wanted = (
        [value for key, value in party.items() if key not in {"kind", "identity_kind", "birth"}] if form is not SERVICE else [party["name"]]
    )
    wanted += [form.title, values["organisation"], values["case_code"]]
    wanted += [
        dict(state.choices)[values[state.key]]
        for state in form.states
        if state.type == rules.CHOICE and state.key in values.keys() - {"way"}
    ]
    for text in wanted:
        assert bare(text) in found, text
    if form is ORDER:
        assert ("立即改正" if values["way"] == "now" else "于2026年3月2日前改正") in found
    assert "none" not in found
    assert "＿" not in found


def test_poppler_reads_the_very_characters_that_were_stated() -> None:
    place = "昆都仑区第1号街坊A座（原2号楼）3层“样本”店，WiFi·5G"
    lines = poppler("pdftotext", made(DECISION, samples.sample(DECISION, place=place)).pdf, "-layout").splitlines()
    assert any(place in line for line in lines)
    assert any("样本执法局" in line for line in lines)
    assert "第 1 号" not in "".join(lines)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_nothing_stands_outside_the_margins(form: Form) -> None:
    values = samples.signed(form, party=ENTITY, officers=[{"name": "额尔敦陶克陶呼毕力格图", "certificate": "15000000000000000001"}] * 2)
    if form is SERVICE:
        values |= samples.sample(SERVICE, mode="D3", log_hash=DIGEST, channel="https://example.org/service?account=" + "15020319800101" * 2)
    found = words(made(form, values).pdf)
    assert len(found) > 20
    for text, left, top, right, bottom in found:
        # Half of a full-width mark at the edge of a line is empty and may hang over: 3 mm at the largest size.
        assert left > 26 - 3, text
        assert top > 13, text
        assert right < 210 - 24 + 3, text
        assert bottom < 297 - 4, text


def test_a_digest_is_printed_whole() -> None:
    values = samples.sample(SERVICE, mode="D3", log_hash=DIGEST)
    assert DIGEST in bare(poppler("pdftotext", made(SERVICE, values).pdf))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_each_file_is_tagged_and_made_to_be_kept(form: Form) -> None:
    root: Any = PdfReader(BytesIO(made(form, samples.signed(form)).pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "zh-CN"
    assert root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfaid:part[>=\"]+2", metadata)
    assert re.search(r"pdfaid:conformance[>=\"]+B", metadata)
    assert form.title in metadata
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_every_font_is_embedded_and_says_which_characters_it_draws(form: Form) -> None:
    for page in PdfReader(BytesIO(made(form, samples.sample(form)).pdf)).pages:
        fonts: Any = page["/Resources"]
        for font in fonts["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert "/ToUnicode" in font.get_object()
            assert {"/FontFile2", "/FontFile3"} & set(inner.get_object())


@pytest.mark.parametrize("form", [form for form in FORMS if form is not CORRECTION], ids=lambda form: form.key)
def test_who_signs_is_bound_to_the_page_he_saw(form: Form) -> None:
    unsigned = made(form, samples.sample(form))
    signed = samples.signed(form)
    for value in signed.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and "strokes" in each:
                each["binds"] = unsigned.sha256
    done = made(form, signed)
    assert done.unsigned_sha256 == unsigned.sha256 == hashlib.sha256(unsigned.pdf).hexdigest()
    assert unsigned.sha256 in bare(poppler("pdftotext", done.pdf))
    assert above_the_signatures(done.pdf) == above_the_signatures(unsigned.pdf)


def test_a_long_account_of_a_refusal_moves_no_line_that_was_read_before() -> None:
    values = samples.sample(DECISION, party=TRADER)
    refused = values | {"refusal": "当事人阅看后以“要等家人商量”为由拒绝签名，经执法人员再次说明仍然拒绝。" * 6, "witness": "赵样本"}
    unsigned, done = made(DECISION, values), made(DECISION, refused)
    assert words(done.pdf)[:40] == words(unsigned.pdf)[:40]
    assert done.unsigned_sha256 == unsigned.sha256
    assert bare(refused["refusal"]) in bare(poppler("pdftotext", done.pdf))


@pytest.mark.parametrize("count", [1, 40])
def test_each_page_says_which_of_how_many_it_is(count: int) -> None:
    done = made(ORDER, samples.sample(ORDER, facts="占用道路经营，经告知后仍未改正。" * count))
    pages = poppler("pdftotext", done.pdf).split("\f")[:-1]
    assert len(pages) == done.pages == (1 if count == 1 else 2)
    for n, page in enumerate(pages, 1):
        assert f"第{n}页共{done.pages}页" in bare(page)


def test_a_size_that_was_guessed_too_large_only_costs_another_run(monkeypatch: pytest.MonkeyPatch) -> None:
    values = samples.sample(DECISION)
    usual = made(DECISION, values)
    monkeypatch.setattr(fitting, "sizes", lambda texts, source: fitting.SIZES)
    assert made(DECISION, values).pages == usual.pages == 1
    monkeypatch.setattr(fitting, "sizes", lambda texts, source: fitting.SIZES[:1])
    spilt = made(DECISION, values)
    assert spilt.pages == 2
    assert "第2页共2页" in bare(poppler("pdftotext", spilt.pdf))


@pytest.mark.parametrize(("form", "last"), [(DECISION, "行政处罚不停止执行"), (NO_PENALTY, "救济途径和期限"), (ORDER, "救济途径和期限")])
def test_no_page_bears_signatures_and_nothing_else(form: Form, last: str) -> None:
    split = 0
    for count in range(1, 12):
        values = samples.sample(form, party=ENTITY, facts="占用道路经营，经告知后仍未改正。" * 5 * count)
        pages = poppler("pdftotext", made(form, values).pdf).split("\f")[:-1]
        if len(pages) > 1:
            split += 1
            assert last in bare(pages[-1])
    assert split > 3


def test_a_witness_signs_where_one_was_called_and_nowhere_else() -> None:
    called = samples.signed(SERVICE, mode="D2", left_proof="witness")
    found = bare(poppler("pdftotext", made(SERVICE, called).pdf))
    assert "见证人（签章）" in found
    assert "受送达人（签名）" not in found
    filmed = bare(poppler("pdftotext", made(SERVICE, samples.sample(SERVICE, mode="D2", left_proof="recording")).pdf))
    assert "见证人（签章）" not in filmed


def test_demands_end_with_their_stops() -> None:
    found = bare(poppler("pdftotext", made(ORDER, samples.sample(ORDER, requirements=["停止占道", "清理物品。", "恢复原状"])).pdf))
    assert "1．停止占道；2．清理物品。3．恢复原状。" in found


def test_where_to_pay_stands_in_lines_of_its_own() -> None:
    lines = [line.strip() for line in poppler("pdftotext", made(DECISION, samples.sample(DECISION)).pdf, "-layout").splitlines()]
    assert "收款账号：0000000000000000001" in lines


def test_a_fault_of_a_layout_is_told_without_the_values_of_the_case(tmp_path: Path) -> None:
    source = layout(ADDRESS, FOLDER, "").read_text(encoding="utf-8")
    (tmp_path / ADDRESS.template).write_text(source.replace("#header(doc)", "#headed(doc)"), encoding="utf-8")
    with pytest.raises(LayoutError, match="headed") as told:
        render(ADDRESS, samples.sample(ADDRESS, party=TRADER), folder=tmp_path, region="")
    assert ADDRESS.template in str(told.value)
    assert "额尔敦其其格" not in str(told.value)
    (tmp_path / ADDRESS.template).write_text("#nothing(doc) " + source, encoding="utf-8")
    with pytest.raises(LayoutError) as first:
        render(ADDRESS, samples.sample(ADDRESS, party=TRADER), folder=tmp_path, region="")
    assert "额尔敦其其格" not in str(first.value)


def test_a_draft_of_a_long_document_shows_all_its_pages() -> None:
    assert len(preview(DECISION, samples.sample(DECISION, party=ENTITY, facts=FACTS), folder=FOLDER, region="").pictures) == 2
