from django.db import migrations, models


class Migration(migrations.Migration):
    """The table and its columns keep their names: the links of the access chain and the triggers name them."""

    dependencies = [
        ("service", "0008_tries_of_a_reader"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Look", "AccessLogEntry"),
                migrations.AlterModelTable("AccessLogEntry", "service_look"),
                migrations.RenameField("AccessLogEntry", "door", "channel"),
                migrations.AlterField(
                    "AccessLogEntry", "channel", models.CharField(db_column="door", max_length=40)
                ),
            ],
        ),
    ]
