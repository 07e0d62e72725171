"""What documents tell of the registers: the rounds of consultation, how opinions fared, whom to ask. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from yifa.decisions.lots import HOW
from yifa.documents.words import date_text
from yifa.procedures.context import Paper

Facts = Mapping[str, Any]
FILE = re.compile(r"\.(docx?|pdf|xlsx?|jpe?g|png)$", re.IGNORECASE)
OUTCOMES = (("adopted", "采纳"), ("partly", "部分采纳"), ("not_adopted", "未采纳"))


def told(paper: Paper) -> dict[str, Any]:
    """Particulars of a document that nobody states twice: they stand in the registers already."""
    own, asked = paper.register["organisation"], paper.register.get("consultation") or {}
    if not asked and paper.form.key in {"decision_consultation", "decision_adoption"}:
        return {}
    return TOLD[paper.form.key](paper, asked) | {"contact": asked.get("contact") or own.get("phone") or None}


def _request(paper: Paper, asked: Facts) -> dict[str, Any]:
    """主送机关 is the 决策机关. What is enclosed is what the act brings, by its title; the kind of file is nobody's concern on paper."""
    government = (paper.register.get("offices") or {}).get("government") or {}
    return {"addressee": government.get("name"), "enclosed": [FILE.sub("", each) for each in paper.evidence]}


def _consultation(paper: Paper, asked: Facts) -> dict[str, Any]:
    days = (date.fromisoformat(asked["closes_on"]) - date.fromisoformat(asked["opens_on"])).days
    return {
        "draft_title": asked["title"],
        "opens_on": asked["opens_on"],
        "closes_on": asked["closes_on"],
        "days": f"{days}日",
        "shortened_reason": asked["shortened_reason"],
        "code": _page(paper, asked),
    }


def _adoption(paper: Paper, asked: Facts) -> dict[str, Any]:
    reasons = asked.get("reasons") or ()
    untold = asked["not_adopted_with_reason"] - sum(row["opinions"] for row in reasons)
    return {
        "asked": span(asked),
        "received": tally(asked),
        "summary": asked["summary"]
        or (f"对收到的意见归类整理{paper.facts['classified']}条，逐条研究。" if asked["comments"] else "没有收到意见。"),
        "refused": [{"reason": row["reason"], "opinions": str(row["opinions"])} for row in reasons],
        "unlisted": f"另有{untold}条意见未采纳的理由在征求意见页逐条公布。" if untold > 0 else "",
        "code": _page(paper, asked),
    }


def _interpretation(paper: Paper, asked: Facts) -> dict[str, Any]:
    facts = paper.facts
    return {
        "background": "\n".join(str(facts[key]) for key in ("problem", "grounds") if facts.get(key)),
        "heard": _heard(facts, asked),
        "argued": _argued(facts),
    }


def _heard(facts: Facts, asked: Facts) -> str:
    if not asked:
        return "本事项依法没有向社会公开征求意见。"
    changes = str(facts.get("feedback_changes") or "")
    return f"{span(asked)}向社会公开征求意见，{tally(asked)}" + (f"\n{changes}" if changes else "")


def _argued(facts: Facts) -> str:
    """What the experts said, point by point (第十九条、第二十九条第三项)."""
    opinions, points = facts.get("opinions") or (), facts.get("expert_points") or ()
    if not opinions:
        return "本事项没有组织专家论证。"
    counts = {key: sum(row.get("answer") == key for row in points) for key, _ in OUTCOMES}
    fared = "、".join(f"{label}{counts[key]}条" for key, label in OUTCOMES if counts[key])
    refused = [
        f"未采纳“{row['point']}”的理由：{row['reason']}" for row in points if row.get("answer") == "not_adopted" and row.get("reason")
    ]
    head = f"共有{len(opinions)}份书面论证意见" + (
        f"，提出具体意见{len(points)}条，其中{fared}。" if points else "，没有提出需要修改的意见。"
    )
    return "\n".join([head, *refused])


def _participants(paper: Paper, _asked: Facts) -> dict[str, Any]:
    """Who took part and how he came to it: by lot with its seed, so that anybody can draw it again. Why somebody stood aside is told to
    nobody here, and of those who wait there is a number and no name."""
    kept = paper.register.get("hearing_list") or {}
    stands = {(row["side"], row["name"]): row for row in kept.get("standing") or () if row["chosen"]}
    seats = {each["side"]: each["seats"] for each in kept.get("quotas") or ()}
    people = []
    for stated in paper.facts["hearing_people"] or ():
        row = stands.get((stated["side"], stated["name"]))
        people.append({"number": f"第{row['n']}号" if row else "", **stated, "chosen": _chosen(row, seats)})
    return {
        # The day on which it was held, where it was put off after the notice.
        "hearing_on": (paper.register.get("hearing") or {}).get("hearing_on") or paper.facts.get("hearing_on"),
        "people": people,
        "lot": _lot(kept),
        "alternates": [{"side": side, "order": order} for side in seats if (order := _waiting(kept, side))],
        "stepped_aside": [f"{row['side']}：第{row['n']}号" for row in kept.get("standing") or () if row["gave_up"]],
    }


def _chosen(row: Facts | None, seats: Mapping[str, int]) -> str:
    if row is None:
        return "按公告的遴选办法"
    return f"{'抽签' if row['rank'] <= seats[row['side']] else '递补'}，本方第{row['rank']}名"


def _lot(kept: Facts) -> list[str]:
    if not kept.get("seed"):
        return []
    drawn = f"{date_text(date.fromisoformat(kept['drawn_on']))}抽签，报名{kept['applicants']}人"
    return [drawn, f"事先公布的摘要：{kept['commitment']}", f"种子：{kept['seed']}", *HOW]


def _waiting(kept: Facts, side: str) -> str:
    """The next twenty of a side, in the order in which they would have followed."""
    return "、".join(
        f"第{row['n']}号" for row in kept.get("standing") or () if row["side"] == side and not row["chosen"] and not row["gave_up"]
    )


def span(asked: Facts) -> str:
    """2026年3月2日至2026年4月1日; a matter consulted on twice says so."""
    days = f"{date_text(date.fromisoformat(asked['opens_on']))}至{date_text(date.fromisoformat(asked['closes_on']))}"
    return days + (f"（第{asked['rounds']}轮）" if asked["rounds"] > 1 else "")


def tally(asked: Facts) -> str:
    """共收到意见12条，其中采纳5条、部分采纳3条、未采纳4条。"""
    if not asked["comments"]:
        return "没有收到意见。"
    fared = "、".join(f"{label}{asked[key]}条" for key, label in OUTCOMES if asked[key])
    return f"共收到意见{asked['comments']}条" + (f"，其中{fared}。" if fared else "。")


def _page(paper: Paper, asked: Facts) -> str:
    """Where the public reads the draft and every answer: on the same site as the case's own page."""
    return f"{paper.public_url.partition('/c/')[0]}/participate/{asked['id']}/"


TOLD = {
    "decision_request": _request,
    "decision_consultation": _consultation,
    "decision_adoption": _adoption,
    "decision_interpretation": _interpretation,
    "decision_hearing_list": _participants,
}
