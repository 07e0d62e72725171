"""One act, one path: desk, terminal, API and importer all come through here.

An act is refused with every rule it breaks and its article, or it becomes one entry of the record; nothing in between. Network exchanges
with the database: one to lock and read, one to write and commit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.utils import timezone
from psycopg import errors

from yifa.dossiers.personal import identity_hash, new_token, unseal
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.terms import Param, Term, Unit
from yifa.kernel.ledger.bodies import may_simulate
from yifa.kernel.parameters.queries import parameters
from yifa.kernel.parameters.rules import Parameters
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.identifiers import case_number
from yifa.procedures import core, paperwork, reading, registry, turns, writing
from yifa.procedures.acts import Act, Doing, Judged, LateEntry, Opening, Split, Taken
from yifa.procedures.context import Context
from yifa.procedures.core import BEIJING, Done, Finding, Procedure, Progress, Refused, Step
from yifa.procedures.exchange import BEGIN, COMMIT, exchange, raw, roll_back
from yifa.procedures.models import Refusal
from yifa.procedures.reading import Read, Ref

__all__ = ["Changed", "LateEntry", "Taken", "judge", "resolver", "simulated", "start", "take"]

DRIFT = timedelta(minutes=10)
AHEAD = timedelta(minutes=1)
_clock: ContextVar[datetime | None] = ContextVar("simulated clock", default=None)


class Changed(Refused):
    """Someone else acted on the dossier since the actor looked; `findings` say what changed."""


@contextmanager
def simulated(moment: datetime | None) -> Any:
    """Lets acts be recorded at a made-up time. Only in logs whose origin starts with `demo.` or `drill.`; RuntimeError elsewhere."""
    if moment is not None and not may_simulate(settings.LOG_ORIGIN):
        raise RuntimeError(f"the record {settings.LOG_ORIGIN} takes its time from the database clock alone")
    token = _clock.set(moment)
    try:
        yield
    finally:
        _clock.reset(token)


def take(
    ref: Ref,
    step: str,
    *,
    by: Actor,
    at: datetime | None = None,
    facts: Mapping[str, Any] | None = None,
    files: Sequence[UUID] = (),
    key: UUID,
    seen_seq: int | None,
    device: Mapping[str, Any] | None = None,
    reasons: Mapping[str, str] | None = None,
    late: LateEntry | None = None,
) -> Taken:
    """Performs one step of a dossier. Raises Refused (nothing changed; the refusal is counted) or Changed."""
    act = Act(step, by, key, facts or {}, tuple(files), at, seen_seq, device, reasons or {}, late)
    guess = _learned.get(ref) or _likely(ref, step)
    if guess and guess.procedure.has(step):
        with suppress(_MistakenError), _counting_refusals(ref, guess.procedure, act):
            return _perform(guess, act, ref=ref, opening=None)
    runs = _learn(ref)
    with _counting_refusals(ref, runs.procedure, act):
        return _perform(runs, act, ref=ref, opening=None)


def start(
    procedure_key: str,
    *,
    by: Actor,
    at: datetime | None = None,
    facts: Mapping[str, Any],
    files: Sequence[UUID] = (),
    key: UUID,
    reasons: Mapping[str, str] | None = None,
    late: LateEntry | None = None,
) -> Taken:
    """Opens a dossier with the first step of a procedure. The same `key` opens one dossier, however often it is sent."""
    context = registry.context_of(procedure_key)
    sector = context.sector_of(facts)
    act = Act("", by, key, facts, tuple(files), at, 0, None, reasons or {}, late)
    day = _moment(act).astimezone(BEIJING).date()
    procedure = registry.current(procedure_key, on=day.isoformat(), region=by.region, sector=sector)
    act = replace(act, step=procedure.first().name)
    with _counting_refusals(None, procedure, act):
        again, body, region = _before_opening(act, context.title_of(facts), day)
        if again:
            return again
        return _perform(_Runs(procedure, body), act, ref=None, opening=Opening(body, region, sector))


@dataclass(frozen=True)
class _Runs:
    """By which procedure a dossier runs, and for which body."""

    procedure: type[Procedure]
    organisation: str


class _MistakenError(Exception):
    """The dossier that was read is not what its code let expect, or is not there."""


# Dossiers that are not what their code lets expect, so that a process is mistaken about each of them once.
_learned: dict[Ref, _Runs] = {}
LEARNED = 65_536


def _likely(ref: Ref, step: str) -> _Runs | None:
    """What the code says: the body it was given to and the type of procedure. `_perform` compares when it has read the dossier."""
    body, kind = ref.code[:10], ref.code[11:13]
    procedure = registry.likely(kind, step, region=body[:6])
    return _Runs(procedure, body) if procedure else None


def _learn(ref: Ref) -> _Runs:
    """Asks the dossier itself, in an exchange of its own. Raises Refused when there is none."""
    if len(_learned) >= LEARNED:
        _learned.clear()
    _learned[ref] = _runs(reading.columns(ref))
    return _learned[ref]


def _runs(row: Mapping[str, Any]) -> _Runs:
    procedure = registry.procedure(row["procedure"], row["version"], region=row["region_id"], sector=row["sector"])
    return _Runs(procedure, row["organisation_id"])


def _perform(runs: _Runs, act: Act, *, ref: Ref | None, opening: Opening | None) -> Taken:
    """The two exchanges, and between them the law. `ref` of a dossier that is there, or `opening` for one that is not.

    Raises _MistakenError, before anything is judged, when the dossier is another than `runs` says.
    """
    procedure = runs.procedure
    step, context = procedure.step(act.step), registry.context_of(procedure.key)
    split, year = _split(step, act), _moment(act).astimezone(BEIJING).year
    conn = raw()
    try:
        numbers = paperwork.asked(procedure, step, act, organisation=runs.organisation, opening=opening is not None, year=year)
        answers = exchange(
            conn,
            {
                "begin": BEGIN,
                **({"lock": (reading.LOCK, [ref.league, ref.code])} if ref else {}),
                **numbers,
                "read": reading.question(
                    ref=ref or Ref(act.by.league, ""),
                    opening=(opening.organisation, opening.region) if opening else None,
                    by=act.by,
                    at=act.at,
                    clock=_clock.get(),
                    facts=split.facts,
                    identity=split.identity,
                    files=act.files,
                    paper=step.gives is not None,
                    course=any(form.tells_course for form in step.forms),
                    pieces=any(form.tells_file for form in step.forms),
                    undoing=step.name in (core.RETURN, core.WITHDRAW),
                    register=context.register,
                ),
            },
        )
        answer = answers["read"]
        if answer is None or answer[0] is None:
            raise _MistakenError
        case_sequence, sequence, printed = paperwork.taken(step, act, answers)
        read = reading.understood(answer[0], act.key, sequence, printed)
        if ref:
            found = _runs(read.dossier)
            if found.procedure is not procedure or (numbers and found.organisation != runs.organisation):
                raise _MistakenError
        if ref and read.known:
            roll_back(conn)
            known = read.known
            return Taken(ref, known["seq"], known["hash"], known["step"], datetime.fromisoformat(known["recorded_at"]), again=True)
        # A new dossier's code carries its number in the series, which only the answer brought.
        ref = ref or _new_ref(act, procedure, case_sequence, year)
        judged = judge(procedure, step, act, split, read, context)
        token = new_token() if opening else read.dossier["token"]
        doing = Doing(ref, procedure, context, step, act, split, read, judged, token, opening)
        written = writing.written(doing)
        exchange(conn, {"write": written.statement, "commit": COMMIT})
    except BaseException as error:
        roll_back(conn)
        if isinstance(error, errors.UniqueViolation):
            again = _before_opening(act, "", date.max)[0] if opening else None
            if again is None:
                raise _collided(error, act, context) from error
            return again
        raise
    return Taken(ref, doing.seq, written.hash, written.step, read.now, documents=written.documents)


def _split(step: Step, act: Act) -> Split:
    """What the registers are asked with, before the dossier's own facts are known."""
    stated, _ = core.parse(step, act.facts, {}, date.max)
    facts, personal = _divided(step, stated)
    identity = identity_hash(str((personal.get("party") or {}).get("identity_number") or ""))
    return Split(facts, personal, identity or None)


