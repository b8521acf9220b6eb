"""Data quality issues in words, with their trend drawn."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString

from lineofsight.charts import SMALL_WIDTH, night_bars
from lineofsight.queries.quality import FEW, Answer, Issue, Night
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import shell
from lineofsight.service.pages.drawings import drawn, drawn_small
from lineofsight.service.pages.filters import local_time
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import london_day


def issue(asked: shell.ServicePage, issue: Issue) -> dict[str, Any]:
    """An issue as pages show it."""
    return {
        **vars(issue),
        "href": asked.link("issue", issue.id) if asked.viewer.may(Permission.DELIVERIES) else "",
        "where": ", ".join(filter(None, (issue.table.replace("_", " "), issue.column.replace("_", " ")))),
        "children_words": _children(issue),
        "first_seen": in_words(issue.first_seen_on.isoformat()),
        "trend": drawn_small(_bars(issue, SMALL_WIDTH)),
        "answer": _answer(issue.answers[0]) if issue.answers else None,
    }


def full(asked: shell.ServicePage, data_issue: Issue) -> dict[str, Any]:
    """The same with its whole trend and every answer."""
    return {
        **issue(asked, data_issue),
        "drawing": _drawn(data_issue),
        "each_night": [
            {"received": local_time(night.received_at), "id": night.delivery, "findings": night.findings}
            for night in reversed(data_issue.nights)
        ],
        "every_answer": [_answer(each) for each in data_issue.answers],
    }


def _children(issue: Issue) -> str:
    if issue.few_children:
        return f"fewer than {FEW}"
    return "no child named" if issue.children is None else f"{issue.children:,}"


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        **vars(answer),
        "until_words": in_words(answer.until.isoformat()) if answer.until else "",
        "on": in_words(answer.said_on.isoformat()),
        "lapsed": bool(answer.until and not answer.accepted),
    }


def _drawn(issue: Issue) -> SafeString:
    return drawn(lambda width: _bars(issue, width))


def _bars(issue: Issue, width: int) -> str:
    last: list[Night] = issue.nights
    return night_bars(
        [(london_day(night.received_at), night.findings) for night in last],
        title=f"Issues in the last {len(last)} deliveries",
        description=", ".join(f"{night.findings:,}" for night in last),
        width=width,
        key=issue.id,
    )
