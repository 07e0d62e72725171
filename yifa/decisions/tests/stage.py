"""What the tables of roles and readings need of this room: a hearing with an applicant, an expert, a drawing."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import uuid4

from django.utils import timezone

from yifa.decisions import clues, experts, hearings, templates
from yifa.decisions.clues import Said
from yifa.decisions.hearings import Notice
from yifa.decisions.models import CatalogueItem, Expert, TemplateVersion
from yifa.dossiers.personal import seal
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation
from yifa.participation.tests.clearing import CLEARED

APPLICANT_PHONE, EXPERT_PHONE = "13500002468", "13300001357"


def heard_and_drawn(dossier: str, by: Actor | None, keeper: Organisation) -> dict[str, str]:
    """The values of this room's addresses: a matter of the list, a hearing on `dossier` held by `by`'s body, experts of `keeper`."""
    assert by is not None
    today = timezone.localdate()
    hearing = hearings.announce(
        Notice(
            dossier=dossier,
            title="样本供热方案",
            explanation="说明",
            draft_text="第一条",
            on=today + timedelta(days=20),
            time=time(9),
            place="三楼会议室",
            method="公开抽签",
            quotas=[("居民", 1)],
            apply_until=today + timedelta(days=10),
            cleared=CLEARED,
        ),
        by=by,
    )
    hearings.apply(hearing.league, hearing.id, side="居民", name="报名样本", phone=APPLICANT_PHONE)
    expert = Expert.objects.create(
        league=by.league,
        id=uuid4(),
        organisation=keeper,
        region_id=by.region,
        name="专家样本",
        employer="样本大学",
        fields=["法律"],
        phone_sealed=seal(EXPERT_PHONE),
        registered_on=today,
    )
    drawing = experts.prepare(dossier, "样本供热方案", "法律", 1, by=by)
    experts.draw(drawing.league, drawing.id, by=by, undertakers=(), excluded={})
    item = CatalogueItem.objects.create(
        league=by.league,
        id=uuid4(),
        government=keeper,
        region_id=keeper.region_id,
        year=today.year,
        title="样本供热方案",
        category="project",
        undertaker_id=by.organisation,
        number="昆政发〔2026〕3号",
        party_number="昆党〔2026〕5号",
        party_agreed_on=today,
        published_on=today,
    )
    return {
        "decisions/<uuid:ident>": str(item.id),
        "hearings/<uuid:ident>": str(hearing.id),
        "hearings/<uuid:ident>/<slug:act>": "cancel",
        "experts/<uuid:ident>": str(expert.id),
        "experts/draw/<uuid:ident>": str(drawing.id),
        "experts/draw/<uuid:ident>/<slug:act>": "draw",
    }


def clued_and_versioned(supervisor: Actor) -> dict[str, str]:
    """A clue on what the supervisor's own government kept off its list; a set of templates that waits for approval."""
    said = Said("R6", "未列入目录即由专题会议决定。", government=supervisor.organisation, title="样本供水价格调整")
    clue = clues.raise_clue(said, by=supervisor)
    text = templates.installed_text().replace("version: 0.1.0", "version: 9.9.9")
    found = templates.load(text)
    row = TemplateVersion.objects.create(
        id=uuid4(),
        code=found.code,
        version=found.version,
        title=found.title,
        digest=found.digest,
        text=text,
        status=TemplateVersion.Status.PROPOSED,
        valid_from=timezone.localdate() + timedelta(days=30),
        proposed_name="样本",
        proposed_at=timezone.now(),
    )
    return {
        "decisions/clues/<uuid:ident>": str(clue.id),
        "decisions/clues/<uuid:ident>/<slug:act>": "state",
        "decisions/templates/<uuid:ident>": str(row.id),
        "decisions/templates/<uuid:ident>/<slug:act>": "approve",
    }
