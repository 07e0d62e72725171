"""Regions, bodies, people, posts and certificates: reference data that every other room points to.

Source: 行政处罚法 17–21 (who may punish), 内蒙古自治区行政执法监督条例 13–14 (bodies confirmed and announced, officers certified),
GB/T 2260, GB 32100.
Keys are the codes that people use: a region's and a body's code never change; a body that merges or splits gets a successor instead.
"""

from __future__ import annotations

import secrets
import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left


def new_token() -> str:
    """128 random bits as 32 hexadecimal characters, for a code that a stranger scans."""
    return secrets.token_hex(16)


class Region(models.Model):
    """A division of GB/T 2260 (six digits) or a township of the statistical code (nine digits)."""

    class Level(models.IntegerChoices):
        PROVINCE = 1, "省级"
        LEAGUE = 2, "盟市"
        BANNER = 3, "旗县"
        TOWNSHIP = 4, "苏木乡镇"

    code = models.CharField("代码", primary_key=True, max_length=12, validators=[RegexValidator(r"^\d{6}(\d{3}){0,2}$")])
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级")
    level = models.PositiveSmallIntegerField("层级", choices=Level.choices)
    # The 盟市 that this region lies in (itself, for a 盟市); the province's own code above and where a county has no 盟市 over it.
    league = models.CharField("盟市代码", max_length=6, db_index=True)
    government_name = models.CharField("人民政府或行政公署", max_length=100, blank=True)
    government_address = models.CharField("地址", max_length=200, blank=True)
    government_phone = models.CharField("电话", max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            # A 苏木乡镇 is found by its 旗县's six digits: a territory of 旗县 is read so.
            models.CheckConstraint(condition=~Q(level=4) | Q(parent=Left("code", 6)), name="people_region_township_in_banner"),
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A body. Whether it is a 行政执法主体 on a given day is judged by `subjects.is_subject`, never by its mere presence here."""

    class Kind(models.TextChoices):
        ORGAN = "ORGAN", "行政机关"
        AUTHORIZED = "AUTHORIZED", "法律法规授权组织"
        ENTRUSTED = "ENTRUSTED", "受委托组织"
        DISPATCHED = "DISPATCHED", "派出机构"
        TOWNSHIP = "TOWNSHIP", "乡镇街道"
        COMPREHENSIVE = "COMPREHENSIVE", "综合行政执法机关"
        GOVERNMENT = "GOVERNMENT", "人民政府"
        ADMINISTRATION = "ADMINISTRATION", "开发区管委会"
        UNIT = "UNIT", "内设执法机构"

    class Status(models.TextChoices):
        DRAFT = "draft", "草拟"
        SUBMITTED = "submitted", "已申报"
        CHECKED = "checked", "已审核"
        CONFIRMED = "confirmed", "已确认"
        ANNOUNCED = "announced", "已公告"
        SUSPENDED = "suspended", "已暂停"
        CANCELLED = "cancelled", "已撤销"

    code = models.CharField("主体代码", primary_key=True, max_length=10, validators=[RegexValidator(r"^\d{10}$")])
    uscc = models.CharField("统一社会信用代码", max_length=18, null=True, blank=True, unique=True)
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("机关代字", max_length=20, blank=True)
    kind = models.CharField("类型", max_length=16, choices=Kind.choices)
    level = models.PositiveSmallIntegerField("层级", choices=Region.Level.choices)
    region = models.ForeignKey(Region, models.PROTECT, related_name="organisations", verbose_name="所在区划")
    territory = models.ManyToManyField(Region, blank=True, related_name="governed_by", verbose_name="管辖区划")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="units", verbose_name="所属机关")
    competent_department = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="line", verbose_name="上级主管部门"
    )
    status = models.CharField("状态", max_length=12, choices=Status.choices, default=Status.DRAFT)
    valid_from = models.DateField("主体资格起", null=True, blank=True)
    valid_to = models.DateField("主体资格止", null=True, blank=True)
    basis = models.CharField("职权依据和确认文件", max_length=300, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    bank_name = models.CharField("缴款银行", max_length=100, blank=True)
    bank_account = models.CharField("缴款账号", max_length=40, blank=True)
    sector = models.CharField("领域", max_length=30, blank=True)
    fields = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name="执法领域")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region", "code"], name="people_org_region")]

    def __str__(self) -> str:
        return self.name


class OrganisationEvent(models.Model):
    """What became of a body's standing, and on which day; the ledger chain `organisation:<code>` is the record."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="events")
    act = models.CharField(max_length=20)
    status = models.CharField(max_length=12, choices=Organisation.Status.choices)
    on = models.DateField()
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "on", "id"], name="people_orgevent_org_on")]


