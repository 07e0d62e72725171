"""The registers beside the procedures on major decisions: the yearly catalogue, experts and their drawing, hearings.

重大行政决策程序暂行条例 (国务院令第713号) 3, 16, 17, 19–21. Tables only where people search or where the database must guard something
(one drawing a matter and field, one application a telephone, minutes without a gap). Names and telephone numbers are sealed.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

# What clues are kept in; here because Django looks for models here.
from yifa.decisions.clue_models import Clue as Clue
from yifa.decisions.clue_models import Revocation as Revocation


class CatalogueItem(models.Model):
    """决策事项目录: one matter of one government's list of one year. Of the party committee's consent only 文号 and date are kept."""

    class Status(models.TextChoices):
        LISTED = "listed", "列入年度目录"
        ADDED = "added", "年中增列"
        REMOVED = "removed", "已调出目录"

    class Category(models.TextChoices):
        POLICY = "policy", "公共服务、市场监管、社会管理、环境保护等重大公共政策和措施"
        PLAN = "plan", "经济和社会发展等方面的重要规划"
        RESOURCE = "resource", "开发利用、保护重要自然资源和文化资源的重大公共政策和措施"
        PROJECT = "project", "在本行政区域实施的重大公共建设项目"
        OTHER = "other", "对经济社会发展有重大影响、涉及重大公共利益或者社会公众切身利益的其他重大事项"

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    government = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False, verbose_name="决策机关")
    region = models.ForeignKey("people.Region", models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("事项名称", max_length=400)
    category = models.CharField("事项类别", max_length=10, choices=Category.choices)
    undertaker = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False, verbose_name="承办单位")
    planned_on = models.DateField("计划完成时间", null=True)
    status = models.CharField("状态", max_length=8, choices=Status.choices, default=Status.LISTED)
    is_open = models.BooleanField("可以公开", default=True)
    catalogue = models.CharField("目录案卷", max_length=64, blank=True)
    number = models.CharField("目录文号", max_length=100, blank=True)
    party_number = models.CharField("党委批复文号", max_length=100, blank=True)
    party_agreed_on = models.DateField("党委同意日期", null=True)
    published_on = models.DateField("目录公布日期", null=True)
    added_on = models.DateField("增列日期", null=True)
    added_number = models.CharField("增列文号", max_length=100, blank=True)
    added_published_on = models.DateField("增列公布日期", null=True)
    removed_on = models.DateField("调出日期", null=True)
    removal_number = models.CharField("调出文号", max_length=100, blank=True)
    removal_published_on = models.DateField("调出公布日期", null=True)
    reason = models.CharField("调整理由", max_length=400, blank=True)
    dossier = models.CharField("事项案卷", max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["league", "government", "year", "title"], name="catalogue_title_once"),
            models.UniqueConstraint(fields=["league", "dossier"], condition=~models.Q(dossier=""), name="catalogue_dossier_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region", "-year", "title", "id"], name="catalogue_region_year"),
            models.Index(fields=["dossier"], condition=~models.Q(dossier=""), name="catalogue_of_dossier"),
        ]

    def __str__(self) -> str:
        return self.title


class Begun(models.Model):
    """Which dossier has taken a line of the catalogue: one line, one matter, however many begin it at the same moment."""

    pk = models.CompositePrimaryKey("league", "item", "dossier")
    league = models.CharField(max_length=6)
    item = models.UUIDField()
    dossier = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["league", "item"], name="catalogue_item_begun_once")]


class Expert(models.Model):
    """决策咨询论证专家库 (第二十一条): one expert. Chain `expert:<id>`. `region`: whose government keeps him; those below may use him."""

    class Status(models.TextChoices):
        ACTIVE = "active", "在库"
        SUSPENDED = "suspended", "暂停"
        LEFT = "left", "退出"

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False, verbose_name="建库机关")
    region = models.ForeignKey("people.Region", models.PROTECT, related_name="+", db_index=False)
    name = models.CharField("姓名", max_length=40)
    employer = models.CharField("工作单位", max_length=200)
    title = models.CharField("职称、职务", max_length=100, blank=True)
    fields = models.JSONField("专业领域", default=list)
    phone_sealed = models.BinaryField("电话(加密)", null=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.ACTIVE)
    status_reason = models.CharField("理由", max_length=400, blank=True)
    registered_on = models.DateField("入库日期")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["league", "organisation", "name", "employer"], name="expert_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region", "name", "id"], name="expert_region_name"),
            models.Index(fields=["id"], name="expert_id"),
        ]

    def __str__(self) -> str:
        return self.name


class Drawing(models.Model):
    """随机抽取: experts of one field for one matter. Chain `drawing:<id>`: the commitment, the draw with its seed, each replacement.

    `candidates` `[{id, name, employer}]`, `excluded` `[{id, name, employer, reason}]` and `ranking` (ids, first to last) are as they stood
    when the seed was revealed; before that the seed is sealed. A matter has one drawing a field: nobody draws until he likes the result.
    """

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    dossier = models.CharField("事项案卷", max_length=64)
    title = models.CharField("事项名称", max_length=400)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False, verbose_name="承办单位")
    field = models.CharField("专业领域", max_length=60)
    n = models.PositiveSmallIntegerField("抽取人数")
    commitment = models.CharField("种子的摘要", max_length=64)
    seed_sealed = models.BinaryField("种子(加密)")
    seed = models.CharField("种子", max_length=64, blank=True)
    candidates = models.JSONField("候选人", default=list)
    excluded = models.JSONField("回避", default=list)
    ranking = models.JSONField("名次", default=list)
    chosen = models.JSONField("抽中", default=list)
    committed_at = models.DateTimeField("公布摘要时间")
    drawn_at = models.DateTimeField("抽取时间", null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["league", "dossier", "field"], name="drawing_once_a_field"),
        ]
        indexes: ClassVar = [models.Index(fields=["id"], name="drawing_id")]


class Engagement(models.Model):
    """聘请: an expert who was drawn for a matter; what he declared (第二十条), whether he came, his fee in fen. Never deleted."""

    class State(models.TextChoices):
        DRAWN = "drawn", "已抽中，待声明"
        ENGAGED = "engaged", "已声明，参加论证"
        RECUSED = "recused", "因利害关系回避"
        ABSENT = "absent", "不能参加，已递补"

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    drawing = models.UUIDField()
    dossier = models.CharField("事项案卷", max_length=64)
    expert = models.UUIDField()
    rank = models.PositiveSmallIntegerField("名次")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.DRAWN)
    has_interest = models.BooleanField("有直接利害关系", null=True)
    belongs = models.BooleanField("隶属承办单位", null=True)
    declared_on = models.DateField("声明日期", null=True)
    reason = models.CharField("理由", max_length=400, blank=True)
    fee_fen = models.PositiveIntegerField("论证费(分)", null=True)
    paid_on = models.DateField("支付日期", null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["league", "drawing", "expert"], name="engagement_once"),
            models.UniqueConstraint(fields=["league", "drawing", "rank"], name="engagement_rank_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expert", "id"], name="engagement_of_expert"),
            models.Index(fields=["league", "dossier"], name="engagement_of_dossier"),
        ]


class Hearing(models.Model):
    """听证会 (第十六条、第十七条): one hearing on one matter. Chain `hearing:<id>`; each application is a chain of its own.

    `quotas` `[{side, seats}]`. The seed of the lot is sealed until the participants are drawn; its digest stands in the notice.
    """

    class Status(models.TextChoices):
        ANNOUNCED = "announced", "正在报名"
        DRAWN = "drawn", "已产生参加人"
        LISTED = "listed", "已公布名单"
        HELD = "held", "正在举行"
        RECORDED = "recorded", "笔录待确认"
        CLOSED = "closed", "已结束"
        CANCELLED = "cancelled", "已取消"

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    dossier = models.CharField("事项案卷", max_length=64)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False, verbose_name="组织单位")
    region = models.ForeignKey("people.Region", models.PROTECT, related_name="+", db_index=False)
    title = models.CharField("听证事项", max_length=400)
    explanation = models.TextField("草案说明")
    draft_text = models.TextField("决策草案", blank=True)
    files = models.JSONField("材料", default=list)
    on = models.DateField("听证日期")
    time = models.TimeField("开始时间")
    place = models.CharField("地点", max_length=200)
    contact = models.CharField("联系方式", max_length=400, blank=True)
    method = models.TextField("遴选办法")
    quotas = models.JSONField("名额", default=list)
    apply_until = models.DateField("报名截止日期")
    published_on = models.DateField("公告日期")
    commitment = models.CharField("种子的摘要", max_length=64)
    seed_sealed = models.BinaryField("种子(加密)")
    seed = models.CharField("种子", max_length=64, blank=True)
    ranking = models.JSONField("名次", default=dict)
    drawn_at = models.DateTimeField("抽签时间", null=True)
    listed_on = models.DateField("名单公布日期", null=True)
    sent_on = models.DateField("材料送达日期", null=True)
    sent_files = models.JSONField("送达回证", default=list)
    host = models.CharField("主持人", max_length=40, blank=True)
    applicants = models.PositiveIntegerField("报名人数", default=0)
    minutes = models.PositiveIntegerField("笔录条数", default=0)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.ANNOUNCED)
    closed_at = models.DateTimeField("结束时间", null=True)
    reason = models.CharField("延期、取消的理由", max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(on__gt=models.F("apply_until")), name="hearing_after_applications"),
            models.UniqueConstraint(
                fields=["league", "dossier"], condition=~models.Q(status__in=("closed", "cancelled")), name="hearing_one_at_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["league", "dossier"], name="hearing_of_dossier"),
            models.Index(fields=["organisation", "-on", "id"], name="hearing_of_body"),
            models.Index(fields=["-on", "id"], name="hearing_newest"),
            models.Index(fields=["id"], name="hearing_id"),
        ]


class Applicant(models.Model):
    """Someone who asked to take part in a hearing. `listed_as` is his name as the published list shows it, once he is a participant."""

    class Answer(models.TextChoices):
        NONE = "", "待确认"
        CONFIRMED = "confirmed", "已确认并签字"
        REFUSED = "refused", "拒绝签字，已注明"

    pk = models.CompositePrimaryKey("league", "hearing", "n")
    league = models.CharField(max_length=6)
    hearing = models.UUIDField()
    n = models.PositiveIntegerField("报名编号")
    side = models.CharField("代表的一方", max_length=60)
    name_sealed = models.BinaryField("姓名或者单位(加密)")
    phone_sealed = models.BinaryField("电话(加密)")
    phone_digest = models.CharField(max_length=64)
    receipt_digest = models.CharField(max_length=64)
    applied_at = models.DateTimeField("报名时间")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    rank = models.PositiveIntegerField("本方名次", null=True)
    chosen = models.BooleanField("听证参加人", default=False)
    gave_up = models.CharField("不能参加的原因", max_length=400, blank=True)
    listed_as = models.CharField("公布的姓名", max_length=100, blank=True)
    present = models.BooleanField("到会", null=True)
    answer = models.CharField("对笔录的确认", max_length=10, choices=Answer.choices, blank=True, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True)
    files = models.JSONField("签字页", default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["league", "hearing", "phone_digest"], name="applicant_once_a_telephone"),
        ]
        indexes: ClassVar = [models.Index(fields=["receipt_digest"], name="applicant_receipt")]


class Minute(models.Model):
    """听证笔录: one entry. Added, never changed: what was written wrongly is put right by a later entry that names it."""

    class Part(models.TextChoices):
        INTRODUCED = "introduced", "介绍草案"
        STATED = "stated", "陈述意见"
        DEBATED = "debated", "询问、质证、辩论"
        SIGNED = "signed", "确认签字"

    pk = models.CompositePrimaryKey("league", "hearing", "n")
    league = models.CharField(max_length=6)
    hearing = models.UUIDField()
    n = models.PositiveIntegerField("序号")
    key = models.UUIDField()
    part = models.CharField("程序", max_length=12, choices=Part.choices)
    speaker = models.CharField("发言人", max_length=100)
    text = models.TextField("内容")
    corrects = models.PositiveIntegerField("更正的序号", null=True)
    at = models.DateTimeField("时间")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["league", "hearing", "key"], name="minute_once")]


class Judgment(models.Model):
    """评价确认: what a reviewer of 司法行政部门 found on one check of a matter. Chain `score:<dossier>`; points in hundredths.

    `seen` is the system's proposal he had before him, `after` the number of the judgment it replaces (0: none). None is ever lost.
    """

    pk = models.CompositePrimaryKey("league", "dossier", "n")
    league = models.CharField(max_length=6)
    dossier = models.CharField("事项案卷", max_length=64)
    n = models.PositiveIntegerField("序号")
    check_code = models.CharField("评价点", max_length=8)
    points = models.PositiveIntegerField("得分(百分之一分)")
    seen = models.PositiveIntegerField("系统建议分(百分之一分)")
    after = models.PositiveIntegerField("替换的序号", default=0)
    reason = models.CharField("理由", max_length=400, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    by_name = models.CharField(max_length=40)
    at = models.DateTimeField("时间")
    key = models.UUIDField("幂等键", null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["league", "dossier", "key"], name="judgment_once_a_key")]


class Closing(models.Model):
    """结案得分 of a closed matter, as the reviewing office confirmed it. Its entry on chain `score:<dossier>` holds every line.

    `set_digest` is the set of templates that it keeps for ever. A red line established afterwards has it issued anew: `earlier` are those
    that were replaced, oldest first (seq, total, grade, at, by), each still an entry of the chain; `clue` is what replaced the last.
    """

    pk = models.CompositePrimaryKey("league", "dossier")
    league = models.CharField(max_length=6)
    dossier = models.CharField("事项案卷", max_length=64)
    total = models.PositiveIntegerField("得分(百分之一分)")
    grade = models.CharField("等次", max_length=20)
    red_lines = models.JSONField("红线", default=list)
    set_version = models.CharField("模版版本", max_length=40)
    set_digest = models.CharField("模版摘要", max_length=64, blank=True)
    organisation = models.CharField("计入的单位", max_length=10, blank=True)
    region = models.CharField("计入的区划", max_length=12, blank=True)
    category = models.CharField("事项类别", max_length=10, blank=True)
    seq = models.PositiveIntegerField("记录序号", default=0)
    clue = models.UUIDField("线索", null=True)
    earlier = models.JSONField("原得分", default=list)
    by_name = models.CharField(max_length=40)
    at = models.DateTimeField("时间")
    key = models.UUIDField("幂等键", null=True)


class Standing(models.Model):
    """How a matter stands, so that three thousand of them can be counted and filtered: a projection, refreshed from the record.

    Every matter has its row from its first act on. `seq`: the place in the matter's record up to which it was judged; another than the
    dossier's own means that it is to be judged again (0: not yet, or something beside the record has changed). `lamps`: a letter a point,
    as `lamps.LETTERS`; empty when the matter is not scored. `total` in hundredths, None while nothing is due; `missing` counts checks.
    """

    pk = models.CompositePrimaryKey("league", "dossier")
    league = models.CharField(max_length=6)
    dossier = models.CharField("事项案卷", max_length=64)
    seq = models.PositiveIntegerField("判定到的记录序号", default=0)
    lamps = models.CharField("七盏灯", max_length=10, blank=True)
    total = models.PositiveIntegerField("得分(百分之一分)", null=True)
    missing = models.PositiveSmallIntegerField("缺少的记录", default=0)
    closed = models.BooleanField("已经办结", default=False)
    judged_at = models.DateTimeField("判定时间", null=True)


class TemplateVersion(models.Model):
    """One version of the set of templates, word for word; its text is never changed. Chain `template-set:<code>`.

    `kept`: the set that came with the platform when a closing score was issued by it, so that the score keeps its set after an update.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", "待批准"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未获批准"
        KEPT = "kept", "随平台提供"

    id = models.UUIDField(primary_key=True)
    code = models.CharField("模版代码", max_length=40)
    version = models.CharField("版本", max_length=40)
    title = models.CharField("名称", max_length=200)
    digest = models.CharField("摘要", max_length=64)
    text = models.TextField("全文")
    status = models.CharField("状态", max_length=10, choices=Status.choices)
    valid_from = models.DateField("启用日期", null=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    proposed_name = models.CharField(max_length=40, blank=True)
    proposed_for = models.CharField("提出单位", max_length=200, blank=True)
    proposed_at = models.DateTimeField("提出时间", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_name = models.CharField(max_length=40, blank=True)
    decided_for = models.CharField("决定单位", max_length=200, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    decision = models.CharField("意见", max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest"], condition=~models.Q(status="refused"), name="template_version_text_once"),
            models.UniqueConstraint(fields=["code", "version"], condition=~models.Q(status="refused"), name="template_version_once"),
            models.UniqueConstraint(fields=["valid_from"], condition=models.Q(status="approved"), name="template_version_one_a_day"),
            models.CheckConstraint(
                condition=~models.Q(status="approved", decided_by=models.F("proposed_by")), name="template_version_two_persons"
            ),
        ]
