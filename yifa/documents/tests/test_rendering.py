"""Documents as PDF: what they say, what they refuse, that the same input is the same file."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from yifa.documents import samples
from yifa.documents.prepare import BLANK, prepare
from yifa.documents.rendering import Rendered, layout, preview, render
from yifa.documents.rules import BadValue, Form, MissingGlyph, MissingValue, State
from yifa.enforcement import forms
from yifa.enforcement.forms.declared import ADDRESS, DECISION, FORMS, NO_PENALTY, ORDER, SERVICE

FOLDER = Path(forms.__path__[0])


def png() -> bytes:
    picture = io.BytesIO()
    Image.new("LA", (40, 20), (0, 128)).save(picture, "PNG")
    return picture.getvalue()


def number_of(form: Form) -> str:
    return f"包昆城管{form.series}〔2026〕18号" if form.series else ""


def made(form: Form, values: dict[str, Any]) -> Rendered:
    return render(form, values, folder=FOLDER, region="150203", number=number_of(form))


def text(pdf: bytes) -> str:
    """The text layer without spaces and line ends, which are the page's and not the text's."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_every_form_states_its_particulars_on_one_page(form: Form) -> None:
    values = samples.sample(form)
    done = made(form, values)
    assert done.pages == 1
    found = text(done.pdf)
    for wanted in (form.title, number_of(form), "包头市昆都仑区样本执法局", "2026年3月2日", "张样本", values["case_code"], "第1页"):
        assert wanted in found


def test_the_decision_says_what_article_52_wants_and_puts_reconsideration_first() -> None:
    found = text(made(DECISION, samples.sample(DECISION)).pdf)
    for wanted in (
        "警告；罚款人民币贰佰元整（¥200.00）",
        "《样本条例》第十条第一款",
        "时间2026年3月2日9时30分",
        "李样本（执法证号：05020000001）",
        "自收到本决定书之日起六十日内，向包头市昆都仑区人民政府申请行政复议",
        "应当先申请行政复议",
        "每日按罚款数额的百分之三加处罚款，加处罚款的数额不超出罚款的数额",
        "（至2026年3月17日止）",
        "身份核对码：7K3M9Q",
        "本决定书当场交付当事人",
    ):
        assert wanted in found, wanted


def test_each_other_form_says_what_it_is_for() -> None:
    assert "不予行政处罚" in text(made(NO_PENALTY, samples.sample(NO_PENALTY)).pdf)
    assert "教育记录：根据《行政处罚法》第三十三条第三款" in text(made(NO_PENALTY, samples.sample(NO_PENALTY)).pdf)
    assert "监护人责任" in text(made(NO_PENALTY, samples.sample(NO_PENALTY, ground="under_14")).pdf)
    assert "于2026年3月2日前改正" in text(made(ORDER, samples.sample(ORDER, way="by")).pdf)
    assert "以文书退回之日为送达之日" in text(made(ADDRESS, samples.sample(ADDRESS)).pdf)
    for mode, wanted in (("D2", "拒收事由"), ("D3", "到达记录校验"), ("D4", "邮件号码"), ("D5", "受托转交单位"), ("D6", "经过三十日")):
        assert wanted in text(made(SERVICE, samples.sample(SERVICE, mode=mode)).pdf)


def test_a_fine_collected_on_the_spot_names_the_finance_receipt_and_no_bank() -> None:
    payment = {"way": "on_the_spot", "ground": "依法给予一百元以下罚款", "receipt_number": "A0001234"}
    found = text(made(DECISION, samples.sample(DECISION, payment=payment)).pdf)
    assert "票据号码：A0001234" in found
    assert "收款账号" not in found


