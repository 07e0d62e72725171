"""Who may open what: every address of the site × every role, as one table (`roles.txt`).

A column is a person of one role at the bureau that keeps the case, but for `supervisor` and `assessor` (at the banner's government) and
`other` (an officer of another body). 200 shown, 302 sent elsewhere (to sign in, or on after a form), 401 to sign in (programs),
403 not for this role, 404 not there or not his, 405 and 4xx beside them: let in, but the empty request that the table sends says nothing.
`.` stands for the answer of the column before. An address that is missing here fails the test, as does a line whose address is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from yifa.assessment import queries as assessment
from yifa.assessment.services import freeze_round
from yifa.decisions.tests.stage import clued_and_versioned, heard_and_drawn
from yifa.documents import bindings
from yifa.documents.blocks import allot_block
from yifa.documents.queries import papers
from yifa.dossiers import queries as dossiers
from yifa.dossiers.models import Dossier, Evidence
from yifa.enforcement.tests import world as w
from yifa.evaluation.tests.world import evaluated
from yifa.facts.tests.following import follow_all
from yifa.kernel.access.services import give
from yifa.kernel.parameters.services import propose
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Certificate, Organisation, Person, Post
from yifa.laws import held
from yifa.laws.models import Impact, Work
from yifa.normative.models import Campaign, CampaignItem, NormativeDocument
from yifa.participation import asking
from yifa.participation.services import Draft, comment, open_consultation
from yifa.participation.tests.clearing import CLEARED, COMMENTER_PHONE
from yifa.procedures.take import start
from yifa.site.contexts import CONTEXTS
from yifa.supervision.models import Clue, Complaint
from yifa.supervision.services import complain

ROLES = ["nobody", "officer", "head", "reviewer", "discloser", "finance", "supervisor", "assessor", "system", "security", "audit", "other"]
TABLE = Path(__file__).with_name("roles.txt").read_text(encoding="utf-8")


def lines() -> Iterator[tuple[str, str, list[int]]]:
    for line in TABLE.strip().splitlines():
        if line.startswith("#"):
            continue
        method, address, *cells = line.split()
        found: list[int] = []
        for cell in cells:
            found.append(found[-1] if cell == "." else int(cell))
        yield method, "" if address == "(home)" else address, found


def addresses(resolver: Any, prefix: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from addresses(each, prefix + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield prefix + str(each.pattern)


def test_every_address_is_in_the_table() -> None:
    known = list(addresses(get_resolver()))
    assert sorted({address for _, address, _ in lines()}) == sorted(set(known))
    assert all(len(cells) == len(ROLES) for _, _, cells in lines())


class Stage:
    """The world of the table: a case that was decided and published, with what belongs to it, and somebody of every role."""

    def __init__(self) -> None:
        world = w.build()
        self.case = w.walk(world, "establish", "order_correction", "inform", "hear", "decide", "deliver", "file", "publish")
        dossier = Dossier.objects.get(code=self.case.code)
        bureau = Organisation.objects.get(code=world.li.organisation)
        overseer = Organisation.objects.create(
            code="1502030001",
            name="昆都仑区人民政府",
            short_name="昆政",
            kind="GOVERNMENT",
            level=3,
            region=bureau.region,
            status="announced",
        )
        overseer.territory.add(bureau.region)
        complain(about="case", organisation=bureau.code, dossier=self.case.code, text="没有出示执法证件")
        supervisor, assessor = self._person("supervisor", overseer), self._person("assessor", overseer)
        indicators = assessment.current()
        assert indicators is not None
        follow_all(CONTEXTS)
        month = f"{timezone.localdate():%Y-%m}"
        frozen = freeze_round(by=assessor, title="试算", indicators=indicators, first=month, last=month)
        self.people: dict[str, Actor | None] = {
            "nobody": None,
            "officer": world.li,
            "head": world.head,
            "reviewer": self._person("reviewer", bureau),
            "discloser": self._person("discloser", bureau),
            "finance": self._person("finance", bureau),
            "supervisor": supervisor,
            "assessor": assessor,
            "system": self._person("admin_system", bureau),
            "security": self._person("admin_security", bureau),
            "audit": self._person("admin_audit", bureau),
            "other": world.stranger,
        }
        complaint = Complaint.objects.get()
        granted = give(
            by=world.head,
            holder_kind="person",
            holder=Person.objects.get(pk=world.wang.person).login,
            kind="dossier",
            value=self.case.code,
            until=timezone.localdate() + timedelta(days=30),
            reason="协助办理",
        )
        clue = Clue.objects.first()
        badge = Certificate.objects.get(number=world.li.certificate)
        pad = allot_block(actor=world.head, kind="当罚", year=2026, count=9, holder="纸本第1册", now=timezone.now())
        proposal = propose(
            by=world.head, name="行政处罚公示期限", value=3, unit="workday", cites=["样本规定@2026-01-01#t9"], reason="本地规定",
            region="150200", sector="", valid_from=timezone.localdate(), valid_to=None,
        )  # fmt: skip
        self.values: dict[str, str] = {
            "<uuid:block>": str(pad.id),
            "<int:proposal>": str(proposal.pk),
            "proposals/<int:proposal>/<slug:act>": "approve",
            "blocks/<uuid:block>/<slug:act>": "void",
            "desk/cases/<str:code>": self.case.code,
            "decisions/<str:code>": self.case.code,
            "api/v1/cases/<code>": self.case.code,
            "api/v1/decisions/<code>": self.case.code,
            "people/bodies/<str:code>": bureau.code,
            "people/bodies/<str:code>/<slug:act>": "entrust",
            "people/p/<uuid:pk>": world.wang.person,
            "people/p/<uuid:pk>/<slug:act>": "post",
            "people/certificates/<str:number>": badge.number,
            "people/me/badge/<str:number>": badge.number,
            "grants/<uuid:pk>": str(granted.pk),
            "do/<str:name>": "pay",
            "preview/<str:name>": "decide",
            "bound/<uuid:ident>": self._bound(),
            "<step>": "pay",
            "<str:procedure>": "summary_penalty",
            "<key>": "summary_penalty",
            "<str:kind>": "item",
            "<int:year>": "2026",
            "<uuid:upload>": str(uuid4()),
            "<uuid:evidence>": str(Evidence.objects.get(seq__isnull=False).id),
            "<str:league>": complaint.league,
            "complaints/<str:league>/<uuid:ident>": str(complaint.id),
            "clues/<str:league>/<uuid:ident>": str(clue.id if clue else uuid4()),
            "documents/<str:code>": self._document(bureau),
            "drafts/<str:code>": (making := self._making()),
            "review/<str:code>": making,
            "of/<str:code>": making,
            "objections/<uuid:ident>": str(uuid4()),
            "lists/<uuid:ident>": str(uuid4()),
            "evidence/<uuid:ident>": str(uuid4()),
            "cleanups/<uuid:ident>": str(self._cleanup()),
            "cleanups/<uuid:ident>/<slug:act>": "publish",
            "watch/<int:pk>": self._impact(),
            **self._library_desk(),
            "participation/<uuid:ident>": str(self._consultation()),
            "participate/<uuid:ident>": str(self._consultation()),
            "questionnaires/<uuid:ident>": str(self._questionnaire()),
            "questionnaires/<uuid:ident>/<slug:key>": "q1",
            "participation/<uuid:ident>/<slug:act>": "reply",
            "opinions/<int:n>": "1",
            "opinions/<int:n>/<slug:act>": "hide",
            "<slug:figure_id>": "M12",
            "<figure>": "M12",
            "outcomes/<slug:code>": assessment.indicators_of(indicators).aspects[0].measures[0].outcomes[0].code,
            "<int:number>": str(frozen.pk),
            "sets/<int:number>": str(indicators.pk),
            "sets/<int:number>/<slug:act>": "approve",
            "v/<token:token>": badge.token,
            "c/<token:token>": dossier.token,
            "<uuid:document>": str(uuid4()),
            "<uuid:group>": str(uuid4()),
            "<path:path>": f"0/000.p/{self._leaves()}",
            "mail/<str:token>": "x",
            "laws/<str:slug>": next(iter(held.sources())),
            **clued_and_versioned(supervisor),
            **heard_and_drawn(self.case.code, self.people["officer"], overseer),
            **evaluated(supervisor, [self.people[role] for role in ("assessor", "reviewer")]),
            "<str:key>": "t1",
            "<work>": "没有这部法",
        }

    @staticmethod
    def _impact() -> str:
        """A cited article that was reworded."""
        work = Work.objects.get_or_create(slug="样本法", defaults={"title": "样本法", "type": "FL", "level": "国家", "sort_key": "yang"})[0]
        today = timezone.localdate()
        row = Impact.objects.create(
            key="0" * 64, kind="执法事由", label="样本事由", work=work, node_key="t1", old_version="2020-01-01", change="修改", on=today,
            due_on=today, found_on=today,
        )  # fmt: skip
        return str(row.pk)

    @staticmethod
    def _library_desk() -> dict[str, str]:
        """A proposed repeal, a text and a suspension of the sample law."""
        work, today = Work.objects.get(slug="样本法"), timezone.localdate()
        event = work.events.create(kind="废止", on=today, instrument="样本新法", state="proposed", basis="《样本法》同时废止。", source="x")
        text = work.expressions.create(
            version="2020-01-01", published_on=today, effective_on=today, source="test:x", sha256="0" * 64, splitter=1
        )  # fmt: skip
        paused = work.suspensions.create(kind="暂时停止适用", from_on=today, instrument="样本决定")
        rows = {"events": event, "differences": text, "texts": text, "suspensions": paused}
        return {f"desk/{name}/<int:pk>": str(row.pk) for name, row in rows.items()}

    @staticmethod
    def _document(body: Organisation) -> str:
        """A normative document of the bureau, public and in force."""
        today = timezone.localdate()
        row = NormativeDocument.objects.create(
            code="GFSAMPLE", league="150200", title="样本办法", number="样本〔2026〕1号", maker=body, region=body.region, kind="department",
            made_on=today, published_on=today, effective_on=today, openness="public", source="stock",
        )  # fmt: skip
        return row.code

    def _making(self) -> str:
        """A document of the bureau on its way, without a draft yet."""
        officer = self.people["officer"]
        assert officer
        facts = {"title": "样本办法", "purpose": "规范管理", "basis": "样本法", "business": False, "market": False}
        return start("normative_making", by=officer, facts=facts, key=uuid4()).ref.code

    @staticmethod
    def _cleanup() -> UUID:
        """A clean-up that another body has opened, in which the bureau's document stands."""
        person, document = Person.objects.all()[0], NormativeDocument.objects.select_related("maker").get()
        today = timezone.localdate()
        row = Campaign.objects.create(
            id=uuid4(), league="150200", organisation_id="1502030001", kind="periodic", title="样本清理", base_date=today,
            deadline=today, opened_by=person, opened_at=timezone.now(),
        )  # fmt: skip
        CampaignItem.objects.create(campaign=row, document=document)
        return row.id

    def _bound(self) -> str:
        """The case as one file."""
        officer = self.people["officer"]
        assert officer
        found = dossiers.case(officer, self.case.code)
        row = bindings.ask(found, by=officer, papers=papers, at=timezone.now()) if found else None
        assert row
        return str(row.id)

    def _consultation(self) -> UUID:
        """A draft of the bureau before the public, with an opinion whose author left his telephone; asked twice, a second round."""
        today = timezone.localdate()
        draft = Draft(self.case.code, "征求意见稿", "说明", f"第一条（{uuid4()}）", today, today + timedelta(days=30), CLEARED)
        by = self.people["discloser"]
        assert by is not None
        row = open_consultation(draft, by=by)
        comment(row.league, row.id, text="请写明犬绳的长度", name="意见样本", phone=COMMENTER_PHONE)
        return row.id

    def _questionnaire(self) -> UUID:
        """A questionnaire of the bureau before the public, with one question to write to."""
        by, today = self.people["discloser"], timezone.localdate()
        assert by is not None
        row = asking.draw_up(self.case.code, "停车问卷", "说明", by=by)
        asking.add_question(row.league, row.id, by=by, kind="text", text="您的建议")
        asking.publish(row.league, row.id, asking.Period(today, today + timedelta(days=15)), CLEARED, by=by)
        return row.id

    @staticmethod
    def _leaves() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ledger_leaf")
            return int(cursor.fetchone()[0])

    @staticmethod
    def _person(role: str, body: Organisation) -> Actor:
        person = Person.objects.create_user(f"r-{role}", None, name=f"{role}样本")
        post = Post.objects.create(person=person, organisation=body, roles=[role], since=w.SINCE)
        return Actor(str(person.pk), person.name, str(post.pk), body.code, body.name, body.region_id, "150200", frozenset({role}))


