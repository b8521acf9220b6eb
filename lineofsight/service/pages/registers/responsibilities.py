"""Who is responsible: each function with who answers for it, commissions it and runs it, and through the years."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from lineofsight.charts import Lane, Span, spans
from lineofsight.oversight.duties import COMMISSIONS, LIABLE, OPERATES
from lineofsight.service.pages.drawings import drawn
from lineofsight.service.pages.public_record.asked import PublicPage
from lineofsight.vocabulary.days import in_words, read_period

Shown = dict[str, Any]

PARTS = {LIABLE: "Answers for it", COMMISSIONS: "Commissions it", OPERATES: "Runs it"}
"""What a body does for a function, as the page heads it."""


def duties_context(asked: PublicPage, found: Shown) -> Shown:
    """Every function with its bodies on the day in one row, then who did what through the years."""
    return {
        "functions": [_function(asked, each) for each in found["functions"]],
        "heads": list(PARTS.values()),
    }


def _function(asked: PublicPage, function: Shown) -> Shown:
    rows = [
        {
            **held,
            "does": PARTS[held["part"]],
            "begun": in_words(held["about_from"]),
            "ended": in_words(held["until_about"]) if held["until_about"] else "",
        }
        for held in function["holds"]
    ]
    on_the_day = function["on_the_day"]
    return {
        **function,
        "glance": [{"does": words, "bodies": on_the_day[part]} for part, words in PARTS.items()],
        "rows": rows,
        "drawing": _drawing(asked, function) if function["holds"] else "",
    }


def _drawing(asked: PublicPage, function: Shown) -> SafeString:
    holds = function["holds"]
    lanes = [
        Lane(words, spans_of_part)
        for part, words in PARTS.items()
        if (spans_of_part := [_span(held) for held in holds if held["part"] == part])
    ]
    begin = min(date.fromisoformat(held["from"]) for held in holds)
    return drawn(
        lambda width: spans(
            lanes,
            title="Who was responsible, and when",
            description="One row for each responsibility, with the bodies that had it.",
            day=asked.day,
            begin=begin,
            end=max(asked.day, date(begin.year + 1, 1, 1)),
            width=width,
            key=f"duties-{function['function']}",
            tones={"holder": "Responsible"},
        )
    )


def _span(held: Shown) -> Span:
    begun = read_period(held["about_from"])
    ended = read_period(held["until_about"] or "")
    return Span(
        date.fromisoformat(held["from"]),
        date.fromisoformat(held["until"]) if held["until"] else None,
        held["body"],
        sure_begin=bool(begun and begun.is_one_day),
        sure_end=ended is None or ended.is_one_day,
        begin_by=begun.last if begun else None,
        end_from=ended.first if ended else None,
    )
