"""The counting rules once more, from the cells as delivered: every day and every child asked one at a time.

Nights are replayed in the order they were received; nothing is kept between two questions. Where several
sources deliver, each is replayed by itself and asked in turn.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_NEVER = datetime(1, 1, 1, tzinfo=LONDON)
Cells = Mapping[str, str]
Row = dict[str, Any]
DAYS = {"begun", "ended", "authorised", "left"}
KEYS = {
    "episode": ("child", "referral"),
    "involvement": ("child", "referral", "worker", "pool", "role", "begun"),
    "worker": ("worker",),
    "assessment": ("child", "referral", "begun"),
    "need_plan": ("child", "referral", "begun"),
    "protection_plan": ("child", "referral", "begun"),
    "care_episode": ("child", "care", "begun"),
}
REASONS = {f"RC{n}": "closed" for n in (1, 2, 3, 4, 6, 7)} | {
    "RC5": "transferred",
    "RC8": "assessed",
    "RC9": "assessed",
}
UNALLOCATED = ("held", "team_only", "none")
BEST = ("allocated", *UNALLOCATED, "cannot_tell")


@dataclass(frozen=True)
class Receipt:
    """One delivery: when it was received, and its tables; a table that is not there says nothing."""

    at: datetime
    tables: Mapping[str, Sequence[Cells]]

    @property
    def day(self) -> int:
        """The London day of its receipt."""
        return self.at.astimezone(LONDON).toordinal()


@dataclass(frozen=True)
class Source:
    """What one source delivered and how its settings have it read."""

    nights: Sequence[Receipt]
    roles: frozenset[str] = frozenset()
    owners: Sequence[Mapping[str, str]] = ()
    placeholders: frozenset[str] = frozenset()
    window: int | None = None
    inclusive: bool = False


@dataclass
class Known:
    """What one source has said by a moment."""

    source: Source
    rows: dict[str, dict[tuple[Any, ...], Row]] = field(default_factory=lambda: {name: {} for name in KEYS})
    attributes: dict[str, list[tuple[int, Row]]] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    told_at: datetime | None = None
    refused: dict[str, list[str | None]] = field(default_factory=dict)
    """Of the latest delivery of each table, the children of the rows in quarantine."""


def day_of(text: str) -> int | None:
    """A written day as an ordinal; None where nothing is meant; raises where it cannot be read."""
    text = text.strip()
    if text in ("", "NULL"):
        return None
    if found := re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text):
        day = date(int(found[3]), int(found[2]), int(found[1]))
    elif text.endswith("Z"):
        day = datetime.fromisoformat(text).astimezone(LONDON).date()
    else:
        day = date.fromisoformat(text[:10])
    return None if day in (date(1900, 1, 1), date(9999, 12, 31)) else day.toordinal()


def replayed(source: Source, known_by: datetime) -> Known:
    """Everything a source said by a moment."""
    found = Known(source)
    for night in source.nights:
        if night.at <= known_by:
            for table, lines in night.tables.items():
                _hear(found, night, table, lines)
    return found


def _hear(found: Known, night: Receipt, table: str, lines: Sequence[Cells]) -> None:
    earlier, present = found.rows[table], set()
    now: dict[tuple[Any, ...], Row] = {}
    refused: list[str | None] = []
    for cells in lines:
        row, key = _read(found.source, table, cells)
        present.add(key)
        if row is None or (key in now and now[key] != row):
            refused.append(key[0])
        elif key not in now:
            now[key] = row
    stands = {key: row for key, row in earlier.items() if key in present or _rolled_off(found.source, row)}
    if table in ("episode", "involvement"):
        found.refused[table] = refused
    if table == "worker":
        _hear_workers(found, night.day, {**stands, **now})
    if table == "involvement":
        found.told_at = night.at
    found.rows[table] = {**stands, **now}


def _rolled_off(source: Source, row: Row) -> bool:
    return source.window is not None and row.get("ended") is not None and row["ended"] < source.window


def _read(source: Source, table: str, cells: Cells) -> tuple[Row | None, tuple[Any, ...]]:
    row: Row = {
        name: text.strip() if text.strip() not in ("", "NULL") else None for name, text in cells.items()
    }
    bad = False
    for name in DAYS & row.keys():
        try:
            row[name] = day_of(cells[name])
        except ValueError:
            row[name], bad = None, True
    if source.inclusive and row.get("ended") is not None:
        row["ended"] += 1
    if table == "involvement":
        row["pool"] = None if row["worker"] else row["team"]
    key = tuple(row.get(part) for part in KEYS[table])
    if row.get("begun") is not None and row.get("ended") is not None and row["ended"] < row["begun"]:
        bad = True
    return None if bad else row, key


def _hear_workers(found: Known, day: int, now: Mapping[tuple[Any, ...], Row]) -> None:
    for (worker,) in found.rows["worker"]:
        if (worker,) not in now:
            found.gone[worker] = day
    for (worker,), row in now.items():
        found.gone.pop(worker, None)
        said = found.attributes.setdefault(worker, [])
        if not said or said[-1][1] != row:
            said.append((day, row))


def holds(row: Row, day: int) -> bool:
    """Ranges are half-open."""
    return (row["begun"] is None or row["begun"] <= day) and (row["ended"] is None or day < row["ended"])


def attributes(found: Known, worker: str, day: int) -> Row:
    """What was said of a worker as at a day."""
    said = found.attributes.get(worker, [])
    before = [row for since, row in said if since <= day]
    return before[-1] if before else (said[0][1] if said else {})


def left(found: Known, worker: str, day: int) -> bool:
    """Whether a worker has left: from the stated day, else from the first roster without them."""
    said = found.attributes.get(worker, [])
    stated = said[-1][1]["left"] if said else None
    gone = stated if stated is not None else found.gone.get(worker)
    return gone is not None and day >= gone


def _same(text: str | None, other: str) -> bool:
    return text is not None and text.strip().lower() == other.strip().lower()


def _matches(line: Mapping[str, str], row: Row, of: Row) -> bool:
    said = {"role": row["role"], "team": row["team"], "job_title": of.get("title")}
    for name, value in line.items():
        if name == "worker" and not (_same(row["worker"], value) or _same(of.get("staff"), value)):
            return False
        if name in said and not _same(said[name], value):
            return False
    return True


def says(found: Known, people: Known, row: Row, day: int) -> tuple[str, int, str | None]:
    """What one involvement says: the state, the place of the reason among reasons, the reason."""
    source, worker = found.source, row["worker"]
    if worker is None:
        return ("team_only" if row["team"] else "none"), 0, None
    of = attributes(people, worker, day)
    for place, line in enumerate(source.owners):
        if _matches(line, row, of):
            return "held", place, line["why"]
    if left(people, worker, day):
        return "held", 90, "leaver"
    if any(_same(worker, one) for one in source.placeholders):
        return "held", 91, "placeholder"
    counts = not source.roles or any(_same(row["role"], one) for one in source.roles)
    return ("allocated", 0, None) if counts else ("held", 92, "role")


@dataclass
class Told:
    """All sources as known by a moment: the first has the episodes and the workers."""

    sources: list[Known]
    need: bool = False

    @property
    def main(self) -> Known:
        """The source of the episodes."""
        return self.sources[0]

    def involved(self, found: Known, child: str, day: int) -> list[Row]:
        """The involvements that hold for a child on a day."""
        return [
            row for row in found.rows["involvement"].values() if holds(row, day) and child in self._whose(row)
        ]

    def _whose(self, row: Row) -> set[str]:
        if row["child"]:
            return {row["child"]}
        if row.get("referral") is None:
            return set()
        return {
            one["child"] for one in self.main.rows["episode"].values() if one["referral"] == row["referral"]
        }

    def open_episodes(self, child: str, day: int) -> list[Row]:
        """A child's episodes open on a day."""
        return [
            row
            for row in self.main.rows["episode"].values()
            if row["child"] == child
            and holds(row, day)
            and (row["nfa"] or "").lower() not in ("yes", "y", "1", "true")
        ]

    def counted(self, child: str, day: int) -> bool:
        """Whether a child is of the population."""
        episodes = self.open_episodes(child, day)
        return bool(episodes) and (not self.need or self._past_assessment(child, episodes, day))

    def _runs(self, child: str, day: int) -> bool:
        return any(
            row["child"] == child and holds(row, day)
            for table in ("need_plan", "protection_plan", "care_episode")
            for row in self.main.rows[table].values()
        )

    def _past_assessment(self, child: str, episodes: list[Row], day: int) -> bool:
        if self._runs(child, day):
            return True
        for row in self.main.rows["assessment"].values():
            done = row["authorised"] is not None and row["authorised"] <= day
            if row["child"] == child and done and any(_within(row, one) for one in episodes):
                return True
        return False

    def refused_rows(self) -> int:
        """How many episodes and involvements of the latest deliveries are in quarantine."""
        return sum(len(children) for one in self.sources for children in one.refused.values())

    def only_refused(self) -> set[str]:
        """The children whom only rows in quarantine name."""
        refused = {child for one in self.sources for children in one.refused.values() for child in children}
        accepted = {
            row["child"]
            for one in self.sources
            for table in ("episode", "involvement")
            for row in one.rows[table].values()
        }
        return {child for child in refused - accepted if child}

    def latest_first(self, child: str) -> list[Known]:
        """The sources that tell who answers and name the child, the one heard most recently first."""
        told = [one for one in self.sources if one.told_at is not None and _names(one, child)]
        return sorted(told, key=lambda one: one.told_at or _NEVER, reverse=True)

    def state_by(self, found: Known, child: str, day: int) -> tuple[str, str | None, set[str | None]]:
        """State, reason and the teams that may be shown, as one source has them."""
        said = [(says(found, self.main, row, day), row) for row in self.involved(found, child, day)]
        if not said:
            return "none", None, {None}
        best = min(((BEST.index(one[0]), one[1]) for one, _ in said))
        won = [(one, row) for one, row in said if (BEST.index(one[0]), one[1]) == best]
        return won[0][0][0], won[0][0][2], {row["team"] for _, row in won}

    def state(self, child: str, day: int) -> tuple[str, str | None, set[str | None]] | None:
        """A child's state; None where the child is not counted."""
        if not self.counted(child, day):
            maybe = child in self.only_refused() and not (self.need and not self._runs(child, day))
            return ("cannot_tell", None, {None}) if maybe else None
        sources = self.latest_first(child)
        return self.state_by(sources[0], child, day) if sources else ("cannot_tell", None, {None})

    def states(self, day: int) -> dict[str, tuple[str, str | None, set[str | None]]]:
        """Every child counted on a day."""
        children = {row["child"] for row in self.main.rows["episode"].values()} | self.only_refused()
        return {child: one for child in sorted(children) if (one := self.state(child, day))}

    def disagreements(self, day: int) -> int:
        """Children of whom another source says otherwise."""
        return sum(
            any(self.state_by(one, child, day)[0] != said[0] for one in self.latest_first(child)[1:])
            for child, said in self.states(day).items()
            if self.counted(child, day)
        )

    def waits(self, child: str, day: int) -> bool:
        """Whether nobody answers for a child who is counted."""
        said = self.state(child, day)
        return said is not None and said[0] in UNALLOCATED

    def since(self, child: str, day: int) -> int:
        """The first day of the wait that runs on a day."""
        while self.waits(child, day - 1):
            day -= 1
        return day

    def last_workers(self, child: str, since: int, first: int) -> set[str | None]:
        """Who counted last before a wait, by whichever source."""
        for day in range(since - 1, first, -1):
            if found := {
                worker for one in self.sources if one.told_at for worker in self._who_counts(one, child, day)
            }:
                return found
        return {None}

    def _who_counts(self, one: Known, child: str, day: int) -> list[str]:
        rows = self.involved(one, child, day)
        return [row["worker"] for row in rows if says(one, self.main, row, day)[0] == "allocated"]


