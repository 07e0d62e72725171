"""`pdf`: the on-the-spot decision by our typesetter against WeasyPrint: the same content and fonts, one A4 page, other data in every round.

Both sides start from the values of a case and end with a finished PDF in memory, the QR code included. Both write tagged
PDF/A-2b and keep what a long-lived process keeps (our compiler; WeasyPrint's fonts and parsed style sheet). Sides take turns
at going first.
"""

from __future__ import annotations

import html
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
from weasyprint.text.fonts import FontConfiguration

from yifa.documents import rendering, samples
from yifa.documents.prepare import prepare
from yifa.documents.typesetting import code_svg
from yifa.enforcement.forms import __path__
from yifa.enforcement.forms.declared import DECISION

GOAL = 10
ROUNDS = 11
PAGES = 6
LATE = "到期不缴纳的，每日按罚款数额的百分之三加处罚款，加处罚款的数额不超出罚款的数额。"
FACES = (("Serif", pylopdf_fonts_zh_cn.serif_path()), ("Sans", pylopdf_fonts_zh_cn.sans_path()))
STYLE = (
    "".join(f"@font-face {{ font-family: {name}; src: url({path.as_uri()}) }}" for name, path in FACES)
    + """
@page { size: A4; margin: 18mm 24mm 20mm 26mm; @bottom-left { content: string(number); font: 8pt Serif }
  @bottom-right { content: "第" counter(page) "页 共" counter(pages) "页"; font: 8pt Serif } }
body { font: 11pt/1.25 Serif; margin: 0 } h1 { font-size: 19pt; text-align: center; margin: 4pt 0 }
h2 { font-size: 13pt; text-align: center; margin: 0 }
.number { text-indent: 0; string-set: number content(); text-align: right; margin: 0; border-bottom: 1pt solid } small { font-size: 9pt }
table { border-collapse: collapse; width: 100%; margin: 4pt 0 } td, th { border: .5pt solid #444; padding: 2pt 5pt; font-weight: normal }
p { text-indent: 2em; margin: 2pt 0; text-align: justify } svg { height: 21mm }
"""
)


def _values(seed: int) -> dict[str, Any]:
    """A decision of its own: other party, day, fine, facts."""
    chosen = random.Random(seed)  # noqa: S311  # test data
    day = samples.DAY + timedelta(days=chosen.randrange(250))
    facts = f"{day.year}年{day.month}月{day.day}日,当事人在第{chosen.randrange(1, 999)}号门前占用道路{chosen.randrange(2, 40)}平方米经营。"
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
    rows = [*v["party"]["rows"], ["案由", v["item"]], *([["执法人员", f"{name}（执法证号：{card}）"] for name, card in v["officers"]])]
    rows += [["时间", v["decided_at"]], ["地点", v["place"]]]
    table = "".join(f"<tr><th>{_(label)}</th><td>{_(text)}</td></tr>" for label, text in rows)
    cites = "、".join(each["cite"] for each in v["breach"])
    pay = "；".join(f"{label}：{text}" for label, text in v["payment"]["rows"])
    parts = [
        ("违法事实", "".join(v["facts"])),
        ("处罚依据", f"你的上述行为违反了{cites}的规定，应当依照{cites}的规定予以处罚。{v['basis'][0]['cite']}：“{v['basis'][0]['text']}”"),
        ("陈述申辩", "执法人员已出示执法证件，并告知拟处罚的内容、事实、理由、依据和陈述、申辩的权利。" + "".join(v["statement"])),
        ("处罚决定", f"根据《中华人民共和国行政处罚法》第五十一条和上述规定，当场决定给予你以下行政处罚：警告；罚款{v['fine_fen']}。"),
        (
            "罚款的缴纳",
            f"自收到本决定书之日起十五日内（至{v['payment']['due']}止），到指定的银行或者通过电子支付系统缴纳罚款。{pay}。{LATE}",
        ),
        ("救济途径和期限", "".join([*v["remedy"]["paragraphs"], v["remedy"]["without_stay"], v["remedy"]["cites"]])),
    ]
    text = "".join(f"<p><b>{label}：</b>{_(body)}</p>" for label, body in parts)
    return (
        f"<html lang=zh><title>{DECISION.title}</title><body><h2>{_(v['organisation'])}</h2><h1>{DECISION.title}</h1>"
        f"<p class=number><small>案件编号：{_(v['case_code'])}</small> {_(number)}</p><table>{table}</table>{text}"
        f"<p>执法人员（签名）：</p><p>当事人（签名）：　　　　年　　月　　日</p>{code_svg(v['code'])}"
        f"<small><b>一案一码</b> 扫码核验真伪、缴纳罚款、查询救济期限、下载文书 身份核对码：{_(v['proof'])}</small>"
        f"<p>{_(v['organisation'])} {v['dated']}</p><small>本决定书当场交付当事人。一式两份，一份交当事人，一份由行政机关备案存档。</small>"
    )


def _(text: str) -> str:
    return html.escape(text)


def pdf() -> dict[str, Any]:
    if not settings.configured:
        settings.configure(FONTS="")
    fonts = FontConfiguration()
    theirs = _theirs(fonts, weasyprint.CSS(string=STYLE, font_config=fonts))
    sides = {"ours": _ours, "theirs": theirs}
    for write in sides.values():
        write(_values(0), "样当罚〔2026〕1号")
    rounds, spent = [], {"ours": 0.0, "theirs": 0.0}
    for turn in range(ROUNDS):
        took = {}
        for name in sorted(sides, reverse=bool(turn % 2)):
            began = time.perf_counter()
            for page in range(PAGES):
                seed = 1 + turn * PAGES + page
                sides[name](_values(seed), f"样当罚〔2026〕{seed}号")
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