def test_a_warning_alone_mentions_no_payment() -> None:
    found = text(made(DECISION, samples.sample(DECISION, sanctions=["警告"])).pdf)
    assert "以下行政处罚：警告。" in found
    assert "罚款的缴纳" not in found


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_every_form_holds_the_longest_plausible_values(form: Form) -> None:
    party = {
        "kind": "entity",
        "name": "内蒙古阿拉善左旗巴彦浩特镇苏木图嘎查沙漠生态畜牧业农民专业合作社联合社有限责任公司",
        "credit_code": "91150000MA0N000000",
        "representative": "阿拉坦格日乐·巴特尔苏和额尔敦朝鲁",
        "address": "内蒙古自治区阿拉善盟阿拉善左旗巴彦浩特镇额鲁特东路与雅布赖路交叉口西南角新华社区综合楼三单元1201室" * 2,
        "phone": "0483-00000000",
    }
    officers = [{"name": "额尔敦陶克陶呼毕力格图", "certificate": "15000000000000000001"}] * 3
    values = samples.signed(form, party=party, officers=officers, item="未按规定" * 40)
    values |= {state.key: "占用道路经营，经告知后仍未改正。" * 60 for state in form.states if state.key == "facts"}
    done = made(form, values)
    found = text(done.pdf)
    assert form is SERVICE or party["representative"] in found
    assert found.count("额尔敦陶克陶呼毕力格图") == (3 if any(state.key == "officers" for state in form.states) else 0)
    assert done.pages <= 4


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_each_missing_particular_is_named_with_file_and_variable(form: Form) -> None:
    whole = samples.sample(form)
    for key in whole:
        with pytest.raises(MissingValue) as missing:
            prepare(
                form, {each: value for each, value in whole.items() if each != key} | ({"electronic": "yes"} if key == "channels" else {})
            )
        assert form.template in str(missing.value)
        assert f"变量 {key}" in str(missing.value)


def test_a_missing_part_of_a_structure_is_named_too() -> None:
    party = {key: value for key, value in samples.sample(DECISION)["party"].items() if key != "identity_number"}
    with pytest.raises(MissingValue, match=r"party\.identity_number.*第五十二条"):
        made(DECISION, samples.sample(DECISION, party=party))


def test_a_form_of_a_series_has_its_number() -> None:
    with pytest.raises(MissingValue, match="文号"):
        render(DECISION, samples.sample(DECISION), folder=FOLDER, region="150203")


def test_rare_names_print_and_unknown_characters_are_named_with_their_field() -> None:
    party = samples.sample(DECISION)["party"]
    assert "堃喆犇" in text(made(DECISION, samples.sample(DECISION, party=party | {"name": "堃喆犇"})).pdf)
    with pytest.raises(MissingGlyph, match=r"当事人.*party.*“𠮷”（U\+20BB7）"):
        made(DECISION, samples.sample(DECISION, party=party | {"name": "张𠮷"}))


def test_text_that_would_turn_the_reading_is_refused_and_invisible_spaces_go() -> None:
    with pytest.raises(BadValue, match=r"U\+202E"):
        made(DECISION, samples.sample(DECISION, place="甲\u202e乙"))
    assert prepare(DECISION, samples.sample(DECISION, place="甲\u200b乙")).values["place"] == "甲乙"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="#$[]{}\\\"'`*_@<>=/-~;:!甲乙1a()（）&%|^+ \n", min_size=1, max_size=60).filter(lambda value: value.strip()))
def test_no_value_is_read_as_layout_code(nasty: str) -> None:
    found = text(made(ORDER, samples.sample(ORDER, facts=nasty)).pdf)
    assert "违法事实：" + re.sub(r"\s", "", nasty) in found


def test_the_text_layer_is_exact() -> None:
    pages = PdfReader(io.BytesIO(made(DECISION, samples.sample(DECISION, place="昆都仑区第1号街坊A座")).pdf)).pages
    assert "昆都仑区第1号街坊A座" in "".join(page.extract_text() for page in pages)


def test_the_file_claims_pdf_a_2b_in_its_metadata() -> None:
    metadata = PdfReader(io.BytesIO(made(DECISION, samples.sample(DECISION)).pdf)).xmp_metadata
    assert metadata is not None
    written = metadata.stream.get_data().decode()
    assert re.search(r"pdfaid:part[>=\"]+2", written)
    assert re.search(r"pdfaid:conformance[>=\"]+B", written)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_the_same_input_is_the_same_file(form: Form) -> None:
    values = samples.signed(form)
    first, again = made(form, values), made(form, dict(reversed(values.items())))
    assert first.pdf == again.pdf
    assert first.sha256 != made(form, values | {"dated": date(2026, 3, 3)}).sha256


def test_a_drawn_signature_binds_the_hash_of_the_unsigned_document() -> None:
    unsigned = made(DECISION, samples.sample(DECISION))
    assert unsigned.sha256 == unsigned.unsigned_sha256
    drawn = samples.signed(DECISION)
    drawn["party_signature"] |= {"binds": unsigned.sha256}
    done = made(DECISION, drawn)
    assert done.unsigned_sha256 == unsigned.sha256 != done.sha256
    assert unsigned.sha256 in text(done.pdf)
    with pytest.raises(BadValue, match="另一份文书"):
        made(DECISION, drawn | {"place": "另一个地点"})


