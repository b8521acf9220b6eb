"""The Django app's configuration."""

from __future__ import annotations

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    """Line of Sight's one app."""

    name = "lineofsight.service"
    label = "service"
    default_auto_field = "django.db.models.BigAutoField"
