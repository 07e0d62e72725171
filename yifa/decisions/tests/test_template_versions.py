"""Sets of templates: a file that is unfit is told so line by line; two persons; a matter keeps the set of its start, a score for ever."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from yifa.decisions import judging, marking, template_versions, templates
from yifa.decisions.models import Closing, TemplateVersion
from yifa.decisions.template_set import Change, UnfitTemplatesError, difference
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_judging import client, confirm_all
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Region
from yifa.kernel.refusing import RejectedError

TEXT = templates.installed_text()


def changed(version: str = "0.2.0") -> str:
    """T18.3 is worth half a point more, T18.1 half a point less; the rest as it was."""
    text = TEXT.replace("version: 0.1.0", f"version: {version}").replace(
        "      - code: T18.1\n        points: 3.0", "      - code: T18.1\n        points: 2.5"
    )
    return text.replace("      - code: T18.3\n        points: 1.0", "      - code: T18.3\n        points: 1.5")


@dataclass(frozen=True)
class Assessors:
    first: Actor
    second: Actor
    head: Actor
    district: Actor


def seated() -> Assessors:
    """Assessors of the region's government, and one of a district's, who has no say."""
    region = Region.objects.get(code="150000")
    body = w.body("1500000001", "自治区人民政府", "内政", region, kind="GOVERNMENT")
    district = Organisation.objects.get(code="1502030001")
    first, second = (w.person(name, body, ["assessor"]) for name in ("一样本", "二样本"))
    return Assessors(first, second, w.person("三样本", body, ["head"]), w.person("四样本", district, ["assessor"]))


def tomorrow(days: int = 1) -> date:
    return timezone.localdate() + timedelta(days=days)


# Files


def unfit(text: str) -> list[str]:
    return [f"{each.line}：{each.text}" for each in templates.faults(text)]


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "  effect:\n    block_step: 集体讨论\n    score_cap: 59\n    zero:",
            "  effect:\n    score_cpa: 59\n    zero:",
            "“score_cpa”不认识",
        ),
        ("    block_step: 作出决定", "    block_step: 开会", "阻止的环节“开会”"),
        ("    total: 0\n    refer: 责任追究线索", "    {}", ""),
        ("title: 听证\n", "title: 听证\n    wieght: 5\n", "“wieght”不认识"),
        ("grades:\n- name: 优秀\n", "grades:\n- name: 优秀\n  max: 100\n", "“max”不认识"),
        ("total: 100\n", "total: 1e2\n", "不能是“1e2”"),
        ("total: 100\n", "total: １００\n", "不能是“１００”"),
        ("total: 100\n", "total: 0x64\n", "不能是“0x64”"),
        ("total: 100\n", "total: .inf\n", "不能是“.inf”"),
        ("total: 100\n", "total: 1e999999999\n", "不能是“1e999999999”"),
        ("  points: 7\n", "  points: 七\n", "不能是“七”"),
        ("version: 0.1.0\n", "version: ''\n", "version是空的"),
        ("- code: T08.2\n", "- code: T08.2\n        ? [a, b]\n        : 1\n", "键应当是一个词"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, said: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    found = unfit(text)
    assert found
    assert any(said in each for each in found), found
    assert all(0 <= int(each.partition("：")[0]) <= len(text.splitlines()) for each in found)


def test_every_fault_is_told_at_once() -> None:
    found = unfit(
        TEXT.replace("score_cap: 59", "score_cpa: 59", 1).replace("  weight: 20\n", "  weight: 21\n").replace("- code: R6", "- code: R7")
    )
    for said in ("“score_cpa”不认识", "监督点S2的指标权重合计20.00", "红线R7没有对应", "红线R6有判断函数"):
        assert any(said in each for each in found), (said, found)


def test_what_a_set_never_needs_is_refused_before_it_is_built() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(f"{n}: &{n} [{', '.join([f'*{p}'] * 9)}]\n" for p, n in pairwise("abcdefghi"))
    deep = "a: " + "[" * 5000
    wide = "- x\n" * 60_000
    began = time.process_time()
    assert "引用" in unfit(bomb)[0]
    assert "层次太深" in unfit(deep)[0]
    assert "内容太多" in unfit(wide)[0]
    assert "类型标记" in unfit("code: !!python/object/apply:os.system [true]")[0]
    assert "类型标记" in unfit(TEXT.replace("total: 100", "total: !!int 100"))[0]
    assert unfit("code: a\x00b") != []
    assert unfit(TEXT + "\n---\n" + TEXT) != []
    assert time.process_time() - began < 5


def test_files_that_are_no_text_are_refused_with_the_place() -> None:
    assert templates.decode(TEXT.encode("utf-8-sig"))[0] == TEXT
    assert "UTF-8" in templates.decode("title: 听证".encode("gb18030"))[1][0].text
    (fault,) = templates.decode(b"a: 1\nb: \xff\n")[1]
    assert (fault.line, "第9个字节" in fault.text) == (2, True)
    assert templates.decode(random.Random(1).randbytes(2000))[1]
    assert "超过" in templates.decode(b"a" * (templates.LARGEST + 1))[1][0].text


def test_the_difference_names_what_changed_and_nothing_else() -> None:
    old, new = templates.installed(), templates.load(changed())
    assert difference(old, old) == ()
    found = difference(old, new)
    assert [each.code for each in found] == ["T18.1", "T18.3"]
    assert found[0] == Change("T18.1", "三项内容都审", "3.00分；类型set_covers；三项内容都审", "2.50分；类型set_covers；三项内容都审")
    other = templates.load(
        TEXT.replace("score_cap: 59", "score_cap: 40").replace("min: 90", "min: 92").replace("有调研报告", "有完整的调研报告")
    )
    assert {each.code for each in difference(old, other)} == {"R1", "R2", "R3", "R4", "T04.1", "等次优秀"}


# Two persons and a day


@pytest.mark.usefixtures("own_db")
def test_a_set_is_proposed_by_one_person_and_approved_by_another() -> None:
    w.build()
    who = seated()
    row = template_versions.propose(changed(), tomorrow(), by=who.first)
    with pytest.raises(RejectedError, match="另一人"):
        template_versions.approve(row.id, by=who.first)
    with pytest.raises(IntegrityError), transaction.atomic():
        TemplateVersion.objects.filter(id=row.id).update(status="approved", decided_by_id=who.first.person)
    with pytest.raises(RejectedError, match="自治区、盟市"):
        template_versions.approve(row.id, by=who.district)
    assert templates.in_force(tomorrow()).version == "0.1.0"
    template_versions.approve(row.id, by=who.head)
    assert templates.in_force(timezone.localdate()).version == "0.1.0"
    assert templates.in_force(tomorrow()).version == templates.in_force(tomorrow(900)).version == "0.2.0"
    steps = Entry.objects.filter(chain=template_versions.chain(row.code)).order_by("seq").values_list("step", flat=True)
    assert list(steps) == ["propose", "approve"]


@pytest.mark.usefixtures("own_db")
def test_what_may_not_be_proposed() -> None:
    w.build()
    who = seated()
    for day in (timezone.localdate(), timezone.localdate() - timedelta(days=400)):
        with pytest.raises(RejectedError, match="今天以后"):
            template_versions.propose(changed(), day, by=who.first)
    for actor in (who.district, who.head):
        with pytest.raises(RejectedError, match="考核人员提出"):
            template_versions.propose(changed(), tomorrow(), by=actor)
    for text, why in (
        (TEXT, "完全相同"),
        (TEXT.replace("缺一项扣0.2", "缺一项扣0.20"), "0.1.0版已经有了"),
        (changed().replace("code: DEC-7-15-26", "code: DEC-8"), "代码应当是DEC-7-15-26"),
        (changed().replace("weight: 20", "weight: 21"), "监督点S2"),
    ):
        with pytest.raises(UnfitTemplatesError, match=why):
            template_versions.propose(text, tomorrow(), by=who.first)
    row = template_versions.propose(changed(), tomorrow(), by=who.first)
    with pytest.raises(UnfitTemplatesError, match="完全相同"):
        template_versions.propose(changed(), tomorrow(2), by=who.second)
    template_versions.refuse(row.id, "先不改", by=who.second)
    again = template_versions.propose(changed(), tomorrow(2), by=who.second)
    late = datetime.combine(tomorrow(2), datetime.min.time(), timezone.get_current_timezone())
    with pytest.raises(RejectedError, match="今天以后"):
        template_versions.approve(again.id, by=who.first, simulated=late)


@pytest.mark.usefixtures("own_db")
def test_of_two_approvers_at_once_one_wins_and_the_other_sees_it() -> None:
    w.build()
    who = seated()
    row = template_versions.propose(changed(), tomorrow(), by=who.first)
    other = template_versions.propose(changed("0.3.0"), tomorrow(), by=who.first)

    def approve(case: tuple[TemplateVersion, Actor]) -> str:
        try:
            return template_versions.approve(case[0].id, by=case[1]).status
        except RejectedError as why:
            return str(why)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(approve, ((row, who.second), (row, who.head))))
    assert said[0] == "approved"
    assert "已经作出决定：已批准" in said[1]
    # A day has one set.
    with pytest.raises(RejectedError, match="同一日启用"):
        template_versions.approve(other.id, by=who.second)
    assert TemplateVersion.objects.filter(status="approved").count() == 1


# What a matter is scored by


def _hold(row: TemplateVersion, who: Assessors, begins: date) -> None:
    """Approved, and its day has come: the test sets the day back."""
    template_versions.approve(row.id, by=who.second)
    TemplateVersion.objects.filter(id=row.id).update(valid_from=begins)


@pytest.mark.usefixtures("own_db")
def test_a_matter_keeps_the_set_of_its_start_and_a_score_its_set_for_ever() -> None:
    world = w.build()
    who = seated()
    begun, ended = w.carried_to_the_end(world), w.propose(world, title="尚未启动的事项")
    confirm_all(world, begun)
    closing = judging.close_score(begun.code, by=world.reviewer)
    assert (closing.set_version, closing.set_digest) == ("0.1.0", templates.installed().digest)
    assert TemplateVersion.objects.get(status="kept").text == TEXT
    row = template_versions.propose(changed(), tomorrow(), by=who.first)
    _hold(row, who, timezone.localdate() - timedelta(days=400))

    def version(code: str) -> str:
        found = judging.score_of(code)
        assert found is not None
        return found.set.version

    # Not begun: by the set of today, which now is the new one. Closed: by its own, though the new one held at its start.
    assert version(ended.code) == "0.2.0"
    assert version(begun.code) == "0.1.0"
    Closing.objects.all().delete()
    assert version(begun.code) == "0.2.0"
    TemplateVersion.objects.filter(id=row.id).update(valid_from=tomorrow())
    assert version(begun.code) == "0.1.0"
    ((_, by_hand),) = marking.scores([begun], using=templates.load(changed()))
    assert by_hand.set.version == "0.2.0"


# Pages


@pytest.mark.usefixtures("own_db")
def test_a_set_is_brought_in_and_approved_on_the_pages() -> None:
    w.build()
    who = seated()
    browser, day = client(who.first), tomorrow().isoformat()

    def sent(text: str | bytes, valid_from: str = day) -> dict[str, object]:
        content = text.encode() if isinstance(text, str) else text
        return {"file": SimpleUploadedFile("模版.yaml", content), "valid_from": valid_from}

    wrong = changed().replace("weight: 20", "weight: 21")
    page = browser.post("/desk/decisions/templates/new/", sent(wrong))
    told = page.content.decode()
    assert (page.status_code, "监督点S2的指标权重合计20.00，应当为21.00" in told, f">{line_of(wrong, 'code: S2')}<" in told) == (
        422,
        True,
        True,
    )
    for content, why in ((b"\xff\xfe\x00", "UTF-8"), (BytesIO(b"x" * 50_000_000).getvalue(), "超过"), (b"", "本套模版")):
        page = browser.post("/desk/decisions/templates/new/", sent(content))
        assert page.status_code == 422
        assert why in page.content.decode() or content == b""
    for valid_from, why in (("", "真实存在的日期"), (timezone.localdate().isoformat(), "今天以后")):
        page = browser.post("/desk/decisions/templates/new/", sent(changed(), valid_from))
        assert (page.status_code, why in page.content.decode()) == (422, True)
    assert not TemplateVersion.objects.exists()
    assert browser.post("/desk/decisions/templates/new/", sent(changed())).status_code == 302
    row = TemplateVersion.objects.get()
    address = f"/desk/decisions/templates/{row.id}/"
    shown = browser.get(address).content.decode()
    assert "T18.3" in shown
    assert "1.50分" in shown
    assert "应当由另一人批准" in shown
    refused = browser.post(f"{address}approve/")
    assert (refused.status_code, "另一人" in refused.content.decode()) == (409, True)
    assert client(who.second).post(f"{address}approve/").status_code == 302
    late = client(who.head).post(f"{address}approve/")
    assert (late.status_code, "已经作出决定" in late.content.decode()) == (409, True)
    listed = browser.get("/desk/decisions/templates/").content.decode()
    assert "0.2.0" in listed
    assert "随平台提供" in listed


@pytest.mark.usefixtures("own_db")
def test_who_may_not_open_the_pages_of_sets() -> None:
    world = w.build()
    who = seated()
    assert client(world.drafter).get("/desk/decisions/templates/").status_code == 200  # an officer who is a head, too
    assert client(world.office).get("/desk/decisions/templates/").status_code == 403
    assert client(who.district).get("/desk/decisions/templates/").status_code == 200
    assert client(who.district).get("/desk/decisions/templates/new/").status_code == 403
    row = template_versions.propose(changed(), tomorrow(), by=who.first)
    assert client(who.district).post(f"/desk/decisions/templates/{row.id}/approve/").status_code == 403
    assert client(who.second).post(f"/desk/decisions/templates/{row.id}/burn/").status_code == 404
