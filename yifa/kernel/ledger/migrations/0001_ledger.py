"""The record: tables that are only appended to, and the two roles' rights on them.

The owner owns them; the working role may read and append, and not even name the columns that order the sealing (era, xid, id).
Triggers refuse UPDATE, DELETE and TRUNCATE besides, to the owner too. One function may erase a payload, for two persons and a ground.
"""

from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import migrations, models

TABLES = """
CREATE TABLE ledger_era (
  era integer PRIMARY KEY,
  system text NOT NULL DEFAULT (pg_control_system()).system_identifier::text,
  reason text NOT NULL CHECK (btrim(reason) <> ''),
  begun_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO ledger_era (era, reason) VALUES (1, '初次启用');

CREATE FUNCTION ledger_current_era() RETURNS integer LANGUAGE plpgsql STABLE SET search_path = {schema}, pg_temp AS
$$ BEGIN RETURN (SELECT max(era) FROM ledger_era); END $$;

CREATE TABLE ledger_entry (
  id bigint GENERATED ALWAYS AS IDENTITY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  era integer NOT NULL DEFAULT ledger_current_era(),
  seq integer NOT NULL CHECK (seq >= 1),
  key uuid NOT NULL,
  late boolean NOT NULL DEFAULT false,
  league text NOT NULL,
  chain text NOT NULL,
  step text NOT NULL,
  actor text NOT NULL,
  hash bytea NOT NULL CHECK (hash = sha256('\\x00'::bytea || body)),
  body bytea NOT NULL CHECK (octet_length(body) <= 65535),
  PRIMARY KEY (league, chain, seq),
  UNIQUE (league, chain, key)
);
CREATE INDEX ledger_entry_order ON ledger_entry (era, xid, id);

CREATE TABLE ledger_payload (
  seq integer NOT NULL,
  league text NOT NULL,
  chain text NOT NULL,
  side text NOT NULL CHECK (side IN ('open', 'closed')),
  payload text,
  salt bytea CHECK (octet_length(salt) >= 16),
  PRIMARY KEY (league, chain, seq, side),
  CHECK ((payload IS NULL) = (salt IS NULL))
);

CREATE TABLE ledger_leaf (
  position bigint PRIMARY KEY CHECK (position >= 0),
  seq integer NOT NULL,
  league text NOT NULL,
  chain text NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  UNIQUE (league, chain, seq)
);

CREATE TABLE ledger_tile (
  index bigint NOT NULL CHECK (index >= 0),
  level smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
  hashes bytea NOT NULL CHECK (octet_length(hashes) = 8192),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  PRIMARY KEY (level, index)
);

CREATE TABLE ledger_checkpoint (
  size bigint PRIMARY KEY CHECK (size >= 1),
  horizon_xid xid8 NOT NULL,
  sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  era integer NOT NULL,
  horizon_era integer NOT NULL,
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  note text NOT NULL
);

CREATE TABLE ledger_erasure (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  erased_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seq integer NOT NULL,
  entry_seq integer NOT NULL,
  league text NOT NULL,
  chain text NOT NULL,
  side text NOT NULL,
  ground text NOT NULL,
  first_person text NOT NULL,
  second_person text NOT NULL,
  UNIQUE (league, chain, seq, side)
);
"""

GUARDS = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema}, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% on %: the record is only appended to', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- A payload may only go, and only after its erasure was written down in the same transaction by erase_payload().
CREATE FUNCTION ledger_refuse_payload() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF (NEW.league, NEW.chain, NEW.seq, NEW.side) IS DISTINCT FROM (OLD.league, OLD.chain, OLD.seq, OLD.side)
    OR NEW.payload IS NOT NULL OR NEW.salt IS NOT NULL
    OR NOT EXISTS (SELECT 1 FROM ledger_erasure WHERE (league, chain, seq, side) = (OLD.league, OLD.chain, OLD.seq, OLD.side))
  THEN
    RAISE EXCEPTION 'UPDATE on ledger_payload: the record is only appended to' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Only a demonstration's or a drill's record may carry a clock that is not the database's. The WHEN clause keeps this free for the others.
CREATE FUNCTION ledger_refuse_clock() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF convert_from(NEW.body, 'UTF8')::json ->> 'origin' !~ '^(demo|drill)\\.' THEN
    RAISE EXCEPTION 'recorded_at % is not the database clock', NEW.recorded_at USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_entry_clock BEFORE INSERT ON ledger_entry FOR EACH ROW
  WHEN (abs(extract(epoch FROM clock_timestamp() - NEW.recorded_at)) > 300) EXECUTE FUNCTION ledger_refuse_clock();
