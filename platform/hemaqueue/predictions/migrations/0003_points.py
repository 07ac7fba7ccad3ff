"""A result names the point under which it came; those that are there take it from their jobs."""

import django.db.models.deletion
from django.db import migrations, models

TAKE_THE_POINTS_OF_THE_JOBS = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE predictions_prediction DISABLE TRIGGER pgtrigger_prediction_is_final_3a4cf;
UPDATE predictions_prediction AS said SET point_id = (job.shared->>'operating_point')::bigint
  FROM jobs_job AS job
  WHERE job.id = said.job_id AND (job.shared->>'operating_point')::bigint > 0;
ALTER TABLE predictions_prediction ENABLE TRIGGER pgtrigger_prediction_is_final_3a4cf;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_initial"),
        ("predictions", "0002_initial"),
        ("registry", "0003_deciding"),
    ]

    operations = [
        migrations.AddField(
            model_name="prediction",
            name="point",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.operatingpoint",
            ),
        ),
        migrations.RunSQL(TAKE_THE_POINTS_OF_THE_JOBS, migrations.RunSQL.noop),
    ]
