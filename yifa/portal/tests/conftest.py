"""A small place with one body, one officer, one decided case, whose party has every kind of number that must never show."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.utils import timezone

from yifa.documents.models import Document
from yifa.dossiers import personal
from yifa.dossiers.models import Dossier, Party
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.models import Certificate, CertificateEvent, Organisation, Person, Region
from yifa.procedures.models import Obligation
from yifa.supervision.services import Citizen

NAME, IDENTITY, PHONE, ADDRESS = "张三丰", "11010519491231002X", "13812345678", "幸福路8号院3单元501"


@dataclass(frozen=True)
class World:
    organisation: Organisation
    number: str
    certificate: Certificate
    dossier: Dossier
    printed: str
    document: Document


def make_world(*, steps: tuple[str, ...] = ("show_badge", "establish", "inform", "hear", "decide", "deliver", "publish")) -> World:
    """Rows as `take` writes them; the record's entries by the record's own service."""
    league, now = "150200", timezone.now()
    region = Region.objects.filter(code="150221").first() or Region.objects.create(
        code="150221",
        name="土默特右旗",
        level=Region.Level.BANNER,
        league=league,
        government_name="土默特右旗人民政府",
        government_address="萨拉齐镇",
        government_phone="0472-0000000",
    )
    organisation = Organisation.objects.filter(code="1502210001").first() or Organisation.objects.create(
        code="1502210001",
        name="土默特右旗示范综合行政执法局",
        short_name="土右示",
        kind="COMPREHENSIVE",
        level=Region.Level.BANNER,
        region=region,
        status="ACTIVE",
        bank_name="示范银行",
        bank_account="1500000000000001",
        phone="0472-1111111",
    )
    number = f"150221{secrets.randbelow(10**6):06d}"
    person = Person.objects.create(login=number, name="李示范", phone="13900000000")
    today = timezone.localdate()
    certificate = Certificate.objects.create(
        number=number,
        person=person,
        organisation=organisation,
        categories=["城市管理"],
        region=region,
        issuer="包头市人民政府",
        issued_on=today - dt.timedelta(days=100),
        expires_on=today + dt.timedelta(days=900),
        status="ACTIVE",
    )
    CertificateEvent.objects.create(
        certificate=certificate,
        act="activate",
        status="ACTIVE",
        on=today - dt.timedelta(days=100),
        recorded_at=now - dt.timedelta(days=100),
    )
    code = f"1502210001-02-2026-{secrets.randbelow(10**6):06d}-7"
    printed, stored = personal.new_proof()
    done: dict[str, list[int]] = {}
    for seq, step in enumerate(steps, 1):
        ledger.record(code, step, actor=Citizen(organisation.code, region.code), payload={"step": step}, league=league)
        done[step] = [seq]
    dossier = Dossier.objects.create(
        league=league,
        code=code,
        procedure="summary_penalty",
        version="2021-07-15",
        organisation=organisation,
        region=region,
        number=f"土右示当罚〔2026〕{secrets.randbelow(10**6)}号",
        title="占道经营",
        party_label="张某某",
        status="已送达",
        state={"seq": len(steps), "done": done, "ended_by": None},
        facts={
            "sanctions": ["罚款"],
            "fine": 5000,
            "party_kind": "citizen",
            "place": ADDRESS,
            "description": f"{NAME}({IDENTITY},电话{PHONE})在{ADDRESS}门前占道经营",
        },
        seq=len(steps),
        opened_at=now,
        updated_at=now,
        token=personal.new_token(),
        proof_hash=stored,
    )
    Party.objects.create(
        league=league,
        dossier=code,
        n=1,
        kind="citizen",
        name=NAME,
        identity_kind="id",
        identity_sealed=personal.seal(IDENTITY),
        identity_hash=personal.identity_hash(IDENTITY),
        phone_sealed=personal.seal(PHONE),
        address=ADDRESS,
    )
    document = Document.objects.create(
        league=league,
        id=uuid4(),
        dossier=code,
        seq=5,
        form="decision",
        title="当场行政处罚决定书",
        organisation=organisation,
        year=2026,
        number=dossier.number or "",
        sha256="a" * 64,
        unsigned_sha256="b" * 64,
        size=1,
        pages=1,
        audience="to_party",
        created_at=now,
    )
    if "publish" in steps:
        Obligation.objects.create(
            league=league,
            dossier=code,
            step="publish",
            n=1,
            procedure="summary_penalty",
            organisation=organisation,
            region=region,
            title="执法公示",
            publishes=True,
            start_on=today,
            due_on=today,
            opened_seq=5,
            closed_seq=7,
            met_on=today,
        )
    return World(organisation, str(dossier.number), certificate, dossier, printed, document)


@pytest.fixture
def world(db: None) -> World:
    return make_world()
