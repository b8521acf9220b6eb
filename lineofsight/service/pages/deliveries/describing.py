"""Describing a source by its files, a page a step: files, columns, roles and owners, coverage, and the figure.

Until the last step nothing enters the record. The last saves the settings as `source set` does, and delivers the
files as any delivery.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lineofsight.allocation.states import STATES
from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.worklist_columns import COLUMNS
from lineofsight.intake.settings_text import written_said
from lineofsight.queries.changes import covering
from lineofsight.queries.record import AWAITING_CONFIRMATION
from lineofsight.queries.sources import sources
from lineofsight.service.access import describing as door
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell, tables
from lineofsight.service.pages.deliveries.described import mark_of, name_from, settings_text
from lineofsight.service.pages.deliveries.describing_forms import (
    ColumnsForm,
    CoverageForm,
    FilesForm,
    OwnersForm,
    taken_name,
)
from lineofsight.service.pages.forms import Form, at_field, posted
from lineofsight.service.pages.service.labels import state as state_words
from lineofsight.service.pages.tables import Column
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused

STEPS = (
    ("files", "Files"),
    ("columns", "Columns"),
    ("owners", "Who counts"),
    ("coverage", "What it covers"),
    ("figure", "The figure"),
)
_NEEDS = {"columns": "source", "owners": "format", "coverage": "owners", "figure": "covers"}
"""For each step the answer without which it cannot be taken."""

_Step = Callable[[HttpRequest, shell.ServicePage, door.Draft], HttpResponse]


def _step(name: str) -> Callable[[_Step], Callable[..., HttpResponse]]:
    """A step after the first: whoever has no draft, or has not come so far with it, is led to where they are."""

    def decorated(view: _Step) -> Callable[..., HttpResponse]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def answered(request: HttpRequest, authority: str) -> HttpResponse:
            asked = shell.asked_of(request, authority, Permission.DELIVERIES)
            draft = door.current(asked.viewer)
            if draft is None:
                messages.info(request, "Upload the files first. Uploaded files are deleted after an hour.")
                return redirect("describe-files", authority)
            if request.method == "POST" and request.POST.get("draft") != draft.id:
                messages.info(request, "You uploaded other files in another window. Check these first.")
                return redirect("describe-columns", authority)
            for step, needs in _NEEDS.items():
                if needs not in draft.answers:
                    return redirect(f"describe-{_before(step)}", authority)
                if step == name:
                    break
            return view(request, asked, draft)

        return answered

    return decorated


def _before(step: str) -> str:
    names = [name for name, _ in STEPS]
    return names[names.index(step) - 1]


def begin(asked: shell.ServicePage, files: Sequence[NamedBytes], name: str = "") -> HttpResponse:
    """Keep files of a new source and lead to its columns. Raises Refused where the files hold no table."""
    source = name or name_from(files[0].name, _taken(asked))
    draft = door.start(asked.viewer, files, {"source": source})
    try:
        with at_field("files"):
            door.columns_of(asked.viewer, draft, {})
    except Refused:
        door.forget(asked.viewer)
        raise
    return redirect("describe-columns", asked.authority)


def _taken(asked: shell.ServicePage) -> set[str]:
    return {source.name for source in sources(asked.record, asked.now)}


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, authority: str) -> HttpResponse:
    """The name of a new source and files of it: kept for an hour, and no part of the record."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    draft = door.current(asked.viewer)
    if draft is not None and "base" in draft.answers:
        draft = None  # the settings of a source that exists are being changed
    initial = {"source": draft.answers["source"]} if draft else {}
    form = FilesForm(*posted(request), taken=_taken(asked), has_files=draft is not None, initial=initial)
    if form.is_bound and form.is_valid():
        name, uploaded = form.cleaned_data["source"], form.cleaned_data["files"]
        if draft is not None and not uploaded:
            door.answer(draft, {"source": name})
            return redirect("describe-columns", authority)
        try:
            return begin(asked, uploaded, name)
        except Refused as refused:
            form.refuse(refused)
    return _page(request, asked, "files", draft, form, {})


