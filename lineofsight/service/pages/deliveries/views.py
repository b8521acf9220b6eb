"""The list of deliveries with the sources they come from, one delivery, and a named person's word."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from lineofsight.charts import arrivals, at_widths
from lineofsight.service.access import deliveries as read
from lineofsight.service.access import findings as found_in
from lineofsight.service.access import sources as of
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import shell
from lineofsight.service.pages.deliveries import words
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.moments import london_day, read_moment
from lineofsight.vocabulary.refusal import Refused

_PAGE = 40
_DRAWN_DAYS = 60
_FINDINGS = 100


@require_safe
def deliveries(request: HttpRequest, authority: str) -> HttpResponse:
    """Sources and whether each is late, what waits, and every delivery, newest first."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    everything = read.listed(authority)
    if shell.wants_json(request):
        return shell.as_json(asked, lambda: read.deliveries(authority))
    chosen = {name: request.GET.get(name, "").strip()[:80] for name in ("source", "state")}
    kept = [
        one for one in everything if all(not chosen[name] or one[name] == chosen[name] for name in chosen)
    ]
    page = Paginator(kept, _PAGE).get_page(request.GET.get("page"))
    keep = [pair for pair in chosen.items() if pair[1]]
    now = shell.clock(asked)
    sources = of.sources(authority, now)
    return shell.page(request, asked, "deliveries/deliveries.html", "deliveries", {
        "page": page, "rows": [words.delivery(one) for one in page], "count": len(kept), "chosen": chosen, "keep": keep,
        "names": sorted({one["source"] for one in everything}), "states": read.STATES,
        "query": asked.link("deliveries", extra=keep).partition("?")[2], "now": words.moment(now),
        "sources": [words.source(one) for one in sources], "drawing": _drawing(everything, now),
        "waiting": [words.delivery(one) for one in everything if one["state"] == read.FOR_A_WORD],
    })  # fmt: skip


def _drawing(everything: list[dict[str, Any]], now: datetime) -> SafeString | None:
    """On which of the last days each source delivered; None where none did."""
    last = london_day(now)
    first = last - timedelta(days=_DRAWN_DAYS - 1)
    came: dict[str, Counter[date]] = {}
    for one in everything:
        day = london_day(read_moment(one["received_at"]))
        if first <= day <= last:
            came.setdefault(one["source"], Counter())[day] += 1
    if not came:
        return None
    return mark_safe(at_widths(lambda width: arrivals(  # noqa: S308 - the drawing escapes every word
        sorted(came.items()), title=f"Deliveries of the last {_DRAWN_DAYS} days by source",
        description=", ".join(f"{name}: {sum(days.values())}" for name, days in sorted(came.items())),
        begin=first, end=last, width=width)))  # fmt: skip


@require_safe
def delivery(request: HttpRequest, authority: str, id: str) -> HttpResponse:
    """One delivery: what it was, how its rows were counted, and what was found. Asks itself again while it waits."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    one = _whole(authority, id)
    first = (_number(request.GET.get("page")) - 1) * _FINDINGS
    rows, count = found_in.rows_of(asked.sight, id, None, first, _FINDINGS)
    if shell.wants_json(request):
        return shell.as_json(asked, lambda: rows)
    page = Paginator(range(count), _FINDINGS).get_page(request.GET.get("page"))
    answer = shell.page(request, asked, "deliveries/delivery.html", "deliveries", {
        "one": words.delivery(one), "findings": rows, "count": count, "page": page, "query": asked.query,
        "held": one["state"] == read.FOR_A_WORD, "waits": one["state"] == read.TO_READ,
        "waited": words.waited(read_moment(one["witnessed_at"]), asked.now),
        "stuck": asked.now - read_moment(one["witnessed_at"]) > timedelta(minutes=1),
        "would": _would(authority, one), "shows_keys": asked.sight.may(Permission.CHILDREN),
    })  # fmt: skip
    if one["state"] == read.TO_READ:
        answer["Refresh"] = "2"
    return answer


def _whole(authority: str, id: str) -> dict[str, Any]:
    try:
        return read.whole(authority, id)
    except Refused:
        raise Http404 from None


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and 0 < int(text) < 10**6 else 1


def _would(authority: str, one: dict[str, Any]) -> list[dict[str, Any]]:
    """What a delivery that waits would withdraw, table by table, beside what is held."""
    would = one["would_withdraw"] if one["state"] == read.FOR_A_WORD else {}
    held = read.rows_held(authority, one["source"], would)
    return [{"table": table.replace("_", " "), "would": f"{count:,}", "held": f"{held[table]:,}",
             "share": round(100 * count / held[table]) if held[table] else 0} for table, count in sorted(would.items())]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, authority: str, id: str) -> HttpResponse:
    """Check what a delivery that waits would withdraw, then say so by name, with why; a receipt follows."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    one = _whole(authority, id)
    if one["state"] != read.FOR_A_WORD:
        messages.info(request, "This delivery has already been confirmed or loaded.")
        return redirect("delivery", authority, id)
    error = ""
    if request.method == "POST":
        reason = str(request.POST.get("reason", "")).strip()
        error = "" if len(reason) >= 10 else "Give a reason of at least 10 letters."
        if not error:
            try:
                recipe.confirm(id, by=asked.sight.by, why=reason[:200])
            except Refused as refused:
                error = str(refused)
            else:
                messages.success(request, f"Confirmed by {asked.sight.by}. The delivery has been loaded.")
                return redirect("delivery", authority, id)
    more = {"one": words.delivery(one), "would": _would(authority, one), "error": error, "by": asked.sight.by,
            "reason": request.POST.get("reason", "")}  # fmt: skip
    return shell.page(
        request, asked, "deliveries/confirm.html", "deliveries", more, status=422 if error else 200
    )