def _names(found: Known, child: str) -> bool:
    """Whether a source has a row of the child in any table."""
    return any(row.get("child") == child for rows in found.rows.values() for row in rows.values())


def _within(assessment: Row, episode: Row) -> bool:
    if assessment["referral"] is not None:
        return bool(assessment["referral"] == episode["referral"])
    return assessment["begun"] is not None and holds(episode, assessment["begun"])


def known(sources: Sequence[Source], known_by: datetime, need: bool = False) -> Told:
    """All sources as known by a moment."""
    return Told([replayed(one, known_by) for one in sources], need)


def known_then(day: int) -> datetime:
    """The last moment by which a day counts as known then: the end of the next, in London."""
    after = date.fromordinal(day + 2)
    return datetime(after.year, after.month, after.day, tzinfo=LONDON) - timedelta(microseconds=1)


def counts(said: Mapping[str, tuple[str, Any, Any]]) -> dict[str, int]:
    """Children by state."""
    found = Counter(one[0] for one in said.values())
    return {name: found[name] for name in BEST}


def moves(before: Told, first: int, after: Told, last: int) -> Iterator[tuple[str, str, str]]:
    """Each child that came into the figure or left it, and how."""
    was = {child for child in before.states(first) if before.waits(child, first)}
    now = {child for child in after.states(last) if after.waits(child, last)}
    for child in now - was:
        yield child, "arrivals", _arrival(after, child, first)
    for child in was - now:
        yield child, "exits", _exit(before, after, child, first, last)


def _arrival(after: Told, child: str, first: int) -> str:
    if after.waits(child, first):
        return "corrected"
    then = after.state(child, first)
    return "lost_worker" if then and then[0] == "allocated" else "new"


def _exit(before: Told, after: Told, child: str, first: int, last: int) -> str:
    now, ends = after.state(child, last), _ends(before, after, child, first, last)
    if not after.open_episodes(child, last) and "unexplained" in [how for _, how in ends]:
        return "unexplained"
    if not after.waits(child, first):
        return "corrected"
    if now is not None:
        return "allocated" if now[0] == "allocated" else "left_definition"
    if after.open_episodes(child, last) or any(not how for _, how in ends):
        return "left_definition"
    return max(ends)[1]


def _ends(before: Told, after: Told, child: str, first: int, last: int) -> list[tuple[int, str]]:
    found = []
    for row in before.open_episodes(child, first):
        later = after.main.rows["episode"].get((child, row["referral"]))
        if later is None:
            found.append((0, "unexplained"))
        elif later["ended"] is not None and later["ended"] <= last:
            found.append((later["ended"], REASONS.get((later["reason"] or "").upper(), "unexplained")))
        else:
            found.append((0, ""))
    return found