class Succession(models.Model):
    """Powers that went from one body to another. `carries_dossiers` says that the successor reads and continues the old dossiers."""

    class Kind(models.TextChoices):
        MERGER = "merger", "合并"
        SPLIT = "split", "分立"
        TRANSFER = "transfer", "职权划转"

    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, models.PROTECT, related_name="inheritances")
    kind = models.CharField("方式", max_length=10, choices=Kind.choices)
    on = models.DateField("生效日期")
    powers = models.CharField("划转的职权", max_length=300, blank=True)
    document = models.CharField("文件", max_length=200)
    carries_dossiers = models.BooleanField("承接案卷", default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="people_succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=models.F("successor")), name="people_succession_two_bodies"),
        ]


class Entrustment(models.Model):
    """A written entrustment (行政处罚法 20): items, powers and term are stated, and both sides publish it."""

    entruster = models.ForeignKey(Organisation, models.PROTECT, related_name="entrustments_given")
    entrusted = models.ForeignKey(Organisation, models.PROTECT, related_name="entrustments_held")
    items = ArrayField(models.CharField(max_length=200), verbose_name="委托事项")
    powers = models.CharField("委托权限", max_length=300)
    since = models.DateField("自")
    until = models.DateField("至")
    document = models.CharField("委托书", max_length=200)
    filed_on = models.DateField("备案日期", null=True, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)
    revoked_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gte=models.F("since")), name="people_entrustment_term"),
            models.CheckConstraint(condition=~Q(entruster=models.F("entrusted")), name="people_entrustment_two_bodies"),
        ]


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, login: str, password: str | None = None, **fields: Any) -> Person:
        """Used by tests and importers; pages go through `services.add_person`, which also writes the record."""
        person = self.model(login=login, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """A human being who can sign in. `login` is the certificate's number or an account name. What he may do comes from his posts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    login = models.CharField("执法证号或账号", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("电话", max_length=40, blank=True)
    # Where his notices go besides; he sets it himself.
    email = models.EmailField("电子邮件", blank=True, default="", db_default="")
    identity_sealed = models.BinaryField("身份证号(加密)", null=True, blank=True)
    identity_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    staffed = models.BooleanField("在编", default=True)
    qualification = models.CharField("法律职业资格证号", max_length=30, blank=True)
    photo = models.CharField("照片(SHA-256)", max_length=64, blank=True)
    is_active = models.BooleanField("启用", default=True)
    joined_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="people_person_name")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


ADMINISTRATORS = ["admin_system", "admin_security", "admin_audit"]


class Post(models.Model):
    """A person's place in a body with the roles it gives. A person may hold several and chooses the one he acts for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    roles = ArrayField(models.CharField(max_length=20), verbose_name="角色")
    title = models.CharField("职务", max_length=40, blank=True)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="people_post_term"),
            # 三员分立: system, security and audit administration are three people, and no post joins two of them.
            models.UniqueConstraint(
                fields=["person"], condition=Q(roles__overlap=ADMINISTRATORS, until__isnull=True), name="people_post_one_administration"
            ),
            models.CheckConstraint(
                condition=~Q(roles__contains=["admin_system", "admin_security"])
                & ~Q(roles__contains=["admin_system", "admin_audit"])
                & ~Q(roles__contains=["admin_security", "admin_audit"]),
                name="people_post_administrators_apart",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "person"], name="people_post_org_person"),
            models.Index(fields=["person", "since"], name="people_post_person_since"),
        ]


class HandOver(models.Model):
    """What one person had in hand at a body, another goes on with from the day after."""

    giver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    taker = models.ForeignKey(Person, models.PROTECT, related_name="taken_over")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    on = models.DateField()


class Certificate(models.Model):
    """A 行政执法证 or 行政执法监督证. `status` is the last state of its life cycle; its events tell the state of any day."""

    class Kind(models.TextChoices):
        ENFORCEMENT = "enforcement", "行政执法证"
        SUPERVISION = "supervision", "行政执法监督证"

    number = models.CharField("证号", primary_key=True, max_length=20, validators=[RegexValidator(r"^[0-9A-Z]{6,20}$")])
    kind = models.CharField("证件种类", max_length=12, choices=Kind.choices, default=Kind.ENFORCEMENT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="certificates")
    categories = ArrayField(models.CharField(max_length=30), default=list, verbose_name="执法类别")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="执法区域")
    issuer = models.CharField("发证机关", max_length=100)
    issued_on = models.DateField("发证日期", null=True, blank=True)
    expires_on = models.DateField("有效期至", null=True, blank=True)
    status = models.CharField("状态", max_length=16, default="APPLIED")
    token = models.CharField(max_length=32, unique=True, default=new_token)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "number"], name="people_certificate_org"),
            models.Index(fields=["person", "number"], name="people_certificate_person"),
        ]

    def __str__(self) -> str:
        return self.number


