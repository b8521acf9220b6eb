"""Addresses of what the signed-in may do."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.by_hand import views

urlpatterns = [
    path("public-record/<str:authority>/new", views.new, name="new-statement"),
]
