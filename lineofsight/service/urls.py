"""Every address of the service. All need a sign-in but those that say `login_not_required`."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("lineofsight.service.pages.public_record.urls")),
    path("", include("lineofsight.service.pages.evidence.urls")),
    path("", include("lineofsight.service.pages.by_hand.urls")),
    path("", include("lineofsight.service.pages.inspections.urls")),
    path("", include("lineofsight.service.pages.registers.urls")),
    path("", include("lineofsight.service.pages.questions.urls")),
    path("", include("lineofsight.service.pages.improvement.urls")),
    path("", include("lineofsight.service.pages.service.urls")),
    path("", include("lineofsight.service.pages.deliveries.urls")),
    path("", include("lineofsight.service.pages.quality.urls")),
    path("", include("lineofsight.service.pages.making_public.urls")),
    path("", include("lineofsight.service.pages.people.urls")),
    path("", include("lineofsight.service.pages.retention.urls")),
    path("", include("lineofsight.service.pages.rights.urls")),
    path("", include("lineofsight.service.pages.audit.urls")),
    path("", include("lineofsight.service.pages.sign_in.urls")),
    path("", include("lineofsight.service.pages.health.urls")),
]

handler400 = "lineofsight.service.pages.refusals.bad_request"
handler403 = "lineofsight.service.pages.refusals.not_allowed"
handler404 = "lineofsight.service.pages.refusals.not_found"
handler500 = "lineofsight.service.pages.refusals.failed"
