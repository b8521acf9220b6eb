"""Data quality issues in words, with their trend drawn."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString

from lineofsight.charts import SMALL_WIDTH, night_bars
from lineofsight.queries.quality import FEW, Answer, Issue, Night
from lineofsight.service.pages import shell
from lineofsight.service.pages.drawings import drawn, drawn_small
from lineofsight.service.pages.filters import local_time
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import london_day


def issue(asked: shell.ServicePage, one: Issue) -> dict[str, Any]:
    """An issue as pages show it."""
    return {
        **vars(one),
        "href": asked.link("issue", one.id),
        "where": ", ".join(filter(None, (one.table.replace("_", " "), one.column.replace("_", " ")))),
        "children_words": _children(one),
        "first_seen": in_words(one.first_seen_on.isoformat()),
        "trend": drawn_small(_bars(one, SMALL_WIDTH)),
        "answer": _answer(one.answers[0]) if one.answers else None,
    }


def full(asked: shell.ServicePage, one: Issue) -> dict[str, Any]:
    """The same with its whole trend and every answer."""
    return {
        **issue(asked, one),
        "drawing": _drawn(one),
        "each_night": [
            {"received": local_time(night.received_at), "id": night.delivery, "findings": night.findings}
            for night in reversed(one.nights)
        ],
        "every_answer": [_answer(each) for each in one.answers],
    }


def _children(one: Issue) -> str:
    if one.few_children:
        return f"fewer than {FEW}"
    return "no child named" if one.children is None else f"{one.children:,}"


def _answer(one: Answer) -> dict[str, Any]:
    return {
        **vars(one),
        "until_words": in_words(one.until.isoformat()) if one.until else "",
        "on": in_words(one.said_on.isoformat()),
        "lapsed": bool(one.until and not one.accepted),
    }


def _drawn(one: Issue) -> SafeString:
    return drawn(lambda width: _bars(one, width))


def _bars(one: Issue, width: int) -> str:
    last: list[Night] = one.nights
    return night_bars(
        [(london_day(night.received_at), night.findings) for night in last],
        title=f"Issues in the last {len(last)} deliveries",
        description=", ".join(f"{night.findings:,}" for night in last),
        width=width,
        key=one.id,
    )