def path_of(address: str, values: dict[str, str]) -> str:
    """The address with the stage's values: the longest name that ends there tells which."""
    path, rest = "", address
    while match := re.search(r"<[^>]*>", rest):
        until = address[: len(address) - len(rest) + match.end()]
        name = max((each for each in values if until.endswith(each)), key=len)
        path += rest[: match.start()] + values[name]
        rest = rest[match.end() :]
    return f"/{path}{rest}"


def _client(actor: Actor | None) -> Client:
    client = Client(raise_request_exception=False, headers={"Tus-Resumable": "1.0.0", "Idempotency-Key": str(UUID(int=7))})
    if actor:
        client.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["people.post"], session["people.factor"] = actor.post, True
        session.save()
    return client


def _ask(client: Client, method: str, path: str) -> int:
    """GET, or a form or body in which nothing is stated."""
    if method == "GET":
        return int(client.get(path).status_code)
    if path.startswith("/api/"):
        return int(client.generic(method, path, "{}", content_type="application/json").status_code)
    return int(client.generic(method, path, "", content_type="application/x-www-form-urlencoded").status_code)


def test_every_role_at_every_address(own_db: Any) -> None:
    stage = Stage()
    readers = {role: _client(actor) for role, actor in stage.people.items()}
    differing = []
    for method, address, expected in lines():
        path = path_of(address, stage.values)
        for role, status in zip(ROLES, expected, strict=True):
            # Whoever writes may sign himself out: a session of its own.
            client = readers[role] if method == "GET" else _client(stage.people[role])
            if (found := _ask(client, method, path)) != status:
                differing.append(f"{method} {address or '(home)'} as {role}: {found}, not {status}")
    assert not differing, "\n".join(differing)
    assert Dossier.objects.count() == 2, "an empty form has opened a case"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry WHERE chain = %s", [stage.case.code])
        assert cursor.fetchone() == (9,), "an empty form has become an act"


