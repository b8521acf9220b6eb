"""The tables that a public record's database does not have: who looked at which child, and who may."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

OF_CHILDREN = frozenset(
    {"look", "accesslogentry", "restriction", "restriction_allowed", "brokenglass", "erasurerequest"}
)
"""The models, by the names they have now and had in earlier migrations."""


class NoTablesOfChildren:
    """Has migrations leave out the tables of children. The settings of a public record name it as a router."""

    def allow_migrate(
        self,
        db: str,  # noqa: ARG002 - Django passes it
        app_label: str,
        model_name: str | None = None,
        **hints: Any,  # noqa: ARG002 - Django passes them
    ) -> bool | None:
        """False for a model of children; None, which leaves it to Django, for every other."""
        return False if app_label == "service" and model_name in OF_CHILDREN else None


def rows_of(model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows of a model; none, without asking the database, where its table does not exist here."""
    rows = model._default_manager.all()
    absent = not settings.HOLDS_CHILDREN and model._meta.model_name in OF_CHILDREN
    return rows.none() if absent else rows
