"""How states, standings and stretches of time are said on pages."""

from __future__ import annotations

from datetime import date, datetime

from lineofsight.allocation import states
from lineofsight.allocation.states import Definition
from lineofsight.vocabulary.days import in_words

STATE_WORDS = {
    states.ALLOCATED: ("Allocated", "green", "A named worker in a role that counts answers for the child."),
    states.HELD: ("Held", "yellow", "Somebody is named who does not count: a manager, a duty tray, a leaver, a placeholder."),
    states.TEAM_ONLY: ("Team only", "orange", "A team is named and nobody in it."),
    states.NONE: ("No one", "red", "Neither a worker nor a team is named."),
    states.CANNOT_TELL: ("Cannot tell", "grey", "No source known by then can tell who answers for the child."),
}  # fmt: skip
"""For each state: its words, the colour of its tag, and what it means."""

MOVE_WORDS = {
    "unexplained": ("Unexplained", "Closed without a valid reason, or the episode vanished from the extract."),
    "allocated": ("Allocated", "A worker who counts now answers."),
    "closed": ("Closed", "Closed with a reason."),
    "assessed": ("Assessed", "Closed after assessment."),
    "transferred": ("Transferred", "Closed because the child moved to another authority."),
    "left_definition": ("Left the definition", "Still open, but not counted by this definition."),
    "corrected": ("Corrected", "By what is known now, it would have been otherwise on the first day."),
    "new": ("New", "Came into the population with nobody."),
    "lost_worker": ("Lost their worker", "Had a worker who counted on the first day."),
}  # fmt: skip
"""For each way in or out of the figure: its words and what it means."""


def state(name: str, reason: str | None = None) -> dict[str, str]:
    """A state as a tag: words, colour, meaning."""
    words, colour, means = STATE_WORDS[name]
    return {"name": name, "text": f"{words}: {reason}" if reason else words, "colour": colour, "means": means}


def days(count: int | None) -> str:
    """`1 day`, `1,204 days`, or that it is not known."""
    return "days not known" if count is None else f"{count:,} day{'' if count == 1 else 's'}"


def day(ordinal: int | None) -> str:
    """An ordinal as people say the day; nothing where there is none."""
    return in_words(date.fromordinal(ordinal).isoformat()) if ordinal else ""


def share(count: int, whole: int) -> int:
    """Whole per cent, for the length of a bar."""
    return round(100 * count / whole) if whole else 0


def small(count: int | None) -> str:
    """A count as somebody sees it who may not see small ones."""
    if count is None:
        return "Cannot be told"
    return "Fewer than 5" if 0 < count < 5 else f"{count:,}"


def definition_words(definition: Definition) -> str:
    """A definition's name and version as a figure carries it."""
    return f"{definition.name}, version {definition.version}"


def moment(at: datetime) -> str:
    """A moment as people say it, in UTC: `9 October 2019, 22:59 UTC`."""
    return f"{in_words(at.date().isoformat())}, {at:%H:%M} UTC"
