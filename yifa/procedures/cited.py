"""Tells the library what rests on which article, so that an article's page can name it. Pushed down: the library knows no procedure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from yifa.kernel.citing import Article, articles
from yifa.kernel.parameters.queries import committed
from yifa.laws.services import Citation, replace_citations
from yifa.procedures.check import forms_of, rules_of, used_rules
from yifa.procedures.context import Cited, Context
from yifa.procedures.core import Rule
from yifa.procedures.resting import of_procedure

STEPS, RULES, FORMS, PARAMETERS = "办理程序", "执法规则", "文书", "参数"
_PLACEHOLDER = re.compile(r"[，；]?[^，；。]*\{[^}]*\}[^，；。]*")


def push(contexts: Iterable[Context], *, today: date) -> int:
    """Replace what the library holds of these contexts; run whenever a version of the software starts. Returns how many citations."""
    found: dict[str, list[Citation]] = {STEPS: [], RULES: [], FORMS: []}
    for context in contexts:
        rules, forms = dict.fromkeys(rules_of(context)), dict.fromkeys(forms_of(context))
        versions = Counter(procedure.title for procedure in context.procedures)
        for procedure in context.procedures:
            name = procedure.title if versions[procedure.title] == 1 else f"{procedure.title}（{procedure.version}）"
            for step in procedure.steps.values():
                found[STEPS].append(Citation(f"{name}：{step.title}", "", step.articles, ref=of_procedure(procedure)))
            rules |= dict.fromkeys(used_rules(procedure))
            forms |= dict.fromkeys(form for step in procedure.steps.values() for form in step.forms)
        found[RULES] += [Citation(_said(rule), "", rule.cites) for rule in rules]
        for form in forms:
            cites = dict.fromkeys([*articles(form.cites), *(each for state in form.states for each in articles(state.cites))])
            found[FORMS].append(Citation(form.title, "", tuple[Article, ...](cites)))
        for cited in (*context.cited(today), *context.rests(today)):
            found.setdefault(cited.kind, []).append(_citation(cited))
    found[PARAMETERS] = [
        Citation(f"{each.name}（{each}）", "/parameters/", each.cites)
        for each in committed()
        if each.valid_to is None or each.valid_to >= today
    ]
    return sum(replace_citations(kind=kind, citations=citations) for kind, citations in found.items())


def _citation(cited: Cited) -> Citation:
    return Citation(cited.name, cited.url, cited.articles, cited.ref, cited.region, cited.since, cited.works)


def _said(rule: Rule) -> str:
    """The rule by its code and its sentence, without what only a case can fill in."""
    sentence = " ".join((rule.test.__doc__ or "").split())
    return f"{rule.code} {_PLACEHOLDER.sub('', sentence).strip('，；')}".strip()
