"""How a statute is written down: rules with their articles, steps with their order, who may act, procedures as classes.

Pure: plain values and declarations. `core` reads them.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

from yifa.documents.rules import Form
from yifa.kernel.calendar.terms import Param, Term
from yifa.kernel.citing import Article, Cites, articles
from yifa.procedures.fields import LONG, NUMBER, PERSONS, Field
from yifa.procedures.known import Undecided

BLOCK, WARN, RECORD = "block", "warn", "record"
ROLE_TITLES = {
    "officer": "执法人员",
    "head": "行政机关负责人",
    "reviewer": "法制审核人员",
    "discloser": "公示人员",
    "finance": "财务人员",
    "supervisor": "执法监督人员",
    "assessor": "考核人员",
    "section_chief": "处（科）长",
    "deputy_director": "分管副厅（局）长",
    "director": "厅（局）长",
}


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
    """Fills a rule's `{placeholders}` from the case; an unstated fact reads as （未登记）, a day as it is read aloud."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, Any]:
        try:
            found: tuple[Any, Any] = super().get_field(field_name, args, kwargs)
            return found
        except Undecided:
            return "（未登记）", field_name

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        return getattr(kwargs["case"], str(key))

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, date) and not format_spec:
            return f"{value.year}年{value.month}月{value.day}日"
        try:
            return str(super().format_field(value, format_spec))
        except Undecided:
            return "（未登记）"


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
            return Finding(self.code, f"还不能判断“{self.text(case)}”：{missing}", self.cites, BLOCK, None)
        return Finding(self.code, self.text(case), self.cites, self.severity, self.unblock)


def rule(
    code: str, *cites: Article, severity: str = BLOCK, unblock: str | None = None, overridable: bool = False
) -> Callable[[Callable[[Any], bool]], Rule]:
    """`@rule("C44", L[51])`: the docstring of the function is what the officer reads on refusal."""
    return lambda test: Rule(code, test, cites, severity, unblock, overridable)


@dataclass(frozen=True)
class Who:
    """Who performs a step: a post with one of `roles`; `count` distinct persons; none who did one of `not_by`.

    `for_party` marks an act of the party that one of these posts registers (a payment, a statement handed in). `office` names another
    body that takes part in the case (`Procedure.offices`): only its posts perform the step, and its desk holds the deadline.
    """

    roles: tuple[str, ...]
    count: int = 1
    for_party: bool = False
    office: str = ""


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
    """One act the statute prescribes. `when`: does it exist for this case? `needs`: is it allowed now?

    `within` is the longest time after the step it follows (or after `starts`), `least` the shortest: 征求意见不少于三十日. `usual` is the
    shortest where the statute says 一般不少于: its last day is enough, and whoever acts earlier gives his reason. `whole`: the
    term runs from `starts` on while the steps before this one are still being done (六十日内审查完毕); `longer` names a fact, by how many
    days an approved extension lengthens it. `starts_on` and `since` name days that the case states: the later of that day and the act
    (cash counts from landing), or that day whenever the act tells of it (自行政复议中止之日起三日内). `due_by`
    names a last day that the case states, in place of a term (清理的完成期限).

    `anew` names steps whose every act begins the course afresh: what this step follows counts only when it was done since then (a
    draft handed in again is examined and deliberated again).

    `stands`: its effect is outside the case (a list that was published), so that it is not taken back; what changes it is another act.

    `bare`: nothing but its answers is taken in, not even a late entry's paper (同级党委的同意只登记文号和日期).

    `gives` is the document of the act; `also` are those given beside it (a decision and its interpretation). Only the first may bear a
    文号 of its own: an act has one number.
    """

    title: str
    cites: Cites
    by: Who
    after: Step | AnyOf | tuple[Step | AnyOf, ...] = ()
    when: Rule | None = None
    needs: tuple[Rule, ...] = ()
    asks: tuple[Field, ...] = ()
    gives: Form | None = None
    also: tuple[Form, ...] = ()
    within: Term | Param | None = None
    least: Term | Param | None = None
    usual: Term | Param | None = None
    starts: Step | AnyOf | None = None
    starts_on: str = ""
    since: str = ""
    due_by: str = ""
    whole: bool = False
    longer: str = ""
    clock: str = ""
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    instead_of: Step | None = None
    until: str = ""
    not_by: tuple[Step, ...] = ()
    repeats: bool = False
    anew: tuple[str, ...] = ()
    optional: bool = False
    ends: bool = False
    outlives: bool = False
    publishes: bool = False
    stands: bool = False
    bare: bool = False
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
    def forms(self) -> tuple[Form, ...]:
        """Every document of the act, the one that may bear a number first."""
        return (self.gives, *self.also) if self.gives else ()

    @property
    def action(self) -> str:
        """What the button says: the act itself."""
        return self.verb or self.title


