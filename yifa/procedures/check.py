"""What `yifa procedures check` proves of every installed procedure before anyone works with it.

1. Every citation of a procedure, rule, form, item and parameter leads to a provision in force on the day that counts (the procedure's
   version), or to a source named in `laws/held_elsewhere.toml`.
2. Every form has a layout that prints its declared particulars, also in each local override.
3. Every link names a step, no step waits for itself, every step can be reached.
4. Every deadline that is a parameter has a value for the whole country.
5. A local variant drops nothing of the statute: no step, no rule, no question, no document, no order.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from yifa.documents import rendering, samples
from yifa.documents.rules import BadDocument, Form
from yifa.documents.typesetting import LayoutError
from yifa.kernel.calendar.terms import Param
from yifa.kernel.citing import Article, articles
from yifa.kernel.parameters.queries import committed
from yifa.kernel.parameters.rules import Parameters, UnknownParameterError
from yifa.laws import queries as laws
from yifa.procedures.context import Context
from yifa.procedures.core import Procedure, Rule, Step


@dataclass(frozen=True, order=True)
class Fault:
    """One finding: the file to open, the name to look for, what is wrong."""

    file: str
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.name}: {self.text}"


@dataclass
class Checked:
    """What was looked at, and what was found."""

    procedures: int = 0
    steps: int = 0
    rules: int = 0
    forms: int = 0
    items: int = 0
    parameters: int = 0
    citations: int = 0
    findings: list[Fault] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return {"ok": not self.findings, **asdict(self)}


@dataclass(frozen=True)
class Citation:
    """One provision that something rests on, and the day on which it must be in force."""

    file: str
    name: str
    article: Article
    on: date


def check(contexts: Iterable[Context], *, today: date) -> Checked:
    """Everything that can be proved of these contexts. `today` counts for what has no version of its own."""
    result, citations = Checked(), list[Citation]()
    parameters = committed()
    table = Parameters(parameters)
    for context in contexts:
        rules: dict[Rule, set[date]] = {rule: set() for rule in rules_of(context)}
        forms: dict[Form, set[date]] = {form: set() for form in forms_of(context)}
        for procedure in context.procedures:
            result.procedures += 1
            result.steps += len(procedure.steps)
            version, file = date.fromisoformat(procedure.version), place(procedure)
            citations += cited_by_steps(procedure, file, version)
            for rule in used_rules(procedure):
                rules.setdefault(rule, set()).add(version)
            for step in procedure.steps.values():
                for form in step.forms:
                    forms.setdefault(form, set()).add(version)
            result.findings += [*shape(procedure), *loosened(procedure), *undated(procedure, table, file, version)]
        result.rules += len(rules)
        result.forms += len(forms)
        citations += cited_by_rules(context, rules, today)
        citations += cited_by_forms(context, forms, today)
        result.findings += printable(context, forms)
        for cited in context.cited(today):
            result.items += 1
            citations += [Citation(cited.file, f"{cited.kind}“{cited.name}”", each, on) for each in cited.articles for on in cited.days]
    result.parameters = len(parameters)
    for parameter in parameters:
        days = [day for day in (parameter.valid_from, parameter.valid_to) if day] or [today]
        citations += [Citation(parameter.source, f"参数“{parameter.name}”", each, on) for each in parameter.cites for on in days]
    result.citations = len(citations)
    result.findings += unresolved(citations)
    result.findings = sorted(set(result.findings))
    return result


def place(subject: type | Callable[..., object] | Path) -> str:
    """The file as it is named from the top of the source tree: enforcement/procedures/summary_penalty.py."""
    path = subject if isinstance(subject, Path) else Path(inspect.getfile(subject))
    parts = path.parts
    return "/".join(parts[parts.index("yifa") + 1 :]) if "yifa" in parts else path.name


def folder(context: Context) -> Path:
    module = import_module(context.package)
    return Path(module.__file__).parent if module.__file__ else Path(next(iter(module.__path__)))


def rules_of(context: Context) -> list[Rule]:
    """Every rule the context declares, used by a step or not."""
    return [value for value in _members(f"{context.package}.rules") if isinstance(value, Rule)]


def forms_of(context: Context) -> list[Form]:
    return [value for value in _members(f"{context.package}.forms") if isinstance(value, Form)]


def _members(module: str) -> Sequence[object]:
    return list(vars(import_module(module)).values()) if find_spec(module) else []


def used_rules(procedure: type[Procedure]) -> Iterator[Rule]:
    yield from procedure.admits
    for step in procedure.steps.values():
        yield from step.needs
        if step.when is not None:
            yield step.when


def cited_by_steps(procedure: type[Procedure], file: str, version: date) -> Iterator[Citation]:
    for step in procedure.steps.values():
        for each in step.articles:
            yield Citation(file, f"步骤“{step.title}”", each, version)


def cited_by_rules(context: Context, rules: dict[Rule, set[date]], today: date) -> Iterator[Citation]:
    for rule, versions in rules.items():
        for each in rule.cites:
            for on in versions or {today}:
                yield Citation(place(inspect.unwrap(rule.test)), f"规则{rule.code} {rule.test.__name__}", each, on)


def cited_by_forms(context: Context, forms: dict[Form, set[date]], today: date) -> Iterator[Citation]:
    file = place(folder(context) / "forms")
    for form, versions in forms.items():
        cites = [*articles(form.cites), *(each for state in form.states for each in articles(state.cites))]
        for each in dict.fromkeys(cites):
            for on in versions or {today}:
                yield Citation(file, f"文书“{form.title}”", each, on)


def unresolved(citations: Iterable[Citation]) -> Iterator[Fault]:
    """Each pair of provision and day is looked up once."""
    known: dict[tuple[Article, date], laws.Resolved] = {}
    for each in citations:
        key = (each.article, each.on)
        if key not in known:
            known[key] = laws.article(*key)
        found = known[key]
        if found.state not in {laws.RESOLVED, laws.ELSEWHERE}:
            yield Fault(each.file, each.name, f"引用{each.article}在{each.on}不能适用（{found.state}）：{found.reason}")


def printable(context: Context, forms: Iterable[Form]) -> Iterator[Fault]:
    """Each form is printed with invented values of every declared particular, in each folder that has a layout for it."""
    top = folder(context) / "forms"
    for form in forms:
        local = sorted(path.parent.name for path in top.glob(f"*/{form.template}"))
        if not (top / form.template).is_file():
            yield Fault(place(top / form.template), f"文书“{form.title}”", "没有版式文件")
            continue
        for region in ["000000", *local]:
            file = place(top / (region if region in local else "") / form.template)
            try:
                rendering.render(form, samples.sample(form), folder=top, region=region, number="样本〔2026〕1号" if form.series else "")
            except (BadDocument, LayoutError) as problem:
                yield Fault(file, f"文书“{form.title}”", str(problem))


def shape(procedure: type[Procedure]) -> Iterator[Fault]:
    """Links that lead nowhere, circles, and steps that no sequence of acts reaches."""
    file = place(procedure)
    before: dict[str, list[tuple[str, ...]]] = {}
    for step in procedure.steps.values():
        try:
            before[step.name] = [tuple(one.name for one in group) for group in procedure.before(step)]
        except KeyError as missing:
            yield Fault(file, f"步骤“{step.title}”", f"要求先办理{missing}，但是本程序没有这个步骤")
            before[step.name] = []
    for circle in _circles(before):
        yield Fault(file, f"步骤“{procedure.steps[circle[0]].title}”", f"步骤互相等待：{' → '.join((*circle, circle[0]))}")
    reached: set[str] = set()
    while more := {name for name, groups in before.items() if name not in reached and all(reached & set(group) for group in groups)}:
        reached |= more
    for name in before.keys() - reached:
        yield Fault(file, f"步骤“{procedure.steps[name].title}”", "没有任何办理顺序能够到达")
    if not any(step.ends for step in procedure.steps.values()):
        yield Fault(file, procedure.title, "没有结束程序的步骤（ends=True）")


def _circles(before: dict[str, list[tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    """Every circle once, by depth-first search."""
    finished: set[str] = set()

    def walk(name: str, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if name in path:
            yield path[path.index(name) :]
            return
        if name in finished:
            return
        for group in before.get(name, ()):
            for one in group:
                yield from walk(one, (*path, name))
        finished.add(name)

    for name in before:
        yield from walk(name, ())


def loosened(variant: type[Procedure]) -> Iterator[Fault]:
    """What a local variant takes away from the procedure it inherits from: it may add and tighten, never drop."""
    base = next((each for each in variant.__mro__[1:] if issubclass(each, Procedure) and each is not Procedure), None)
    if base is None:
        return
    file = place(variant)
    for rule in set(base.admits) - set(variant.admits):
        yield Fault(file, variant.title, f"去掉了适用条件{rule.code}({rule.test.__name__})")
    for name, statutory in base.steps.items():
        own = variant.steps[name]
        if not isinstance(getattr(variant, name, None), Step):
            yield Fault(file, f"步骤“{statutory.title}”", "去掉了法定步骤")
        elif own is not statutory:
            yield from (Fault(file, f"步骤“{statutory.title}”", text) for text in _weaker(variant, base, own, statutory))


def _weaker(variant: type[Procedure], base: type[Procedure], own: Step, statutory: Step) -> Iterator[str]:
    if own.optional and not statutory.optional:
        yield "法定步骤变成了可以不办"
    if own.by.count < statutory.by.count:
        yield f"执法人员由{statutory.by.count}人减为{own.by.count}人"
    for rule in statutory.needs:
        if rule not in own.needs:
            yield f"去掉了规则{rule.code}({rule.test.__name__})"
    asked = {each.key for each in own.asks if each.required}
    for each in statutory.asks:
        if each.required and each.key not in asked:
            yield f"不再要求填写“{each.label}”"
    given = {form.key: {state.key for state in form.states} for form in own.forms}
    for form in statutory.forms:
        if not {state.key for state in form.states} <= given.get(form.key, set()):
            yield f"不再出具“{form.title}”，或者文书缺少法定事项"
    if statutory.within is not None and own.within is None:
        yield "去掉了法定期限"
    yield from _weaker_order(variant, base, own, statutory)


def _weaker_order(variant: type[Procedure], base: type[Procedure], own: Step, statutory: Step) -> Iterator[str]:
    if own.when is not None and own.when is not statutory.when:
        yield f"法定步骤附加了条件{own.when.code}"
    for name in sorted(set(statutory.anew) - set(own.anew)):
        yield f"“{base.steps[name].title}”以后不再要求重新办理"
    for name in _ancestors(base, statutory) - _ancestors(variant, own):
        yield f"不再以“{base.steps[name].title}”为前提"


def _ancestors(procedure: type[Procedure], step: Step, path: frozenset[str] = frozenset()) -> set[str]:
    """Every step that must have been done before this one: alternatives count only where all of them require it."""
    found: set[str] = set()
    for group in procedure.before(step):
        # A step that waits for itself is told by `shape`; here it only must not run for ever.
        sides = [{one.name} | _ancestors(procedure, one, path | {step.name}) for one in group if one.name not in path]
        found |= set.intersection(*sides) if sides else set()
    return found


def undated(procedure: type[Procedure], table: Parameters, file: str, version: date) -> Iterator[Fault]:
    """Deadlines that are parameters without a value on the day the version begins."""
    for step in procedure.steps.values():
        for term in (step.within, step.least, step.usual):
            if not isinstance(term, Param):
                continue
            try:
                table.find(term.name, region=procedure.region, sector=procedure.sector, on=version)
            except UnknownParameterError as missing:
                yield Fault(file, f"步骤“{step.title}”", str(missing))
