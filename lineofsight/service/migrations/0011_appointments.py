import django.db.models.deletion
from django.db import migrations, models

from lineofsight.service.store import triggers


class Migration(migrations.Migration):
    """Appointments, and room for longer names of roles. SQLite drops triggers when columns change, so they are made again."""

    dependencies = [
        ("service", "0010_erasures_asked_for"),
    ]

    operations = [
        migrations.AlterField("Grant", "role", models.CharField(max_length=40)),
        migrations.AlterField("RoleRequest", "role", models.CharField(blank=True, max_length=40)),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("topics", models.CharField(blank=True, max_length=300)),
                ("begins_on", models.CharField(max_length=10)),
                ("ends_on", models.CharField(blank=True, max_length=10)),
                ("document", models.CharField(max_length=500)),
                (
                    "grant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointment",
                        to="service.grant",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunPython(triggers.guard_appointments, migrations.RunPython.noop),
    ]
