"""Addresses of an authority's deliveries."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.deliveries import deciding, deliver, describing, source_page, views

_AT = "service/<str:authority>/deliveries/"

urlpatterns = [
    path(_AT, views.deliveries, name="deliveries"),
    path(f"{_AT}new", deliver.deliver, name="deliver"),
    path(f"{_AT}source", deliver.describe, name="describe-source"),
    path(f"{_AT}new-source/files", describing.files, name="describe-files"),
    path(f"{_AT}new-source/columns", describing.columns, name="describe-columns"),
    path(f"{_AT}new-source/owners", describing.owners, name="describe-owners"),
    path(f"{_AT}new-source/coverage", describing.coverage, name="describe-coverage"),
    path(f"{_AT}new-source/figure", describing.figure, name="describe-figure"),
    path(f"{_AT}sources/<str:name>", source_page.source, name="source"),
    path(f"{_AT}<str:id>/", views.delivery, name="delivery"),
    path(f"{_AT}<str:id>/reading", views.reading, name="reading"),
    path(f"{_AT}<str:id>/confirm", deciding.confirm, name="confirm-withdrawals"),
    path(f"{_AT}<str:id>/set-aside", deciding.set_aside, name="set-aside"),
]
