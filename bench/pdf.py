"""`pdf`: the on-the-spot decision by our typesetter against WeasyPrint: the same content and fonts, one A4 page, other data in every round.

Both sides start from the values of a case and end with a finished PDF in memory, the QR code included, which either side draws anew. Both
write tagged PDF/A-2b and keep what a long-lived process keeps (our compiler with its blocks; WeasyPrint's fonts and parsed style sheet).
Sides take turns at going first. The twin is the same page: the same text in the same order and size, the same paired rows, and one page,
which is checked on both sides before anything is measured.
"""

from __future__ import annotations

import html
import io
import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import weasyprint
from django.conf import settings
from pypdf import PdfReader
from weasyprint.text.fonts import FontConfiguration

from yifa.documents import rendering, samples
from yifa.documents.prepare import prepare
from yifa.documents.typesetting import code_svg
from yifa.enforcement.forms import __path__
from yifa.enforcement.forms.declared import DECISION

GOAL = 10
ROUNDS = 11
PAGES = 6
SHORT = 18
LATE = "到期不缴纳的，每日按罚款数额的百分之三加处罚款，加处罚款的数额不超出罚款的数额。"
FACES = (("Serif", pylopdf_fonts_zh_cn.serif_path()), ("Sans", pylopdf_fonts_zh_cn.sans_path()))
STYLE = (
    "".join(f"@font-face {{ font-family: {name}; src: url({path.as_uri()}) }}" for name, path in FACES)
    + """
@page { size: A4; margin: 16mm 24mm 18mm 26mm; @bottom-left { content: "编号：" string(number); font: 8pt Serif }
  @bottom-right { content: "第" counter(page) "页 共" counter(pages) "页"; font: 8pt Serif } }
body { font: 11pt/1.29 Serif; margin: 0 } h1 { font-size: 22pt; text-align: center; margin: 8pt 0; letter-spacing: .06em; line-height: 1 }
h2 { font-size: 16pt; text-align: center; margin: 0; line-height: 1 } small { font-size: .82em }
.number { string-set: number attr(title); display: flex; justify-content: space-between; text-indent: 0; margin: 0 0 6pt }
.number { border-bottom: 1pt solid }
table { border-collapse: collapse; width: 100%; margin: 0 0 4pt; line-height: 1.23 }
td, th { border: .5pt solid #444; padding: 3.4pt 5pt; font-weight: normal } th { width: 6.2em }
p { text-indent: 2em; margin: 0; text-align: justify } p.quote { text-indent: 0; margin-left: 2em; font-size: .82em }
p.account { text-indent: 0; margin-left: 2em; text-align: left }
p.sign { text-indent: 0; margin: 2mm 0; height: 9mm } u { display: inline-block; width: 34mm; height: 8mm; border-bottom: .4pt solid #777 }
.foot { display: flex; align-items: center; justify-content: space-between; font-size: 8.5pt } svg { height: 21mm }
.seal { text-align: center; font-size: 11pt }
"""
)


def _values(seed: int) -> dict[str, Any]:
    """A decision of its own: other party, day, fine, facts."""
    chosen = random.Random(seed)  # noqa: S311  # test data
    day = samples.DAY + timedelta(days=chosen.randrange(250))
    facts = f"{day.year}年{day.month}月{day.day}日，当事人在第{chosen.randrange(1, 999)}号门前占用道路{chosen.randrange(2, 40)}平方米经营。"
    name = "".join(chosen.choices("张王李赵刘陈杨黄吴周徐孙马朱胡林郭何高罗", k=3))
    party = samples.sample(DECISION)["party"] | {"name": name}
    code = f"http://localhost:8000/c/{chosen.getrandbits(128):032X}"
    return samples.sample(DECISION, dated=day, facts=facts * 3, party=party, fine_fen=chosen.randrange(1, 200) * 100, code=code)


def _ours(values: dict[str, Any], number: str) -> bytes:
    folder = Path(__path__[0])
    return rendering.render(DECISION, values, folder=folder, region="150203", number=number).pdf


def _theirs(fonts: FontConfiguration, style: weasyprint.CSS) -> Callable[[dict[str, Any], str], bytes]:
    def write(values: dict[str, Any], number: str) -> bytes:
        page = weasyprint.HTML(string=_page(prepare(DECISION, values).values, number))
        made: bytes = page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/a-2b", pdf_tags=True)
        return made

    return write


