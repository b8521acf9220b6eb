"""The one door to the files of a source that somebody is describing: what they may see of them, and who saw a child.

Only whoever uploaded the files opens them, for an hour. Values, names and children are shown only to those who may
see children of the whole authority; restricted children are shown to nobody they are closed to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.reader import ReadingFailed
from lineofsight.queries.changes import workers_lost
from lineofsight.queries.record import READ, Record
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import Viewer, closed_to, log_access
from lineofsight.service.store import blobs, drafts
from lineofsight.service.store.drafts import Draft
from lineofsight.vocabulary.moments import london_day, microseconds, written
from lineofsight.vocabulary.refusal import Refused

__all__ = [
    "Draft",
    "answer",
    "columns_of",
    "current",
    "figure_of",
    "forget",
    "owners_of",
    "shows_children",
    "start",
    "start_again",
    "workers_lost_by",
]

_CHANNEL = "describing a source"


def shows_children(viewer: Viewer) -> bool:
    """Whether a person is shown values and names that the files hold."""
    return viewer.whole and viewer.may(Permission.CHILDREN)


def start(viewer: Viewer, files: Sequence[NamedBytes], answers: Mapping[str, Any]) -> Draft:
    """Keep the files that a person uploaded to describe their source."""
    return drafts.start(_owner(viewer), files, answers)


def start_again(viewer: Viewer, record: Record, source: str, answers: Mapping[str, Any]) -> Draft:
    """Begin to change the settings of a source, with the files of its latest delivery that was read.

    Raises Refused where there is none, or its files are kept no longer.
    """
    read = [link for link in record.links() if link.kind == READ and link.source == source]
    if not read:
        raise Refused(
            "No file of this source has been loaded. Load one first, or change its settings as text."
        )
    kept = [one for one in read[-1].says.get("kept", []) if one["name"]]
    try:
        files = [blobs.read(one["name"], one["sha256"]) for one in kept]
    except FileNotFoundError:
        files = []
    if not files:
        raise Refused(
            "The latest file of this source is kept no longer. Load a new one, or change its settings as text."
        )
    return drafts.start(_owner(viewer), files, answers)


def current(viewer: Viewer) -> Draft | None:
    """The draft of that person in that authority; None where there is none, or it has expired."""
    return drafts.current(_owner(viewer))


def answer(draft: Draft, answers: Mapping[str, Any]) -> Draft:
    """The draft with more answers."""
    return drafts.answered(draft, answers)


def forget(viewer: Viewer) -> None:
    """Remove the draft and its files."""
    drafts.forget(_owner(viewer))


def columns_of(viewer: Viewer, draft: Draft, asked: Mapping[str, Any]) -> dict[str, Any]:
    """How the files can be read, as `engines.describing.columns_found` says. Raises Refused where they cannot."""
    shows = shows_children(viewer)
    found = _looked(viewer, draft, {"task": "columns", "by_shape": shows, **asked})
    if not shows:
        found["headings"] = [{**one, "values": []} for one in found["headings"]]
        found["lines"] = []
        found["statuses"] = [
            {**one, "values": [value for value in one["values"] if value["known"]]}
            for one in found["statuses"]
        ]
        return found
    child = next((one["heading"] for one in found["columns"] if one["column"] == "child"), None)
    _log(viewer, [value for one in found["headings"] if one["heading"] == child for value in one["values"]])
    return found


def owners_of(viewer: Viewer, draft: Draft, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The roles and owners that the files name, as `engines.describing.owners_found` says."""
    found = _looked(viewer, draft, {"task": "owners", **asked})
    if shows_children(viewer):
        return {**found, "hidden": 0}
    hidden = len(found["doubtful"]) + len(found["nobody"])
    return {
        **found,
        "doubtful": [],
        "nobody": [],
        "named": [],
        "alike": [],
        "not_listed": 0,
        "hidden": hidden,
    }


def figure_of(viewer: Viewer, draft: Draft, settings: str) -> dict[str, Any]:
    """The figure that the files give by settings, as `engines.describing.figure_found` says."""
    found = _looked(viewer, draft, {"task": "figure", "settings": settings})
    if not viewer.may(Permission.COUNTS):
        found["teams"] = []
    if not shows_children(viewer):
        found["left_out"] += len(found["children"])
        found["children"] = []
        found["people"] = []
    _log(viewer, [one["child"] for one in found["children"]])
    return found


def workers_lost_by(
    viewer: Viewer, draft: Draft, settings: str, record: Record, now: datetime
) -> tuple[int, int]:
    """How many children have a worker by the record now, and how many of these the files do not name."""
    named = _looked(viewer, draft, {"task": "named", "settings": settings})["named"]
    return workers_lost(record, london_day(now), microseconds(now), named)


def _looked(viewer: Viewer, draft: Draft, asked: Mapping[str, Any]) -> dict[str, Any]:
    moment = datetime.fromtimestamp(draft.made_at, UTC)
    stated = {
        "authority": viewer.authority,
        "received_at": written(moment),
        "leave_out": sorted(closed_to(viewer)),
    }
    try:
        return drafts.looked(draft, {**stated, **asked})
    except ReadingFailed as failed:
        raise Refused(
            f"The program failed in {failed} while it read these files. Nothing was loaded. Send this message to "
            "whoever supports this system."
        ) from None


@transaction.atomic
def _log(viewer: Viewer, children: Sequence[str]) -> None:
    if children:
        log_access(viewer, children, _CHANNEL)


def _owner(viewer: Viewer) -> str:
    return f"{viewer.user_id}|{viewer.authority}"
