"""Every document of a matter with the longest that is plausible, and with the least: whole rows, no lone signature, nothing blank."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from yifa.decisions.forms import declared
from yifa.documents import rules, samples
from yifa.documents.rendering import render
from yifa.documents.rules import Form

FOLDER = Path(declared.__file__).parent
FORMS = [each for each in vars(declared).values() if isinstance(each, Form)]
BODY = "内蒙古自治区包头市昆都仑区住房和城乡建设局"
TITLE = (
    "昆都仑区城区集中供热老旧管网改造和沿线道路恢复、绿化提升及既有住宅节能改造同步实施方案"
    "（二〇二六年至二〇二八年）暨配套资金筹措、居民补助和施工期间临时供热保障措施"
)
SAID = "管网老化，冬季爆管多，居民反映强烈，应当分三年改造一百二十公里，同步恢复道路、绿化，资金由区财政和供热企业按比例承担。"
ROWS, MARK = 40, "末"


def pages_of(form: Form, values: dict[str, Any]) -> list[str]:
    made = render(form, values, folder=FOLDER, region="150203", number="包昆建样〔2026〕18号" if form.series else "")
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(BytesIO(made.pdf)).pages]


def longest(form: Form) -> dict[str, Any]:
    """Forty rows a table, each ending in its own mark; three long paragraphs a text; a title of eighty characters."""
    values = samples.sample(form, title=TITLE, organisation=BODY)
    values |= {"headline": TITLE} if "headline" in values else {}
    for state in form.states:
        if state.type == rules.TABLE:
            *first, last = (key for key, _ in state.columns)
            values[state.key] = [dict.fromkeys(first, SAID[: 4 + n % 30]) | {last: f"{SAID[: n % 40]}{MARK}{n}{MARK}"} for n in range(ROWS)]
        elif state.type == rules.LONG:
            values[state.key] = "\n".join([SAID * 3] * 3)
        elif state.type == rules.DATE:
            values[state.key] = date(2026, 11, 22)
        elif state.type == rules.LIST:
            values[state.key] = [SAID[:50]] * 4
    return values


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_the_longest_document_ends_with_words_beside_its_signature(form: Form) -> None:
    """GB/T 9704 knows no 此页无正文; a table keeps all its rows, each on one page."""
    pages = pages_of(form, longest(form))
    told = "".join(pages)
    for state in form.states:
        if state.type == rules.TABLE:
            assert all(f"{MARK}{n}{MARK}" in told for n in range(ROWS)), state.key
    signed = next(n for n, page in enumerate(pages) if "（印章）" in page or n == len(pages) - 1)
    words = pages[signed].split("（印章）")[0].replace(BODY, "").replace("2026年11月22日", "")
    assert len(words) > 10, words
    assert TITLE in told


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_what_was_not_stated_leaves_no_blank(form: Form) -> None:
    told = "".join(pages_of(form, samples.sample(form)))
    assert not re.search(r"none|null|undefined|＿|：。|：；|（）|“”", told), told
