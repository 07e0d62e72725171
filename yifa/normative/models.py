"""The register of normative documents, what each body says it issued, and the campaigns that clean the register up.

Tables only where cases must be guarded against one another (a 文号 is used once) or where people search. A document's status is
never stored: it is derived from its dates on the day asked about (`validity.status`).
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class NormativeDocument(models.Model):
    """行政规范性文件: one issued document. Its chain in the record is `normative:<code>`; one made here also names its dossier."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", "政府规范性文件"
        DEPARTMENT = "department", "部门规范性文件"

    class Source(models.TextChoices):
        MADE = "made", "按程序制定"
        STOCK = "stock", "存量导入"
        FOUND = "found", "查漏补登"

    class Ending(models.TextChoices):
        REPEALED = "repealed", "废止"
        DECLARED = "declared", "宣布失效"
        LAPSED = "lapsed", "到期失效"
        REVOKED = "revoked", "被撤销"
        REPLACED = "replaced", "被新文件代替"

    code = models.CharField("登记编码", primary_key=True, max_length=32)
    league = models.CharField(max_length=6)
    title = models.CharField("名称", max_length=400)
    number = models.CharField("文号", max_length=100)
    registration_number = models.CharField("统一登记号", max_length=100, blank=True)
    maker = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False, verbose_name="制定机关")
    region = models.ForeignKey("people.Region", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    made_on = models.DateField("成文日期")
    published_on = models.DateField("公布日期", null=True)
    effective_on = models.DateField("施行日期", null=True)
    valid_until = models.DateField("有效期届满日", null=True)
    trial = models.BooleanField("暂行、试行", default=False)
    business = models.BooleanField("与市场主体生产经营活动密切相关", default=False)
    ended_on = models.DateField("终止日期", null=True)
    ended_by = models.CharField("终止方式", max_length=10, choices=Ending.choices, blank=True)
    ending = models.CharField("终止依据", max_length=400, blank=True)
    openness = models.CharField("公开属性", max_length=20, blank=True)
    text = models.TextField("正文", blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    source = models.CharField("登记来源", max_length=8, choices=Source.choices)
    dossier = models.CharField("制定案卷", max_length=64, blank=True)
    file_by = models.DateField("报送备案期限届满日", null=True)
    filed_on = models.DateField("首次报送备案日期", null=True)
    checked_on = models.DateField("最近核对日期", null=True)
    checked_against = models.CharField("核对来源", max_length=200, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["maker", "number"], name="normative_number_once"),
            models.UniqueConstraint(
                fields=["registration_number"], condition=~models.Q(registration_number=""), name="normative_registration_once"
            ),
            models.CheckConstraint(
                condition=models.Q(effective_on=None) | models.Q(published_on=None) | models.Q(effective_on__gte=models.F("published_on")),
                name="normative_not_in_force_before_publication",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region", "-published_on", "code"], name="normative_region_newest"),
            models.Index(fields=["maker", "-published_on", "code"], name="normative_maker_newest"),
            models.Index(fields=["valid_until"], condition=models.Q(ended_on=None), name="normative_expiring"),
        ]

    def __str__(self) -> str:
        return f"《{self.title}》（{self.number}）"


class Filing(models.Model):
    """备案审查: the one case in which a document handed in is reviewed. That there is only one, the primary key guards."""

    document = models.OneToOneField(NormativeDocument, models.PROTECT, primary_key=True, related_name="filing")
    league = models.CharField(max_length=6)
    dossier = models.CharField("审查案卷", max_length=64, unique=True)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", verbose_name="审查机关")
    received_on = models.DateField("接收日期")
    registered_on = models.DateField("备案登记日期", null=True)
    concluded_on = models.DateField("审查结论日期", null=True)
    conclusion = models.CharField("审查结论", max_length=1, blank=True)


class Stop(models.Model):
    """停止执行的条款: what the review of one case stopped in a document that stays in force otherwise. A case stops once."""

    dossier = models.CharField("审查案卷", primary_key=True, max_length=64)
    league = models.CharField(max_length=6)
    document = models.ForeignKey(NormativeDocument, models.PROTECT, related_name="stops")
    clauses = models.TextField("停止执行的条款")
    since = models.DateField("停止执行日期")
    by = models.CharField("决定机关", max_length=200)
    ground = models.CharField("依据", max_length=400)


class Objection(models.Model):
    """异议: what somebody says against a document. Its chain in the record is `objection:<id>`; who said it is sealed.

    `organisation` is the body that has it now and `sent_on` the day it came there: 转送 changes both. Where it stands, its cases tell.
    """

    class Channel(models.TextChoices):
        WEB = "web", "网站"
        LETTER = "letter", "信函"
        VISIT = "visit", "当面"

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    query_digest = models.CharField(max_length=64)
    document = models.ForeignKey(NormativeDocument, models.PROTECT, related_name="+")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False, verbose_name="审查机关")
    channel = models.CharField("渠道", max_length=8, choices=Channel.choices, default=Channel.WEB)
    is_organisation = models.BooleanField("单位", default=False)
    name_sealed = models.BinaryField("姓名或者名称(加密)", null=True)
    contact_sealed = models.BinaryField("联系方式(加密)", null=True)
    clauses = models.CharField("有异议的条款", max_length=200)
    reason = models.TextField("异议和理由")
    files = models.JSONField("附件", default=list)
    received_at = models.DateTimeField("收到时间")
    sent_on = models.DateField("到达审查机关的日期")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="objection_id"),
            models.Index(fields=["query_digest"], name="objection_query"),
            models.Index(fields=["organisation", "sent_on", "id"], name="objection_of_body"),
            GinIndex(fields=["files"], name="objection_files", opclasses=["jsonb_path_ops"]),
        ]


