"""The forms of the pages that describe a source by its files, a step each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from lineofsight.intake.formats import formats, is_case_format
from lineofsight.intake.settings import EXPECTED
from lineofsight.service.pages.deliveries.forms import FilesField, PageForm
from lineofsight.vocabulary.identifiers import source_name
from lineofsight.vocabulary.refusal import Refused
from lineofsight.vocabulary.spellings import joined

COLUMN_WORDS = {
    "child": "The child’s number",
    "worker": "The worker",
    "team": "The team",
    "role": "The worker’s role",
    "start": "When the worker started",
    "end": "When the worker ended",
    "referral": "The referral’s number",
}
"""What pages call the columns of a worklist."""
_LONGEST_CHOICE = 60
_NOT_THERE = "Not in this file"
PERSON, NOT_A_PERSON = "person", "nobody"
SAME, DIFFERENT = "same", "different"
_UNFOLDED = 30
"""So many workers are listed before the others are folded away."""
_WHY_NOT = {
    "manager": "Does not count: manager",
    "has left": "Does not count: has left",
    "duty or tray": "Does not count: duty or tray",
    "not a caseworker": "Does not count: other",
}
"""Why a worker does not count, as settings say it, and the choice on the page."""


def taken_name(name: str) -> str:
    """What to do where a source has this name already."""
    return (
        f"There is already a source with this name. Load the next file of {name} on the page Load files. Its settings are "
        "on the page Source settings as text. To describe another source, choose another name."
    )


class FilesForm(PageForm):
    """What the new source is called, and files of it. Files may be left out where some were uploaded before."""

    problem = "The files were not uploaded"
    same_name = ""
    """The name that was given, where a source has it already."""
    source = forms.CharField(
        max_length=63,
        label="What to call this source",
        help_text="For example worklist or mosaic-nightly. Use small letters, digits and hyphens.",
        error_messages={"required": "Enter a name for the source."},
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
    )

    def __init__(
        self, *posted: Any, taken: Collection[str], has_files: bool, initial: dict[str, Any]
    ) -> None:
        super().__init__(*posted, initial=initial)
        self.taken = taken
        hint = "An ordinary export as you have it: a worklist, an Annex A workbook, or the tables of the Standard Safeguarding Dataset."
        if has_files:
            hint += " Leave this empty to keep the files you uploaded before."
        self.fields["files"] = FilesField(
            label="Files, or one zip file", help_text=hint, required=not has_files
        )

    def clean_source(self) -> str:
        """A name that no source of this authority has."""
        try:
            name = str(source_name(self.cleaned_data["source"].strip()))
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None
        if name in self.taken:
            self.same_name = name
            raise forms.ValidationError(taken_name(name))
        return name


class ColumnsForm(PageForm):
    """How the files are read: the format, the line of headings, and the heading of each column."""

    problem = "The columns are not settled yet"
    format = forms.ChoiceField(label="What kind of file is it?")

    def __init__(
        self,
        *posted: Any,
        found: Mapping[str, Any],
        closed: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """`closed`: for a heading the values that were said to mean closed; None where nobody has said yet."""
        super().__init__(*posted, initial={"format": found["format"]})
        kinds = [(one.name, one.title) for one in formats().values() if is_case_format(one.name)]
        self.fields["format"].choices = kinds  # type: ignore[attr-defined]
        if found["lines"]:
            lines = [(str(one["number"]), f"Line {one['number']}: {one['text']}") for one in found["lines"]]
            self.fields["line"] = forms.ChoiceField(
                label="Which line holds the headings?", choices=lines, initial=str(found["line"])
            )
        headings = [(one["heading"], _with_values(one)) for one in found["headings"]]
        for column in found["columns"]:
            self.fields[column["column"]] = forms.ChoiceField(
                required=False,
                label=COLUMN_WORDS[column["column"]],
                choices=[("", _NOT_THERE), *headings],
                initial=column["heading"] or "",
            )
        for at, column in enumerate(found["statuses"]):
            said = (closed or {}).get(column["heading"])
            self.fields[f"closed-{at}"] = forms.MultipleChoiceField(
                required=False,
                label=f"Which words under “{column['heading']}” mean that the case is closed?",
                choices=[
                    (str(n), f"{one['value']} ({_rows(one['rows'])})")
                    for n, one in enumerate(column["values"])
                ],
                initial=[
                    str(n)
                    for n, one in enumerate(column["values"])
                    if (one["closed"] if closed is None else one["value"] in (said or ()))
                ],
                widget=forms.CheckboxSelectMultiple({"class": "govuk-checkboxes__input"}),
            )
        self.found = found

    def statuses(self) -> list[forms.BoundField]:
        """For each column that tells how a case stands, the field of the values that mean closed."""
        return [self[f"closed-{at}"] for at, column in enumerate(self.found["statuses"]) if column["values"]]

    @property
    def closed(self) -> dict[str, list[str]]:
        """For each heading the values that mean closed; none of them where somebody saw a likely one and did not tick it."""
        said = {}
        for at, column in enumerate(self.found["statuses"]):
            ticked = [column["values"][int(n)]["value"] for n in self.cleaned_data.get(f"closed-{at}", [])]
            if ticked or any(one["closed"] for one in column["values"]):
                said[column["heading"]] = ticked
        return said

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each column with its field, why its heading was proposed, and the first values under it."""
        values = {one["heading"]: one["values"] for one in self.found["headings"]}
        for column in self.found["columns"]:
            chosen = self[column["column"]].value()
            yield {
                "field": self[column["column"]],
                "why": column["why"] if chosen == (column["heading"] or "") else "as you chose",
                "values": values.get(chosen, []),
                "costs": column["costs"] if not chosen else None,
            }

    def clean(self) -> dict[str, Any]:
        """A worklist needs its child's column, and no heading fills two."""
        given = super().clean() or {}
        if self.found["columns"] and given.get("format") == self.found["format"]:
            if not given.get("child"):
                self.add_error("child", "Choose the column that holds the child’s number.")
            taken: dict[str, str] = {}
            for column in self.found["columns"]:
                heading = given.get(column["column"])
                if heading and heading in taken:
                    self.add_error(
                        column["column"], f"“{heading}” is chosen twice. Choose another column here."
                    )
                elif heading:
                    taken[heading] = column["column"]
        return given

    @property
    def columns(self) -> dict[str, str]:
        """The heading of each column, empty where the file has none of it."""
        return {one["column"]: self.cleaned_data.get(one["column"], "") for one in self.found["columns"]}


