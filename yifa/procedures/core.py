"""Statutory procedures as data, read by one small interpreter.

A procedure stores no state: it folds the entries of one dossier into what is done, what may be done next, why not,
and what is due. Pure: no Django, no clock, no database; the officer's terminal runs this very code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple

from yifa.kernel.calendar.terms import Calendar, Due, Param, Term
from yifa.kernel.calendar.terms import due as reckon
from yifa.procedures.fields import CHOICES, FILES, PARTY, ROWS, BadInput
from yifa.procedures.known import Undecided, is_known
from yifa.procedures.party import clean, problems
from yifa.procedures.statute import (
    BLOCK,
    CONSULT,
    HAND_OVER,
    KERNEL_ACTS,
    RECORD,
    RETURN,
    ROLE_TITLES,
    URGE,
    WARN,
    WITHDRAW,
    AnyOf,
    Finding,
    Procedure,
    Refused,
    Rule,
    Step,
    Who,
    any_of,
    rule,
    two,
)

# A procedure's file imports what it needs from here: the declarations and the interpreter are one thing to its author.
__all__ = [
    "BEIJING",
    "BLOCK",
    "CONSULT",
    "HAND_OVER",
    "KERNEL_ACTS",
    "OTHER_BODY",
    "RECORD",
    "RETURN",
    "ROLE_TITLES",
    "URGE",
    "WARN",
    "WITHDRAW",
    "AnyOf",
    "Done",
    "Duty",
    "Finding",
    "Performer",
    "Procedure",
    "Progress",
    "Refused",
    "Rule",
    "Step",
    "Wait",
    "Who",
    "any_of",
    "blocked",
    "broken",
    "coming",
    "duties",
    "exists",
    "fold",
    "offices_of",
    "open_steps",
    "parse",
    "pauses",
    "premature",
    "rule",
    "rules_of",
    "settle",
    "two",
    "unattached",
    "undone",
    "unfit",
    "wait",
]

BEIJING = timezone(timedelta(hours=8))
EARLY = "EARLY"  # the code under which the record keeps why a step came before its usual time


@dataclass(frozen=True)
class Done:
    """One performed step, as an entry of the record tells it."""

    seq: int
    step: str
    at: datetime
    recorded_at: datetime
    by: str
    late: bool = False
    undoes: int | None = None

    @property
    def on(self) -> date:
        return self.at.astimezone(BEIJING).date()

    @property
    def judged_on(self) -> date:
        """The day that counts against a deadline: an act entered later is judged by the day it was recorded."""
        return (self.recorded_at if self.late else self.at).astimezone(BEIJING).date()


@dataclass(frozen=True)
class Progress:
    """Where a dossier stands: the fold of its entries."""

    seq: int = 0
    acts: tuple[Done, ...] = ()
    ended_by: str | None = None
    last: Done | None = None

    def of(self, step: str) -> tuple[Done, ...]:
        return tuple(act for act in self.acts if act.step == step)

    def latest(self, step: str) -> Done | None:
        return next((act for act in reversed(self.acts) if act.step == step), None)

    def summary(self) -> dict[str, Any]:
        """The cached state of the dossier row; equal to the fold by test."""
        done: dict[str, list[int]] = {}
        for act in self.acts:
            done.setdefault(act.step, []).append(act.seq)
        return {"seq": self.seq, "done": done, "ended_by": self.ended_by}


def fold(procedure: type[Procedure], entries: Iterable[Done]) -> Progress:
    """Entries in seq order to where the dossier stands. Raises ValueError on a gap: a chain has none."""
    acts: list[Done] = []
    seq, ended_by, last = 0, None, None
    for entry in entries:
        if entry.seq != seq + 1:
            raise ValueError(f"第{seq + 1}条记录缺失")
        seq = entry.seq
        if entry.undoes is not None:
            acts = [act for act in acts if act.seq < entry.undoes]
            ended_by = next((act.step for act in acts if act.step in procedure.steps and procedure.steps[act.step].ends), None)
        elif entry.step in procedure.steps:
            acts.append(entry)
            if procedure.steps[entry.step].ends:
                ended_by = entry.step
        last = entry
    return Progress(seq, tuple(acts), ended_by, last)


def undone(
    procedure: type[Procedure], step: str, values: Mapping[str, Any], progress: Progress, person: str
) -> tuple[int | None, list[Finding]]:
    """From which entry on 退回 or 撤回 undoes; None for any other act. A document that was given is immutable (C47)."""
    if step not in (RETURN, WITHDRAW):
        return None, []
    last = progress.acts[-1] if progress.acts else None
    seq = values.get("seq") if step == RETURN else (last.seq if last else None)
    acts = [act for act in progress.acts if seq is not None and act.seq >= seq]
    if not acts or acts[0].seq != seq or seq == 1:
        return None, [Finding("程序", "没有可以退回的办理事项，请核对记录序号")]
    if step == WITHDRAW and last and last.by != person:
        return None, [Finding("权限", "只能撤回自己刚刚办理的事项，请由办理人撤回或者由负责人退回")]
    given = [procedure.steps[act.step].title for act in acts if procedure.steps[act.step].gives]
    if given:
        return None, [Finding("C47", f"“{given[0]}”已经出具文书，不能退回或者撤回；内容有误的，请办理“补正”")]
    standing = [procedure.steps[act.step] for act in acts if procedure.steps[act.step].stands]
    if standing:
        text = f"“{standing[0].title}”已经向社会公布，不能退回或者撤回；需要变动的，办理相应的调整"
        return None, [Finding("程序", text, standing[0].articles)]
    return seq, []


def exists(step: Step, case: Any) -> bool | None:
    """Whether the step exists for this case; None while a fact it depends on is unstated."""
    if step.when is None:
        return True
    try:
        return step.when(case)
    except Undecided:
        return None


def blocked(procedure: type[Procedure], step: Step, progress: Progress, case: Any) -> Iterator[Finding]:
    """Why the order of the statute does not allow this step now (before any rule about its content)."""
    if progress.ended_by and not step.outlives:
        ending = procedure.steps[progress.ended_by].title
        yield Finding("程序", f"本案已经“{ending}”，不能再办理“{step.title}”", step.articles)
        return
    if progress.of(step.name) and not step.repeats:
        yield Finding("程序", f"“{step.title}”已经办理完毕，不重复办理", step.articles)
        return
    afresh = max((act.seq for name in step.anew for act in progress.of(name)), default=0)
    for alternatives in procedure.before(step):
        needed = [one for one in alternatives if exists(one, case) is not False]
        acts = [act for one in alternatives for act in progress.of(one.name)]
        if needed and not any(act.seq >= afresh for act in acts):
            names, when = "”或者“".join(one.title for one in needed), "重新" if acts else "先"
            yield Finding("程序", f"应当{when}办理“{names}”，再办理“{step.title}”", step.articles)
    if step.until and progress.of(step.until):
        yield Finding(
            "程序", f"已经办理“{procedure.steps[step.until].title}”，不能再办理“{step.title}”", procedure.steps[step.until].articles
        )
    for other in replaced_by(procedure, step):
        if progress.of(other.name):
            yield Finding("程序", f"已经办理“{other.title}”，不再办理“{step.title}”", other.articles)
    standing = exists(step, case)
    if standing is False and step.when:
        yield Finding(step.when.code, f"本案不适用“{step.title}”：{step.when.text(case)}", step.when.cites)
    elif standing is None and step.when:
        yield Finding(step.when.code, f"先登记有关事实，才知道本案是否需要“{step.title}”", step.when.cites)


def replaced_by(procedure: type[Procedure], step: Step) -> tuple[Step, ...]:
    """The steps that stand in the place of this one, in either direction of `instead_of`."""
    return tuple(
        other
        for other in procedure.steps.values()
        if other is not step
        and (
            (other.instead_of is not None and other.instead_of.name == step.name)
            or (step.instead_of is not None and step.instead_of.name == other.name)
        )
    )


def open_steps(procedure: type[Procedure], progress: Progress, case: Any) -> list[Step]:
    """The steps the order of the statute allows now, in statutory order; rules may still refuse them."""
    return [step for step in procedure.steps.values() if not any(True for _ in blocked(procedure, step, progress, case))]


def coming(procedure: type[Procedure], progress: Progress, case: Any) -> list[Step]:
    """The steps still ahead (grey in the timeline): not done, not excluded, not optional side ways."""
    return [
        step
        for step in procedure.steps.values()
        if not progress.of(step.name)
        and not step.optional
        and not (step.until and progress.of(step.until))
        and exists(step, case) is not False
        and not (progress.ended_by and not step.outlives)
        and not any(progress.of(other.name) for other in replaced_by(procedure, step))
    ]


@dataclass(frozen=True)
class Performer:
    """Who acts, as far as the law asks: the persons together, the roles of the acting post, and what its body is in this case.

    `offices` holds the names of the offices the body fills; "" is the body that handles the case itself. `team` names the case's
    officers to somebody who is none of them.
    """

    persons: frozenset[str]
    roles: frozenset[str]
    offices: frozenset[str] = frozenset({""})
    team: tuple[str, ...] = ()


def offices_of(organisation: str, register: Mapping[str, Any], *, own: bool) -> frozenset[str]:
    """What a body is in a case: the offices that the context's register says it fills, and "" if the case is its own."""
    held = {name for name, body in (register.get("offices") or {}).items() if body and body["code"] == organisation}
    return frozenset(held | {""} if own else held)


