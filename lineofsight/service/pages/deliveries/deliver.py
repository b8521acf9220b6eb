"""Delivering on the page: files are received and acknowledged at once, and read by the reader that `work` is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lineofsight.intake.settings import read_settings
from lineofsight.intake.settings_text import written_said
from lineofsight.queries.record import AWAITING_CONFIRMATION
from lineofsight.queries.sources import sources
from lineofsight.service.access.describing import shows_children
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell
from lineofsight.service.pages.deliveries import describing
from lineofsight.service.pages.deliveries.forms import NEW_SOURCE, DeliverForm, SettingsForm
from lineofsight.service.pages.forms import at_field, posted
from lineofsight.service.receive import recipe
from lineofsight.service.receive.sources import settings_of
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.refusal import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: HttpRequest, authority: str) -> HttpResponse:
    """A form for the files of one delivery; what cannot be one is refused at its field, and nothing is kept of it."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    names = [source.name for source in sources(asked.record, asked.now)]
    form = DeliverForm(*posted(request), sources=names)
    if form.is_bound and form.is_valid():
        try:
            if form.cleaned_data["source"] == NEW_SOURCE:
                return describing.begin(asked, form.cleaned_data["files"])
            outcome = _receive(asked, form)
        except Refused as refused:
            form.refuse(refused)
        else:
            said = (
                "This file has already been loaded, so nothing was added."
                if outcome.already_received
                else "Received."
            )
            messages.success(request, said)
            return redirect("delivery", authority, outcome.link.delivery)
    status = 422 if form.is_bound else 200
    more = {"form": form, "names": names, "may_enter": asked.viewer.may(Permission.JUDGE)}
    return render.html(request, asked, "deliveries/deliver.html", "deliveries", more, status=status)


def _receive(asked: shell.ServicePage, form: DeliverForm) -> recipe.Outcome:
    files, moment = form.cleaned_data["files"], form.cleaned_data["received_at"]
    name = files[0].name if len(files) == 1 else f"{len(files)} files"
    code, source = authority_code(asked.authority), source_name(form.cleaned_data["source"])
    with at_field("received_at" if moment else "files"):
        return recipe.receive(files, name, code, source, received_at=moment, by=asked.viewer.by)


def _settings_now(asked: shell.ServicePage, name: str) -> str:
    """A source's settings as TOML; empty where it has none, or where they cannot be written as they were."""
    if not shows_children(asked.viewer) or name not in {one.name for one in sources(asked.record, asked.now)}:
        return ""
    settings = settings_of(authority_code(asked.authority), source_name(name))
    text = written_said(settings.said)
    try:
        return text if read_settings(text.encode()).said == settings.said else ""
    except Refused:
        return ""


@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, authority: str) -> HttpResponse:
    """A form for a source's settings as TOML: checked, refused with a sentence, kept as an entry.

    It holds the settings of the source that the address names, for those who may see the workers these name.
    """
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    now = _settings_now(asked, request.GET.get("source", ""))
    form = SettingsForm(*posted(request), authority=authority, now=now)
    if form.is_bound and form.is_valid():
        try:
            with at_field("settings"):
                _, outcome = recipe.set_source(form.cleaned_data["settings"], by=asked.viewer.by)
        except Refused as refused:
            form.refuse(refused)
        else:
            if outcome.link.kind == AWAITING_CONFIRMATION:
                messages.info(request, "The settings would change so much that a person has to confirm them.")
                return redirect("delivery", authority, outcome.link.delivery)
            messages.success(request, "The source was saved.")
            return redirect("deliveries", authority)
    status = 422 if form.is_bound else 200
    return render.html(
        request, asked, "deliveries/describe.html", "deliveries", {"form": form}, status=status
    )
