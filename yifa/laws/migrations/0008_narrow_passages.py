# The single characters and pairs of a passage stand in its index only: a row is a quarter as wide, so the search reads a quarter of the
# pages (`indexing`, `searching`).

import django.contrib.postgres.indexes
from django.db import migrations, models

# Characters and pairs of neighbours as numbers (`grams.code`): they take less room in the index than words and compare in one step.
# The cost keeps the planner from ever reading all passages and cutting them up by the way: a pass through the index is always cheaper.
GRAMS = """
CREATE FUNCTION laws_grams(folded text) RETURNS bigint[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100000
AS $$
SELECT array_agg(ascii(one)::bigint) || array_agg(ascii(one)::bigint << 21 | ascii(next)) FILTER (WHERE next IS NOT NULL)
FROM unnest(string_to_array(folded, NULL), string_to_array(substr(folded, 2), NULL)) AS pair (one, next)
$$;
"""
# Only the owner may make and unmake an index, and an import runs as the working role.
INDEX = """
CREATE FUNCTION laws_unindex_passages() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$ BEGIN DROP INDEX IF EXISTS public.laws_passage_grams; END $$;
CREATE FUNCTION laws_index_passages() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public SET maintenance_work_mem = '256MB'
AS $$ BEGIN
CREATE INDEX IF NOT EXISTS laws_passage_grams ON public.laws_passage USING gin (public.laws_grams(text)) WITH (fastupdate = on);
END $$;
CREATE OR REPLACE FUNCTION laws_settle_passages() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public SET maintenance_work_mem = '256MB'
AS $$ BEGIN RETURN gin_clean_pending_list('public.laws_passage_grams'::regclass); END $$;
"""
UNINDEX = """
CREATE OR REPLACE FUNCTION laws_settle_passages() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public SET maintenance_work_mem = '256MB'
AS $$ BEGIN RETURN gin_clean_pending_list('public.laws_passage_words'::regclass); END $$;
DROP FUNCTION laws_index_passages();
DROP FUNCTION laws_unindex_passages();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("laws", "0007_library_desk"),
    ]

    operations = [
        # Derived rows: `yifa prepare` makes them again from the nodes, in the narrow form.
        migrations.RunSQL("TRUNCATE laws_passage", "TRUNCATE laws_passage"),
        migrations.RemoveIndex(model_name="passage", name="laws_passage_words"),
        migrations.RemoveField(model_name="passage", name="words"),
        migrations.RunSQL(GRAMS, "DROP FUNCTION laws_grams(text)"),
        migrations.AddIndex(
            model_name="passage",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("text"), function="laws_grams"), fastupdate=True, name="laws_passage_grams"
            ),
        ),
        migrations.RunSQL(INDEX, UNINDEX),
        migrations.AddIndex(
            model_name="expression",
            index=models.Index(fields=["id"], include=["published_on", "effective_on", "ended_on"], name="laws_expression_days"),
        ),
        migrations.AddIndex(
            model_name="work",
            index=models.Index(condition=models.Q(("region", ""), _negated=True), fields=["region"], name="laws_work_region"),
        ),
    ]