@_step("columns")
def columns(request: HttpRequest, asked: shell.ServicePage, draft: door.Draft) -> HttpResponse:
    """How the files are read, to be changed: format, line of headings, the heading of each column."""
    answers = draft.answers
    choice = {name: answers.get(name) for name in ("format", "line", "columns")}
    shown, closed = dict(choice), answers.get("closed")
    form: Form
    try:
        if request.method == "POST":
            choice = _choice(request.POST, answers)
        found = door.columns_of(asked.viewer, draft, choice)
        form = ColumnsForm(*posted(request), found=found, closed=closed)
        again = "again" in request.POST or (found["format"], found["line"]) != _was_shown(request.POST)
        if not form.is_bound or again:
            form = ColumnsForm(None, None, found=found, closed=closed)
        elif form.is_valid():
            settled = {
                "format": found["format"],
                "line": found["line"],
                "columns": form.columns,
                "closed": form.closed,
            }
            with at_field("child" if form.columns else "format"):
                door.owners_of(asked.viewer, draft, _reading(settled))
            if settled != {name: answers.get(name) for name in settled}:
                settled |= {"roles": None}
            door.answer(draft, settled)
            return redirect("describe-owners", asked.authority)
    except Refused as refused:
        found = door.columns_of(asked.viewer, draft, shown if shown != choice else {})
        form = ColumnsForm(*posted(request), found=found, closed=closed)
        form.is_valid()
        form.refuse(refused)
    more = {"found": found, "shows": door.shows_children(asked.viewer), "report": found["report"]}
    return _page(request, asked, "columns", draft, form, more)


