from django.db import migrations

MORE = """
ALTER TABLE jobs_job ADD COLUMN next_note text NOT NULL DEFAULT '';
ALTER TABLE specimens_smearimage ADD COLUMN next_mark integer;
CREATE TABLE next_release_thing (id bigserial PRIMARY KEY, job_id uuid REFERENCES jobs_job);
"""


class Migration(migrations.Migration):
    """Added columns have a default of the database's own, or may be empty: the old code knows
    nothing of them and goes on."""

    dependencies = [("jobs", "0007_proving"), ("specimens", "0001_initial")]
    operations = [migrations.RunSQL(MORE, migrations.RunSQL.noop)]