"""

TRIGGERS = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""
PAYLOAD_TRIGGERS = """
CREATE TRIGGER ledger_payload_append_only BEFORE DELETE OR TRUNCATE ON ledger_payload FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_payload_erased BEFORE UPDATE ON ledger_payload FOR EACH ROW EXECUTE FUNCTION ledger_refuse_payload();
"""

FUNCTIONS = """
-- Waits until no transaction of the old era is still writing, so that the first sealing of the new one sees every entry of the old.
CREATE FUNCTION ledger_new_era(p_reason text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE
  made integer;
BEGIN
  LOCK TABLE ledger_entry IN SHARE MODE;
  INSERT INTO ledger_era (era, reason) SELECT max(era) + 1, p_reason FROM ledger_era RETURNING era INTO made;
  RETURN made;
END $$;

-- The only way a payload goes: the caller brings the entry that says so, and this function checks that it tells the truth.
CREATE FUNCTION erase_payload(
  p_league text, p_chain text, p_seq integer, p_ground text, p_first text, p_second text, p_key uuid,
  p_at timestamptz, p_recorded_at timestamptz, p_body bytea, p_payload text, p_salt bytea
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE
  body jsonb := convert_from(p_body, 'UTF8')::jsonb;
  told jsonb := p_payload::jsonb;
  item record;
  erased integer := 0;
BEGIN
  IF coalesce(btrim(p_first), '') = '' OR coalesce(btrim(p_second), '') = '' OR lower(btrim(p_first)) = lower(btrim(p_second)) THEN
    RAISE EXCEPTION 'an erasure takes two different persons' USING ERRCODE = 'check_violation';
  END IF;
  IF coalesce(btrim(p_ground), '') = '' THEN
    RAISE EXCEPTION 'an erasure takes a ground' USING ERRCODE = 'check_violation';
  END IF;
  IF (body ->> 'procedure', body ->> 'step', body ->> 'chain', body ->> 'seq', body ->> 'actor')
       IS DISTINCT FROM ('ledger', 'erase_payload', p_chain, p_seq::text, p_first)
    OR body ->> 'open' IS DISTINCT FROM encode(sha256(p_salt || convert_to(p_payload, 'UTF8')), 'hex')
    OR body ->> 'prev' IS DISTINCT FROM
       (SELECT encode(e.hash, 'hex') FROM ledger_entry e WHERE (e.league, e.chain, e.seq) = (p_league, p_chain, p_seq - 1))
    OR (told - 'erased') IS DISTINCT FROM jsonb_build_object('ground', p_ground, 'persons', jsonb_build_array(p_first, p_second))
  THEN
    RAISE EXCEPTION 'the entry of erasure does not say what is erased' USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO ledger_entry (league, chain, seq, key, step, actor, at, recorded_at, body, hash)
    VALUES (p_league, p_chain, p_seq, p_key, 'erase_payload', p_first, p_at, p_recorded_at, p_body, sha256('\\x00'::bytea || p_body));
  INSERT INTO ledger_payload (league, chain, seq, side, payload, salt) VALUES (p_league, p_chain, p_seq, 'open', p_payload, p_salt);
  FOR item IN SELECT seq, side FROM jsonb_to_recordset(told -> 'erased') AS x(seq integer, side text) LOOP
    IF EXISTS (SELECT 1 FROM ledger_erasure x WHERE (x.league, x.chain, x.entry_seq) = (p_league, p_chain, item.seq)) THEN
      RAISE EXCEPTION 'an erasure is not erased itself' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO ledger_erasure (league, chain, seq, side, ground, first_person, second_person, entry_seq)
      VALUES (p_league, p_chain, item.seq, item.side, p_ground, p_first, p_second, p_seq);
    UPDATE ledger_payload SET payload = NULL, salt = NULL
      WHERE (league, chain, seq, side) = (p_league, p_chain, item.seq, item.side) AND payload IS NOT NULL AND seq < p_seq;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'no payload % of entry %', item.side, item.seq USING ERRCODE = 'check_violation';
    END IF;
    erased := erased + 1;
  END LOOP;
  IF erased = 0 THEN
    RAISE EXCEPTION 'the entry of erasure does not say what is erased' USING ERRCODE = 'check_violation';
  END IF;
  RETURN erased;
END $$;
"""

# What the working role may insert, column by column; it may select from all.
INSERTS = {
    "ledger_era": "",
    "ledger_entry": "league, chain, seq, key, step, actor, late, at, recorded_at, body, hash",
    "ledger_payload": "league, chain, seq, side, payload, salt",
    "ledger_leaf": "position, league, chain, seq, hash",
    "ledger_tile": "level, index, hashes, root",
    "ledger_checkpoint": "size, root, note, era, horizon_era, horizon_xid",
    "ledger_erasure": "",
}
CALLS = (
    "ledger_new_era(text)",
    "erase_payload(text, text, integer, text, text, text, uuid, timestamptz, timestamptz, bytea, text, bytea)",
    "ledger_current_era()",
)


def create(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        schema = cursor.fetchone()[0]
        triggers = "".join(TRIGGERS.format(table=table) for table in INSERTS if table != "ledger_payload") + PAYLOAD_TRIGGERS
        # No parameters: a percent sign in the SQL stands for itself.
        for text in (TABLES, GUARDS, triggers, FUNCTIONS):
            cursor.execute(text.replace("{schema}", schema))


def restrict(apps, schema_editor):
    """Take back whatever default privileges gave to anybody, and give the working roles SELECT and INSERT."""
    with schema_editor.connection.cursor() as cursor:
        roles = _working_roles(cursor)
        cursor.execute(
            "SELECT quote_ident(s.relname) FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype = 'i' "
            "WHERE s.relkind = 'S' AND d.refobjid = ANY(%s::text[]::regclass[])",
            [list(INSERTS)],
        )
        sequences = [row[0] for row in cursor.fetchall()]
        for role in ["PUBLIC", *roles]:
            for table in INSERTS:
                cursor.execute(f"REVOKE ALL ON TABLE {table} FROM {role}")
            for sequence in sequences:
                cursor.execute(f"REVOKE ALL ON SEQUENCE {sequence} FROM {role}")
            for call in CALLS:
                cursor.execute(f"REVOKE ALL ON FUNCTION {call} FROM {role}")
        for role in roles:
            for table, columns in INSERTS.items():
                cursor.execute(f"GRANT SELECT ON TABLE {table} TO {role}")
                if columns:
                    cursor.execute(f"GRANT INSERT ({columns}) ON TABLE {table} TO {role}")
            for call in CALLS:
                cursor.execute(f"GRANT EXECUTE ON FUNCTION {call} TO {role}")


def _working_roles(cursor):
    """The role of the settings' URL and every role that default privileges gave something; never the owner. Quoted."""
    user = unquote(urlsplit(settings.DATABASE_URL).username or "")
    cursor.execute(
        "SELECT quote_ident(r.rolname) FROM pg_roles r WHERE r.rolname <> current_user AND NOT r.rolsuper AND (r.rolname = %s OR r.oid IN "
        "(SELECT a.grantee FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = ANY(%s::text[]::regclass[])))",
        [user, list(INSERTS)],
    )
    return [row[0] for row in cursor.fetchall()]


def _unmanaged(name, table, **fields):
    return migrations.CreateModel(name=name, fields=list(fields.items()), options={"managed": False, "db_table": table})


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunPython(create, migrations.RunPython.noop),
        migrations.RunPython(restrict, migrations.RunPython.noop),
        _unmanaged(
            "Era",
            "ledger_era",
            era=models.IntegerField(primary_key=True, serialize=False),
            system=models.TextField(),
            reason=models.TextField(),
            begun_at=models.DateTimeField(),
        ),
        _unmanaged(
            "Entry",
            "ledger_entry",
            pk=models.CompositePrimaryKey("league", "chain", "seq", blank=True, editable=False, primary_key=True, serialize=False),
            league=models.TextField(),
            chain=models.TextField(),
            seq=models.IntegerField(),
            era=models.IntegerField(),
            id=models.BigIntegerField(),
            key=models.UUIDField(),
            step=models.TextField(),
            actor=models.TextField(),
            late=models.BooleanField(),
            at=models.DateTimeField(),
            recorded_at=models.DateTimeField(),
            body=models.BinaryField(),
            hash=models.BinaryField(),
        ),
        _unmanaged(
            "Payload",
            "ledger_payload",
            pk=models.CompositePrimaryKey("league", "chain", "seq", "side", blank=True, editable=False, primary_key=True, serialize=False),
            league=models.TextField(),
            chain=models.TextField(),
            seq=models.IntegerField(),
            side=models.TextField(),
            payload=models.TextField(null=True),
            salt=models.BinaryField(null=True),
        ),
        _unmanaged(
            "Leaf",
            "ledger_leaf",
            position=models.BigIntegerField(primary_key=True, serialize=False),
            league=models.TextField(),
            chain=models.TextField(),
            seq=models.IntegerField(),
            hash=models.BinaryField(),
        ),
        _unmanaged(
            "Tile",
            "ledger_tile",
            pk=models.CompositePrimaryKey("level", "index", blank=True, editable=False, primary_key=True, serialize=False),
            level=models.SmallIntegerField(),
            index=models.BigIntegerField(),
            hashes=models.BinaryField(),
            root=models.BinaryField(),
        ),
        _unmanaged(
            "Checkpoint",
            "ledger_checkpoint",
            size=models.BigIntegerField(primary_key=True, serialize=False),
            root=models.BinaryField(),
            note=models.TextField(),
            era=models.IntegerField(),
            horizon_era=models.IntegerField(),
            sealed_at=models.DateTimeField(),
        ),
        _unmanaged(
            "Erasure",
            "ledger_erasure",
            id=models.BigIntegerField(primary_key=True, serialize=False),
            league=models.TextField(),
            chain=models.TextField(),
            seq=models.IntegerField(),
            side=models.TextField(),
            ground=models.TextField(),
            first_person=models.TextField(),
            second_person=models.TextField(),
            entry_seq=models.IntegerField(),
            erased_at=models.DateTimeField(),
        ),
        migrations.CreateModel(
            name="Monitor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField(unique=True)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
