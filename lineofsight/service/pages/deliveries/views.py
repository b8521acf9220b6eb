"""The list of deliveries with the sources they come from, and one delivery."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from operator import attrgetter

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from lineofsight.charts import arrivals
from lineofsight.intake.formats import is_report_format
from lineofsight.queries import deliveries as read
from lineofsight.queries import reading as read_of
from lineofsight.queries.deliveries import DeliveryRow
from lineofsight.queries.sources import sources
from lineofsight.service.access import findings as found_in
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell, tables
from lineofsight.service.pages.deliveries import deciding, labels
from lineofsight.service.pages.deliveries.forms import DeliveriesFilters
from lineofsight.service.pages.drawings import drawn
from lineofsight.service.pages.tables import Column
from lineofsight.vocabulary.moments import london_day

_PAGE = 40
_DRAWN_DAYS = 60
_FINDINGS = 100


def _counts(**headings: str) -> list[Column[DeliveryRow]]:
    return [
        Column(name, heading, sort=attrgetter(f"delivery.{name}"), numeric=True, most_first=True)
        for name, heading in headings.items()
    ]


_COLUMNS: tuple[Column[DeliveryRow], ...] = (
    Column("received", "Received", sort=lambda one: one.delivery.received_at, most_first=True),
    Column("source", "Source", sort=lambda one: one.delivery.source),
    Column("state", "Status", sort=lambda one: read.STATES.index(one.state)),
    Column("rows", "Rows", sort=lambda one: one.delivery.received, numeric=True, most_first=True),
    *_counts(accepted="Accepted", unchanged="Unchanged", quarantined="Quarantined", withdrawn="Removed"),
    Column("findings", "Issues", sort=lambda one: one.findings, numeric=True, most_first=True),
    Column("by", "Loaded by", sort=lambda one: one.by),
)


@require_safe
def deliveries(request: HttpRequest, authority: str) -> HttpResponse:
    """Sources and whether each is late, what waits, and every delivery, newest first."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    everything = read.listed(asked.record)
    if render.wants_json(request):
        return render.json(asked, lambda: read.deliveries([asked.record]))
    filters = DeliveriesFilters(request)
    wanted = filters.each
    table = tables.table(
        request,
        everything,
        _COLUMNS,
        caption="Deliveries",
        keep=filters.chosen.items(),
        per_page=_PAGE,
        keeps=lambda one: (
            wanted["source"] in ("", one.delivery.source) and wanted["state"] in ("", one.state)
        ),
        link=lambda extra: asked.link("deliveries", extra=extra),
    )
    now = shell.clock(asked)
    return render.html(
        request,
        asked,
        "deliveries/deliveries.html",
        "deliveries",
        {
            "table": table,
            "rows": [labels.delivery(one) for one in table.page],
            "chosen": wanted,
            "keep": table.keep,
            "names": sorted({one.delivery.source for one in everything}),
            "states": read.STATES,
            "now": labels.moment(now),
            "sources": [labels.source(one) for one in sources(asked.record, now)],
            "drawing": _drawing(everything, now),
            "waiting": [labels.delivery(one) for one in everything if one.state == read.TO_CONFIRM],
        },
    )


def _drawing(everything: list[DeliveryRow], now: datetime) -> SafeString | None:
    """On which of the last days each source delivered; None where none did."""
    last = london_day(now)
    first = last - timedelta(days=_DRAWN_DAYS - 1)
    came: dict[str, Counter[date]] = {}
    for listed in everything:
        day = london_day(listed.delivery.received_at)
        if first <= day <= last:
            came.setdefault(listed.delivery.source, Counter())[day] += 1
    if not came:
        return None
    return drawn(
        lambda width: arrivals(
            sorted(came.items()),
            title=f"Deliveries of the last {_DRAWN_DAYS} days by source",
            description=", ".join(f"{name}: {sum(days.values())}" for name, days in sorted(came.items())),
            begin=first,
            end=last,
            width=width,
        )
    )


@require_safe
def delivery(request: HttpRequest, authority: str, id: str) -> HttpResponse:
    """One delivery: what it was, how its rows were counted, and what was found. Asks itself again while it waits."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    details = deciding.details(asked, id)
    table = tables.table(
        request,
        range(found_in.count_of(asked.record, id)),
        labels.finding_columns(shows_keys=asked.viewer.may(Permission.CHILDREN)),
        caption="Data quality issues",
        per_page=_FINDINGS,
        link=lambda extra: asked.link("delivery", id, extra=extra),
    )
    first = (table.page.number - 1) * _FINDINGS
    rows, _ = found_in.rows_of(asked.viewer, asked.record, id, None, first, _FINDINGS)
    if render.wants_json(request):
        return render.json(asked, lambda: rows)
    answer = render.html(
        request,
        asked,
        "deliveries/delivery.html",
        "deliveries",
        {
            "one": labels.details(details),
            "findings": rows,
            "table": table,
            "held": details.row.state == read.TO_CONFIRM,
            "waits": details.row.state == read.TO_READ,
            "waited": labels.waited(details.row.delivery.witnessed_at, asked.now),
            "stuck": asked.now - details.row.delivery.witnessed_at > timedelta(minutes=1),
            "would": deciding.would_change(asked, details),
            "reading": labels.reading(read_of.reading(asked.record, id)),
            "reading_href": asked.link("reading", id),
            "shows_keys": asked.viewer.may(Permission.CHILDREN),
            "may_enter": is_report_format(details.format) and asked.viewer.may(Permission.JUDGE),
        },
    )
    if details.row.state == read.TO_READ:
        answer["Refresh"] = "2"
    return answer


@require_safe
def reading(request: HttpRequest, authority: str, id: str) -> HttpResponse:
    """What was read of a delivery's files, as JSON; its page shows the same."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    deciding.details(asked, id)  # 404 where there is no such delivery
    return render.json(asked, lambda: read_of.reading(asked.record, id))
