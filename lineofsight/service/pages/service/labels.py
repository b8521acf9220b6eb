"""The words in which pages give states, definitions and lengths of time."""

from __future__ import annotations

from datetime import date

from lineofsight.allocation import states
from lineofsight.allocation.states import Definition
from lineofsight.service.pages.filters import in_plain_words, local_time
from lineofsight.vocabulary.days import in_words

moment = local_time

STATE_WORDS = {
    states.ALLOCATED: ("Allocated", "green", "The child has a named worker in a role that counts."),
    states.HELD: (
        "Not with a caseworker",
        "yellow",
        "A name is recorded, but it is a manager, a duty tray, a leaver or a placeholder.",
    ),
    states.TEAM_ONLY: ("Team only", "orange", "A team is recorded, and no worker in it."),
    states.NONE: ("No worker", "red", "Neither a worker nor a team is recorded."),
    states.CANNOT_TELL: (
        "Not known from this data",
        "grey",
        "No data received by then says who works with the child.",
    ),
}
"""For each state: its words, the colour of its tag, and what it means."""

MOVE_WORDS = {
    "unexplained": (
        "Unexplained",
        "Closed without a valid reason, or the episode disappeared from the extract.",
    ),
    "allocated": ("Allocated", "The child now has an allocated worker."),
    "closed": ("Closed", "The episode was closed, and the reason was recorded."),
    "assessed": ("Assessed", "The episode was closed after assessment."),
    "transferred": ("Transferred", "The episode was closed because the child moved to another authority."),
    "left_definition": ("No longer counted", "Still open, but this definition no longer counts the child."),
    "corrected": ("Corrected", "Later information changed what was recorded about the earlier day."),
    "new": ("New", "Newly counted, and without an allocated worker."),
    "lost_worker": ("Lost their worker", "Had an allocated worker on the earlier day."),
}
"""For each reason why a child joined or left the list: its words and what it means."""


DEFINITION_NAMES = {
    "open-episodes": "All children with an open episode",
    "need-a-worker": "Children past assessment",
}
DEFINITION_WORDS = {
    "open-episodes": (
        "Counts every child with an open episode of need on the day, except where the referral ended in no further "
        "action. A child is without an allocated worker where no worker is named in a role that counts as allocated."
    ),
    "need-a-worker": (
        "Counts only children past assessment: an assessment was authorised by the day, a plan is running, or the "
        "child is looked after. A child is without an allocated worker where no worker is named in a role that "
        "counts as allocated."
    ),
}
"""What each definition is called, and what it counts, as pages say it."""


def state(name: str, reason: str | None = None) -> dict[str, str]:
    """A state as a tag: words, colour, meaning."""
    words, colour, means = STATE_WORDS[name]
    return {
        "name": name,
        "text": f"{words}: {in_plain_words(reason)}" if reason else words,
        "colour": colour,
        "means": means,
    }


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
        return "Not known"
    return "Fewer than 5" if 0 < count < 5 else f"{count:,}"


def lacks_rows(number: str, rows: int) -> str:
    """What a figure says of the rows it lacks, with their number as the viewer may see it; nothing where it lacks none."""
    if not rows:
        return ""
    were = "row was" if rows == 1 and number == "1" else "rows were"
    return f"{number} {were} refused in the latest deliveries, so this count is incomplete."


def definition_words(definition: Definition) -> str:
    """A definition's name and version as a figure carries it."""
    return f"{definition.name}, version {definition.version}"
