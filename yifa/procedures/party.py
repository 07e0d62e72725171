"""Reading a party: the same few keys everywhere, and what is wrong with them in the officer's words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yifa.kernel.people.identifiers import check_identity_number, check_uscc, mask_name, normal

KEYS = ("name", "identity_kind", "identity_number", "representative", "phone", "address", "sex", "born_on", "post")
CITIZEN, TRADER, ENTITY = "citizen", "trader", "entity"
IDENTITY_KINDS = (("id", "居民身份证"), ("passport", "护照"), ("uscc", "统一社会信用代码"), ("other", "其他证件"))


def clean(party: Mapping[str, Any], kind: str) -> dict[str, str]:
    """The known keys as trimmed text; an identity kind is supplied where the party's kind leaves no choice."""
    stated = {key: str(party[key]).strip() for key in KEYS if party.get(key) not in (None, "")}
    stated.setdefault("identity_kind", "id" if kind == CITIZEN else "uscc")
    if stated["identity_kind"] in ("id", "uscc") and "identity_number" in stated:
        stated["identity_number"] = normal(stated["identity_number"])
    return stated


def problems(party: Mapping[str, Any], kind: str, *, today: date) -> Iterator[str]:
    """What keeps this party from standing in a document. `today` is the day of the act."""
    if unknown := sorted(set(party) - set(KEYS)):
        yield f"当事人没有名为“{unknown[0]}”的项目"
    stated = clean(party, kind)
    if not stated.get("name"):
        yield "请填写当事人的姓名或者名称"
    elif len(stated["name"]) > 200:
        yield "当事人的姓名或者名称不能超过200字"
    if wrong := _identity_problem(stated, today):
        yield wrong
    if kind in (ENTITY, TRADER) and not stated.get("representative"):
        yield "请填写经营者姓名" if kind == TRADER else "请填写法定代表人或者负责人"
    if born := stated.get("born_on"):
        try:
            if date.fromisoformat(born) > today:
                yield f"出生日期{born}晚于今天，请核对"
        except ValueError:
            yield f"出生日期{born}不存在，请核对"


def _identity_problem(stated: Mapping[str, str], today: date) -> str:
    number, kind = stated.get("identity_number", ""), stated["identity_kind"]
    if kind not in dict(IDENTITY_KINDS):
        return "请选择证件种类"
    if not number:
        return "请填写统一社会信用代码" if kind == "uscc" else "请填写证件号码"
    if kind == "id" and not (checked := check_identity_number(number, today=today)).valid:
        return f"身份证号码有误：{checked.reason}"
    if kind == "uscc" and not (checked := check_uscc(number)).valid:
        return f"统一社会信用代码有误：{checked.reason}"
    return ""


def label(party: Mapping[str, Any], kind: str) -> str:
    """How lists and public pages name him: a natural person masked, a body in full."""
    name = str(party.get("name") or "")
    return name if kind == ENTITY else mask_name(name)
