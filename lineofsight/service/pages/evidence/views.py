"""The page on which anybody makes an evidence pack of a public record, and downloads it as a zip."""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from lineofsight.queries.as_json import to_json
from lineofsight.queries.evidence import Evidence, evidence
from lineofsight.queries.followed import PackQuery
from lineofsight.queries.record import Record, cached_by_state
from lineofsight.queries.registers import head
from lineofsight.service.access import records
from lineofsight.service.pages import render
from lineofsight.service.pages.evidence.archive import zipped
from lineofsight.service.pages.evidence.forms import PackForm
from lineofsight.service.pages.evidence.pack import pack_of
from lineofsight.service.pages.public_record.asked import PublicPage, asked_of
from lineofsight.vocabulary.refusal import Refused

_one_at_a_time = threading.Lock()
_few_wait = threading.BoundedSemaphore(2)
"""How many visitors a process lets in at once, one of them waiting: packs may not hold all its threads."""
_BUSY = "Other packs are being made just now. Try again in a minute."


@login_not_required
@require_safe
def evidence_pack(request: HttpRequest, authority: str) -> HttpResponseBase:
    """A form for the period and topics; with them and `format=zip`, the pack."""
    asked = asked_of(request, authority)
    busy = False
    form = PackForm({**_usual(asked.day), **request.GET.dict(), "topic": request.GET.getlist("topic")})
    try:
        if form.is_valid():
            query = replace(form.query(), known_by=asked.view.known_by)
            if request.GET.get("format") == "zip" and not asked.refused:
                if answer := _zip(asked.record, query):
                    return answer
                busy = True
                form.add_error(None, _BUSY)
            if render.wants_json(request):
                return render.json(asked, lambda: _counts(asked, evidence(asked.record, query)))
    except Refused as refused:
        form.refuse(refused)
    if render.wants_json(request):
        why = "; ".join(error["text"] for error in form.summary())
        return render.json(replace(asked, refused=asked.refused or why), dict)
    status = 503 if busy else 422 if form.errors else 200
    page = render.html(request, asked, "public_record/evidence.html", "evidence", {"form": form}, status)
    if busy:
        page["Retry-After"] = "60"
    return page


def _usual(day: date) -> dict[str, Any]:
    """The month before a day's month, and that month itself."""
    month = day.replace(day=1)
    first = (month - timedelta(days=1)).replace(day=1)
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    first, last = max(first, date(1900, 1, 1)), min(last, date(2200, 1, 1))
    return {"from": first.isoformat(), "to": last.isoformat()}


def _zip(record: Record, query: PackQuery) -> FileResponse | None:
    """The pack; None where others are being made and nobody more may wait."""
    settled = replace(query, known_by=evidence(record, query).moment)
    if not _few_wait.acquire(blocking=False):
        return None
    try:
        with _one_at_a_time:
            name, content = _zipped(record, settled, records.state())
    finally:
        _few_wait.release()
    return FileResponse(
        io.BytesIO(content), content_type="application/zip", as_attachment=True, filename=f"{name}.zip"
    )


@cached_by_state(4)
def _zipped(record: Record, query: PackQuery, _state: str) -> tuple[str, bytes]:
    """A pack's name and zip; the chain leads on to its head, so `_state` is that of the whole record."""
    pack = pack_of(record, query)
    return pack.name, zipped(pack)


def _counts(asked: PublicPage, found: Evidence) -> dict[str, Any]:
    """How much a pack would hold, beside its question."""
    return {
        **to_json(head(asked.record, asked.view)),
        "from": found.query.first.isoformat(),
        "to": found.query.last.isoformat(),
        "topics": list(found.query.topics),
        "count": len(found.references),
        "published": sum(len(day.entries) for day in found.days),
        "claims": len(found.claims),
        "promises": len(found.promises),
        "questions": len(found.requests),
        "figures": len(found.figures),
    }
