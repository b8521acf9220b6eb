"""Addresses of an authority's data quality issues."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.quality import answering, views

_AT = "service/<str:authority>/data-quality/"

urlpatterns = [
    path(_AT, views.issues, name="data-quality"),
    path(f"{_AT}<str:issue>/", views.issue, name="issue"),
    path(f"{_AT}<str:issue>/answer", answering.answer, name="answer-issue"),
]