def _divided(step: Step, stated: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Answers without personal data, and the personal ones: these never enter `dossier.facts`."""
    personal = {each.key for each in step.asks if each.personal}
    return {key: stated[key] for key in stated if key not in personal}, {key: stated[key] for key in stated if key in personal}


def judge(procedure: type[Procedure], step: Step, act: Act, split: Split, read: Read, context: Context) -> Judged:
    """The law on this act: pure but for the tables it is handed. Raises Refused with every finding."""
    progress = core.fold(procedure, read.entries)
    if act.seen_seq is not None and act.seen_seq != progress.seq:
        raise Changed(_what_changed(procedure, progress, act.seen_seq))
    at, late, findings = _timing(procedure, step, act, read, progress)
    stored = dict(read.dossier["facts"])
    answers, unreadable = core.parse(step, act.facts, stored, at.astimezone(BEIJING).date())
    stated, private = _divided(step, answers)
    undoes, not_undone = core.undone(procedure, step.name, answers, progress, act.by.person)
    facts = {**stored, **stated, **step.sets}
    if undoes is not None:
        # What was stated by acts that are taken back is no longer stated. What was cleared by law cannot be gone back to.
        facts = dict(read.facts_at.get(str(undoes - 1)) or stored)
    facts["evidence_count"] = len(read.attached) + len(read.evidence)
    if read.printed:
        facts["number"] = read.printed.text
    elif read.number is not None:
        facts["number"] = paperwork.number_text(step, read.register, read.number, at.astimezone(BEIJING).year)
    if private:
        facts |= context.derive(facts, private, at)
    case = context.read(facts, read.register, at)
    performer = _performer(act, read, facts)
    findings += [
        *not_undone,
        *core.blocked(procedure, step, progress, case),
        *core.unfit(procedure, step, progress, performer),
        *_unassigned(procedure, step, read),
        *paperwork.misnumbered(step, read.printed),
        *core.unattached(step, facts, len(read.evidence)),
        *unreadable,
    ]
    if len(read.evidence) != len(set(act.files)):
        findings.append(Finding("C16", "有的文件没有上传完成、已经用于其他办理，或者不是您上传的，请重新选择"))
    if step.bare and act.files:
        text = f"“{step.title}”只登记所问的内容，不上传文件；请去掉附件"
        findings.append(Finding("填写", text, step.articles, core.BLOCK, None, "files"))
    resolve = resolver(read.dossier["region_id"], context.sector_of(facts), at, parameters(read.parameters_stamp))
    findings += core.premature(procedure, step, progress, at.astimezone(BEIJING).date(), calendar(read.calendar_stamp), resolve)
    rules = core.rules_of(procedure, step) if step.name in procedure.steps else ()
    if rules and not unreadable:
        findings += core.broken(procedure, step, case)
    refusing, reasons = core.settle(findings, rules, act.reasons, act.by.roles)
    if refusing:
        raise Refused({(each.code, each.text): each for each in refusing}.values())
    done = Done(progress.seq + 1, step.name, at, read.now, act.by.person, late, undoes)
    after = core.fold(procedure, (*read.entries, done))
    opened = core.open_steps(procedure, after, case)
    duties = core.duties(procedure, after, case, calendar(read.calendar_stamp), resolve)
    clocked = {duty.step.name for duty in duties}
    last = turns.keeps(performer, step, handed=any(each.step == core.HAND_OVER for each in read.entries), holds=read.holds)
    return Judged(
        at=at,
        late=late,
        facts=facts,
        personal={**_party(read.party), **private},
        case=case,
        before=progress,
        after=after,
        reasons=reasons,
        undoes=undoes,
        duties=duties,
        opened=opened,
        turns=[each for each in turns.handed_over(procedure, opened, after, last) if each.name not in clocked],
        stated=stated,
        title=context.title_of(facts) or context.called(case),
        measures=context.measures(step, case, resolve),
    )


def _timing(procedure: type[Procedure], step: Step, act: Act, read: Read, progress: Progress) -> tuple[datetime, bool, list[Finding]]:
    """When the act took place, and whether it is entered late (补录)."""
    at = act.at or read.now
    if at > read.now + AHEAD:
        return at, False, [Finding("时间", "办理时间不能晚于现在，请核对时间", step.articles, core.BLOCK, None, "at")]
    findings: list[Finding] = []
    before = [done for alternatives in procedure.before(step) for one in alternatives for done in progress.of(one.name)]
    if before and at < max(done.at for done in before) - AHEAD:
        last = max(before, key=lambda done: done.at)
        text = f"办理时间早于“{procedure.step(last.step).title}”的时间（{last.at.astimezone(BEIJING):%m-%d %H:%M}），请核对"
        findings.append(Finding("时间", text, step.articles, core.BLOCK, None, "at"))
    if act.device is not None:
        findings.append(Finding("终端", "这台终端没有在本系统登记，不能同步办理；请在工作台补录"))
    late = read.now - at > DRIFT
    if late and (act.late is None or len(act.late.reason.strip()) < 2):
        findings.append(Finding("补录", "补录以前的办理事项，应当写明理由", step.articles, core.BLOCK, None, "late_reason"))
    if late and not step.bare and not read.evidence and not read.attached:
        findings.append(Finding("补录", "补录以前的办理事项，应当附纸质文书的照片", step.articles, core.BLOCK, None, "files"))
    return at, late, findings


def _performer(act: Act, read: Read, facts: Mapping[str, Any]) -> core.Performer:
    """A dossier is worked on for its own body (or its successor), or by someone it was handed to; who opens one has it."""
    team = frozenset(facts.get("officers") or ())
    persons = team | {act.by.person} if act.by.person in team or not team else frozenset({act.by.person})
    own = not read.entries or act.by.organisation == read.dossier["organisation_id"] or read.succeeds or read.roles - {"participant"}
    offices = core.offices_of(act.by.organisation, read.register, own=bool(own))
    # Whoever is a stranger to the case is not told who works on it.
    return core.Performer(persons, act.by.roles, offices, core.names_of(team, read.register, act.by.person) if offices else ())


def _unassigned(procedure: type[Procedure], step: Step, read: Read) -> list[Finding]:
    office = step.by.office
    if not office or (read.register.get("offices") or {}).get(office):
        return []
    return [Finding("机构", f"没有登记本案的{procedure.offices[office]}，请由系统管理员在机构登记中补登", step.articles)]


def _party(row: Mapping[str, Any] | None) -> dict[str, Any]:
    if row is None:
        return {}
    sealed = {name: unseal(bytes.fromhex(row[f"{name}_sealed"][2:])) if row[f"{name}_sealed"] else "" for name in ("identity", "phone")}
    plain = {name: row[name] for name in ("name", "kind", "identity_kind", "address", "representative")}
    return {"party": {**plain, "identity_number": sealed["identity"], "phone": sealed["phone"]}}


def _what_changed(procedure: type[Procedure], progress: Progress, seen: int) -> list[Finding]:
    news = [act for act in progress.acts if act.seq > seen]
    lines = [f"{act.at.astimezone(BEIJING):%H:%M}办理了“{procedure.step(act.step).title}”" for act in news]
    return [Finding("冲突", f"您打开页面以后，本案有了新的办理：{'、'.join(lines) or '记录已更新'}。请刷新页面后再办理")]


def resolver(region: str, sector: str, at: datetime, table: Parameters) -> Callable[[Param], Term]:
    """A named term as the parameters set it for this place, sector and day."""
    day = at.astimezone(BEIJING).date()

    def resolve(param: Param) -> Term:
        found = table.find(param.name, region=region, sector=sector, on=day)
        return Term(found.value, Unit(found.unit))

    return resolve


def _moment(act: Act) -> datetime:
    """About when the act takes place, before the database's clock is read: for the year of a number and the version in force."""
    return act.at or _clock.get() or datetime.now(BEIJING)


def _new_ref(act: Act, procedure: type[Procedure], number: int | None, year: int) -> Ref:
    if number is None:
        raise RuntimeError("a new dossier needs its number")
    return Ref(act.by.league, case_number(act.by.organisation[:6], act.by.organisation[6:], procedure.code, year, number))


_BEFORE = """
SELECT o.code, o.region_id, p.code, p.region_id, e.code, e.region_id, t.league, t.chain, t.seq, encode(t.hash, 'hex'), t.step, t.recorded_at
FROM people_organisation o
LEFT JOIN people_organisation p ON p.code = o.parent_id AND o.kind = 'UNIT'
LEFT JOIN people_organisation e ON o.kind = 'ENTRUSTED' AND e.code = (SELECT n.entruster_id FROM people_entrustment n
  WHERE n.entrusted_id = o.code AND n.items && %s::varchar[] AND %s BETWEEN n.since AND n.until
    AND (n.revoked_on IS NULL OR %s < n.revoked_on) ORDER BY n.id LIMIT 1)
LEFT JOIN procedures_opening k ON k.league = %s AND k.key = %s
LEFT JOIN ledger_entry t ON t.league = k.league AND t.chain = k.dossier AND t.seq = 1
WHERE o.code = %s
"""


def _before_opening(act: Act, title: str, day: date) -> tuple[Taken | None, str, str]:
    """The dossier this very act opened before, if it did; and the body in whose name it is done, with its region.

    A unit acts in its body's name, an entrusted organisation in its entruster's for what is entrusted (行政处罚法 20); whoever is no
    subject and acts for nobody stays himself and is refused by C01.
    """
    items = [text for text in (title, str(act.facts.get("item", ""))) if text]
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [items, day, day, act.by.league, act.key, act.by.organisation])
        row = cursor.fetchone()
    own, body, entruster, taken = row[0:2], row[2:4], row[4:6], row[6:]
    name = next(each for each in (body, entruster, own) if each[0])
    again = Taken(Ref(taken[0], taken[1]), taken[2], taken[3], taken[4], taken[5], again=True) if taken[0] else None
    return again, name[0], name[1]


