"""Delivering on the page: files are received and acknowledged at once, and read by the reader that `work` is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.settings import read_settings
from lineofsight.intake.unpacking import check_archive
from lineofsight.service.access import sources as of
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import shell
from lineofsight.service.pages.deliveries.words import size
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.moments import read_moment
from lineofsight.vocabulary.refusal import Refused

_MOST_SETTINGS = 64 * 1024


@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: HttpRequest, authority: str) -> HttpResponse:
    """A form for the files of one delivery; what cannot be one is refused at its field, and nothing is kept of it."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    errors: dict[str, str] = {}
    if request.method == "POST":
        outcome = _received(request, asked, errors)
        if outcome is not None:
            said = (
                "This file has already been loaded, so nothing was added."
                if outcome.heard_before
                else "Received."
            )
            messages.success(request, said)
            return redirect("delivery", authority, outcome.link.delivery)
    names = [one.name for one in of.sources(authority, asked.now)]
    return shell.page(request, asked, "deliveries/deliver.html", "deliveries", {
        "errors": errors, "names": names, "most": f"{settings.UPLOAD_MEGABYTES:,} MB",
        "given": {name: request.POST.get(name, "") for name in ("source", "received_at")},
    }, status=422 if errors else 200)  # fmt: skip


def _received(request: HttpRequest, asked: shell.Asked, errors: dict[str, str]) -> recipe.Outcome | None:
    """The delivery acknowledged; None where it was refused, `errors` then saying why at which field."""
    source = str(request.POST.get("source", ""))
    if source not in {one.name for one in of.sources(asked.authority, asked.now)}:
        errors["source"] = "Choose the source."
    moment = _moment(str(request.POST.get("received_at", "")).strip(), errors)
    uploads = [one for one in request.FILES.getlist("files") if one is not None]
    files = _files(uploads, errors)
    if errors:
        return None
    try:
        name = files[0].name if len(files) == 1 else f"{len(files)} files"
        code = authority_code(asked.authority)
        return recipe.receive(files, name, code, source_name(source), received_at=moment, by=asked.sight.by)
    except Refused as refused:
        errors["received_at" if moment else "files"] = str(refused)
    return None


def _moment(text: str, errors: dict[str, str]) -> datetime | None:
    if not text:
        return None
    try:
        return read_moment(text)
    except Refused:
        errors["received_at"] = "Enter the time as 2019-10-09T06:00:00Z, or leave it empty for now."
    return None


def _files(uploads: Sequence[UploadedFile], errors: dict[str, str]) -> list[NamedBytes]:
    """The files as they lie on the disk; of zips only the list of what is in them is looked at here."""
    if not uploads:
        errors["files"] = "Choose the files to load."
        return []
    total = sum(one.size or 0 for one in uploads)
    if total > settings.UPLOAD_MEGABYTES * 10**6:
        errors["files"] = (f"The files are {size(total)}; the limit on this page is {settings.UPLOAD_MEGABYTES:,} MB. "
                           "Load them with `lineofsight load`.")  # fmt: skip
        return []
    if any(not one.size for one in uploads):
        errors["files"] = "One of the files is empty. Choose files that have rows."
        return []
    files = [_on_disk(one) for one in uploads]
    if len({file.name for file in files}) < len(files):
        errors["files"] = "Two files have the same name. Rename one, or load a zip file."
        return []
    try:
        for file in files:
            check_archive(file)
    except Refused as refused:
        errors["files"] = str(refused)
    return files


def _on_disk(uploaded: UploadedFile) -> NamedBytes:
    """The file where the upload was written; one in memory is small."""
    if isinstance(uploaded, TemporaryUploadedFile):
        return NamedBytes(str(uploaded.name), path=Path(uploaded.temporary_file_path()))
    return NamedBytes(str(uploaded.name), uploaded.read())


@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, authority: str) -> HttpResponse:
    """A form for a source's settings as TOML: checked, refused with a sentence, kept as an entry."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    text, error = str(request.POST.get("settings", "")), ""
    if request.method == "POST":
        error = _described(asked, text)
        if not error:
            messages.success(request, "The source was saved.")
            return redirect("deliveries", authority)
    more: dict[str, Any] = {"error": error, "text": text or _EXAMPLE.replace("000", authority)}
    return shell.page(
        request, asked, "deliveries/describe.html", "deliveries", more, status=422 if error else 200
    )


def _described(asked: shell.Asked, text: str) -> str:
    """Keep the settings; says why they were refused, or nothing."""
    content = text.replace("\r\n", "\n").encode()
    if len(content) > _MOST_SETTINGS:
        return "The settings are too long. The limit is 64 kB."
    try:
        if read_settings(content).authority != asked.authority:
            return f'The settings are for another authority. Enter authority = "{asked.authority}".'
        recipe.set_source(content, by=asked.sight.by)
    except Refused as refused:
        return str(refused)
    return ""


_EXAMPLE = """name = "nightly"
authority = "000"
format = "ssd_tables"
roster = "full"
expected = "nightly"

[allocation]
roles_that_count = ["CW"]
"""
