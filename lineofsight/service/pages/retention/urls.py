"""Addresses of how long records are kept."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.retention import views

urlpatterns = [
    path("service/<str:authority>/records-due/", views.records_due, name="records-due"),
    path("service/<str:authority>/records-due/decide/", views.decide, name="decide-erasure"),
]