def names_of(team: frozenset[str], register: Mapping[str, Any], person: str) -> tuple[str, ...]:
    """The names of the case's officers as its register has them, for somebody who is none of them."""
    if person in team:
        return ()
    return tuple(each["name"] for each in register.get("officers") or () if each["id"] in team)


def unfit(procedure: type[Procedure], step: Step, progress: Progress, performer: Performer) -> Iterator[Finding]:
    """Why these persons may not perform the step."""
    if not performer.roles & set(step.by.roles):
        whose = f"{procedure.offices[step.by.office]}的" if step.by.office else ""
        text = f"“{step.title}”由{whose}{_roles(step.by.roles)}办理，您当前的岗位不能办理"
        yield Finding("权限", text, step.articles, BLOCK, step.by.roles[0])
    # 转办, 退回 and the like are the handling body's; whoever fills an office takes back what he did himself, and no more.
    if not performer.offices or (step.by.office not in performer.offices and step.name != WITHDRAW):
        yield Finding("权限", _elsewhere(procedure, step))
    if len(performer.persons) < step.by.count:
        whom = f"由本案执法人员{'、'.join(performer.team)}办理：" if performer.team else ""
        yield Finding("C05", f"“{step.title}”{whom}应当由两名以上具有行政执法资格的执法人员实施", step.articles, BLOCK, "officer")
    for other in step.not_by:
        if any(act.by in performer.persons for act in progress.of(other.name)):
            yield Finding("权限", f"办理过“{other.title}”的人员不得办理“{step.title}”", step.articles, BLOCK, step.by.roles[0])


