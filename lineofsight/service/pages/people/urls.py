"""Addresses of people and of what protects children from being looked at."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.people import children, views

of_people = [
    path("my-access/", views.my_access, name="my_access"),
    path("my-access/notices-read/", views.notices_read, name="notices-read"),
    path("service/<str:authority>/people/requests/", views.requests, name="requests"),
    path("service/<str:authority>/people/", views.people, name="people"),
    path("service/<str:authority>/people/give/", views.give_role, name="give_role"),
    path("service/<str:authority>/people/of/<str:name>/", views.person, name="person"),
]
"""All that a public record has of them."""
urlpatterns = [
    *of_people,
    path("service/<str:authority>/opened-with-a-reason/", children.broken_glass, name="broken_glass"),
    path("service/<str:authority>/child/<str:handle>/looks/", children.looks, name="looks"),
    path("service/<str:authority>/child/<str:handle>/open/", children.open_child, name="open_child"),
    path("service/<str:authority>/child/<str:handle>/restriction/", children.restriction, name="restriction"),
]
