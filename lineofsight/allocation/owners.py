"""Who counts as answering for a child: a source's settings, and whether a worker counts on a day (rules 10 to 12).

Everything here is plain Python. The frames call it once for each worker, team and role.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from lineofsight.allocation import states
from lineofsight.vocabulary.nobody import stands_for_nobody

FIRST_DAY = 1
"""The first day of the calendar, for a range without a beginning."""
NEVER = 3_000_000
"""A day after the calendar's last, for a range without an end."""

Silence = Literal["every", "named", "stated"]
"""The children of whom a source says `none` by naming nobody for them: every child of the authority, those it names,
or those of whom it has stated an involvement (counting rule 11)."""
SILENCES: tuple[Silence, ...] = ("every", "named", "stated")

_OF_THE_ROW = ("worker", "role", "team")
_OF_THE_WORKER = ("staff_id", "name", "registration", "job_title", "department", "agency")


@lru_cache(maxsize=65_536)
def plain(text: Any) -> str:
    """A value for comparison: without spaces at the edges, in lower case, and empty text for None."""
    return "" if text is None else str(text).strip().casefold()


@dataclass(frozen=True)
class Line:
    """One line of `owners_that_do_not_count`: the values that must all match, and why the owner does not count."""

    match: Mapping[str, str]
    why: str


@dataclass(frozen=True)
class AllocationSettings:
    """A source's settings from a day on: format, roster, whether live, and who counts."""

    source: str
    valid_from: int = FIRST_DAY
    format: str = "ssd_tables"
    full: bool = False
    live: bool = True
    roles: frozenset[str] | None = None
    lines: tuple[Line, ...] = ()
    placeholders: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    """Names and numbers that are people's although they hold a word for nobody."""
    seen_within_weeks: int | None = None
    covers_service: bool = False
    """Whether its silence speaks of every child of the authority, and not only of those it names."""
    valid_to: int | None = None
    """The first day on which it no longer speaks."""

    @property
    def silence(self) -> Silence:
        """Of which children it says that nobody answers by naming nobody (counting rule 11)."""
        if not self.full:
            return "stated"
        return "every" if self.covers_service else "named"

    def speaks_on(self, day: int) -> bool:
        """Whether it says who answers on a day."""
        return self.live and (self.valid_to is None or day < self.valid_to)

    @classmethod
    def of(cls, source: str, valid_from: int | None, said: Mapping[str, Any]) -> AllocationSettings:
        """From the stored content of a settings file."""
        rules = said.get("allocation", {})
        roles = rules.get("roles_that_count")
        return cls(
            source,
            valid_from or FIRST_DAY,
            said.get("format", ""),
            said.get("roster", "partial") == "full",
            bool(said.get("workers_are_live", True)),
            None if roles is None else frozenset(map(plain, roles)),
            tuple(_line(one) for one in rules.get("owners_that_do_not_count", ())),
            frozenset(map(plain, rules.get("placeholders", ()))),
            frozenset(map(plain, rules.get("people", ()))),
            rules.get("seen_within_weeks"),
            said.get("covers") == "service",
            date.fromisoformat(said["valid_to"]).toordinal() if said.get("valid_to") else None,
        )

    def why(self, code: int) -> str | None:
        """The reason behind a code of this source; None for a state without a reason."""
        fixed = {
            states.BY_LEAVER: states.LEAVER,
            states.BY_PLACEHOLDER: states.PLACEHOLDER,
            states.BY_ROLE: states.ROLE,
        }
        if states.FIRST_LINE <= code < states.BY_LEAVER:
            return self.lines[code - states.FIRST_LINE].why
        return fixed.get(code)


def _line(said: Mapping[str, Any]) -> Line:
    return Line(
        {name: plain(value) for name, value in said.items() if name != "why"}, str(said.get("why", ""))
    )


@dataclass(frozen=True)
class WorkerVersion:
    """A worker's row as one delivery stated it: the moments between which it is current (µs), their days, its cells."""

    known_from: int
    known_to: int
    stated_on: int
    until: int
    """The London day on which it was replaced or withdrawn; NEVER if it was not."""
    cells: Mapping[str, Any]


@dataclass(frozen=True)
class WorkerOn:
    """What is known about a worker on a day: the cells that apply, and whether they have left."""

    cells: Mapping[str, Any] = field(default_factory=dict)
    left: bool = False


UNHEARD_OF = WorkerOn()
"""A worker without a row still counts."""


def worker_on(versions: Sequence[WorkerVersion], day: int, moment: int) -> WorkerOn:
    """A worker as at a day and known by a moment, from the versions in the order in which they were stated.

    Cells without a date apply from the day they were first stated; the first row also applies to all
    earlier days. A worker leaves on the stated day, or otherwise with the first roster without them. A
    worker who was missing and is back by that moment had not left.
    """
    known = [one for one in versions if one.known_from <= moment]
    if not known:
        return UNHEARD_OF
    holding = [one for one in known if one.stated_on <= day]
    cells = (holding[-1] if holding else known[0]).cells
    last = known[-1]
    left_on = last.cells.get("left_on")
    lacking = last.known_to <= moment and last.until <= day
    return WorkerOn(cells, lacking if left_on is None else day >= left_on)


def code_of(
    said: AllocationSettings, on: WorkerOn, *, worker: str | None, team: str | None, role: str | None
) -> int:
    """The code of the best state that one involvement gives its child (counting rules 10 and 11)."""
    nobody = states.BY_TEAM if plain(team) else states.BY_NOBODY
    if not plain(worker):
        return nobody
    at = _line_that_matches(said, on, {"worker": worker, "team": team, "role": role}) if said.lines else None
    if at is not None:
        return states.FIRST_LINE + at
    is_placeholder = bool(said.placeholders & {plain(worker), plain(on.cells.get("staff_id"))})
    if not is_placeholder and stands_for_nobody(
        worker, on.cells.get("name"), on.cells.get("job_title"), said.people
    ):
        return nobody
    if on.left:
        return states.BY_LEAVER
    if is_placeholder:
        return states.BY_PLACEHOLDER
    counts = said.roles is None or plain(role) in said.roles
    return states.COUNTS if counts else states.BY_ROLE


def _line_that_matches(said: AllocationSettings, on: WorkerOn, row: Mapping[str, str | None]) -> int | None:
    for at, line in enumerate(said.lines):
        for name, value in line.match.items():
            if not _matches(name, value, row, on):
                break
        else:
            return at
    return None


def _matches(name: str, value: str, row: Mapping[str, str | None], on: WorkerOn) -> bool:
    if name == "worker":
        return value in (plain(row["worker"]), plain(on.cells.get("staff_id")))
    return plain(row[name] if name in _OF_THE_ROW else on.cells.get(name)) == value


def breakpoints(said: Iterable[AllocationSettings], versions: Sequence[WorkerVersion]) -> set[int]:
    """The days on which an involvement's code may change although the involvement does not."""
    days = {one.valid_from for one in said}
    for version in versions:
        days |= {version.stated_on - 1, version.stated_on, version.until - 1, version.until}
        if version.cells.get("left_on") is not None:
            days.add(version.cells["left_on"])
    return {day for day in days if FIRST_DAY < day < NEVER}
