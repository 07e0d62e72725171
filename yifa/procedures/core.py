"""Statutory procedures as data, read by one small interpreter.

A procedure stores no state: it folds the entries of one dossier into what is done, what may be done next, why not,
and what is due. Pure: no Django, no clock, no database; the officer's terminal runs this very code.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any, ClassVar

from yifa.documents.rules import Form
from yifa.kernel.calendar.terms import Calendar, Due, Param, Term
from yifa.kernel.calendar.terms import due as reckon
from yifa.kernel.citing import Article, Cites, articles
from yifa.procedures.fields import CHOICES, LONG, NUMBER, PARTY, PERSONS, BadInput, Field
from yifa.procedures.known import Undecided, is_known
from yifa.procedures.party import clean, problems

BLOCK, WARN, RECORD = "block", "warn", "record"
BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Finding:
    """One broken rule, in words fit to be read aloud, with its article and who can help."""

    code: str
    text: str
    cites: tuple[Article, ...] = ()
    severity: str = BLOCK
    unblock: str | None = None
    field: str | None = None


class Refused(Exception):
    """The law does not allow this act now; `findings` are all the rules it breaks."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(";".join(each.text for each in self.findings))


class _Said(string.Formatter):
    """Fills a rule's `{placeholders}` from the case; an unstated fact reads as （未登记）."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, Any]:
        try:
            found: tuple[Any, Any] = super().get_field(field_name, args, kwargs)
            return found
        except Undecided:
            return "(未登记)", field_name

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        return getattr(kwargs["case"], str(key))

    def format_field(self, value: Any, format_spec: str) -> str:
        try:
            return str(super().format_field(value, format_spec))
        except Undecided:
            return "(未登记)"


@dataclass(frozen=True, eq=False)
class Rule:
    """A predicate over the case. Its docstring says what the law requires: it is the text of the refusal."""

    code: str
    test: Callable[[Any], bool]
    cites: tuple[Article, ...]
    severity: str = BLOCK
    unblock: str | None = None
    overridable: bool = False

    def __call__(self, case: Any) -> bool:
        return self.test(case)

    def text(self, case: Any) -> str:
        return _Said().vformat((self.test.__doc__ or self.code).strip(), (), {"case": case})

    def judge(self, case: Any, *, must_decide: bool) -> Finding | None:
        """None when the rule holds, or waits for a fact at a step that need not decide yet."""
        try:
            if self.test(case):
                return None
        except Undecided as missing:
            if not must_decide:
                return None
            return Finding(self.code, f"还不能判断“{self.text(case)}”:{missing}", self.cites, BLOCK, None)
        return Finding(self.code, self.text(case), self.cites, self.severity, self.unblock)


def rule(
    code: str, *cites: Article, severity: str = BLOCK, unblock: str | None = None, overridable: bool = False
) -> Callable[[Callable[[Any], bool]], Rule]:
    """`@rule("C44", L[51])`: the docstring of the function is what the officer reads on refusal."""
    return lambda test: Rule(code, test, cites, severity, unblock, overridable)


@dataclass(frozen=True)
class Who:
    """Who performs a step: a post with one of `roles`; `count` distinct persons; none who did one of `not_by`.

    `for_party` marks an act of the party that one of these posts registers (a payment, a statement handed in).
    """

    roles: tuple[str, ...]
    count: int = 1
    for_party: bool = False


def two(who: Who) -> Who:
    """At least two persons together (行政处罚法 42)."""
    return replace(who, count=2)


@dataclass(frozen=True, eq=False)
class AnyOf:
    """One of several steps is enough."""

    steps: tuple[Step, ...]


def any_of(*steps: Step) -> AnyOf:
    return AnyOf(steps)


@dataclass(eq=False)
class Step:
    """One act the statute prescribes. `when`: does it exist for this case? `needs`: is it allowed now?"""

    title: str
    cites: Cites
    by: Who
    after: Step | AnyOf | tuple[Step | AnyOf, ...] = ()
    when: Rule | None = None
    needs: tuple[Rule, ...] = ()
    asks: tuple[Field, ...] = ()
    gives: Form | None = None
    within: Term | Param | None = None
    starts: Step | AnyOf | None = None
    starts_on: str = ""
    clock: str = ""
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    instead_of: Step | None = None
    until: str = ""
    not_by: tuple[Step, ...] = ()
    repeats: bool = False
    optional: bool = False
    ends: bool = False
    outlives: bool = False
    publishes: bool = False
    evidence: str = ""
    prompt: str = ""
    verb: str = ""
    status: str = ""
    names: bool = False
    sets: Mapping[str, Any] = field(default_factory=dict)
    name: str = field(default="", init=False)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @property
    def articles(self) -> tuple[Article, ...]:
        return articles(self.cites)

    @property
    def action(self) -> str:
        """What the button says: the act itself."""
        return self.verb or self.title


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


# Acts every procedure has (催办 转办 加签 退回 撤回). They ask for a reason; 退回 and 撤回 undo acts that gave no document.
URGE, HAND_OVER, CONSULT, RETURN, WITHDRAW = "_urge", "_hand_over", "_consult", "_return", "_withdraw"
_REASON = Field("reason", "理由", LONG)
_WHOM = Field("to", "接办人", PERSONS)
EVERYONE = Who(("officer", "head", "reviewer", "discloser", "finance", "supervisor"))
KERNEL_ACTS: Mapping[str, Step] = {
    URGE: Step("催办", (), by=Who(("head", "supervisor")), asks=(_REASON,), repeats=True, outlives=True),
    HAND_OVER: Step("转办", (), by=Who(("head", "officer")), asks=(_WHOM, _REASON), repeats=True, outlives=True),
    CONSULT: Step("加签", (), by=EVERYONE, asks=(_WHOM, _REASON), repeats=True, outlives=True),
    RETURN: Step("退回", (), by=Who(("head", "reviewer")), asks=(Field("seq", "退回到第几条记录之前", NUMBER), _REASON), repeats=True),
    WITHDRAW: Step("撤回", (), by=EVERYONE, asks=(_REASON,), repeats=True),
}
for _name, _act in KERNEL_ACTS.items():
    _act.name = _name


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


class Procedure:
    """A statute's procedure: steps as class attributes, in statutory order. Subclass for a local variant."""

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    version: ClassVar[str] = ""
    code: ClassVar[str] = ""
    region: ClassVar[str] = "000000"
    sector: ClassVar[str] = ""
    admits: ClassVar[tuple[Rule, ...]] = ()
    steps: ClassVar[Mapping[str, Step]] = {}

    def __init_subclass__(cls) -> None:
        found: dict[str, Step] = {}
        for base in reversed(cls.__mro__):
            for name, value in vars(base).items():
                if isinstance(value, Step):
                    found[name] = value
        for step in found.values():
            if step.until and step.until not in found:
                raise ValueError(f"{cls.__name__}.{step.name} names an unknown step: until={step.until!r}")
        cls.steps = found

    @classmethod
    def step(cls, name: str) -> Step:
        """A step of this procedure or an act every procedure has. Raises Refused for any other name."""
        try:
            return cls.steps[name] if name in cls.steps else KERNEL_ACTS[name]
        except KeyError:
            raise Refused([Finding("步骤", f"“{cls.title}”没有名为“{name}”的步骤,请从办案页面进入")]) from None

    @classmethod
    def before(cls, step: Step) -> Iterator[tuple[Step, ...]]:
        """The predecessors of a step, each as its alternatives; links resolve by name in this class."""
        for each in step.after if isinstance(step.after, tuple) else (step.after,):
            yield cls.named(each)

    @classmethod
    def named(cls, link: Step | AnyOf) -> tuple[Step, ...]:
        return tuple(cls.steps[one.name] for one in (link.steps if isinstance(link, AnyOf) else (link,)))

    @classmethod
    def first(cls) -> Step:
        return next(step for step in cls.steps.values() if step.after == ())


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
        return None, [Finding("程序", "没有可以退回的办理事项,请核对记录序号")]
    if step == WITHDRAW and last and last.by != person:
        return None, [Finding("权限", "只能撤回自己刚刚办理的事项,请由办理人撤回或者由负责人退回")]
    given = [procedure.steps[act.step].title for act in acts if procedure.steps[act.step].gives]
    if given:
        return None, [Finding("C47", f"“{given[0]}”已经出具文书,不能退回或者撤回;内容有误的,请办理“补正”")]
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
        yield Finding("程序", f"本案已经“{ending}”,不能再办理“{step.title}”", step.articles)
        return
    if progress.of(step.name) and not step.repeats:
        yield Finding("程序", f"“{step.title}”已经办理完毕,不重复办理", step.articles)
        return
    for alternatives in procedure.before(step):
        needed = [one for one in alternatives if exists(one, case) is not False]
        if needed and not any(progress.of(one.name) for one in alternatives):
            names = "”或者“".join(one.title for one in needed)
            yield Finding("程序", f"应当先办理“{names}”,再办理“{step.title}”", step.articles)
    if step.until and progress.of(step.until):
        yield Finding(
            "程序", f"已经办理“{procedure.steps[step.until].title}”,不能再办理“{step.title}”", procedure.steps[step.until].articles
        )
    for other in replaced_by(procedure, step):
        if progress.of(other.name):
            yield Finding("程序", f"已经办理“{other.title}”,不再办理“{step.title}”", other.articles)
    standing = exists(step, case)
    if standing is False and step.when:
        yield Finding(step.when.code, f"本案不适用“{step.title}”:{step.when.text(case)}", step.when.cites)
    elif standing is None and step.when:
        yield Finding(step.when.code, f"先登记有关事实,才知道本案是否需要“{step.title}”", step.when.cites)


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
    """Who acts, as far as the law asks: the persons together, the roles of the acting post."""

    persons: frozenset[str]
    roles: frozenset[str]


