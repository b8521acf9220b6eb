"""The service today: how many children have nobody, who has waited longest, what changed, which source is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from lineofsight.allocation import states
from lineofsight.charts import OverDays, over_days
from lineofsight.queries import bridges, deliveries, figures, lists, trends
from lineofsight.queries.as_json import to_json
from lineofsight.queries.figures import Figure
from lineofsight.queries.history import history_of
from lineofsight.queries.sources import late_sources
from lineofsight.service.access import listing
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell, tables
from lineofsight.service.pages.deliveries import labels as delivery_words
from lineofsight.service.pages.drawings import drawn
from lineofsight.service.pages.service import labels, presenters, unallocated
from lineofsight.vocabulary.days import in_words

_LONGEST = 10


@require_safe
def today(request: HttpRequest, authority: str) -> HttpResponse:
    """The page; somebody who may see the headline only is given that and nothing else."""
    asked = shell.asked_of(request, authority, Permission.HEADLINE)
    if not asked.has_case_records:
        return render.html(request, asked, "service/nothing.html", "today", {})
    figure = figures.figure(asked.record, asked.figure_query)
    if not asked.viewer.may(Permission.COUNTS):
        return presenters.headline(request, asked, figure, "today")
    if render.wants_json(request):
        return render.json(asked, lambda: {**to_json(figure), **_more_json(asked)})
    after = _after_data(asked)
    history = history_of(asked.record, witnessed=asked.view.witnessed)
    return render.html(
        request,
        asked,
        "service/today.html",
        "today",
        {
            "shown": presenters.figure(figure),
            "nothing_known": figure.unallocated is None and not figure.population,
            "after_data": after,
            "figure_told": figure.unallocated is not None,
            "everybody": asked.viewer.whole,
            "figure_href": asked.link("figure"),
            "register_href": asked.link("unallocated"),
            "late": _late(asked),
            "days": _days(asked),
            "states": _states(asked, figure),
            "trend": trend(asked) if _has_days_to_draw(asked) else "",
            "trend_from": _trend_from(asked),
            "to_confirm": _to_confirm(asked),
            "is_usual_day": not after and asked.day == history.latest_day(),
            "months": _months(asked),
            "waits": _waits(asked),
            "longest": _longest(asked),
            "not_seen": _not_seen(asked),
            "changed": _changed(asked),
            "sources": presenters.sources(asked, figure),
        },
    )


def _after_data(asked: shell.ServicePage) -> str:
    """The latest day that the data is about, where the day asked for is after it; nothing where it is not."""
    latest = history_of(asked.record, witnessed=asked.view.witnessed).latest_day()
    return in_words(latest.isoformat()) if latest and asked.day > latest else ""


def _days(asked: shell.ServicePage) -> list[dict[str, Any]]:
    """Days worth looking at, each in a link that keeps how much is known."""
    rest = [("known", asked.known if asked.known in ("then", "now") else "now")]
    return [
        {
            "href": "?" + urlencode([("as_at", day.isoformat()), *rest]),
            "text": f"{in_words(day.isoformat())}: {text}",
            "current": asked.day == day,
        }
        for day, text in asked.profile.days
    ]


def _more_json(asked: shell.ServicePage) -> dict[str, Any]:
    changed = bridges.since_last_delivery(asked.record, asked.figure_query)
    counts = (
        {name: cell for name, cell in to_json(changed).items() if name != "children"} if changed else None
    )
    waits = [
        {"days_from": low, "days_to": high, "children": n}
        for low, high, n in lists.waits(asked.record, asked.figure_query)
    ]
    unknown = lists.waits_not_known(asked.record, asked.figure_query)
    return {
        "waits": waits,
        "waits_not_known": unknown,
        "allocated_not_seen": _not_seen(asked),
        "changed": counts,
    }


def _states(asked: shell.ServicePage, figure: Figure) -> list[dict[str, Any]]:
    """Each state with how many are in it and, where somebody is named who does not count, why not."""
    rows = []
    reasons = figures.held_by_reason(asked.record, asked.figure_query)
    for name in states.STATES:
        count = figure.states[name]
        rows.append(_state_row(asked, figure, name, count, None))
        if name == states.HELD and len(reasons) > 1:
            rows += [_state_row(asked, figure, name, n, why) for why, n in reasons.items()]
    return rows


def _state_row(
    asked: shell.ServicePage, figure: Figure, name: str, count: int, reason: str | None
) -> dict[str, Any]:
    listed = name in states.UNALLOCATED and asked.viewer.may(Permission.CHILDREN)
    extra = [("state", name), *([("reason", reason)] if reason else [])]
    return {
        **labels.state(name),
        "count": f"{count:,}" if count else 0,
        "share": labels.share(count, figure.population),
        "reason": reason,
        "href": asked.link("unallocated", extra=extra) if listed else "",
    }


def trend(asked: shell.ServicePage, key: str = "today") -> SafeString:
    """The last year's unallocated, as known by the moment asked and as known then, drawn on one scale."""
    first = asked.day - timedelta(days=trends.TREND_DAYS)
    now, then = trends.last_year(asked.record, asked.figure_query)
    known = (
        "Information available today"
        if asked.known == "now"
        else f"Available by {labels.moment(asked.view.known_by)}"
    )
    lines = [OverDays(known, now), OverDays("Information available on that day", then)]
    values = [value for _, value in now if value is not None]
    says = (
        f"From {min(values):,} to {max(values):,}; {values[-1]:,} on the last day."
        if values
        else "Not known from this data."
    )
    return drawn(
        lambda width: over_days(
            lines,
            title=f"Children without an allocated worker, {in_words(first.isoformat())} to {in_words(asked.day.isoformat())}",
            description=says,
            day=asked.day,
            width=width,
            key=key,
        )
    )


