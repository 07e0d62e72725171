"""A set comes in by a file without a fault and two persons; a round is frozen by a form and computed again."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from yifa.assessment import queries
from yifa.assessment.files import Fault, committed, faults
from yifa.assessment.models import IndicatorSet, Round
from yifa.enforcement.tests import world as w
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.models import Organisation, Person, Post, Region

TEXT = next(committed())
NEWER = TEXT.replace("version: 0.1.1", "version: 0.1.2", 1)
CHANGED = NEWER.replace("title: 执法决定按期公示", "title: 执法决定按时公示", 1)


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  weight: 14.0", "  weight: 14.5", "方面A1的措施权重合计14.00"),
        ("  weight: 14.0", "  weight: 十四", "weight应当是不小于零、最多两位小数的数，不能是“十四”"),
        ("  weight: 14.0", "  weight: 14.005", "weight应当是不小于零、最多两位小数的数，不能是“14.005”"),
        ("- code: LAW-02", "- code: LAW-01", "指标代码LAW-01重复"),
        ("  outcomes: 231", "  outcomes: 230", "outcomes应当有230项"),
        ("total: 100", "total: 101", "权重合计100.00"),
        ("  direction: up", "  direction: sideways", "方向"),
    ],
)
def test_every_fault_of_a_file_is_told_with_its_line(old: str, new: str, said: str) -> None:
    assert faults(TEXT) == []
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    found = [each for each in faults(text) if said in each.text]
    assert len(found) == 1
    shown = text.splitlines()[found[0].line - 1]
    expected = {"方面": "code: A1", "方向": "code: LAW-01"}.get(said[:2], new.strip())
    assert expected in shown


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("title: [", Fault(1, "")),
        ("- 1\n- 2", Fault(0, "没有指标集")),
        (TEXT.replace("code: NM-FZZF-2015-2020\n", "", 1), Fault(1, "缺少code")),
        ("a: 1\nb: 2\n  c: 3", Fault(3, "不是YAML文件")),
    ],
)
def test_a_file_that_is_no_set_says_so(text: str, fault: Fault) -> None:
    found = faults(text)
    assert any(fault.text in each.text and each.line == fault.line for each in found), found


def client(body: Organisation, role: str, name: str = "") -> Client:
    person = Person.objects.create_user(f"s-{role}{name}", None, name=f"{role}样本{name}")
    post = Post.objects.create(person=person, organisation=body, roles=[role], since=w.SINCE)
    found = Client()
    found.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = found.session
    session["people.post"], session["people.factor"] = str(post.pk), True
    session.save()
    return found


@pytest.fixture
def office(db: None) -> Organisation:
    w.build()
    body = Organisation.objects.create(
        code="1502000001", name="包头市司法局", short_name="包司", kind="ORGAN", level=2, region_id="150200", status="announced"
    )
    body.territory.add(Region.objects.get(code="150200"))
    return body


def upload(assessor: Client, text: str, name: str = "set.yaml") -> HttpResponse:
    sent: HttpResponse = assessor.post("/assessment/sets/new/", {"file": SimpleUploadedFile(name, text.encode())})  # type: ignore[assignment]  # the test client adds to it
    return sent


def test_a_set_is_used_once_a_second_person_approved_it(office: Organisation) -> None:
    assessor, other, head = client(office, "assessor"), client(office, "assessor", "乙"), client(office, "head")
    assert upload(assessor, CHANGED).status_code == 302
    row = IndicatorSet.objects.get(version="0.1.2")
    page = head.get(f"/assessment/sets/{row.pk}/").content.decode()
    assert "1 项成果、0 项指标不同" in page
    assert "执法决定按时公示" in page
    assert queries.current() != row
    own = assessor.post(f"/assessment/sets/{row.pk}/approve/")
    assert (own.status_code, "应当由另一人批准" in own.content.decode()) == (409, True)
    assert other.post(f"/assessment/sets/{row.pk}/approve/").status_code == 302
    assert queries.current() == row
    assert head.post(f"/assessment/sets/{row.pk}/refuse/", {"reason": "重复"}).status_code == 409
    assert [entry.step for entry in Entry.objects.filter(chain=f"indicator-set:{row.code}").order_by("seq")] == ["propose", "approve"]
    again = upload(assessor, CHANGED)
    assert (again.status_code, "已经导入" in again.content.decode()) == (422, True)


def test_a_set_in_force_takes_the_place_of_its_earlier_version(office: Organisation) -> None:
    assessor, head = client(office, "assessor"), client(office, "head")
    for version in ("0.1.2", "0.1.3"):
        upload(assessor, TEXT.replace("version: 0.1.1", f"version: {version}", 1).replace("status: trial", "status: active", 1))
        head.post(f"/assessment/sets/{IndicatorSet.objects.get(version=version).pk}/approve/")
    states = dict(IndicatorSet.objects.values_list("version", "status"))
    assert states == {"0.1.1": "trial", "0.1.2": "retired", "0.1.3": "active"}


def test_a_refused_version_may_be_brought_in_again(office: Organisation) -> None:
    assessor, head = client(office, "assessor"), client(office, "head")
    upload(assessor, NEWER)
    number = IndicatorSet.objects.get(version="0.1.2").pk
    assert head.post(f"/assessment/sets/{number}/refuse/").status_code == 409
    assert head.post(f"/assessment/sets/{number}/refuse/", {"reason": "依据不足"}).status_code == 302
    assert upload(assessor, NEWER).status_code == 302


def test_a_faulty_file_is_answered_line_by_line_and_leaves_nothing(office: Organisation) -> None:
    assessor = client(office, "assessor")
    text = NEWER.replace("- code: LAW-02", "- code: LAW-01", 1)
    answer = upload(assessor, text)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "指标代码LAW-01重复" in page
    assert f'data-label="行">{line_of(NEWER, "code: LAW-02")}<' in page
    assert upload(assessor, NEWER, "set.exe").status_code == 422
    assert assessor.post("/assessment/sets/new/").status_code == 422
    assert not IndicatorSet.objects.filter(status="proposed").exists()


def test_a_round_is_frozen_by_form_and_says_who_froze_what(office: Organisation) -> None:
    assessor, head = client(office, "assessor"), client(office, "head")
    used = queries.current()
    assert used is not None
    stated = {"title": "2026年度考核", "indicators": used.pk, "first": "2026-01", "last": "2026-12"}
    assert head.post("/assessment/rounds/", stated).status_code == 403
    assert assessor.post("/assessment/rounds/", stated | {"first": "2027-01"}).status_code == 422
    assert assessor.post("/assessment/rounds/", stated).status_code == 302
    row = Round.objects.get()
    page = assessor.get(f"/assessment/rounds/{row.pk}/").content.decode()
    assert "assessor样本" in page
    assert f"计至记录第 {row.position} 条以前" in page
    assert "逐项一致" in page
    Round.objects.update(book={code: {**kept, "earned": "99.00"} for code, kept in row.book.items() if code.startswith("1502")})
    assert "不一致" in assessor.get(f"/assessment/rounds/{row.pk}/").content.decode()
    assert "2026年度考核" in head.get("/assessment/rounds/").content.decode()


def test_a_set_that_waits_is_not_frozen(office: Organisation) -> None:
    assessor = client(office, "assessor")
    upload(assessor, NEWER)
    waiting = IndicatorSet.objects.get(version="0.1.2").pk
    stated = {"title": "2026年度考核", "indicators": waiting, "first": "2026-01", "last": "2026-12"}
    assert assessor.post("/assessment/rounds/", stated).status_code == 422


def test_a_body_of_a_banner_organises_no_assessment(office: Organisation) -> None:
    Organisation.objects.filter(pk=office.pk).update(level=3)
    assessor = client(office, "assessor")
    assert upload(assessor, NEWER).status_code == 403
    assert assessor.post("/assessment/rounds/", {}).status_code == 403
