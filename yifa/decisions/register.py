"""What the registers say about a major decision, as one SQL expression: read in the exchange that locks the dossier.

`government` is the 决策机关: the government of the place whose body undertakes the matter; `justice` the 司法行政部门 of the same level.
"""

from __future__ import annotations

_BODY = "jsonb_build_object('code', {0}.code, 'name', {0}.name, 'short_name', {0}.short_name, 'region', {0}.region_id)"
_PLACE = "left(o.region_id, 6)"
# How a law is called when it is written without brackets and without the name of the state: as `laws.rules.title_key` has it.
_TITLE = "replace(replace(replace(replace(b.row ->> 'law', '《', ''), '》', ''), '中华人民共和国', ''), ' ', '')"

REGISTER = f"""
(SELECT jsonb_build_object(
  'organisation', (SELECT jsonb_build_object('code', o.code, 'name', o.name, 'short_name', o.short_name, 'kind', o.kind, 'level', o.level,
      'region', o.region_id, 'region_name', g.name, 'status', o.status, 'address', o.address, 'phone', o.phone)
    FROM people_organisation o JOIN people_region g ON g.code = o.region_id WHERE o.code = m.organisation_id),
  'offices', (SELECT jsonb_strip_nulls(jsonb_build_object(
      'government', (SELECT {_BODY.format("k")} FROM people_organisation k WHERE k.kind = 'GOVERNMENT' AND k.region_id = {_PLACE}
        ORDER BY k.code LIMIT 1),
      'justice', (SELECT {_BODY.format("j")} FROM people_organisation j WHERE j.sector = '司法行政' AND j.kind = 'ORGAN'
        AND j.region_id = {_PLACE} ORDER BY j.code LIMIT 1),
      'pressed', (SELECT {_BODY.format("k")} FROM people_organisation k WHERE k.kind = 'GOVERNMENT'
        AND k.code = m.facts ->> 'pressed_government')))
    FROM people_organisation o WHERE o.code = m.organisation_id),
  'catalogue', (SELECT jsonb_strip_nulls(jsonb_build_object('catalogue_year', c.year, 'catalogue_title', c.title,
      'government', c.government_id, 'catalogue_status', c.status,
      'catalogue_dossier', CASE WHEN c.dossier <> m.code THEN c.dossier ELSE '' END, 'party_agreed_on', c.party_agreed_on,
      'catalogue_published_on', c.published_on, 'added_on', c.added_on, 'added_published_on', c.added_published_on))
    FROM decisions_catalogueitem c WHERE c.league = m.league AND c.id = substring(m.facts ->> 'catalogue_item'
      from '^[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$')::uuid),
  'basis', (SELECT jsonb_build_object('basis_cited', count(*), 'basis_in_force', count(*) FILTER (WHERE x.in_force))
    FROM (SELECT bool_or(e.effective_on <= (m.at AT TIME ZONE 'Asia/Shanghai')::date
        AND (e.ended_on IS NULL OR e.ended_on > (m.at AT TIME ZONE 'Asia/Shanghai')::date)) AS in_force
      FROM jsonb_array_elements(CASE jsonb_typeof(m.facts -> 'basis') WHEN 'array' THEN m.facts -> 'basis' ELSE '[]' END)
        WITH ORDINALITY AS b(row, n)
      JOIN laws_title t ON t.key = {_TITLE} JOIN laws_expression e ON e.work_id = t.work_id GROUP BY b.n) x),
  'undertakers', (SELECT jsonb_agg(jsonb_build_object('name', k.name, 'code', k.code)) FROM people_organisation k
    WHERE k.status <> 'cancelled' AND left(k.code, 6) = left(m.organisation_id, 6) AND k.name IN (
      SELECT b.row ->> 'undertaker' FROM jsonb_array_elements(CASE jsonb_typeof(m.facts -> 'matters') WHEN 'array'
          THEN m.facts -> 'matters' ELSE '[]' END) AS b(row)
      UNION SELECT b.row ->> 'undertaker' FROM jsonb_array_elements(CASE jsonb_typeof(m.facts -> 'added') WHEN 'array'
          THEN m.facts -> 'added' ELSE '[]' END) AS b(row))),
  'pressed_in_place', (SELECT coalesce((SELECT k.code <> o.code AND starts_with(k.region_id, regexp_replace({_PLACE}, '(00)+$', ''))
      FROM people_organisation k WHERE k.kind = 'GOVERNMENT' AND k.code = m.facts ->> 'pressed_government'), false)
    FROM people_organisation o WHERE o.code = m.organisation_id AND m.facts ? 'pressed_government'),
  'removable', (CASE WHEN m.facts ? 'removed_item' THEN EXISTS (SELECT 1 FROM decisions_catalogueitem c WHERE c.league = m.league
      AND c.id = substring(m.facts ->> 'removed_item' from '^[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$')::uuid
      AND c.government_id = m.organisation_id AND c.dossier = '' AND c.status <> 'removed') END),
  'other_list', (SELECT d.code FROM dossiers_dossier d WHERE d.organisation_id = m.organisation_id
      AND d.procedure = 'decision_catalogue' AND d.code <> m.code AND d.facts ->> 'list_year' = m.facts ->> 'list_year' LIMIT 1),
  'missed_list', (CASE WHEN m.facts ? 'list_year' THEN (SELECT p.payload::jsonb ->> 'due' FROM ledger_payload p
      WHERE p.league = m.league AND p.chain = 'decision-roll:' || m.organisation_id AND p.side = 'open'
        AND p.payload::jsonb ->> 'year' = m.facts ->> 'list_year' ORDER BY p.seq LIMIT 1) END),
  'consultation', (SELECT jsonb_build_object('id', c.id, 'title', c.title, 'contact', c.contact, 'summary', c.summary,
      'opens_on', c.opens_on, 'closes_on', c.closes_on, 'rounds', c.round,
      'shortened_reason', c.shortened_reason, 'summarised_on', (c.summarised_at AT TIME ZONE 'Asia/Shanghai')::date,
      'comments', y.comments, 'answered', y.answered, 'not_adopted', y.not_adopted, 'not_adopted_with_reason', y.with_reason,
      'adopted', y.adopted, 'partly', y.partly, 'reasons', (SELECT jsonb_agg(jsonb_build_object('reason', w.reason, 'opinions', w.opinions)
          ORDER BY w.opinions DESC, w.reason)
        FROM (SELECT x.reason, count(*) AS opinions FROM participation_consultation r
          JOIN participation_comment x ON x.league = r.league AND x.consultation = r.id
          WHERE r.league = c.league AND r.dossier = c.dossier AND x.outcome = 'not_adopted' AND x.reason <> ''
          GROUP BY x.reason ORDER BY count(*) DESC, x.reason LIMIT 30) w))
    FROM participation_consultation c,
      LATERAL (SELECT count(*) AS comments, count(*) FILTER (WHERE x.outcome <> '') AS answered,
          count(*) FILTER (WHERE x.outcome = 'adopted') AS adopted, count(*) FILTER (WHERE x.outcome = 'partly') AS partly,
          count(*) FILTER (WHERE x.outcome = 'not_adopted') AS not_adopted,
          count(*) FILTER (WHERE x.outcome = 'not_adopted' AND x.reason <> '') AS with_reason
        FROM participation_consultation r JOIN participation_comment x ON x.league = r.league AND x.consultation = r.id
        WHERE r.league = c.league AND r.dossier = c.dossier) y
    WHERE c.league = m.league AND c.dossier = m.code ORDER BY c.round DESC LIMIT 1),
  'hearing', (SELECT jsonb_strip_nulls(jsonb_build_object('hearing_on', h.on, 'hearing_listed_on', h.listed_on,
      'hearing_sent_on', h.sent_on, 'hearing_method', h.method,
      'hearing_sides', (SELECT jsonb_agg(jsonb_build_object('side', q ->> 'side')) FROM jsonb_array_elements(h.quotas) q),
      'hearing_people', (SELECT jsonb_agg(jsonb_build_object('name', a.listed_as, 'side', a.side) ORDER BY a.n)
        FROM decisions_applicant a WHERE a.league = h.league AND a.hearing = h.id AND a.chosen AND a.gave_up = ''),
      'hearing_parts', (SELECT jsonb_agg(DISTINCT i.part) FROM decisions_minute i WHERE i.league = h.league AND i.hearing = h.id)))
    FROM decisions_hearing h WHERE h.league = m.league AND h.dossier = m.code AND h.status <> 'cancelled' ORDER BY h.on DESC LIMIT 1),
  'hearing_list', (CASE WHEN m.facts ? 'hearing_on' AND NOT EXISTS (SELECT 1 FROM ledger_entry e
      WHERE e.league = m.league AND e.chain = m.code AND e.step = 'hold_hearing') THEN
    (SELECT jsonb_strip_nulls(jsonb_build_object('seed', nullif(h.seed, ''), 'commitment', h.commitment, 'applicants', h.applicants,
        'drawn_on', (h.drawn_at AT TIME ZONE 'Asia/Shanghai')::date, 'quotas', h.quotas,
        'standing', (SELECT jsonb_agg(jsonb_build_object('n', a.n, 'side', a.side, 'rank', a.rank, 'chosen', a.chosen,
            'gave_up', a.gave_up <> '', 'name', a.listed_as) ORDER BY a.side, a.rank, a.n)
          FROM decisions_applicant a JOIN jsonb_to_recordset(h.quotas) AS q(side text, seats int) ON q.side = a.side
          WHERE a.league = h.league AND a.hearing = h.id AND a.rank IS NOT NULL
            AND (a.chosen OR a.gave_up <> '' OR a.rank <= q.seats + 20))))
      FROM decisions_hearing h WHERE h.league = m.league AND h.dossier = m.code AND h.status <> 'cancelled'
      ORDER BY h.on DESC LIMIT 1) END),
  'rerun', (CASE WHEN m.facts ->> 'changed' = 'major' THEN jsonb_strip_nulls(jsonb_build_object(
      'rerun_carries', (SELECT d.facts ->> 'carried_from' = m.code FROM dossiers_dossier d WHERE d.code = m.facts ->> 'rerun_case'),
      'continued_by', (SELECT d.code FROM dossiers_dossier d WHERE d.organisation_id = m.organisation_id AND d.procedure = 'major_decision'
        AND d.facts ->> 'carried_from' = m.code ORDER BY d.opened_at DESC, d.code DESC LIMIT 1))) END),
  'carried', (SELECT jsonb_strip_nulls(jsonb_build_object(
      'carried_ready', d.procedure = 'major_decision' AND d.organisation_id = m.organisation_id AND d.facts ->> 'changed' = 'major'
        AND coalesce(d.facts ->> 'rerun_case', '') IN ('', m.code),
      'carried_item', d.facts ->> 'catalogue_item', 'carried_basis', d.facts -> 'basis'))
    FROM dossiers_dossier d WHERE d.code = m.facts ->> 'carried_from'),
  'pages', (SELECT coalesce((SELECT sum(x.pages) FROM documents_document x WHERE x.league = m.league AND x.dossier = m.code), 0)
      + coalesce((SELECT sum(coalesce((v.facts ->> 'pages')::int, 1)) FROM dossiers_evidence v
        WHERE v.league = m.league AND v.dossier = m.code AND v.seq IS NOT NULL), 0)),
  'drawn', (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', x.name, 'employer', x.employer, 'field', w.field,
      'kind', 'expert', 'source', 'register', 'interest', g.has_interest,
      'belongs', g.belongs, 'drawn', true, 'fee', trim_scale(g.fee_fen / 100.0)))
      ORDER BY w.committed_at, w.id, g.rank)
    FROM decisions_engagement g JOIN decisions_drawing w ON w.league = g.league AND w.id = g.drawing
      JOIN decisions_expert x ON x.id = g.expert
    WHERE g.league = m.league AND g.dossier = m.code AND g.state = 'engaged'),
  'recused', (SELECT jsonb_agg(jsonb_build_object('name', r.name, 'employer', r.employer)) FROM (
      SELECT x.name, x.employer FROM decisions_engagement g JOIN decisions_expert x ON x.id = g.expert
        WHERE g.league = m.league AND g.dossier = m.code AND g.state = 'recused'
      UNION SELECT e ->> 'name', e ->> 'employer' FROM decisions_drawing w, jsonb_array_elements(w.excluded) e
        WHERE w.league = m.league AND w.dossier = m.code AND e ->> 'reason' <> '隶属决策承办单位') r),
  'changes', (SELECT jsonb_agg(p.payload::jsonb #>> '{{facts,changed}}' ORDER BY p.seq)
    FROM dossiers_dossier d, jsonb_array_elements_text(coalesce(d.state #> '{{done,adjust}}', '[]')) s(seq)
      JOIN ledger_payload p ON p.league = m.league AND p.chain = m.code AND p.seq = s.seq::int AND p.side = 'open'
    WHERE m.facts ? 'changed' AND d.league = m.league AND d.code = m.code
      AND s.seq::int > ALL (SELECT x.seq::int FROM jsonb_array_elements_text(coalesce(d.state #> '{{done,rerun}}', '[]')) x(seq))),
  'lines', (SELECT jsonb_agg(c.title) FROM decisions_catalogueitem c WHERE m.facts ? 'added' AND c.league = m.league
      AND c.catalogue = m.code AND c.status <> 'removed'),
  'acts', (SELECT jsonb_object_agg(k.key, (e.at AT TIME ZONE 'Asia/Shanghai')::date)
    FROM dossiers_dossier d, jsonb_each(d.state -> 'done') k
      JOIN ledger_entry e ON e.seq = (k.value ->> -1)::int AND e.league = m.league AND e.chain = m.code
    WHERE d.league = m.league AND d.code = m.code)
) FROM m)
"""  # noqa: S608 - no value enters this text
