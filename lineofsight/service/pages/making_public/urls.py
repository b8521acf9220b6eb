"""The address of the page on which what is public is made into a file."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.making_public import views

urlpatterns = [path("service/<str:authority>/make-public/", views.make_public, name="make-public")]
