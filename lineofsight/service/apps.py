"""The Django app's configuration."""

from __future__ import annotations

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    """Line of Sight's one app."""

    name = "lineofsight.service"
    label = "service"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have rows sealed as they are written, and the samples' authorities known by their profiles."""
        from lineofsight.samples.profiles import PROFILES
        from lineofsight.service.access import profiles
        from lineofsight.service.store import sealing  # models can be imported only now

        sealing.connect()
        profiles.register(PROFILES)