OTHER_BODY = "本案由其他机关办理，您现在代表的机关不能办理本案；需要办理的，请由办案机关转办"


def _elsewhere(procedure: type[Procedure], step: Step) -> str:
    if not step.by.office:
        return OTHER_BODY
    return f"“{step.title}”由{procedure.offices[step.by.office]}办理，您现在代表的机关不能办理"


def _roles(roles: Iterable[str]) -> str:
    return "、".join(ROLE_TITLES.get(role, role) for role in roles)


def broken(procedure: type[Procedure], step: Step, case: Any) -> Iterator[Finding]:
    """Every rule this step breaks on the facts as they would stand after it.

    What a step needs must be decided there; what the whole procedure admits waits for its facts, at the latest until the step that
    gives the dossier its document and number.
    """
    for each in rules_of(procedure, step):
        if finding := each.judge(case, must_decide=each in step.needs or step.names):
            yield finding


def rules_of(procedure: type[Procedure], step: Step) -> tuple[Rule, ...]:
    """`admits` binds every step but the side exits: a case the procedure does not admit must still be able to leave it."""
    return step.needs if step.ends and step.optional else (*procedure.admits, *step.needs)


def parse(step: Step, raw: Mapping[str, Any], facts: Mapping[str, Any], today: date) -> tuple[dict[str, Any], list[Finding]]:
    """Reads the answers of a step: canonical values, and what is missing or unreadable. Unknown keys are refused.

    `facts` are those of the dossier (a question may depend on them), `today` the day of the act.
    """
    values: dict[str, Any] = {}
    known = {each.key for each in step.asks}
    findings = [Finding("填写", f"“{step.title}”没有名为“{key}”的项目", (), BLOCK, None, key) for key in raw if key not in known]
    for each in step.asks:
        if not each.is_asked({**facts, **values}):
            if raw.get(each.key) not in (None, "", []):
                findings.append(Finding("填写", f"本案不需要填写“{each.label}”，请清空", step.articles, BLOCK, None, each.key))
            continue
        try:
            value = each.parse(raw.get(each.key, each.default))
        except BadInput as problem:
            findings.append(Finding("填写", str(problem), (), BLOCK, None, each.key))
            continue
        findings += [Finding("填写", text, step.articles, BLOCK, None, each.key) for text in each.early(value, today)]
        if value is None and each.required and each.type != FILES:
            findings.append(Finding("填写", f"请填写“{each.label}”", step.articles, BLOCK, None, each.key))
        elif value is None and each.type in (CHOICES, ROWS):
            values[each.key] = []  # asked, and none of them: that is an answer
        elif value is not None and each.type == PARTY:
            kind = str({**facts, **values}.get("party_kind", ""))
            findings += [Finding("填写", text, (), BLOCK, None, each.key) for text in problems(value, kind, today=today)]
            values[each.key] = clean(value, kind)
        elif value is not None:
            values[each.key] = value
    return values, findings


