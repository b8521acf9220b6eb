"""Delivering on the page: files are received and acknowledged at once, and read by the reader that `work` is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lineofsight.queries.record import AWAITING_CONFIRMATION
from lineofsight.queries.sources import sources
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell
from lineofsight.service.pages.deliveries import describing
from lineofsight.service.pages.deliveries.forms import NEW_SOURCE, DeliverForm, SettingsForm
from lineofsight.service.pages.forms import at_field, posted
from lineofsight.service.receive import recipe
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


@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, authority: str) -> HttpResponse:
    """A form for a source's settings as TOML: checked, refused with a sentence, kept as an entry."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    form = SettingsForm(*posted(request), authority=authority)
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
