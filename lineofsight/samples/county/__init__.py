"""The fictional county of Thornmere: no place, no child and no worker of it is real.

Its two years of nightly extracts tell one story (docs/explanation/fictional-county.md), drawn to the
published figures of a real county and the same on every machine. `extracts.county(children)` is a smaller one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path

from lineofsight.samples.county import duty_list, extracts, story
from lineofsight.samples.county.story import CUT_SHORT, DAYS, OPENS_ON
from lineofsight.samples.county.teams import TEAMS, Team
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from lineofsight.vocabulary.moments import LONDON

NAME = "Thornmere"
AUTHORITY = AuthorityCode("999")
SOURCE = SourceName("nightly-ssd")
DUTY_LIST = SourceName(duty_list.NAME)
DUTY_LIST_DAYS = duty_list.DAYS
NIGHTS = ("few", "all")
"""Which of its nights a demonstration may load."""

_AT, _LATE, _EARLY = time(6), time(14, 20), time(5, 30)

__all__ = [
    "AUTHORITY",
    "CUT_SHORT",
    "DAYS",
    "DUTY_LIST",
    "DUTY_LIST_DAYS",
    "INSPECTIONS",
    "NAME",
    "NIGHTS",
    "OPENS_ON",
    "PLAN",
    "QUESTIONS",
    "SOURCE",
    "TEAMS",
    "Team",
    "delivery_name",
    "demo_nights",
    "duty_list_name",
    "duty_list_of",
    "duty_list_received_at",
    "duty_list_settings",
    "extract",
    "inspections",
    "inspections_received_at",
    "nights",
    "plan",
    "questions",
    "received_at",
    "settings",
    "zipped",
]


def settings() -> bytes:
    """The description of its source, as TOML."""
    return f"""\
name = "{SOURCE}"
authority = "{AUTHORITY}"
format = "ssd_tables"
roster = "full"
workers_are_live = true
ends = "exclusive"

[allocation]
roles_that_count = ["CW"]
owners_that_do_not_count = [
  {{ worker = "DUTY01", why = "duty tray" }},
  {{ job_title = "Team Manager", why = "manager" }},
]
placeholders = ["UNKNOWN", "-1"]
seen_within_weeks = 8
""".encode()


def nights() -> Sequence[date]:
    """The 730 nights of which there is an extract: two years but for one night."""
    return story.nights()


def demo_nights() -> Sequence[date]:
    """The nights a demonstration loads: about one a month, and those at which the story turns."""
    return story.demo_nights()


def extract(night: date) -> extracts.Files:
    """The files of a night, by name. `CUT_SHORT` gives the extract of which a part is missing."""
    return extracts.county().extract(night)


def zipped(night: date) -> bytes:
    """The same files as one zip."""
    return extracts.zipped(extract(night))


def delivery_name(night: date) -> str:
    """What the zip of a night is called."""
    return f"synthetic-{NAME.lower()}-{night.isoformat()}.zip"


def received_at(night: date) -> datetime:
    """When the extract of a night was received: at six the morning after, but for one that came late."""
    moment = datetime.combine(night + timedelta(days=1), _LATE if night == story.LATE_NIGHT else _AT, LONDON)
    return moment.astimezone(UTC)


# -- a second source, which says otherwise of some children ------------------------------------------


def duty_list_settings() -> tuple[bytes, bytes]:
    """The descriptions of the duty list: while it is kept by hand, and from the day on which it is not."""
    return duty_list.settings(AUTHORITY)


def duty_list_of(day: date) -> bytes:
    """The duty list as it was sent on one of its days."""
    return duty_list.on_day(extracts.county(), day)


def duty_list_name(day: date) -> str:
    """What the file of a day's duty list is called."""
    return f"synthetic-{NAME.lower()}-duty-list-{day.isoformat()}.csv"


def duty_list_received_at(day: date) -> datetime:
    """It is sent half an hour before the extract of the night."""
    return datetime.combine(day, _EARLY, LONDON).astimezone(UTC)


# -- an improvement plan ------------------------------------------------------------------------------

PLAN = SourceName("improvement-plan")
"""The source of the county's improvement plan, as fictional as the county."""


def plan() -> Path:
    """The plan, as statements."""
    return Path(str(resources.files(__package__))) / "plan.yaml"


# -- members' questions -------------------------------------------------------------------------------

QUESTIONS = SourceName("members-questions")
"""The source under which members' questions are recorded, also those that are asked on a page."""


def questions() -> tuple[tuple[Path, str], ...]:
    """What its members asked and what was replied, as statements, each with the name of who entered them."""
    folder = Path(str(resources.files(__package__)))
    return (folder / "questions.yaml", "max.member"), (folder / "replies.yaml", "dora.director")


# -- two inspections, and what a person decided about pairs of their findings ---------------------------

INSPECTIONS = SourceName("inspections")
"""The source of the county's inspections, as fictional as the county: one pair is confirmed, one is refused."""


def inspections() -> Path:
    """The inspections, as readings of reports that do not exist."""
    return Path(str(resources.files(__package__))) / "inspections.reading.json"


def inspections_received_at() -> datetime:
    """In the evening of the day on which the pairs were decided."""
    return datetime.combine(date(2018, 12, 3), time(18), LONDON).astimezone(UTC)
