"""What the registers say about a case of a normative document, as one SQL expression: read in the exchange that locks the dossier.

`justice` is the 司法行政部门 of the maker's own level (合法性审核、统一登记), `superior` the one that reviews what is filed: of the next
higher level for a government's document, of the same level for a department's; `market` the 市场监督管理部门 of its own level
(公平竞争审查). `maker` is the body whose document a case of review, objection or clean-up is about.
"""

from __future__ import annotations

_BODY = "jsonb_build_object('code', {0}.code, 'name', {0}.name, 'short_name', {0}.short_name, 'region', {0}.region_id)"
# The organ of one sector in a place.
_ORGAN = (
    "(SELECT " + _BODY.format("j") + " FROM people_organisation j WHERE j.sector = '{sector}' AND j.kind = 'ORGAN'"  # noqa: S608 - no value enters this text
    " AND j.region_id = {place} ORDER BY j.code LIMIT 1)"
)
# The level at which a body's documents are reviewed: a township's by its 旗县, a government's by the next higher level.
_OWN = "left(o.region_id, 6)"
_ABOVE = "CASE WHEN o.kind = 'GOVERNMENT' THEN coalesce(h.parent_id, h.code) ELSE h.code END"
# Who reviews a document of the maker k, whose 旗县 or 盟市 is h.
REVIEWER = (
    "(SELECT j.code FROM people_organisation j WHERE j.sector = '司法行政' AND j.kind = 'ORGAN'"
    " AND j.region_id = CASE WHEN k.kind = 'GOVERNMENT' THEN coalesce(h.parent_id, h.code) ELSE h.code END ORDER BY j.code LIMIT 1)"
)

# The objection that a case is about.
_OBJECTION = "substring(m.facts ->> 'objection' from '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$')::uuid"
# The document that a case is about: picked among those handed in, one's own, or those of a clean-up, objected to, or questioned beside a
# reconsideration.
_SUBJECT = (
    "coalesce(m.facts ->> 'document', m.facts ->> 'own_document', m.facts ->> 'questioned_document',"
    " (SELECT x.document_id FROM normative_objection x WHERE x.id = {objection}), (SELECT x.document_id FROM normative_campaignitem x"
    " WHERE x.id = substring(m.facts ->> 'cleanup_item' from '^item-([0-9]{1,15})$')::bigint))"
).replace("{objection}", _OBJECTION)

REGISTER = f"""
(SELECT jsonb_build_object(
  'organisation', (SELECT jsonb_build_object('code', o.code, 'name', o.name, 'short_name', o.short_name, 'kind', o.kind, 'level', o.level,
      'region', o.region_id, 'region_name', g.name, 'status', o.status, 'address', o.address, 'phone', o.phone)
    FROM people_organisation o JOIN people_region g ON g.code = o.region_id WHERE o.code = m.organisation_id),
  'offices', (SELECT jsonb_strip_nulls(jsonb_build_object(
      'justice', {_ORGAN.format(sector="司法行政", place=_OWN)},
      'superior', {_ORGAN.format(sector="司法行政", place=_ABOVE)},
      'market', {_ORGAN.format(sector="市场监管", place=_OWN)},
      'authority', (SELECT {_BODY.format("k")} FROM people_organisation k
        WHERE k.code = CASE m.facts ->> 'competent' WHEN 'true' THEN m.organisation_id WHEN 'false' THEN m.facts ->> 'forward_to' END),
      'maker', (SELECT {_BODY.format("k")} FROM normative_normativedocument n JOIN people_organisation k ON k.code = n.maker_id
        WHERE n.code = {_SUBJECT})))
    FROM people_organisation o JOIN people_region h ON h.code = left(o.region_id, 6) WHERE o.code = m.organisation_id),
  'document', (SELECT jsonb_build_object('code', n.code, 'title', n.title, 'number', n.number, 'maker', n.maker_id, 'kind', n.kind,
      'maker_name', k.name, 'region', k.region_id, 'reviewer', {REVIEWER},
      'filing', (SELECT f.dossier FROM normative_filing f WHERE f.document_id = n.code),
      'business', n.business, 'source', n.source, 'file_by', n.file_by,
      'made_on', n.made_on, 'published_on', n.published_on, 'effective_on', n.effective_on, 'valid_until', n.valid_until, 'trial', n.trial,
      'ended_on', n.ended_on, 'filed_on', n.filed_on, 'dossier', n.dossier)
    FROM normative_normativedocument n JOIN people_organisation k ON k.code = n.maker_id
    JOIN people_region h ON h.code = left(k.region_id, 6) WHERE n.code = {_SUBJECT}),
  'objection', (SELECT jsonb_build_object('organisation', x.organisation_id, 'sent_on', x.sent_on, 'clauses', x.clauses,
      'received_on', (x.received_at AT TIME ZONE 'Asia/Shanghai')::date,
      'bodies', (SELECT jsonb_agg(c.organisation_id) FROM normative_objectioncase c WHERE c.objection = x.id))
    FROM normative_objection x WHERE x.id = {_OBJECTION}),
  'receiver', (SELECT jsonb_build_object('code', k.code, 'name', k.name, 'region', k.region_id) FROM people_organisation k
    WHERE k.code = m.facts ->> 'forward_to'),
  'revised', (SELECT jsonb_build_object('code', n.code, 'title', n.title, 'maker', n.maker_id, 'ended_on', n.ended_on)
    FROM normative_normativedocument n WHERE n.code = m.facts ->> 'revises'),
  'cleanup', (SELECT jsonb_build_object('id', x.id, 'dossier', t.dossier, 'campaign', g.title, 'kind', g.kind,
      'deadline', g.deadline, 'published_on', g.published_on)
    FROM normative_campaignitem x JOIN normative_campaign g ON g.id = x.campaign_id LEFT JOIN normative_cleaning t ON t.item_id = x.id
    WHERE x.id = substring(m.facts ->> 'cleanup_item' from '^item-([0-9]{{1,15}})$')::bigint),
  'clocks', (SELECT jsonb_object_agg(c.step, jsonb_build_object('first_due', c.first_due, 'met', c.met,
      'open', c.open, 'late', c.late)) FROM (
      SELECT o.step, min(o.due_on) AS first_due, max(o.met_on) AS met, bool_or(o.closed_seq IS NULL) AS open,
        coalesce(bool_or(o.due_on < (m.at AT TIME ZONE 'Asia/Shanghai')::date) FILTER (WHERE o.closed_seq IS NULL), FALSE) AS late
      FROM procedures_obligation o WHERE o.league = m.league AND o.dossier = m.code GROUP BY o.step) c),
  'consultation', (SELECT jsonb_build_object('opens_on', c.opens_on, 'closes_on', c.closes_on, 'rounds', c.round, 'comments', c.comments,
      'shortened_reason', c.shortened_reason, 'contact', c.contact, 'summarised', c.summarised_at IS NOT NULL,
      'unanswered', EXISTS (SELECT 1 FROM participation_comment x
        WHERE x.consultation = c.id AND x.league = c.league AND x.outcome = ''))
    FROM participation_consultation c WHERE c.league = m.league AND c.dossier = m.code ORDER BY c.round DESC LIMIT 1)
) FROM m)
"""  # noqa: S608 - no value enters this text
