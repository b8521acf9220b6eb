"""Addresses of the registers of improvement. An action is named by a handle: its own name may hold anything."""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.improvement import asking, lists, stating, views

_ACTION = "service/<str:authority>/improvement/<str:action>/"

urlpatterns = [
    path("service/<str:authority>/improvement/", views.improvement, name="improvement"),
    path("service/<str:authority>/improvement/new", stating.new, name="new-action"),
    path(_ACTION, views.one_action, name="action"),
    path(f"{_ACTION}step", stating.step, name="action-step"),
    path(f"{_ACTION}evidence/<str:sha256>", views.evidence, name="evidence"),
    path("service/<str:authority>/obligations/", lists.obligations, name="obligations"),
    path("service/<str:authority>/questions/", lists.questions, name="questions"),
    path("service/<str:authority>/questions/new", asking.ask, name="ask"),
    path("service/<str:authority>/questions/gate", asking.set_gate, name="set-gate"),
    path("service/<str:authority>/questions/<str:question>/step", asking.question_step, name="question-step"),
    path("service/<str:authority>/questions/gate/<str:gate>/step", asking.gate_step, name="gate-step"),
]
