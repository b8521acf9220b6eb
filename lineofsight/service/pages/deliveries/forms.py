"""The forms of deliveries: files to deliver, a source's settings, confirming what a delivery withdraws."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.utils.html import format_html, format_html_join

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats import formats, recognised
from lineofsight.intake.settings import read_settings
from lineofsight.intake.unpacking import check_archive
from lineofsight.service.pages.deliveries.labels import size
from lineofsight.service.pages.forms import Filters, Form, ReadField, WordsField, choices_of
from lineofsight.vocabulary.moments import read_moment
from lineofsight.vocabulary.refusal import Refused

_MOST_SETTINGS = 64 * 1024
_SHORTEST_REASON = 10


PUBLISHED = "ofsted"
"""The source under which published reports and official tables are loaded where nobody described one."""
NEW_SOURCE = "a new source"
"""The choice for files whose source nobody has described: no source can have this name."""
_IS_NEW = "A new source: describe it on the next pages"
_NEEDS_NO_SOURCE = "No source needed: inspection reports (PDF), or the official table of outcomes"
_NOT_PUBLISHED = (
    "Only inspection reports (PDF files) or the official table of outcomes (an ODS file) need no source. "
    "Choose the source of these files, or “A new source” to describe it."
)


class PageForm(Form):
    """The ids of these pages' fields are their names, which people link to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s", **kwargs})


class _Files(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, as they lie on the disk; of zips only the list of what is in them is looked at here."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[NamedBytes]:  # noqa: ARG002 - Django passes it
        uploads = [one for one in data or [] if one is not None]
        if not uploads and not self.required:
            return []
        if not uploads:
            raise forms.ValidationError("Choose the files to load.")
        total = sum(one.size or 0 for one in uploads)
        if total > settings.UPLOAD_MEGABYTES * 10**6:
            raise forms.ValidationError(
                f"The files are {size(total)}; the limit on this page is {settings.UPLOAD_MEGABYTES:,} MB. "
                "Load them in smaller parts, or ask whoever runs this system to load them."
            )
        if any(not one.size for one in uploads):
            raise forms.ValidationError("One of the files is empty. Choose files that have rows.")
        files = [_on_disk(one) for one in uploads]
        if len({file.name for file in files}) < len(files):
            raise forms.ValidationError("Two files have the same name. Rename one, or load a zip file.")
        try:
            for file in files:
                check_archive(file)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None
        return files


def _on_disk(uploaded: UploadedFile) -> NamedBytes:
    """The file where the upload was written; one in memory is small."""
    if isinstance(uploaded, TemporaryUploadedFile):
        return NamedBytes(str(uploaded.name), path=Path(uploaded.temporary_file_path()))
    return NamedBytes(str(uploaded.name), uploaded.read())


def _moment(text: str) -> datetime:
    try:
        return read_moment(text)
    except Refused:
        raise Refused("Enter the time as 2019-10-09T06:00:00Z, or leave it empty for now.") from None


class DeliverForm(PageForm):
    """The files of one delivery, the source they come from, and when they came where that was earlier."""

    problem = "The files were not loaded"
    source = forms.ChoiceField(
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose the source.")
    )
    received_at = ReadField(
        _moment,
        required=False,
        label="When the files were received, if not now",
        help_text="Leave it empty if they came just now. Otherwise enter the time in UTC, for example 2019-10-09T06:00:00Z. "
        "The record keeps both times.",
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
    )

    def __init__(self, *posted: Any, sources: Sequence[str]) -> None:
        super().__init__(*posted)
        self.described = frozenset(sources)
        published = [] if PUBLISHED in self.described else [(PUBLISHED, _NEEDS_NO_SOURCE)]
        new = [(NEW_SOURCE, _IS_NEW)]
        choices = [*choices_of(sources, "Choose" if sources else None), *new, *published]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]
        # `files` of a form is what was uploaded, so the field is not declared above
        hint = f"Up to {settings.UPLOAD_MEGABYTES:,} MB in total. The files are stored unchanged."
        self.fields["files"] = FilesField(label="Files, or one zip file", help_text=hint)
        self.order_fields(("source", "files", "received_at"))

    def clean(self) -> dict[str, Any]:
        """Files without a described source are told by the endings of their names; others are not guessed at."""
        given = super().clean() or {}
        needs_one = given.get("source") == PUBLISHED and PUBLISHED not in self.described
        if needs_one and given.get("files") and recognised(given["files"]) is None:
            self.add_error("source", _NOT_PUBLISHED)
        return given


class SettingsForm(PageForm):
    """What a source is, as TOML; read as bytes."""

    problem = "The settings were not saved"
    settings = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea({"class": "los-code", "rows": 18, "spellcheck": "false"}),
    )

    def __init__(self, *posted: Any, authority: str, now: str = "") -> None:
        """`now`: the settings that a source has, to be changed; an example stands where there are none."""
        super().__init__(*posted, initial={"settings": now or _EXAMPLE.replace("000", authority)})
        named = ((one.name, one.title) for one in formats().values() if one.for_sources)
        names = format_html_join(", ", "<code>{}</code> ({})", named)
        self.fields["settings"].help_text = format_html("format is one of: {}.", names)
        self.authority = authority

    def clean_settings(self) -> bytes:
        """The settings as they are kept, once they can be read and are of this authority."""
        content: bytes = self.cleaned_data["settings"].replace("\r\n", "\n").encode()
        if len(content) > _MOST_SETTINGS:
            raise forms.ValidationError("The settings are too long. The limit is 64 kB.")
        try:
            of = read_settings(content).authority
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None
        if of != self.authority:
            raise forms.ValidationError(
                f'The settings are for another authority. Enter authority = "{self.authority}".'
            )
        return content


class ReasonForm(PageForm):
    """Why a named person decides about a delivery as they do."""

    asks: str
    reason = forms.CharField(
        min_length=_SHORTEST_REASON,
        max_length=200,
        error_messages=dict.fromkeys(("required", "min_length"), "Give a reason of at least 10 letters."),
    )

    def __init__(self, *posted: Any, by: str) -> None:
        super().__init__(*posted)
        self.fields["reason"].label = self.asks
        self.fields["reason"].help_text = f"Your reason is stored with your name, {by}. Do not name a child."


class ConfirmForm(ReasonForm):
    """Why what a delivery would change is right."""

    problem = "The delivery was not confirmed"
    asks = "Why the change is right"


class SetAsideForm(ReasonForm):
    """Why a delivery that waits is not to be loaded."""

    problem = "The delivery was not set aside"
    asks = "Why the delivery is not to be loaded"


class DeliveriesFilters(Filters):
    """What the list of deliveries is narrowed by."""

    source, state = WordsField(80), WordsField(80)


_EXAMPLE = """name = "NAME-OF-THE-SOURCE"
authority = "000"
format = "ssd_tables"
roster = "full"
expected = "nightly"

[allocation]
roles_that_count = ["CW"]
"""