def test_a_refusal_to_sign_stands_in_the_document() -> None:
    values = samples.sample(DECISION) | {"refusal": "当事人拒绝签收，已由执法记录仪记录", "witness": "赵样本"}
    assert "当事人拒绝签收，已由执法记录仪记录见证人：赵样本" in text(made(DECISION, values).pdf)


def test_a_signature_may_be_a_picture_but_nothing_else() -> None:
    made(DECISION, samples.sample(DECISION) | {"party_signature": {"png": png()}})
    strokes: tuple[Any, ...] = ([], [[["1", 2]]], [[[float("nan"), 2]]])
    pictures = (b"<svg/>", png()[:-20], png()[:50] + b"x" + png()[51:])
    for wrong in ("名", *({"png": each} for each in pictures), *({"strokes": each} for each in strokes)):
        with pytest.raises(BadValue, match="当事人签名"):
            prepare(DECISION, samples.sample(DECISION) | {"party_signature": wrong})


def test_a_correction_names_the_document_it_corrects() -> None:
    old = "当场行政处罚决定书（包昆城管当罚〔2026〕17号）"
    assert f"本文书是对{old}的补正" in text(made(DECISION, samples.sample(DECISION, corrects=old)).pdf)


def test_a_draft_shows_blanks_and_lists_what_is_missing() -> None:
    values = samples.sample(DECISION)
    del values["facts"], values["party"]
    values["dated"] = "明天"
    drawn = preview(DECISION, values, folder=FOLDER, region="150203")
    assert [state.key for state in drawn.missing] == ["party", "facts"]
    assert drawn.pictures[0].startswith(b"\x89PNG")
    assert prepare(DECISION, values, draft=True).values["facts"] == [BLANK]
    assert preview(SERVICE, {}, folder=FOLDER, region="").pictures


def test_the_layout_of_the_tightest_region_wins(tmp_path: Path) -> None:
    form = Form("notice", "告示", (), (State("organisation", "机关"), State("dated", "日期")))
    for place in ("", "150000", "150200", "150203"):
        (tmp_path / place).mkdir(exist_ok=True)
        (tmp_path / place / form.template).write_text(place)
    assert layout(form, tmp_path, "150203").parent.name == "150203"
    assert layout(form, tmp_path, "150204").parent.name == "150200"
    assert layout(form, tmp_path, "150102").parent.name == "150000"
    assert layout(form, tmp_path, "522601").parent == tmp_path
    with pytest.raises(FileNotFoundError):
        layout(DECISION, tmp_path, "150203")


LATE = "本文书所载事项于2026年3月2日9时30分办理，2026年3月5日10时12分由样本局李样本补录。补录的理由：停电。"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_every_document_of_an_act_that_was_entered_late_says_so(form: Form) -> None:
    """补录: at the end of the text and at the foot of each page; one that was entered at once says nothing."""
    done = render(form, samples.sample(form), folder=FOLDER, region="150203", number=number_of(form), late=LATE)
    found = text(done.pdf)
    assert re.sub(r"\s", "", LATE) in found
    assert found.count("（补录）") == done.pages
    assert "补录" not in text(made(form, samples.sample(form)).pdf)


def test_a_signature_binds_what_was_signed_and_not_the_note_of_the_late_entry() -> None:
    values = samples.signed(DECISION)
    at_once = made(DECISION, values)
    late = render(DECISION, values, folder=FOLDER, region="150203", number=number_of(DECISION), late=LATE)
    assert late.unsigned_sha256 == at_once.unsigned_sha256
    assert late.sha256 != at_once.sha256
    unsigned = render(DECISION, samples.sample(DECISION), folder=FOLDER, region="150203", number=number_of(DECISION), late=LATE)
    assert unsigned.unsigned_sha256 == at_once.unsigned_sha256 != unsigned.sha256


def test_a_reason_with_a_character_that_no_font_draws_keeps_nothing_from_being_entered() -> None:
    late = LATE.replace("停电", "停电\U0001f50c")
    found = text(render(DECISION, samples.sample(DECISION), folder=FOLDER, region="150203", number=number_of(DECISION), late=late).pdf)
    assert "停电〓" in found
