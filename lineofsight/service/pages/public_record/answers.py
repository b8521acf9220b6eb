"""Answers about statements as JSON, with their view and the record's position before them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import JsonResponse

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.queries import statements as read
from lineofsight.queries.as_json import to_json
from lineofsight.queries.inspections import head as head_of
from lineofsight.service.pages import render
from lineofsight.service.pages.public_record.asked import PublicPage


def json(asked: PublicPage, answer: Callable[[], dict[str, Any]]) -> JsonResponse:
    """An answer about statements, with its view and the record's position before it."""

    def whole() -> dict[str, Any]:
        head = to_json(head_of(asked.record, asked.view))
        del head["authority"]
        return {**head, **answer()}

    return render.json(asked, whole)


def listed(asked: PublicPage, found: Sequence[Statement], among: Statements) -> dict[str, Any]:
    """Statements in full, with how many there are."""
    several = [read.full_statement(asked.record, statement, among) for statement in found]
    return {"count": len(found), "statements": to_json(several)}
