"""Every address of a public record (LINEOFSIGHT_MODE=public). Nothing about children has an address here."""

from __future__ import annotations

from django.urls import include, path

from lineofsight.service.pages.people import urls as people
from lineofsight.service.pages.questions import urls as questions
from lineofsight.service.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", include("lineofsight.service.pages.public_record.urls")),
    path("", include("lineofsight.service.pages.evidence.urls")),
    path("", include("lineofsight.service.pages.by_hand.urls")),
    path("", include("lineofsight.service.pages.inspections.urls")),
    path("", include("lineofsight.service.pages.registers.urls")),
    *questions.to_read,
    *people.of_people,
    path("", include("lineofsight.service.pages.sign_in.urls")),
    path("", include("lineofsight.service.pages.health.urls")),
]