def _has_days_to_draw(asked: shell.ServicePage) -> bool:
    """Whether more than one day of the year is known, or none because no count is: a single day is no line."""
    now, then = trends.last_year(asked.record, asked.figure_query)
    known = max(sum(value is not None for _, value in line) for line in (now, then))
    return known != 1


def _trend_from(asked: shell.ServicePage) -> str:
    """The first day of the trend that the sources know, where they know only a part of the year; else nothing."""
    first = trends.known_from(asked.record, asked.figure_query)
    return in_words(first.isoformat()) if first else ""


def _to_confirm(asked: shell.ServicePage) -> list[dict[str, str]]:
    """The deliveries that wait for a named person's confirmation, for those who may see deliveries."""
    if not asked.viewer.may(Permission.DELIVERIES):
        return []
    waiting = [row.delivery for row in deliveries.listed(asked.record) if row.state == deliveries.TO_CONFIRM]
    return [
        {
            "source": one.source,
            "received": labels.moment(one.received_at),
            "href": reverse("delivery", args=[asked.authority, one.id]),
        }
        for one in waiting
    ]


def _months(asked: shell.ServicePage) -> list[dict[str, Any]]:
    """The same as the drawing, on the last day of each month and the day itself."""
    now, then = trends.last_year(asked.record, asked.figure_query)
    rows = [
        (day, a, b)
        for (day, a), (_, b) in zip(now, then, strict=True)
        if day == asked.day or (day + timedelta(days=1)).day == 1
    ]
    return [
        {
            "day": in_words(day.isoformat()),
            "now": a,
            "then": b,
            "href": asked.link("today").replace(f"as_at={asked.day}", f"as_at={day}"),
        }
        for day, a, b in reversed(rows)
    ]


def _waits(asked: shell.ServicePage) -> list[dict[str, Any]]:
    found = lists.waits(asked.record, asked.figure_query)
    unknown = lists.waits_not_known(asked.record, asked.figure_query)
    widest = max((*(count for *_, count in found), unknown), default=0)
    known = [
        {
            "text": _band(low, high),
            "count": f"{count:,}" if count else 0,
            "share": labels.share(count, widest),
            "href": asked.link("unallocated", extra=_band_asked(low, high))
            if asked.viewer.may(Permission.CHILDREN)
            else "",
        }
        for low, high, count in found
    ]
    if not unknown:
        return known
    text, share = "Not known since when", labels.share(unknown, widest)
    return [*known, {"text": text, "count": f"{unknown:,}", "share": share, "href": ""}]


def _band(low: int, high: int | None) -> str:
    if high is None:
        return f"{low // 7} weeks or more"
    if high == 1:
        return "Since today"
    return f"{low} to {high - 1} days" if high <= 7 else f"{low // 7} to {high // 7} weeks"


def _band_asked(low: int, high: int | None) -> list[tuple[str, str]]:
    return [("days_from", str(low)), *([("days_to", str(high - 1))] if high else [])]


def _longest(asked: shell.ServicePage) -> dict[str, Any] | None:
    """Who has waited longest within scope; each look is written down. None where this person may see no child."""
    if not asked.viewer.may(Permission.CHILDREN):
        return None
    found = listing.unallocated_list(asked.viewer, asked.record, asked.figure_query)
    rows = listing.shown(asked.viewer, found.rows[:_LONGEST], "page: today")
    table = tables.plain(rows, unallocated.COLUMNS, caption="Children waiting longest")
    return {"table": table, "rows": presenters.rows(asked, rows)}


def _not_seen(asked: shell.ServicePage) -> dict[str, Any]:
    found = trends.not_seen_counts(asked.record, asked.figure_query)
    return {"allocated_not_seen": found.allocated_not_seen, "reasons": found.reasons}


def _late(asked: shell.ServicePage) -> list[dict[str, Any]]:
    """The sources that should have delivered by now."""
    found = late_sources(asked.record, shell.clock(asked))
    return [
        {
            "source": one.name,
            "received": labels.moment(one.last_received) if one.last_received else "never",
            "late": delivery_words.span(one.late_by),
            "expected": one.expected,
            "inferred": one.inferred,
        }
        for one in found
        if one.late_by
    ]


def _changed(asked: shell.ServicePage) -> dict[str, Any] | None:
    found = bridges.since_last_delivery(asked.record, asked.figure_query)
    return presenters.bridge(asked, found) if found else None