def unattached(step: Step, facts: Mapping[str, Any], attached: int) -> Iterator[Finding]:
    """The files a step asks for and did not get: they travel beside its answers."""
    for each in step.asks:
        if each.type == FILES and each.required and not attached and each.is_asked(facts):
            yield Finding("填写", f"请添加“{each.label}”", step.articles, BLOCK, None, each.key)


def settle(
    findings: Iterable[Finding], rules: Iterable[Rule], reasons: Mapping[str, str], roles: frozenset[str]
) -> tuple[list[Finding], dict[str, str]]:
    """Splits findings into those that refuse and the reasons that carry the others into the record.

    A warning passes with a reason of at least two characters; an overridable block also needs the role that may lift it.
    """
    overridable = {each.code: each.unblock for each in rules if each.overridable}
    refusing: list[Finding] = []
    recorded: dict[str, str] = {}
    for finding in findings:
        reason = (reasons.get(finding.code) or "").strip()
        lifts = finding.severity == WARN or (finding.code in overridable and overridable[finding.code] in roles)
        if finding.severity == RECORD:
            recorded[finding.code] = reason or finding.text
        elif lifts and len(reason) >= 2:
            recorded[finding.code] = reason
        else:
            refusing.append(finding)
    return refusing, recorded


@dataclass(frozen=True)
class Duty:
    """A deadline that runs: the step, the day it started, and the due date with its derivation."""

    step: Step
    start: date
    due: Due


def duties(procedure: type[Procedure], progress: Progress, case: Any, calendar: Calendar, resolve: Callable[[Param], Term]) -> list[Duty]:
    """Every deadline that runs now.

    The term starts on the day of the latest act it follows (or of `starts`), or on the later day that the case states
    under the name `starts_on` (cash taken on the water counts from landing, 行政处罚法 71), or on the day named by `since` in place of the
    act's, which only told of it (自收到异议之日起五日). A repeating step is owed anew by every later
    act that it follows (a second 补正通知). Where the case itself states the last day (`due_by`), that is the deadline.
    """
    running: list[Duty] = []
    for step in procedure.steps.values():
        if (step.within is None and not step.due_by) or not _is_owed(procedure, step, progress, case):
            continue
        links = (procedure.named(step.starts),) if step.starts else tuple(procedure.before(step))
        acts = [act for link in links for one in link for act in progress.of(one.name)]
        own = progress.latest(step.name)
        if not acts or (own and own.seq > max(act.seq for act in acts)):
            continue
        start = max(act.on for act in acts)
        if step.starts_on and is_known(stated := getattr(case, step.starts_on)):
            start = max(start, stated)
        if step.since and is_known(stated := getattr(case, step.since)):
            start = stated
        if step.within is None:
            if is_known(last := getattr(case, step.due_by)) and last is not None:
                running.append(Duty(step, start, Due(last, last, False, (f"本案确定应于{last}以前办理",))))
            continue
        term = resolve(step.within) if isinstance(step.within, Param) else step.within
        if step.longer and is_known(more := getattr(case, step.longer)) and more:
            term = replace(term, length=term.length + more)
        running.append(Duty(step, start, reckon(term, start, calendar, pauses(procedure, progress, step.clock))))
    return running


