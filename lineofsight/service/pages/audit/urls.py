"""The address of the auditor's page."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.audit import views

urlpatterns = [path("service/<str:authority>/audit/", views.audit, name="audit")]
