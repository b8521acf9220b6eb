"""Raised again: findings with the earlier ones that may be the same failing, and the chains that people confirmed."""

from __future__ import annotations

import itertools
import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from lineofsight.charts import Lane, Span, at_widths, spans
from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.inspection_report import READING
from lineofsight.oversight.inspections import BY_HAND
from lineofsight.oversight.likeness import Passage
from lineofsight.oversight.returning import CONFIRMED, REFUSED, Candidate, Chain, Offered
from lineofsight.service.access import inspections as read
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.sight import require
from lineofsight.service.access.view import View, present
from lineofsight.service.pages.inspections.views import as_json, page
from lineofsight.service.pages.public_record.asked import Asked, asked_of
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.authorities import authorities, line_of
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused
from lineofsight.vocabulary.theme_rates import COUNTED, rates_of

_PAGE = 10
_SHORTEST_WHY = 10
_VERDICTS = {CONFIRMED: "The same failing", REFUSED: "Not the same failing"}


@login_not_required
@require_safe
def returning(request: HttpRequest, authority: str) -> HttpResponse:
    """The page: confirmed chains first, drawn and ranked; then each finding with its three best earlier ones."""
    asked = asked_of(request, authority)
    if answer := as_json(request, asked, lambda: read.returns_answer(authority, asked.view)):
        return answer
    found = read.returns(authority, asked.view)
    shown = Paginator(found.offered, _PAGE).get_page(request.GET.get("page"))
    line = [authorities()[code].name for code in line_of(authority) if code in authorities()]
    return page(request, asked, "returning", "returning", {
        "chains": [_chain(asked, one) for one in found.chains], "drawing": _drawn(asked, found.chains),
        "offered": [_offered(asked, one) for one in shown], "page": shown, "query": asked.query, "count": len(found.offered),
        "passages": len(found.passages), "line": line, "counted_in": COUNTED, "judge_href": asked.path("returning/judge"),
    })  # fmt: skip


def _passage(asked: Asked, one: Passage) -> dict[str, Any]:
    authority, _, rest = one.reference.partition("/")
    inspection, _, number = rest.rpartition("/")
    statement = not number.isdecimal() or one.page is None
    where = f"statements/{rest}" if statement else f"inspections/{inspection}#area-{number}"
    day = date.fromordinal(one.on).isoformat()
    return {"reference": one.reference, "says": one.says, "where": one.where, "on": in_words(day), "page": one.page,
            "authority": authorities()[authority].name if authority in authorities() else authority,
            "href": f"/public-record/{authority}/{where}" if statement else _in_view(asked, authority, where)}  # fmt: skip


def _in_view(asked: Asked, authority: str, where: str) -> str:
    path, _, anchor = where.partition("#")
    return f"/public-record/{authority}/{path}?{asked.query}#{anchor}"


def _offered(asked: Asked, one: Offered) -> dict[str, Any]:
    return {"later": _passage(asked, one.later), "also": [_passage(asked, also) for also in one.also],
            "candidates": [_candidate(asked, candidate) for candidate in one.candidates]}  # fmt: skip


def _candidate(asked: Asked, one: Candidate) -> dict[str, Any]:
    said = one.verdict
    verdict = {"text": _VERDICTS[said.verdict], "confirmed": said.verdict == CONFIRMED, "why": said.why, "by": said.said_by,
               "on": in_words(date.fromordinal(said.said_on).isoformat())} if said else None  # fmt: skip
    return {
        **_passage(asked, one.earlier),
        "score": f"{one.score:.2f}",
        "share": round(100 * min(one.score, 1)),
        "verdict": verdict,
    }


def _chain(asked: Asked, one: Chain) -> dict[str, Any]:
    return {"times": one.times, "rates": rates_of(one.themes), "passages": [_passage(asked, passage) for passage in one.passages],
            "links": [{"why": link.why, "by": link.said_by, "on": in_words(date.fromordinal(link.said_on).isoformat())} for link in one.links]}  # fmt: skip


def _drawn(asked: Asked, chains: list[Chain]) -> SafeString | None:
    """Each confirmed chain as a lane through the years, a span from each raising to the next."""
    if not chains:
        return None
    lanes = [Lane(_short(one.passages[-1].says), tuple(_spans(one))) for one in chains[:12]]
    begin = min(date.fromordinal(one.years[0]) for one in chains)
    end = max(asked.day, max(date.fromordinal(one.years[1]) for one in chains))
    return mark_safe(at_widths(lambda width: spans(  # noqa: S308 - the drawing escapes every word
        lanes, title="Repeated findings", description="Each row is one failing, from the first time it was raised to the last.",
        day=asked.day, begin=begin, end=end, width=width, key="returning", tones={"holder": "From one finding to the next"})))  # fmt: skip


def _spans(one: Chain) -> list[Span]:
    days = sorted({date.fromordinal(passage.on) for passage in one.passages})
    return [Span(begun, until, f"{begun:%Y} to {until:%Y}") for begun, until in itertools.pairwise(days)]


def _short(says: str) -> str:
    return says if len(says) <= 60 else says[:57].rsplit(" ", 1)[0] + " …"


@require_POST
def judge(request: HttpRequest, authority: str) -> HttpResponse:
    """Keep what somebody says of a pair: that it is the same failing or is not, and why."""
    require(request.user, authority, Permission.JUDGE)
    asked = asked_of(request, authority)
    try:
        _check_and_deliver(authority, request)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            "Saved with your name and reason. You can change your decision later; both stay on record.",
        )
    return redirect(asked.link("returning"))


def _check_and_deliver(authority: str, request: HttpRequest) -> None:
    later, earlier, verdict = (str(request.POST.get(name, "")) for name in ("later", "earlier", "verdict"))
    why = " ".join(str(request.POST.get("why", "")).split())
    by_name = {one.reference: one for one in read.passages_of(authority, View(None, present()))}
    if verdict not in _VERDICTS or later not in by_name or earlier not in by_name:
        raise Refused("These two findings are not known. Open the page again and choose from it.")
    if by_name[earlier].on >= by_name[later].on:
        raise Refused("The earlier finding must have an earlier date than the later one.")
    if len(why) < _SHORTEST_WHY:
        raise Refused(f"Give a reason of at least {_SHORTEST_WHY} letters, so that others can judge it.")
    row = {"later": later, "earlier": earlier, "verdict": verdict, "why": why, "said_by": request.user.get_username(),
           "said_on": london_day(present()).isoformat()}  # fmt: skip
    file = NamedBytes(f"pair{READING}", json.dumps({"returned": [row]}, ensure_ascii=False).encode())
    refusals = recipe.refusals([file], authority_code(authority), source_name(BY_HAND))
    if refusals:
        raise Refused(f"{refusals[0]['says']} {refusals[0]['do']}")
    recipe.load(
        [file],
        file.name,
        authority_code(authority),
        source_name(BY_HAND),
        received_at=None,
        by=row["said_by"],
    )
