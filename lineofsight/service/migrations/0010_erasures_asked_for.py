from django.db import migrations, models

import lineofsight.service.models.people
from lineofsight.service.store import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0009_the_access_log_has_entries"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasureRequest",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("authority", models.CharField(max_length=3)),
                ("child", models.CharField(max_length=200)),
                ("reason", models.CharField(max_length=500)),
                (
                    "salt",
                    models.CharField(
                        blank=True, default=lineofsight.service.models.people.new_salt, max_length=32
                    ),
                ),
                ("child_seal", models.CharField(blank=True, max_length=64)),
                ("asked_by", models.CharField(max_length=200)),
                ("asked_at", models.BigIntegerField()),
                ("decided_by", models.CharField(blank=True, max_length=200)),
                ("decided_at", models.BigIntegerField(null=True)),
                ("decision", models.CharField(blank=True, max_length=12)),
            ],
            options={
                "indexes": [models.Index(fields=["authority", "decided_at"], name="erasures_undecided")],
            },
        ),
        migrations.RunPython(triggers.guard_erasure_requests, migrations.RunPython.noop),
    ]
