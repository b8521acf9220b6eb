"""Addresses of the public record."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.public_record import documents, feed, overview, search, statement, views

urlpatterns = [
    path("", overview.first, name="first"),
    path("head/", views.head, name="head"),
    path("about/", views.about, name="about"),
    path("public-record/<str:authority>/", overview.record, name="record"),
    *(
        path(f"public-record/<str:authority>/{part.page}", overview.part, {"page": part.page}, name=part.page)
        for part in overview.PARTS
    ),
    path("public-record/<str:authority>/changes.atom", feed.changes, name="changes"),
    path("public-record/<str:authority>/documents", documents.documents, name="documents"),
    path("public-record/<str:authority>/statements", search.statements, name="statements"),
    path(
        "public-record/<str:authority>/statements/<str:source>/<str:id>",
        statement.statement,
        name="statement",
    ),
]
