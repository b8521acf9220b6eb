"""Addresses of an authority's registers. They hold public facts only, so anybody may read them."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.registers import views

_AT = "public-record/<str:authority>/registers"
urlpatterns = [
    path(_AT, views.registers, name="registers"),
    path(f"{_AT}/posts", views.posts, name="posts"),
    path(f"{_AT}/reviews", views.reviews, name="reviews"),
    path(f"{_AT}/directions", views.directions, name="directions"),
    path(f"{_AT}/decisions", views.decisions, name="decisions"),
    path(f"{_AT}/duties", views.duties, name="duties"),
]
