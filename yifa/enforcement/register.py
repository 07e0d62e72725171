"""What the registers say about a penalty, as one SQL expression: read in the exchange that locks the dossier."""

from __future__ import annotations

# Over `m(league, code, organisation_id, region_id, facts, at, identity)`. Certificates and bodies are answered with their changes,
# so that pure code judges them on the day of the act. Earlier fines: same party (keyed hash), facts that overlap in time.
REGISTER = """
(SELECT jsonb_build_object(
  'organisation', (SELECT jsonb_build_object('code', o.code, 'name', o.name, 'short_name', o.short_name, 'kind', o.kind, 'level', o.level,
      'region', o.region_id, 'region_name', g.name, 'sector', o.sector, 'fields', o.fields, 'status', o.status, 'valid_from', o.valid_from,
      'valid_to', o.valid_to, 'address', o.address, 'phone', o.phone, 'bank_name', o.bank_name, 'bank_account', o.bank_account,
      'uscc', o.uscc,
      'changes', (SELECT jsonb_agg(jsonb_build_array(v.on, v.status) ORDER BY v.on, v.id) FROM people_organisationevent v
        WHERE v.organisation_id = o.code))
    FROM people_organisation o JOIN people_region g ON g.code = o.region_id WHERE o.code = m.organisation_id),
  'reviewing', (SELECT jsonb_build_object('name', g.government_name, 'address', g.government_address, 'phone', g.government_phone,
      'region', g.code, 'level', g.level)
    FROM people_organisation o JOIN people_region h ON h.code = left(o.region_id, 6)
    JOIN people_region g
      ON g.code = CASE WHEN o.kind = 'GOVERNMENT' AND length(o.region_id) = 6 THEN coalesce(h.parent_id, h.code) ELSE h.code END
    WHERE o.code = m.organisation_id),
  'officers', (SELECT jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'certificate', c.number, 'issued_on', c.issued_on,
      'expires_on', c.expires_on, 'status', c.status, 'categories', coalesce(c.categories, '{}'), 'region', c.region_id,
      'organisation', c.organisation_id,
      'changes', (SELECT jsonb_agg(jsonb_build_array(v.on, v.status) ORDER BY v.on, v.id) FROM people_certificateevent v
        WHERE v.certificate_id = c.number)) ORDER BY w.n)
    FROM jsonb_array_elements_text(coalesce(m.facts -> 'officers', '[]')) WITH ORDINALITY w(person, n)
    JOIN people_person p ON p.id = w.person::uuid
    LEFT JOIN LATERAL (SELECT * FROM people_certificate c WHERE c.person_id = p.id AND c.kind = 'enforcement'
      ORDER BY c.status = 'ACTIVE' DESC, c.number LIMIT 1) c ON true),
  'earlier_fines', (SELECT jsonb_agg(jsonb_build_object('code', d.code, 'number', d.number, 'organisation', o.name,
      'on', d.facts ->> 'violation_on', 'same_item', d.facts ->> 'item' = m.facts ->> 'item') ORDER BY d.code)
    FROM dossiers_party y JOIN dossiers_dossier d ON d.league = y.league AND d.code = y.dossier
    JOIN people_organisation o ON o.code = d.organisation_id
    WHERE y.identity_hash = coalesce(m.identity, (SELECT z.identity_hash FROM dossiers_party z
        WHERE z.league = m.league AND z.dossier = m.code AND z.n = 1))
      AND y.identity_hash <> '' AND d.code <> m.code AND d.facts -> 'sanctions' ? '罚款' AND d.state -> 'done' ? 'decide'
      AND (d.facts ->> 'violation_on') <= coalesce(m.facts ->> 'ended_on', m.facts ->> 'violation_on')
      AND coalesce(d.facts ->> 'ended_on', d.facts ->> 'violation_on') >= m.facts ->> 'violation_on')
) FROM m)
"""
