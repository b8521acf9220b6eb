import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Sessions of people who signed in at the organisation's server."""

    dependencies = [
        ("service", "0011_appointments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProviderSession",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("issuer", models.CharField(max_length=500)),
                ("subject", models.CharField(max_length=255)),
                ("sid", models.CharField(blank=True, max_length=255)),
                ("begun_at", models.BigIntegerField()),
                ("checked_at", models.BigIntegerField()),
                ("asking_until", models.BigIntegerField(default=0)),
                ("tokens", models.TextField(blank=True)),
                ("ended_at", models.BigIntegerField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="provider_sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["issuer", "subject"], name="service_pro_issuer_subject")]
            },
        ),
    ]