def _page(v: dict[str, Any], number: str) -> str:
    """The same page as HTML: every text that the layout prints, in the same order."""
    rows = [*v["party"]["rows"], ["案由", v["item"]]]
    rows += [[f"执法人员{n}", f"{name}（执法证号：{card}）"] for n, (name, card) in enumerate(v["officers"], 1)]
    rows += [["时间", v["decided_at"]], ["地点", v["place"]]]
    breach, basis = ("、".join(each["cite"] for each in v[key]) for key in ("breach", "basis"))
    quoted = dict.fromkeys(f"{each['cite']}：“{each['text']}”" for each in v["breach"] + v["basis"])
    quotes = "".join(f"<p class=quote>{_(text)}</p>" for text in quoted)
    first, *rest = v["remedy"]["paragraphs"]
    told = [f"{label}：{text}" for label, text in v["payment"]["rows"]]
    informed = "执法人员已出示执法证件，并告知拟处罚的内容、事实、理由、依据和陈述、申辩的权利。"
    parts = [
        ("违法事实", "".join(v["facts"]), ""),
        ("处罚依据", f"你的上述行为违反了{breach}的规定，应当依照{basis}的规定予以处罚。", quotes),
        ("陈述申辩", informed + "".join(v["statement"]), ""),
        ("处罚决定", f"根据《中华人民共和国行政处罚法》第五十一条和上述规定，当场决定给予你以下行政处罚：警告；罚款{v['fine_fen']}。", ""),
        (
            "罚款的缴纳",
            f"自收到本决定书之日起十五日内（至{v['payment']['due']}止），到指定的银行或者通过电子支付系统缴纳罚款。{LATE}",
            f"<p class=account>{_('；'.join(told[:-1]))}<br>{_(told[-1])}</p>",
        ),
        ("救济途径和期限", first, "".join(f"<p><b>{_(each)}</b></p>" for each in rest)),
    ]
    text = "".join(f"<p><b>{label}：</b>{_(body)}</p>{more}" for label, body, more in parts)
    return (
        f"<html lang=zh><title>{DECISION.title}</title><body><h2>{_(v['organisation'])}</h2><h1>{DECISION.title}</h1>"
        f"<p class=number title={_(number)}><small>案件编号：{_(v['case_code'])}</small> <span>{_(number)}</span></p>"
        f"<table>{_table(rows)}</table>{text}"
        f"<p>{v['remedy']['without_stay']}</p><p class=quote>{v['remedy']['cites']}</p>"
        f"<p class=sign>执法人员（签名）：<u></u> <u></u></p><p class=sign>当事人（签名）：<u></u>　　　　年　　月　　日</p>"
        f"<div class=foot>{code_svg(v['code'])}<div><b>一案一码</b><br>扫码核验真伪、缴纳罚款、<br>查询救济期限、下载文书<br>"
        f"身份核对码：<b>{_(v['proof'])}</b></div>"
        f"<div class=seal>{_(v['organisation'])}<br>{v['dated']}<br><small>（印章）</small></div></div>"
        f"<small>本决定书当场交付当事人。一式两份，一份交当事人，一份由行政机关备案存档。</small>"
    )


def _table(rows: list[list[str]]) -> str:
    """Two short records share a line, as in our layout."""
    lines, at = [], 0
    while at < len(rows):
        pair = rows[at : at + 2]
        if len(pair) == 2 and all(len(text) <= SHORT for _label, text in pair):
            lines.append("".join(f"<th>{_(label)}</th><td>{_(text)}</td>" for label, text in pair))
            at += 2
        else:
            lines.append(f"<th>{_(rows[at][0])}</th><td colspan=3>{_(rows[at][1])}</td>")
            at += 1
    return "".join(f"<tr>{line}</tr>" for line in lines)


def _(text: str) -> str:
    return html.escape(text)


def pdf() -> dict[str, Any]:
    if not settings.configured:
        settings.configure(FONTS="")
    fonts = FontConfiguration()
    theirs = _theirs(fonts, weasyprint.CSS(string=STYLE, font_config=fonts))
    sides = {"ours": _ours, "theirs": theirs}
    for name, write in sides.items():
        pages = len(PdfReader(io.BytesIO(write(_values(0), "样当罚〔2026〕1号"))).pages)
        if pages != 1:
            raise RuntimeError(f"{name}: the page to be compared has become {pages} pages")
    rounds, spent = [], {"ours": 0.0, "theirs": 0.0}
    for turn in range(ROUNDS):
        took = {}
        cases = [(_values(seed), f"样当罚〔2026〕{seed}号") for seed in range(1 + turn * PAGES, 1 + (turn + 1) * PAGES)]
        for name in sorted(sides, reverse=bool(turn % 2)):
            code_svg.cache_clear()
            began = time.perf_counter()
            for values, number in cases:
                sides[name](values, number)
            took[name] = (time.perf_counter() - began) / PAGES
            spent[name] += took[name]
        rounds.append(took["theirs"] / took["ours"])
    ours, other = (spent[name] / ROUNDS * 1000 for name in ("ours", "theirs"))
    return {
        "name": "pdf",
        "ratio": statistics.median(rounds),
        "goal": GOAL,
        "rounds": rounds,
        "unit": "times as fast as WeasyPrint",
        "note": f"one A4 decision: {ours:.1f} ms against {other:.1f} ms; both tagged PDF/A-2b with the QR code, other data in every round",
    }