def unfit(procedure: type[Procedure], step: Step, progress: Progress, performer: Performer) -> Iterator[Finding]:
    """Why these persons may not perform the step."""
    if not performer.roles & set(step.by.roles):
        yield Finding("权限", f"“{step.title}”由{_roles(step.by.roles)}办理,您当前的岗位不能办理", step.articles, BLOCK, step.by.roles[0])
    if len(performer.persons) < step.by.count:
        yield Finding("C05", f"“{step.title}”应当由两名以上具有行政执法资格的执法人员实施", step.articles, BLOCK, "officer")
    for other in step.not_by:
        if any(act.by in performer.persons for act in progress.of(other.name)):
            yield Finding("权限", f"办理过“{other.title}”的人员不得办理“{step.title}”", step.articles, BLOCK, step.by.roles[0])


ROLE_TITLES = {
    "officer": "执法人员",
    "head": "行政机关负责人",
    "reviewer": "法制审核人员",
    "discloser": "公示人员",
    "finance": "财务人员",
    "supervisor": "执法监督人员",
    "assessor": "考核人员",
}


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
    findings = [
        Finding("填写", f"“{step.title}”没有名为“{key}”的项目", (), BLOCK, None, key)
        for key in raw
        if key not in {f.key for f in step.asks}
    ]
    for each in step.asks:
        if not each.is_asked({**facts, **values}):
            if raw.get(each.key) not in (None, "", []):
                findings.append(Finding("填写", f"本案不需要填写“{each.label}”,请清空", step.articles, BLOCK, None, each.key))
            continue
        try:
            value = each.parse(raw.get(each.key, each.default))
        except BadInput as problem:
            findings.append(Finding("填写", str(problem), (), BLOCK, None, each.key))
            continue
        if value is None and each.required:
            findings.append(Finding("填写", f"请填写“{each.label}”", step.articles, BLOCK, None, each.key))
        elif value is None and each.type == CHOICES:
            values[each.key] = []  # asked, and none of them: that is an answer
        elif value is not None and each.type == PARTY:
            kind = str({**facts, **values}.get("party_kind", ""))
            findings += [Finding("填写", text, (), BLOCK, None, each.key) for text in problems(value, kind, today=today)]
            values[each.key] = clean(value, kind)
        elif value is not None:
            values[each.key] = value
    return values, findings


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
    under the name `starts_on` (cash taken on the water counts from landing, 行政处罚法 71).
    """
    running: list[Duty] = []
    for step in open_steps(procedure, progress, case):
        if step.within is None or (progress.of(step.name) and step.repeats):
            continue
        links = (procedure.named(step.starts),) if step.starts else tuple(procedure.before(step))
        starts = [act.on for link in links for one in link for act in progress.of(one.name)]
        if not starts:
            continue
        start = max(starts)
        if step.starts_on and is_known(stated := getattr(case, step.starts_on)):
            start = max(start, stated)
        term = resolve(step.within) if isinstance(step.within, Param) else step.within
        running.append(Duty(step, start, reckon(term, start, calendar, pauses(procedure, progress, step.clock))))
    return running


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
