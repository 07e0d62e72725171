"""The page behind a scanned code, written without a template engine. Pure.

It is the most asked page of all and must hold out when a whole county scans at once (docs/performance.md, `qr`); everything around it
(head, bar, footer) is rendered once by the ordinary frame and kept. No party, no place, no words that someone typed freely.
"""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Protocol

from yifa.portal.rules import Remedy


class Shown(Protocol):
    """What the page needs of a case (portal.queries.Case)."""

    @property
    def token(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def sanctions(self) -> tuple[str, ...]: ...
    @property
    def fine(self) -> int | None: ...
    @property
    def payment_code(self) -> str: ...
    @property
    def organisation_name(self) -> str: ...
    @property
    def organisation_address(self) -> str: ...
    @property
    def organisation_phone(self) -> str: ...
    @property
    def bank_name(self) -> str: ...
    @property
    def bank_account(self) -> str: ...
    @property
    def government_name(self) -> str: ...
    @property
    def government_address(self) -> str: ...
    @property
    def government_phone(self) -> str: ...
    @property
    def withdrawn(self) -> str: ...
    @property
    def is_decided(self) -> bool: ...
    @property
    def is_spared(self) -> bool: ...
    @property
    def is_fined(self) -> bool: ...
    @property
    def decided_on(self) -> date | None: ...
    @property
    def paid_on(self) -> date | None: ...
    @property
    def pay_by(self) -> date | None: ...
    @property
    def remedy(self) -> Remedy | None: ...


def answer(case: Shown) -> str:
    """Is it real, what is to be paid, what can be done against it and until when, whom to ask: in this order."""
    return _real(case) + _what(case) + (_payment(case) if case.is_fined else "") + _remedy(case) + _whom(case)


def title(case: Shown) -> str:
    return escape(case.number or case.code)


def _real(case: Shown) -> str:
    name = escape(case.organisation_name)
    if case.withdrawn:
        words = f"{name} 已撤回公示。理由：{escape(case.withdrawn)}"
        return _banner("answer answer-warn", "! 这份决定已被变更、撤销或者确认违法、无效", words)
    if case.is_decided or case.is_spared:
        kind = "不予行政处罚决定书" if case.is_spared else "行政处罚决定书"
        number = f' · <span class="song">{escape(case.number)}</span>' if case.number else ""
        return _banner("answer", f"✓ 真实：这份{kind}由本系统作出", name + number)
    return _banner("answer answer-warn", "! 案件正在办理，尚未作出决定", name)


def _what(case: Shown) -> str:
    rows = [("案由", escape(case.title))]
    if case.is_decided:
        amount = f" {_yuan(case.fine)} 元" if case.is_fined else ""
        rows.append(("处罚", escape("、".join(case.sanctions)) + amount))
    elif case.is_spared:
        rows.append(("结果", "不予行政处罚"))
    rows.append(("作出日期", _day(case.decided_on)))
    rows.append(("案件编号", f'<span class="mono">{escape(case.code)}</span>'))
    return _sheet("这是什么", _facts(rows))


def _payment(case: Shown) -> str:
    if case.paid_on:
        return _sheet("缴款", f'<p><span class="state state-good">已缴清</span> {_day(case.paid_on)}</p>')
    until = f"，请在 <strong>{_day(case.pay_by)}</strong> 以前缴纳" if case.pay_by else ""
    told = (
        f'<p><span class="state state-today">未缴</span> 罚款 {_yuan(case.fine)} 元{until}。'
        "到期不缴纳的，每日按罚款数额的百分之三加处罚款（行政处罚法第七十二条）。</p>"
    )
    how = _facts([("缴款码", escape(case.payment_code)), ("银行", escape(case.bank_name)), ("账号", escape(case.bank_account))])
    if not case.payment_code and not case.bank_name:
        how = f"<p>缴款方式请看决定书，或者电话询问{escape(case.organisation_name)}。</p>"
    return _sheet("缴款", told + how)


def _remedy(case: Shown) -> str:
    remedy = case.remedy
    if remedy is None:
        return ""
    if remedy.open:
        later = "（次年放假安排公布后重算）" if remedy.provisional else ""
        told = (
            f"<p>可以在 <strong>{_day(remedy.until)}</strong> 以前申请行政复议{later}。对当场作出的处罚决定不服的，应当先申请行政复议；"
            "对复议决定不服的，十五日内可以起诉。</p>"
        )
    else:
        told = (
            f'<p><span class="state state-calm">期限已过</span> 申请行政复议的最后一日是 {_day(remedy.until)};'
            "有不可抗力等正当理由耽误的，期限自障碍消除之日起继续计算。</p>"
        )
    organ = _facts(
        [
            ("复议机关", escape(case.government_name or "未登记")),
            ("地址", escape(case.government_address or "未登记")),
            ("电话", escape(case.government_phone or "未登记")),
        ]
    )
    through = '<p class="small">申请书也可以交作出决定的机关转送（行政复议法第二十条、第二十三条、第三十二条）。</p>'
    lines = "".join(f"<li>{escape(line)}</li>" for line in remedy.derivation)
    return _sheet(
        "不服怎么办", f'{told}{organ}{through}<details><summary>这一天是怎么算的</summary><ol class="derivation">{lines}</ol></details>'
    )


def _whom(case: Shown) -> str:
    rows = [
        ("机关", escape(case.organisation_name)),
        ("地址", escape(case.organisation_address)),
        ("电话", escape(case.organisation_phone)),
    ]
    doors = (
        f'<p class="row-actions"><a class="btn btn-primary" href="/c/{case.token}/open">我是当事人：看文书、取凭据、评价</a> '
        f'<a class="btn btn-quiet" href="/complaints/new?c={case.token}">投诉</a></p>'
    )
    return _sheet("可以问谁", _facts(rows) + doors)


def _banner(kind: str, head: str, small: str) -> str:
    return f'<section class="{kind}"><header>{head}<small>{small}</small></header></section>'


def _sheet(head: str, inside: str) -> str:
    return f'<section class="sheet"><h2>{head}</h2>{inside}</section>'


def _facts(rows: list[tuple[str, str]]) -> str:
    """A list of particulars; what is not known is left out."""
    return '<dl class="facts">' + "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in rows if value) + "</dl>"


def _yuan(fen: int | None) -> str:
    yuan, rest = divmod(fen or 0, 100)
    return f"{yuan:,}.{rest:02d}"


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