def _with_values(column: Mapping[str, Any]) -> str:
    """A heading and the first values under it, so that somebody can tell it from the others."""
    values = ", ".join(column["values"])
    text = f"{column['heading']}: {values}" if values else str(column["heading"])
    return text if len(text) <= _LONGEST_CHOICE else f"{text[: _LONGEST_CHOICE - 1]}…"


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def _children(count: int) -> str:
    return f"{count:,} child" if count == 1 else f"{count:,} children"


@dataclass(frozen=True)
class OwnerRow:
    """A line of the table of names or job titles: what it is, its children, and the two fields about it."""

    value: str
    children: int
    choice: forms.BoundField
    why: forms.BoundField | None
    ticks: bool
    """Whether the choice is a box to tick."""


class OwnersForm(PageForm):
    """Which roles count, which job titles and names do not, and which names are people after all."""

    problem = "Not everything is settled yet"

    def __init__(self, *posted: Any, found: Mapping[str, Any], answers: Mapping[str, Any]) -> None:
        super().__init__(*posted)
        self.found, self.before = found, answers
        settled = {(one["key"], one["value"]): one["why"] for one in answers.get("owners", [])}
        was_answered = "owners" in answers
        self._add_roles(answers)
        for at, title in enumerate(found["titles"]):
            known = (title["key"], title["value"]) in settled
            ticked = known if was_answered else title["proposed"]
            self.fields[f"title-{at}"] = forms.BooleanField(
                required=False, initial=ticked, label=f"{title['value']} does not count"
            )
            self._add_why(f"title-why-{at}", title, settled)
        people = answers.get("people", [])
        for at, doubtful in enumerate(found["doubtful"]):
            chosen = PERSON if doubtful["value"] in people else ""
            self.fields[f"name-{at}"] = forms.ChoiceField(
                label=f"What {doubtful['value']} is",
                choices=[("", "Choose"), (PERSON, "A person"), (NOT_A_PERSON, "Does not count")],
                initial=NOT_A_PERSON if (doubtful["key"], doubtful["value"]) in settled else chosen,
                error_messages={"required": f"Say whether {doubtful['value']} is a person."},
            )
            self._add_why(f"name-why-{at}", doubtful, settled)
        for at, worker in enumerate(found["named"]):
            why = settled.get((worker["key"], worker["value"]), "")
            self.fields[f"worker-{at}"] = forms.ChoiceField(
                required=False,
                label=f"Whether {worker['value']} counts",
                choices=[("", "Counts"), *_WHY_NOT.items()],
                initial=why,
            )
        self._add_alike(answers)
        if found["nobody"]:
            self.fields["people"] = forms.MultipleChoiceField(
                required=False,
                label="Tick any that is a person’s name",
                choices=[
                    (str(at), f"{one['value']}: {one['children']:,}, {one['why']}")
                    for at, one in enumerate(found["nobody"])
                ],
                initial=[str(at) for at, one in enumerate(found["nobody"]) if one["value"] in people],
                widget=forms.CheckboxSelectMultiple,
            )

    def _add_roles(self, answers: Mapping[str, Any]) -> None:
        roles = self.found["roles"]
        if not roles:
            return
        usual = [str(at) for at, one in enumerate(roles) if one["usual"]]
        initial = usual or [str(at) for at in range(len(roles))]
        if answers.get("roles") is not None:
            initial = [str(at) for at, one in enumerate(roles) if one["role"] in answers["roles"]]
        self.fields["roles"] = forms.MultipleChoiceField(
            label="Roles that count as the allocated worker",
            choices=[
                (str(at), f"{one['role'] or 'No role written'}: {_children(one['children'])}")
                for at, one in enumerate(roles)
            ],
            initial=initial,
            error_messages={
                "required": "Tick at least one role. Without one, no child has an allocated worker."
            },
            widget=forms.CheckboxSelectMultiple,
        )

    def _add_alike(self, answers: Mapping[str, Any]) -> None:
        same, different = answers.get("same") or [], answers.get("different") or []
        for at, pair in enumerate(self.found["alike"]):
            names = {pair["one"], pair["other"]}
            is_same = any(names <= set(line) for line in same)
            is_different = any(names <= set(line) for line in different)
            self.fields[f"alike-{at}"] = forms.ChoiceField(
                required=False,
                label=f"Whether {pair['one']} and {pair['other']} are one worker",
                choices=[
                    ("", "Not decided: counted as two"),
                    (SAME, "One worker"),
                    (DIFFERENT, "Two workers"),
                ],
                initial=SAME if is_same else DIFFERENT if is_different else "",
            )

    def alike(self) -> list[dict[str, Any]]:
        """The names that may be one worker's, a line for each two."""
        return [{**pair, "choice": self[f"alike-{at}"]} for at, pair in enumerate(self.found["alike"])]

    def _pairs(self, said: str) -> list[tuple[str, str]]:
        given = self.cleaned_data
        return [
            (pair["one"], pair["other"])
            for at, pair in enumerate(self.found["alike"])
            if given.get(f"alike-{at}") == said
        ]

    def _add_why(self, name: str, owner: Mapping[str, Any], settled: Mapping[tuple[str, str], str]) -> None:
        self.fields[name] = forms.CharField(
            required=False,
            max_length=80,
            initial=settled.get((owner["key"], owner["value"]), owner["why"]),
            label=f"Why {owner['value']} does not count",
        )

    def titles(self) -> list[OwnerRow]:
        """The job titles, a line each."""
        return [self._row("title", at, one) for at, one in enumerate(self.found["titles"])]

    def names(self) -> list[OwnerRow]:
        """The names that may be nobody, a line each."""
        return [self._row("name", at, one) for at, one in enumerate(self.found["doubtful"])]

    def workers(self) -> list[OwnerRow]:
        """The workers with most children, a line each."""
        return self._workers()[:_UNFOLDED]

    def more_workers(self) -> list[OwnerRow]:
        """The workers who are folded away, a line each."""
        return self._workers()[_UNFOLDED:]

    def unfolds(self) -> bool:
        """Whether a worker who is folded away was said not to count, or was answered wrongly."""
        return any(row.choice.value() or row.choice.errors for row in self.more_workers())

    def _workers(self) -> list[OwnerRow]:
        return [
            OwnerRow(one["value"], one["children"], self[f"worker-{at}"], None, ticks=False)
            for at, one in enumerate(self.found["named"])
        ]

    def _row(self, kind: str, at: int, owner: Mapping[str, Any]) -> OwnerRow:
        choice, why = self[f"{kind}-{at}"], self[f"{kind}-why-{at}"]
        return OwnerRow(owner["value"], owner["children"], choice, why, kind == "title")

    def clean(self) -> dict[str, Any]:
        """Whoever does not count, does so for a reason."""
        given = super().clean() or {}
        for choice, why, owner in self._out(given):
            if not given.get(why, "").strip():
                self.add_error(why, f"Say why {owner['value']} does not count.")
            del choice
        for at, pair in enumerate(self.found["alike"]):
            counts = [self._counts(given, name) for name in (pair["one"], pair["other"])]
            if given.get(f"alike-{at}") == SAME and counts[0] != counts[1]:
                self.add_error(
                    f"alike-{at}",
                    f"{pair['one']} and {pair['other']} are one worker: say the same of both, that they count or do not.",
                )
        return given

    def _counts(self, given: Mapping[str, Any], name: str) -> bool:
        for kind, found in (("worker", "named"), ("name", "doubtful")):
            for at, one in enumerate(self.found[found]):
                if one["value"] == name:
                    said = given.get(f"{kind}-{at}")
                    return not said if kind == "worker" else said == PERSON
        return True

    def _out(self, given: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        for at, title in enumerate(self.found["titles"]):
            if given.get(f"title-{at}"):
                yield f"title-{at}", f"title-why-{at}", title
        for at, doubtful in enumerate(self.found["doubtful"]):
            if given.get(f"name-{at}") == NOT_A_PERSON:
                yield f"name-{at}", f"name-why-{at}", doubtful

    @property
    def answers(self) -> dict[str, Any]:
        """What was settled. Where every role is ticked no role is named: one that comes later counts, too."""
        given, roles = self.cleaned_data, self.found["roles"]
        ticked = [roles[int(at)]["role"] for at in given.get("roles", [])]
        people = [self.found["nobody"][int(at)]["value"] for at in given.get("people", [])]
        people += [
            one["value"] for at, one in enumerate(self.found["doubtful"]) if given.get(f"name-{at}") == PERSON
        ]
        owners = [
            {"key": one["key"], "value": one["value"], "why": given[why].strip()}
            for _, why, one in self._out(given)
        ]
        owners += [
            {"key": one["key"], "value": one["value"], "why": given[f"worker-{at}"]}
            for at, one in enumerate(self.found["named"])
            if given.get(f"worker-{at}")
        ]
        names_no_role = len(ticked) == len(roles) and self._before("roles") is None
        said = {
            "roles": None if names_no_role else ticked,
            "owners": owners,
            "people": people,
            "same": self._pairs(SAME),
            "different": [list(pair) for pair in self._pairs(DIFFERENT)],
        }
        return self._with_unseen(said)

    def _before(self, name: str) -> Any:
        """What settings that are changed say already; nothing of a new source."""
        return self.before.get(name) if "base" in self.before else None

    def _with_unseen(self, said: dict[str, Any]) -> dict[str, Any]:
        """The answers with what the settings say of roles and names that these files do not show."""
        owners = [*self.found["titles"], *self.found["doubtful"], *self.found["named"]]
        seen = {(one["key"], one["value"]) for one in owners}
        names = {one["value"] for one in (*self.found["doubtful"], *self.found["nobody"])}
        pairs = [{pair["one"], pair["other"]} for pair in self.found["alike"]]
        roles = {one["role"] for one in self.found["roles"]}
        if said["roles"] is not None:
            said["roles"] += [role for role in self._before("roles") or () if role not in roles]
        said["owners"] += [
            one for one in self._before("owners") or () if (one["key"], one["value"]) not in seen
        ]
        said["people"] += [name for name in self._before("people") or () if name not in names]
        for name in ("same", "different"):
            unseen = [
                line for line in self._before(name) or () if not any(pair <= set(line) for pair in pairs)
            ]
            said[name] = [*said[name], *unseen]
        said["same"] = joined(said["same"])
        return said


class CoverageForm(PageForm):
    """What the source covers, whether each delivery is a full list, and how often it comes."""

    problem = "What the source covers is not settled yet"
    covers = forms.ChoiceField(
        label="Which children does this source know?",
        help_text="If it knows every child, a child who is missing from it has no worker.",
        choices=[
            ("", "Choose"),
            ("service", "Every child the service is responsible for"),
            ("named", "Only some, such as one team’s children"),
        ],
        error_messages={"required": "Choose which children this source knows."},
    )
    roster = forms.ChoiceField(
        label="Is each new file a full list?",
        help_text="If it is, a line that is missing from the next file has ended.",
        choices=[
            ("", "Choose"),
            ("full", "Yes, each file is the whole list again"),
            ("partial", "No, a file holds only what changed"),
        ],
        error_messages={"required": "Choose whether each file is a full list."},
    )
    expected = forms.ChoiceField(
        required=False,
        label="How often will a file come? (optional)",
        choices=[("", "Not decided"), *((name, name.capitalize()) for name in EXPECTED)],
    )

    def __init__(self, *posted: Any, others: Sequence[str], initial: dict[str, Any]) -> None:
        """`others`: the sources that speak for every child already."""
        super().__init__(*posted, initial=initial)
        self.others = " and ".join(others)
        if others:
            self.fields["second"] = forms.MultipleChoiceField(
                required=False,
                label=f"If it knows every child, as {self.others} does",
                choices=[("yes", "I confirm that both know every child of the service")],
                widget=forms.CheckboxSelectMultiple,
            )

    def clean(self) -> dict[str, Any]:
        """Whoever makes a second source speak for every child, confirms it."""
        given = super().clean() or {}
        is_second = self.others and given.get("covers") == "service" and given.get("roster") == "full"
        if is_second and not given.get("second"):
            self.add_error(
                "second",
                f"{self.others} already speaks for every child. A child who is missing from one of the two would have no worker, "
                "even if the other names one. Tick this only if both know every child.",
            )
        return given
