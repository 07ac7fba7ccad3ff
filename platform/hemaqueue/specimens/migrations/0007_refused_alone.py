"""A counter of files that were refused outside of a batch: nothing else is kept of them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("specimens", "0006_scale_changes")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE specimens_refused_alone", "DROP SEQUENCE specimens_refused_alone"
        )
    ]