class CertificateEvent(models.Model):
    """One act on a certificate: the projection of its ledger chain `certificate:<number>`, kept to judge validity on a past day."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="events")
    act = models.CharField(max_length=16)
    status = models.CharField(max_length=16)
    on = models.DateField()
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["certificate", "on", "id"], name="people_certevent_cert_on")]


class ActivationSlip(models.Model):
    """A printed slip with a one-time code for the first sign-in; only a digest of the code is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="slips")
    digest = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)


class RegisterAct(models.Model):
    """Which entry was made on which register object, newest first, for the audit administrator; the ledger is the record."""

    pk = models.CompositePrimaryKey("league", "chain", "seq")
    league = models.CharField(max_length=6)
    chain = models.CharField("对象", max_length=80)
    seq = models.IntegerField()
    step = models.CharField("事项", max_length=40)
    actor = models.CharField(max_length=40)
    actor_name = models.CharField("经办人", max_length=40)
    organisation = models.CharField(max_length=10)
    recorded_at = models.DateTimeField("时间")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-recorded_at", "chain", "seq"], name="people_act_at"),
            models.Index(fields=["chain", "seq"], name="people_act_chain"),
        ]


class SignIn(models.Model):
    """One attempt to sign in, for the audit administrator. Successes are also entries on the chain `sign-in:<person>`."""

    class Outcome(models.TextChoices):
        SUCCESS = "success", "成功"
        PASSWORD = "password", "口令不符"
        FACTOR = "factor", "第二因素不符"
        LOCKED = "locked", "已锁定"
        # A wrong second factor that an administrator has forgiven: it stays in the list but counts no more.
        RELEASED = "released", "第二因素不符（已解锁）"

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField(default=uuid.uuid4, editable=False)
    login = models.CharField("账号", max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices)
    at = models.DateTimeField("时间")
    address = models.GenericIPAddressField("网络地址", null=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-at", "-id"], name="people_signin_at"),
            models.Index(fields=["person", "-at"], name="people_signin_person"),
        ]


class Reading(models.Model):
    """Somebody saw sensitive data: who, acting for which body, what, of whom, when, and by which right. Rows are added and never changed

    (the database refuses it). Source: 个人信息保护法 51, 54; 数据安全法 27. `league` is that of what was read.
    """

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField(default=uuid.uuid4, editable=False)
    at = models.DateTimeField("时间")
    # A person's id; empty for a party who proved himself at the portal.
    reader = models.CharField(max_length=40, blank=True)
    reader_name = models.CharField("查看人", max_length=40)
    organisation = models.CharField("代表机关", max_length=10, blank=True)
    # A case number, `complaint:<id>` or `person:<id>`; `label` is how people call it.
    subject = models.CharField("对象", max_length=80)
    label = models.CharField(max_length=200)
    # The body whose data it is: its audit administrator sees who from outside has read it.
    body = models.CharField(max_length=10)
    items = ArrayField(models.CharField(max_length=20), verbose_name="内容")
    detail = models.CharField(max_length=200, blank=True)
    way = models.CharField("途径", max_length=10)
    ground = models.CharField("依据", max_length=16)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-at", "-id"], name="people_reading_at"),
            models.Index(fields=["organisation", "-at", "-id"], name="people_reading_by_body"),
            models.Index(fields=["body", "-at", "-id"], name="people_reading_of_body"),
            models.Index(fields=["reader", "-at", "-id"], name="people_reading_reader"),
            models.Index(fields=["subject", "-at", "-id"], name="people_reading_subject"),
        ]


class Notice(models.Model):
    """What a person was told, and whether he has read it; `trouble` says that it could not also be sent where he wished."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("内容")
    url = models.CharField(max_length=400)
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "kind", "key"], name="people_notice_once")]
        indexes: ClassVar = [models.Index(fields=["person", "-id"], name="people_notice_newest")]


class MailFollower(models.Model):
    """An address that follows something without an account. Nothing is sent before the link in the first mail was opened and confirmed.

    `topic` is a key of the room that tells of it; `token` is the link that confirms, and later the one that ends it.
    """

    topic = models.CharField(max_length=80)
    title = models.CharField(max_length=440)
    email = models.EmailField()
    token = models.CharField(max_length=43, unique=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["topic", "email"], name="mail_follower_once")]
        indexes: ClassVar = [models.Index(fields=["email", "asked_at"], name="mail_follower_asked")]


class MailTold(models.Model):
    """A piece of news that those who follow a topic were told, by its key: nobody is told twice."""

    pk = models.CompositePrimaryKey("topic", "key")
    topic = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    at = models.DateTimeField()
