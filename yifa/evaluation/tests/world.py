"""A small library and three persons who evaluate, beside the world of enforcement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

from django.utils import timezone

from yifa.evaluation import services
from yifa.evaluation.models import Question
from yifa.evaluation.queries import Period, year_before
from yifa.evaluation.services import Item, Plan
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Person, Post, Region
from yifa.laws.models import Expression, Node, Title, Work
from yifa.laws.rules import title_key

TEXTS = {
    "中华人民共和国行政处罚法": {
        "t1": "为了规范行政处罚的设定和实施，制定本法。",
        "t44": "行政机关在作出行政处罚决定之前，应当告知当事人。",
        "t51": "违法事实确凿并有法定依据，可以当场作出行政处罚决定。",
        "t52": "执法人员当场作出行政处罚决定的，应当向当事人出示执法证件。",
        "t77": "行政机关对当事人处罚不使用罚款单据的，给予警告。",
    },
    "中华人民共和国动物防疫法": {
        "t17": "饲养动物的单位和个人应当履行动物疫病强制免疫义务。",
        "t30": "单位和个人饲养犬只，应当按照规定定期免疫接种狂犬病疫苗。",
        "t92": "违反本法规定，有下列行为之一的，可以处一千元以下罚款。",
        "t93": "违反本法规定的，处三千元以上三万元以下罚款。",
    },
    "中华人民共和国样本促进法": {"t1": "为了促进样本，制定本法。", "t2": "国家鼓励样本。"},
}


def library(*, effective: date = date(2021, 7, 15)) -> None:
    for title, articles in TEXTS.items():
        work = Work.objects.create(slug=title_key(title), title=title, type="FL", form="法律", level="国家", sort_key=title)
        Title.objects.create(work=work, key=work.slug, kind="title")
        text = Expression.objects.create(
            work=work, version="2021-01-22", published_on=date(2021, 1, 22), effective_on=effective, source="样本", sha256="", splitter=1
        )
        Node.objects.bulk_create(
            Node(expression=text, key=key, kind="条", number=f"第{key[1:]}条", text=words, order=n)
            for n, (key, words) in enumerate(articles.items())
        )


def bank(writer: Actor, reviewers: Sequence[Actor | None], *, law: str = "动物防疫法", several: int = 6) -> list[Question]:
    """Approved questions about a law."""
    made = []
    for n in range(several):
        item = Item(law, "t30", f"样本问题之{n}，哪一项正确？", ("对", "错", "都不对"), 0, "见条文。")
        row = services.propose_question(item, by=writer)
        for reviewer in reviewers:
            assert reviewer
            row = services.review_question(row.pk, passes=True, by=reviewer)
        made.append(row)
    return made


def evaluated(writer: Actor, reviewers: Sequence[Actor | None]) -> dict[str, str]:
    """Something at every address of an evaluation, and what stands for its names there."""
    library()
    services.propose_enforceable(on=timezone.localdate())
    services.decide_enforceable(["动物防疫法"], state="confirmed", by=writer)
    questions = bank(writer, reviewers)
    period = Period(*year_before(timezone.localdate()), writer.region)
    report = services.open_report(Plan("动物防疫法", "样本评估报告", "样本方案：范围、方法、人员。", period), by=writer)
    return {
        "works/<str:slug>": "动物防疫法",
        "quiz/<str:slug>": "动物防疫法",
        "questions/<int:number>": str(questions[0].pk),
        "questions/<int:number>/<slug:act>": "retire",
        "reports/<uuid:ident>": str(report.pk),
        "reports/<uuid:ident>/<slug:act>": "freeze",
    }


def person(name: str, *roles: str, region: str = "150203", body: str = "1502030090") -> Actor:
    place = Region.objects.get(code=region)
    office, _ = Organisation.objects.get_or_create(
        code=body,
        defaults={
            "name": "昆都仑区样本司法局",
            "short_name": "昆司",
            "kind": "GOVERNMENT",
            "level": 3,
            "region": place,
            "status": "announced",
        },
    )
    office.territory.add(place)
    row = Person.objects.create_user(f"e-{uuid4().hex[:8]}", None, name=name)
    post = Post.objects.create(person=row, organisation=office, roles=list(roles), since=date(2024, 1, 1))
    return Actor(str(row.pk), name, str(post.pk), office.code, office.name, region, "150200", frozenset(roles))
