"""Whether a newer release has changed the database: an older one would write rows as the newer does not expect them."""

from __future__ import annotations

from django.db.migrations.loader import MigrationLoader

from lineofsight.vocabulary.refusal import Refused


def changes(loader: MigrationLoader) -> tuple[str, ...]:
    """The changes that the database has had and this release does not know."""
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations or {})
    return tuple(sorted(name for app, name in unknown if app == "service"))


def check(loader: MigrationLoader) -> None:
    """Raise Refused where there are any."""
    if found := changes(loader):
        raise Refused(
            f"A newer release has changed this database ({found[-1]}). Install that release again, or restore the backup that was "
            "made before the upgrade into an empty home."
        )
