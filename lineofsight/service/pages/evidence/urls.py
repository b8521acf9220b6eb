"""The address of evidence packs."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.evidence.views import evidence_pack

urlpatterns = [path("public-record/<str:authority>/evidence", evidence_pack, name="evidence-pack")]
