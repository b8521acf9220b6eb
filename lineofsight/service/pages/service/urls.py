"""Addresses of an authority's service. None holds a child's number: a handle stands for it."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.service import child, children, figure, home, teams, today, unallocated

urlpatterns = [
    path("service/", home.home, name="service"),
    path("service/<str:authority>/", today.today, name="today"),
    path("service/<str:authority>/unallocated/", unallocated.register, name="unallocated"),
    path("service/<str:authority>/children/", children.children, name="children"),
    path("service/<str:authority>/find/", home.find, name="find"),
    path("service/<str:authority>/child/<str:handle>/", child.child, name="child"),
    path("service/<str:authority>/teams/", teams.teams, name="teams"),
    path("service/<str:authority>/figure/", figure.figure, name="figure"),
]