# Every name that some page asks its address or its form for.
ASKED = [
    "after",
    "article",
    "before",
    "body",
    "code",
    "day",
    "dossier",
    "first",
    "from",
    "group",
    "kind",
    "last",
    "login",
    "name",
    "on",
    "organisation",
    "person",
    "place",
    "q",
    "reason",
    "region",
    "state",
    "subject",
    "text",
    "title",
    "to",
    "unit",
    "until",
    "version",
    "words",
    "work",
]


def test_a_nul_is_the_requests_fault_at_every_address(own_db: Any) -> None:
    """No text of PostgreSQL holds one: the page says that the request cannot be read, and nothing breaks."""
    stage = Stage()
    told = urlencode(dict.fromkeys(ASKED, "样\x00本"))
    broken, refused = [], 0
    for method, address, expected in lines():
        path = path_of(address, stage.values)
        role = next((role for role, status in zip(ROLES, expected, strict=True) if status == 200), "nobody")
        if path.startswith("/api/"):
            continue
        client = _client(stage.people[role])
        if method == "GET":
            status = client.get(f"{path}?{told}").status_code
        else:
            status = client.generic(method, path, told, content_type="application/x-www-form-urlencoded").status_code
        refused += status == 400
        if status >= 500:
            broken.append(f"{method} {address} as {role}: {status}")
    assert not broken, "\n".join(broken)
    assert refused
