import secrets

from django.db import migrations, models

import lineofsight.service.models.people
from lineofsight.service.store import triggers

_SALTED = ("Look", "Restriction", "BrokenGlass")


def _unguard(_apps, editor):
    """Rows get their salts below, which the triggers that guard them would refuse."""
    on = {"look": "service_look", "restriction": "service_restriction", "brokenglass": "service_brokenglass"}
    for table in triggers.tables_of(editor) & set(on.values()):
        where = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update{where}")


def _salt(apps, editor):
    """Each row of its own: a default would give them all the same."""
    for name in _SALTED:
        model = apps.get_model("service", name)
        if model._meta.db_table not in triggers.tables_of(editor):
            continue
        for number in model.objects.exclude(child__startswith="erasure ").values_list("pk", flat=True):
            model.objects.filter(pk=number).update(salt=secrets.token_hex(16))
        model.objects.filter(child__startswith="erasure ").update(salt="", child_seal="0" * 64)


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0004_people_are_guarded"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessLink",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.BigIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("subject", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "key", "number"], name="service_acc_subject_ec45a2_idx")
                ],
            },
        ),
        migrations.RunPython(_unguard, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="look",
            name="number",
            field=models.BigIntegerField(primary_key=True, serialize=False),
        ),
        *(
            migrations.AddField(
                model_name=name.lower(),
                name="salt",
                field=models.CharField(
                    blank=True, default=lineofsight.service.models.people.new_salt, max_length=32
                ),
            )
            for name in _SALTED
        ),
        *(
            migrations.AddField(
                model_name=name.lower(),
                name="child_seal",
                field=models.CharField(blank=True, default="", max_length=64),
                preserve_default=False,
            )
            for name in _SALTED
        ),
        migrations.RunPython(_salt, migrations.RunPython.noop),
        migrations.RunPython(triggers.guard_access_chain, migrations.RunPython.noop),
    ]
