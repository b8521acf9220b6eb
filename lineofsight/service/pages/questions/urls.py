"""Addresses of members' questions: the list and each question are public, asking and answering need a role.

A question is named by a handle: its own name may hold anything.
"""

from __future__ import annotations

from django.urls import path

from lineofsight.service.pages.questions import asking, views

_PUBLIC = "public-record/<str:authority>/questions"
_SERVICE = "service/<str:authority>/members-questions/"

to_read = [
    path(_PUBLIC, views.questions, name="members-questions"),
    path(f"{_PUBLIC}/<str:question>", views.question, name="members-question"),
]
"""All that a public record has of them: there is no service in it that could answer."""
urlpatterns = [
    *to_read,
    path(f"{_SERVICE}new", asking.ask, name="ask-as-member"),
    path(f"{_SERVICE}<str:question>/receipt", asking.receipt, name="question-receipt"),
    path(f"{_SERVICE}<str:question>/follow-up", asking.follow_up, name="follow-up"),
    path(f"{_SERVICE}<str:question>/clarify", asking.clarify, name="clarify"),
    path(f"{_SERVICE}<str:question>/answer", asking.answer, name="answer-question"),
]
