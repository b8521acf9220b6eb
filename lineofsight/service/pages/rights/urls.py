"""The address at which a correction is recorded. It holds a handle, never a child's number."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.rights import correcting

urlpatterns = [
    path("service/<str:authority>/child/<str:handle>/correct/", correcting.correct, name="correct"),
]