def _collided(error: errors.UniqueViolation, act: Act, context: Context) -> BaseException:
    """What a person can mend about a number that is used already; any other collision is a fault of ours and stays one."""
    if error.diag.constraint_name == "document_number_once" and act.late:
        text = f"编号“{act.late.paper_number}”已经用于另一份文书，请核对纸质文书的编号"
        return Refused([Finding("C45", text, (), core.BLOCK, None, "late_paper")])
    if told := context.collisions.get(error.diag.constraint_name or ""):
        return Refused([Finding("登记", told)])
    return error


@contextmanager
def _counting_refusals(ref: Ref | None, procedure: type[Procedure], act: Act) -> Any:
    """Refusals are counted in a transaction of their own, after the act's was rolled back."""
    try:
        yield
    except Refused as refused:
        Refusal.objects.create(
            league=ref.league if ref else act.by.league,
            id=uuid4(),
            dossier=ref.code if ref else "",
            procedure=procedure.key,
            step=act.step,
            person_id=UUID(act.by.person),
            organisation_id=act.by.organisation,
            region_id=act.by.region,
            codes=[each.code for each in refused.findings],
            findings=[{"code": each.code, "text": each.text, "cites": [one.key for one in each.cites]} for each in refused.findings],
            at=_clock.get() or timezone.now(),
        )
        raise