class ObjectionCase(models.Model):
    """The case in which one body deals with an objection. That each body has only one, a constraint guards."""

    dossier = models.CharField("异议审查案卷", primary_key=True, max_length=64)
    league = models.CharField(max_length=6)
    objection = models.UUIDField("异议")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["objection", "organisation"], name="objection_received_once")]


class IssuedList(models.Model):
    """查漏补缺: an organisation's own list of the documents it issued in a period, as it handed it in."""

    id = models.UUIDField(primary_key=True)
    league = models.CharField(max_length=6)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    since = models.DateField("自")
    until = models.DateField("至")
    file_sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    uploaded_at = models.DateTimeField()


class IssuedLine(models.Model):
    """One line of such a list, and what the reconciliation found of it."""

    class Finding(models.TextChoices):
        REGISTERED = "registered", "已登记"
        SIMILAR = "similar", "疑似已登记"
        MISSING = "missing", "未登记，待认定"
        NOT_NORMATIVE = "not_normative", "认定不属于规范性文件"
        ADDED = "added", "已补登"

    list = models.ForeignKey(IssuedList, models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField("行号")
    number = models.CharField("文号", max_length=100, blank=True)
    title = models.CharField("名称", max_length=400)
    issued_on = models.DateField("发文日期", null=True)
    finding = models.CharField("核对结果", max_length=16, choices=Finding.choices)
    document = models.ForeignKey(NormativeDocument, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField("认定理由", max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["list", "row"], name="issued_line_once")]


class Campaign(models.Model):
    """清理: one clean-up, periodic or special. It holds one item for each document in force on its base date."""

    class Kind(models.TextChoices):
        PERIODIC = "periodic", "定期清理"
        SPECIAL = "special", "专项清理"

    id = models.UUIDField(primary_key=True)
    league = models.CharField(max_length=6)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    title = models.CharField("名称", max_length=200)
    base_date = models.DateField("基准日")
    deadline = models.DateField("完成期限")
    works = models.JSONField("涉及的上位法", default=list)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    published_on = models.DateField("结果公布日期", null=True)


class CampaignItem(models.Model):
    """One document in one campaign. The two-step decision on it is a dossier of its own (清理), opened when the maker proposes."""

    class Conclusion(models.TextChoices):
        KEEP = "keep", "继续有效"
        AMEND = "amend", "修改"
        REPEAL = "repeal", "废止"
        LAPSE = "lapse", "宣布失效"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="items")
    document = models.ForeignKey(NormativeDocument, models.PROTECT, related_name="+")
    proposed = models.CharField("制定机关建议", max_length=8, choices=Conclusion.choices, blank=True)
    decided = models.CharField("结论", max_length=8, choices=Conclusion.choices, blank=True)
    reason = models.TextField("理由", blank=True)
    cites = models.JSONField("所依据的已修改或者废止的规定", default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "document"], name="campaign_document_once")]


class Cleaning(models.Model):
    """The one case in which a document of a clean-up is decided on. That there is only one, the primary key guards."""

    item = models.OneToOneField(CampaignItem, models.PROTECT, primary_key=True, related_name="cleaning")
    dossier = models.CharField("清理案卷", max_length=64, unique=True)