def _choice(sent: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The format and the line that were chosen; a format that is chosen anew has its line found again."""
    format_chosen = str(sent.get("format", ""))
    line = str(sent.get("line", ""))
    if format_chosen != sent.get("shown_format"):
        return {"format": _known(format_chosen), "line": None}
    return {"format": _known(format_chosen), "line": int(line) if line.isdecimal() else answers.get("line")}


def _known(name: str) -> str | None:
    return name if name in ("annex_a", "ssd_tables", "worklist") else None


def _was_shown(sent: Mapping[str, Any]) -> tuple[str | None, int | None]:
    line = str(sent.get("shown_line", ""))
    return sent.get("shown_format"), int(line) if line.isdecimal() else None


def _reading(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: answers.get(name) or {} for name in ("format", "columns", "closed")}


@_step("owners")
def owners(request: HttpRequest, asked: shell.ServicePage, draft: door.Draft) -> HttpResponse:
    """Which roles count, and whose names and job titles do not."""
    found = door.owners_of(asked.viewer, draft, _reading(draft.answers))
    form = OwnersForm(*posted(request), found=found, answers=draft.answers)
    if form.is_bound and form.is_valid():
        door.answer(draft, form.answers)
        return redirect("describe-coverage", asked.authority)
    return _page(request, asked, "owners", draft, form, {"found": found})


@_step("coverage")
def coverage(request: HttpRequest, asked: shell.ServicePage, draft: door.Draft) -> HttpResponse:
    """What the source covers, and whether each file is a full list."""
    form = CoverageForm(*posted(request), others=_others(asked, draft), initial=dict(draft.answers))
    if form.is_bound and form.is_valid():
        door.answer(draft, form.cleaned_data)
        return redirect("describe-figure", asked.authority)
    return _page(request, asked, "coverage", draft, form, {"others": form.others})


def _others(asked: shell.ServicePage, draft: door.Draft) -> list[str]:
    """The other sources that speak for every child."""
    return [name for name in covering(asked.record, london_day(asked.now)) if name != draft.answers["source"]]


@_step("figure")
def figure(request: HttpRequest, asked: shell.ServicePage, draft: door.Draft) -> HttpResponse:
    """The figure that the files would give, before anything is saved; then saving the source and loading the files."""
    text = settings_text(asked.authority, draft.answers)
    form, found = Form(*posted(request)), None
    second: dict[str, Any] = {}
    before: dict[str, Any] | None = None
    form.problem = "The source was not saved"
    try:
        found = door.figure_of(asked.viewer, draft, text)
        second = _second(asked, draft, text)
        if base := draft.answers.get("base"):
            before = door.figure_of(asked.viewer, draft, written_said(base))["figure"]
        if request.method == "POST":
            if request.POST.get("settings") != mark_of(text):
                raise Refused("You changed an answer in another window. Check the figure again, then save.")
            return _save(request, asked, draft, text)
    except Refused as refused:
        form = Form({})
        form.problem = "The source was not saved"
        form.refuse(refused)
    more = {
        "before": before,
        "second": second,
        "text": text,
        "mark": mark_of(text),
        "shows": door.shows_children(asked.viewer),
    }
    return _page(
        request, asked, "figure", draft, form, {**more, **(_shown(found, draft.answers) if found else {})}
    )


def _second(asked: shell.ServicePage, draft: door.Draft, text: str) -> dict[str, Any]:
    """What a second source that speaks for every child would do; nothing where it is the only one."""
    others = _others(asked, draft)
    if not others or (draft.answers.get("covers"), draft.answers.get("roster")) != ("service", "full"):
        return {}
    allocated, lost = door.workers_lost_by(asked.viewer, draft, text, asked.record, asked.now)
    return {"others": " and ".join(others), "allocated": allocated, "lost": lost}


def _save(request: HttpRequest, asked: shell.ServicePage, draft: door.Draft, text: str) -> HttpResponse:
    """Save the settings, then deliver the files as any delivery; settings that are changed are saved alone."""
    is_new = "base" not in draft.answers
    if is_new and draft.answers["source"] in _taken(asked):
        raise Refused(taken_name(draft.answers["source"]))
    _, outcome = recipe.set_source(
        text.encode(), by=asked.viewer.by, confirmed=bool(draft.answers.get("second"))
    )
    if outcome.link.kind == AWAITING_CONFIRMATION:
        after = " Load the files after that." if is_new else ""
        messages.info(request, f"The settings have to be confirmed first.{after}")
        return redirect("delivery", asked.authority, outcome.link.delivery)
    if not is_new:
        door.forget(asked.viewer)
        messages.success(request, "The settings were saved.")
        return redirect("source", asked.authority, draft.answers["source"])
    name = draft.files[0].name if len(draft.files) == 1 else f"{len(draft.files)} files"
    code, source = authority_code(asked.authority), source_name(draft.answers["source"])
    try:
        received = recipe.receive(draft.files, name, code, source, received_at=None, by=asked.viewer.by)
    except Refused as refused:
        messages.info(request, f"The source was saved. The files were not loaded: {refused}")
        return redirect("deliver", asked.authority)
    door.forget(asked.viewer)
    messages.success(request, "The source was saved and the files were received.")
    return redirect("delivery", asked.authority, received.link.delivery)


_STATES: tuple[Column[dict[str, Any]], ...] = (
    Column("state", "Allocation"),
    Column("children", "Children", numeric=True),
    Column("means", "What it means"),
)
_TEAMS: tuple[Column[dict[str, Any]], ...] = (Column("team", "Team"), Column("children", "Children"))
_CHILDREN: tuple[Column[dict[str, Any]], ...] = (
    Column("child", "Child"),
    Column("state", "Allocation"),
    Column("team", "Team"),
    Column("since", "Since"),
)


def _shown(found: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The figure in the words of pages."""
    counted = found["figure"]
    headings = {COLUMNS[ours]: theirs for ours, theirs in (answers.get("columns") or {}).items()}
    most = max((one["children"] for one in found["teams"]), default=0)
    return {
        "figure": counted,
        "as_at": in_words(counted["as_at"]),
        "states": tables.plain(
            [{**state_words(name), "count": counted["states"][name]} for name in STATES],
            _STATES,
            caption="Children by allocation",
            shows_caption=True,
        ),
        "teams": tables.plain(
            [
                {
                    **team,
                    "share": round(100 * team["children"] / most),
                    "team": team["team"] or "No team named",
                }
                for team in found["teams"]
            ],
            _TEAMS,
            caption="Without an allocated worker, by team",
            shows_caption=True,
        ),
        "children": tables.plain(
            [
                {
                    **child,
                    "state": state_words(child["state"], child["reason"]),
                    "since_words": in_words(child["since"]) if child["since"] else "",
                }
                for child in found["children"]
            ],
            _CHILDREN,
            caption="The first children without an allocated worker",
            label="Children without an allocated worker",
            shows_caption=True,
        ),
        "left_out": found["left_out"],
        "reading": found["reading"],
        "report": found["reading"]["report"],
        "causes": [
            {**one, "heading": headings.get(one["first"]["column"])}
            for one in found["causes"]
            if one["first"]["severity"] != "note"
        ],
        **{name: found[name] for name in ("people", "doubts", "repeated", "closed")},
        "notes": sum(one["count"] for one in found["causes"] if one["first"]["severity"] == "note"),
    }


def _page(
    request: HttpRequest,
    asked: shell.ServicePage,
    step: str,
    draft: door.Draft | None,
    form: Form,
    more: Mapping[str, Any],
) -> HttpResponse:
    names = [name for name, _ in STEPS]
    at = names.index(step)
    steps = [
        {"name": f"describe-{name}", "text": text, "current": name == step, "done": names.index(name) < at}
        for name, text in STEPS
    ]
    context = {
        "form": form,
        "steps": steps,
        "draft": draft,
        "back": f"describe-{names[at - 1]}" if at else "",
        "number": at + 1,
        **more,
    }
    status = 422 if form.errors else 200
    return render.html(
        request, asked, f"deliveries/describe_{step}.html", "deliveries", context, status=status
    )
