"""What the public of the demonstration says and fills in: a prepared letter under many names, a photo, a questionnaire. All invented."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from yifa.kernel.people.actors import Actor
from yifa.participation import asking, grouping, queries
from yifa.participation.asking import Period
from yifa.participation.services import comment, reply
from yifa.site.demo_documents import CLEARED

LETTER = "请在老市场搬迁以前，先把周围的便民菜店开起来，老人走不了那么远的路去买菜。"
TAILS = ("", "（三号楼住户）", "谢谢。", "这件事已经反映过两次。", "（五号楼住户）", "请尽快答复。", "（九号楼住户）", "拜托了。")
PLACE = "192.0.2.10"  # an address of the documentation
STREET = "临时交易区旁边就是小学，上学放学的时候车已经很多，请看照片。"
QUESTIONS = (
    ("single", "您赞成方案提出的改造时间吗", "赞成\n不赞成\n说不清", True),
    ("multiple", "您最关心什么", "买菜是否方便\n摊位费用\n临时交易区的位置\n交通和停车\n改造以后的环境", True),
    ("scale", "请给方案的总体安排打分", "", True),
    ("text", "您还有什么建议", "", False),
)
# How the sheets answer: the choice, what is cared for, the points, how many fill it in so.
SHEETS = (
    ("0", ("0", "2"), "4", 14),
    ("0", ("0",), "5", 9),
    ("1", ("1", "3"), "2", 6),
    ("0", ("4",), "4", 5),
    ("2", ("0", "3"), "3", 3),
)
WRITTEN = ("临时菜店请多备几样菜。", "摊位费减免以后怎么办，希望写清楚。", "改造期间请保留早市。")


def send(league: str, consultation: UUID, letter: str, at: datetime, clause: str = "") -> int:
    """A prepared letter, sent from one network under many names, put into one group. How many sent it."""
    for n, tail in enumerate(TAILS):
        moment = at + timedelta(minutes=7 * n)
        comment(league, consultation, text=letter + tail, clause=clause, name=f"居民{n + 1}号", address=PLACE, simulated=moment)
    grouping.group_round(league, consultation)
    return len(TAILS)


def answer_at_once(row: Any, outcome: str, reason: str, *, by: Actor, at: datetime) -> int:
    """One answer to the largest group of like opinions; how many it was."""
    group = queries.groups(row)[0]
    return reply(row.league, queries.of_group(row, group.id), by=by, outcome=outcome, reason=reason, simulated=at)


def say(league: str, consultation: UUID, at: datetime) -> int:
    """Eight alike from one network under eight names, and one with a photo; put into their groups. How many were said."""
    sent = send(league, consultation, LETTER, at, "三、")
    photo = SimpleUploadedFile("放学时的路口.png", _street())
    comment(league, consultation, text=STREET, clause="四、", address="192.0.2.77", files=[photo], simulated=at + timedelta(hours=2))
    grouping.group_round(league, consultation)
    return sent + 1


def _street() -> bytes:
    """A drawing in place of a photo."""
    image = Image.new("RGB", (640, 400), "#cfd8dc")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 240, 640, 400), fill="#90a4ae")
    for x in range(40, 640, 150):
        draw.rectangle((x, 280, x + 90, 330), fill="#17497f")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def questionnaire(dossier: str, title: str, *, by: Actor, at: datetime, days: int = 15) -> UUID:
    """A questionnaire of a matter, opened on the day of `at` for `days`, with what came until now. `by`: who publishes for the body."""
    why = "只要三分钟，不问姓名。结果用来完善方案，截止以后在这里公布。"
    row = asking.draw_up(dossier, f"{title}问卷", why, by=by, simulated=at)
    for kind, text, options, must in QUESTIONS:
        asking.add_question(row.league, row.id, by=by, kind=kind, text=text, options=options, must=must)
    first = timezone.localdate(at)
    period = Period(first, first + timedelta(days=days))
    asking.publish(row.league, row.id, period, CLEARED, by=by, simulated=at)
    last = min(at + timedelta(days=days - 1), timezone.now())
    number = sum(count for *_, count in SHEETS)
    for n, (choice, cares, points, _) in enumerate(sheet for sheet in SHEETS for _ in range(sheet[3])):
        sent = {
            "q1": [choice],
            "q2": list(cares),
            "q3": [points],
            "q4": [WRITTEN[n // 12]] if n % 12 == 0 and n // 12 < len(WRITTEN) else [],
        }
        moment = at + (last - at) * n / number
        asking.fill(row.league, row.id, sent, address=f"198.51.100.{n}", simulated=moment)
    return row.id
