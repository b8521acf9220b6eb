"""Whether pages can be served just now, found out in two small queries."""

from __future__ import annotations

import os
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


@lru_cache(1)
def _newest() -> frozenset[str]:
    """The newest changes of this release to the record's own tables."""
    return frozenset(name for app, name in MigrationLoader(None).graph.leaf_nodes() if app == "service")


def is_ready() -> bool:
    """Whether the database answers and has the newest change of this release, and the home can be written to."""
    try:
        newest = _newest()
        applied = MigrationRecorder(connection).migration_qs.filter(app="service", name__in=newest)
        return applied.count() == len(newest) and os.access(settings.HOME, os.W_OK | os.X_OK)
    except DatabaseError:
        return False
