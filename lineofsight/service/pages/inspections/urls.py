"""Addresses of an authority's inspections. They are public, but for completing a reading, entering a report and judging a pair."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.inspections import completing, returning, views

_AT = "public-record/<str:authority>"
urlpatterns = [
    path(f"{_AT}/inspections", views.inspections, name="inspections"),
    path(f"{_AT}/inspections/<str:id>", views.inspection, name="inspection"),
    path(f"{_AT}/inspections/<str:id>/report", completing.report, name="report"),
    path(f"{_AT}/inspections/<str:id>/report/<int:number>", completing.report_page, name="report-page"),
    path(f"{_AT}/inspections/<str:id>/complete", completing.complete, name="complete-reading"),
    path("service/<str:authority>/reports/enter", completing.enter, name="enter-report"),
    path(
        "service/<str:authority>/reports/<str:sha256>/<int:number>",
        completing.unread_page,
        name="unread-page",
    ),
    path(f"{_AT}/returning", returning.returning, name="returning"),
    path(f"{_AT}/returning/judge", returning.judge, name="judge-pair"),
]
