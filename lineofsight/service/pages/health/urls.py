"""Addresses of the health pages."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.health import views

urlpatterns = [
    path("health/live", views.live, name="health-live"),
    path("health/ready", views.ready, name="health-ready"),
]
