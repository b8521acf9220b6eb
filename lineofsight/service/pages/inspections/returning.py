"""Raised again: findings with the earlier ones that may be the same failing, and the chains that people confirmed."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from lineofsight.charts import Curve, Lane, Span, curves, spans
from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.inspection_report import READING
from lineofsight.oversight.inspections import BY_HAND
from lineofsight.oversight.returning import CONFIRMED, FLOOR, Candidate, Chain, Offered
from lineofsight.oversight.similarity import Passage
from lineofsight.queries import repeated
from lineofsight.queries.record import View
from lineofsight.service.access.profiles import profile_of
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.view import present
from lineofsight.service.access.viewer import require
from lineofsight.service.pages import render, tables
from lineofsight.service.pages.drawings import drawn
from lineofsight.service.pages.forms import posted
from lineofsight.service.pages.inspections.forms import NOT_KNOWN, VERDICTS, VerdictForm
from lineofsight.service.pages.public_record.asked import REPEATED, PublicPage, asked_of
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.authorities import authorities, line_of
from lineofsight.vocabulary.days import days_in_words, in_words
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused
from lineofsight.vocabulary.similarity_curve import curve, step_at
from lineofsight.vocabulary.theme_rates import COUNTED, rates_of

_PAGE = 10


@login_not_required
@require_safe
def returning(request: HttpRequest, authority: str) -> HttpResponse:
    """The page: confirmed chains first, drawn and ranked; then each finding with its best earlier ones.

    Until a person has confirmed a pair, only those who may judge pairs see any that are not judged.
    """
    asked = asked_of(request, authority)
    if render.wants_json(request):
        return render.json(asked, lambda: _answer(asked))
    return _page(request, asked) if asked.shows_repeated else _not_confirmed(request, asked)


def _answer(asked: PublicPage) -> repeated.Recurrences:
    found = repeated.recurrences(asked.record, asked.view)
    return found if asked.shows_repeated else replace(found, candidates=[])


def _not_confirmed(request: HttpRequest, asked: PublicPage) -> HttpResponse:
    return render.html(request, asked, "inspections/not_confirmed.html", REPEATED, {})


def _page(request: HttpRequest, asked: PublicPage, form: VerdictForm | None = None) -> HttpResponse:
    """The list of pairs; with a form that was refused, the page on which its pair is."""
    found = repeated.returns(asked.record, asked.view)
    later = form["later"].value() if form else None
    of_pair = next((at for at, one in enumerate(found.offered) if later == one.later.reference), None)
    table = tables.table(
        request,
        found.offered,
        caption="Findings with earlier ones",
        per_page=_PAGE,
        at=of_pair,
        link=lambda extra: asked.link(REPEATED, extra),
    )
    line = [_name_of(code) for code in line_of(asked.authority)]
    return render.html(
        request,
        asked,
        "inspections/returning.html",
        REPEATED,
        {
            "chains": [_chain(asked, one) for one in found.chains],
            "drawing": _drawn(asked, found.chains),
            "offered": [_offered(asked, one, form) for one in table.page],
            "table": table,
            "passages": len(found.passages),
            "line": line,
            "counted_in": COUNTED,
            "method": _method(),
            "judge_href": asked.path("returning/judge"),
            "form": form,
        },
        status=422 if form else 200,
    )


def _method() -> dict[str, Any]:
    """What the floor is, and how often similarity was right at each floor on findings that a person judged."""
    return {
        "floor": f"{FLOOR:.2f}",
        "at_floor": step_at(FLOOR),
        "steps": [
            {
                "floor": f"{step.floor:.2f}",
                "step": step,
                "precision": f"{step.precision:.0%}",
                "recall": f"{step.recall:.0%}",
            }
            for step in curve()
        ],
        "drawing": _curve_drawn(),
    }


@cache
def _curve_drawn() -> SafeString:
    steps = curve()
    both = [
        Curve(
            "Right: of the findings offered any, those offered the repeated one",
            [(s.floor, s.precision) for s in steps],
        ),
        Curve("Found: of the repeated findings, those offered", [(s.floor, s.recall) for s in steps]),
    ]
    return drawn(
        lambda width: curves(
            both,
            title="How often similarity is right",
            description="As the lowest similarity that is shown rises, more of what is shown is right and less is found.",
            scale="Lowest similarity that is shown",
            chosen=(FLOOR, f"{FLOOR:.2f}, as here"),
            width=width,
            key="similarity",
        )
    )


def _passage(asked: PublicPage, passage: Passage) -> dict[str, Any]:
    authority, _, rest = passage.reference.partition("/")
    inspection, _, number = rest.rpartition("/")
    statement = not number.isdecimal() or passage.page is None
    where = f"statements/{rest}" if statement else f"inspections/{inspection}#area-{number}"
    return {
        "reference": passage.reference,
        "says": passage.says,
        "where": passage.where,
        "on": days_in_words(passage.days.first, passage.days.last),
        "page": passage.page,
        "authority": _name_of(authority),
        "href": f"/public-record/{authority}/{where}" if statement else _in_view(asked, authority, where),
    }


def _name_of(code: str) -> str:
    """An authority by name: as the government's list has it, or as its own profile, such as a fictional county's."""
    return authorities()[code].name if code in authorities() else profile_of(code).name


def _in_view(asked: PublicPage, authority: str, where: str) -> str:
    path, _, anchor = where.partition("#")
    return f"/public-record/{authority}/{path}?{asked.query}#{anchor}"


def _offered(asked: PublicPage, offered: Offered, form: VerdictForm | None) -> dict[str, Any]:
    return {
        "later": _passage(asked, offered.later),
        "also": [_passage(asked, also) for also in offered.also],
        "candidates": [_candidate(asked, offered, candidate, form) for candidate in offered.candidates],
    }


def _candidate(
    asked: PublicPage, of: Offered, candidate: Candidate, form: VerdictForm | None
) -> dict[str, Any]:
    said = candidate.verdict
    verdict = (
        {
            "text": VERDICTS[said.verdict],
            "confirmed": said.verdict == CONFIRMED,
            "why": said.why,
            "by": said.said_by,
            "on": in_words(date.fromordinal(said.said_on).isoformat()),
        }
        if said
        else None
    )
    return {
        **_passage(asked, candidate.earlier),
        "score": f"{candidate.score:.2f}",
        "share": round(100 * min(candidate.score, 1)),
        "verdict": verdict,
        "form": form if form and form.is_about(of.later.reference, candidate.earlier.reference) else None,
    }


def _chain(asked: PublicPage, chain: Chain) -> dict[str, Any]:
    return {
        "times": chain.times,
        "rates": rates_of(chain.themes),
        "passages": [_passage(asked, passage) for passage in chain.passages],
        "links": [
            {"why": link.why, "by": link.said_by, "on": in_words(date.fromordinal(link.said_on).isoformat())}
            for link in chain.links
        ],
    }


def _drawn(asked: PublicPage, chains: list[Chain]) -> SafeString | None:
    """Each confirmed chain as a lane through the years, a span from each raising to the next."""
    if not chains:
        return None
    lanes = [Lane(_short(one.passages[-1].says), tuple(_spans(one))) for one in chains[:12]]
    begin = min(date.fromordinal(one.years[0]) for one in chains)
    end = max(asked.day, max(date.fromordinal(one.years[1]) for one in chains))
    return drawn(
        lambda width: spans(
            lanes,
            title="Repeated findings",
            description="Each row is one failing, from the first time it was raised to the last.",
            day=asked.day,
            begin=begin,
            end=end,
            width=width,
            key="returning",
            tones={"holder": "From one finding to the next"},
        )
    )


def _spans(chain: Chain) -> list[Span]:
    found = sorted({passage.days for passage in chain.passages})
    return [
        Span(
            begun.first,
            until.last,
            f"{begun.first:%Y} to {until.first:%Y}",
            begun.is_one_day,
            until.is_one_day,
            begin_by=begun.last,
            end_from=until.first,
        )
        for begun, until in itertools.pairwise(found)
    ]


def _short(says: str) -> str:
    return says if len(says) <= 60 else says[:57].rsplit(" ", 1)[0] + " …"


@require_POST
def judge(request: HttpRequest, authority: str) -> HttpResponse:
    """Keep what somebody says of a pair: that it is the same failing or is not, and why."""
    require(request.user, authority, Permission.JUDGE)
    asked = asked_of(request, authority)
    form = VerdictForm(*posted(request))
    if form.is_valid():
        try:
            _record(authority, form, request.user.get_username())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request,
                "Saved with your name and reason. You can change your decision later; both stay on record.",
            )
            return redirect(asked.link(REPEATED))
    return _page(request, asked, form)


def _record(authority: str, form: VerdictForm, by: str) -> None:
    given = form.cleaned_data
    later, earlier = given["later"], given["earlier"]

    def check(moment: datetime) -> None:
        by_name = {
            passage.reference: passage
            for passage in repeated.line_passages(open_record(authority), View(None, moment))
        }
        if later not in by_name or earlier not in by_name:
            raise Refused(NOT_KNOWN)
        if by_name[earlier].on >= by_name[later].on:
            raise Refused("The earlier finding must have an earlier date than the later one.")

    row = {**given, "said_by": by, "said_on": london_day(present()).isoformat()}
    file = NamedBytes(f"pair{READING}", json.dumps({"returned": [row]}, ensure_ascii=False).encode())
    code, source = authority_code(authority), source_name(BY_HAND)
    recipe.record_statement([file], code, source, by=by, check=check)