# Acts every procedure has (催办 转办 加签 退回 撤回). They ask for a reason; 退回 and 撤回 undo acts that gave no document.
URGE, HAND_OVER, CONSULT, RETURN, WITHDRAW = "_urge", "_hand_over", "_consult", "_return", "_withdraw"
_REASON = Field("reason", "理由", LONG)
_WHOM = Field("to", "接办人", PERSONS)
CHIEFS = ("section_chief", "deputy_director", "director")
# Who decides over what others prepared: never handed over with a case.
LEADING = frozenset({"head", "supervisor", *CHIEFS})
EVERYONE = Who(("officer", "head", "reviewer", "discloser", "finance", "supervisor", *CHIEFS))
KERNEL_ACTS: Mapping[str, Step] = {
    URGE: Step("催办", (), by=Who(("head", "supervisor")), asks=(_REASON,), repeats=True, outlives=True),
    HAND_OVER: Step("转办", (), by=Who(("head", "officer")), asks=(_WHOM, _REASON), repeats=True, outlives=True),
    CONSULT: Step("加签", (), by=EVERYONE, asks=(_WHOM, _REASON), repeats=True, outlives=True),
    RETURN: Step(
        "退回", (), by=Who(("head", "reviewer", *CHIEFS)), asks=(Field("seq", "退回到第几条记录之前", NUMBER), _REASON), repeats=True
    ),
    WITHDRAW: Step("撤回", (), by=EVERYONE, asks=(_REASON,), repeats=True),
}
for _name, _act in KERNEL_ACTS.items():
    _act.name = _name


class Procedure:
    """A statute's procedure: steps as class attributes, in statutory order. Subclass for a local variant.

    `offices` titles the other bodies that take part; which body that is in a case, the context's register answers under the same name.
    """

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    version: ClassVar[str] = ""
    code: ClassVar[str] = ""
    region: ClassVar[str] = "000000"
    sector: ClassVar[str] = ""
    admits: ClassVar[tuple[Rule, ...]] = ()
    offices: ClassVar[Mapping[str, str]] = MappingProxyType({})
    steps: ClassVar[Mapping[str, Step]] = {}

    def __init_subclass__(cls) -> None:
        found = {name: value for base in reversed(cls.__mro__) for name, value in vars(base).items() if isinstance(value, Step)}
        for step in found.values():
            # A class without a key is part of a procedure: what it names may stand in another part.
            if cls.key and (unknown := {*step.anew, *([step.until] if step.until else [])} - found.keys()):
                raise ValueError(f"{cls.__name__}.{step.name} names an unknown step: {sorted(unknown)}")
            if step.by.office and step.by.office not in cls.offices:
                raise ValueError(f"{cls.__name__}.{step.name} names an unknown office: {step.by.office!r}")
            if step.also and (step.gives is None or any(form.series for form in step.also)):
                raise ValueError(f"{cls.__name__}.{step.name} gives several documents: the first must be there, the others bear no number")
        cls.steps = found

    @classmethod
    def step(cls, name: str) -> Step:
        """A step of this procedure or an act every procedure has. Raises Refused for any other name."""
        try:
            return cls.steps[name] if name in cls.steps else KERNEL_ACTS[name]
        except KeyError:
            raise Refused([Finding("步骤", f"“{cls.title}”没有名为“{name}”的步骤，请从办案页面进入")]) from None

    @classmethod
    def has(cls, name: str) -> bool:
        return name in cls.steps or name in KERNEL_ACTS

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