def _is_owed(procedure: type[Procedure], step: Step, progress: Progress, case: Any) -> bool:
    """Whether a deadline of the step may run: its turn has come or, where the term covers the whole course, it is still ahead."""
    if step.whole:
        return not progress.ended_by and not progress.of(step.name) and exists(step, case) is not False
    return not any(True for _ in blocked(procedure, step, progress, case))


class Wait(NamedTuple):
    """The time that the statute leaves others before a step: from the act `since` on, `first` being the first day that is not too early.

    `usual`: 一般不少于, so that a reason lets the step come earlier.
    """

    step: Step
    since: Done
    title: str
    term: Term
    first: date
    provisional: bool
    usual: bool

    def __str__(self) -> str:
        often, rest = ("一般", "；提前办理的，请写明理由") if self.usual else ("", "")
        since, first = (f"{day.year}年{day.month}月{day.day}日" for day in (self.since.on, self.first))
        sure = "（按周末推算，节假日安排公布后以实际工作日为准）" if self.provisional else ""
        return f"自“{self.title}”（{since}）起{often}不少于{self.term}，最早{first}{sure}办理“{self.step.title}”{rest}"


def wait(procedure: type[Procedure], step: Step, progress: Progress, calendar: Calendar, resolve: Callable[[Param], Term]) -> Wait | None:
    """How long the step must, or usually should, wait (`least`, `usual`); None where nothing says so, or nothing has begun."""
    named = step.least or step.usual
    links = (procedure.named(step.starts),) if step.starts else tuple(procedure.before(step))
    starts = [act for link in links for one in link for act in progress.of(one.name)]
    if named is None or not starts:
        return None
    since, term = max(starts, key=lambda act: act.on), resolve(named) if isinstance(named, Param) else named
    found = reckon(term, since.on, calendar)
    # A time that must have run out is over on the day after; of one that is usually given, the last day is given, too.
    first = found.due_unrolled + timedelta(days=1) if step.least else found.due_unrolled
    return Wait(step, since, procedure.steps[since.step].title, term, first, found.provisional, usual=not step.least)


def premature(
    procedure: type[Procedure], step: Step, progress: Progress, on: date, calendar: Calendar, resolve: Callable[[Param], Term]
) -> Iterator[Finding]:
    """Why the step comes too early on the day of the act: refused (`least`), or asked for a reason (`usual`)."""
    found = wait(procedure, step, progress, calendar, resolve)
    if found is None or on >= found.first:
        return
    if found.usual:
        yield Finding(EARLY, str(found), step.articles, WARN)
        return
    since, last = f"“{found.title}”（{found.since.on}）", found.first - timedelta(days=1)
    yield Finding("期限", f"自{since}起不少于{found.term}，{last}届满以后才能办理“{step.title}”", step.articles)


def pauses(procedure: type[Procedure], progress: Progress, clock: str) -> tuple[tuple[date, date], ...]:
    """The half-open intervals in which a named clock stood still; one that still stands runs to the last act's day."""
    found: list[tuple[date, date]] = []
    since: date | None = None
    for act in progress.acts if clock else ():
        step = procedure.steps[act.step]
        if clock in step.pauses and since is None:
            since = act.on
        elif clock in step.resumes and since is not None:
            found.append((since, act.on))
            since = None
    if since is not None and progress.last is not None:
        found.append((since, max(since, progress.last.on)))
    return tuple(found)
