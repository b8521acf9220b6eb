"""Inspections combined from all their sources: reports, official tables, and a person's reading.

A person's correction comes first, then the report, then the official table. If two differ, both remain. An
overall grade is never worked out: it must be stated. A person's reading replaces the report's list of what must improve,
and takes away the grades it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lineofsight.oversight.similarity import Passage
from lineofsight.vocabulary.authorities import authorities
from lineofsight.vocabulary.codes import code_set

CARE_LEAVERS_JUDGED_FROM, NO_OVERALL_FROM = date(2023, 1, 1), date(2026, 4, 1)
"""From these days the framework judges care leavers apart, and gives no overall grade: not told on an earlier day."""

BY_HAND = "readings-by-hand"
"""The source under which people complete or correct a reading."""

_UNREAD = "areas for improvement"
"""How a reading calls its list of what must improve among what could not be read."""
_REPORT, _TABLE = 1, 2

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """One row from one source."""

    source: str
    link: int
    cells: Row

    @property
    def rank(self) -> tuple[int, int]:
        """Its rank: a person's reading, then a report, then an official table; within these, the latest first."""
        if self.source == BY_HAND:
            return 0, -self.link
        is_report = self.cells.get("page") or self.cells.get("report")
        return _REPORT if is_report else _TABLE, -self.link


@dataclass(frozen=True)
class Judgement:
    """One area's grade from the highest-ranked source, and the other sources' rows."""

    area: str
    grade: str
    told: Told
    others: tuple[Told, ...]

    @property
    def disputed(self) -> bool:
        """Whether another source gives another grade."""
        return any(one.cells["grade"] != self.grade for one in self.others)


@dataclass(frozen=True)
class Inspection:
    """One inspection or visit of one authority; days are ordinals."""

    authority: str
    id: str
    cells: Row
    told: tuple[Told, ...]
    judgements: tuple[Judgement, ...]
    weaknesses: tuple[Told, ...] = field(default=())

    @property
    def begun_on(self) -> date:
        """The first day of fieldwork."""
        return date.fromordinal(self.cells["begun_on"])

    @property
    def published_on(self) -> date | None:
        """The day it was published, if any source gives it."""
        day = self.cells.get("published_on")
        return date.fromordinal(day) if day else None

    @property
    def published_otherwise(self) -> list[tuple[date, str]]:
        """The other days of publication that sources give, each with what gives it; none twice."""
        days: dict[int, str] = {}
        for source in self.told:
            for name, by in (
                ("published_on", source.cells.get("published_by") or source.source),
                ("published_in_name", "the file’s name"),
            ):
                day = source.cells.get(name)
                if day and day != self.cells.get("published_on"):
                    days.setdefault(day, by)
        return [(date.fromordinal(day), by) for day, by in sorted(days.items())]

    @property
    def inspectors(self) -> list[str]:
        """Who inspected, where the report names them without a lead."""
        return self.cells["inspectors"].split("; ") if self.cells.get("inspectors") else []

    @property
    def title(self) -> str:
        """Its title: kind and month."""
        return f"{str(self.cells['kind']).capitalize()}, {self.begun_on:%B %Y}"

    @property
    def unread(self) -> list[str]:
        """What could not be read in its report and nobody has completed."""
        return self.cells["unread"].split("; ") if self.cells.get("unread") else []

    def passages(self) -> list[Passage]:
        """Its weaknesses as passages, for comparison with other inspections."""
        return [
            Passage(
                f"{self.authority}/{self.id}/{one.cells['number']}",
                self.authority,
                self.title,
                self.cells["begun_on"],
                one.cells["says"],
                one.cells.get("page"),
            )
            for one in self.weaknesses
        ]


def inspections(
    authority: str, found: Iterable[Told], judged: Iterable[Told], weak: Iterable[Told]
) -> list[Inspection]:
    """Every inspection of an authority, earliest first, from the rows of all sources."""
    by_id = _grouped(found, "id")
    grades, items = _grouped(judged, "inspection"), _grouped(weak, "inspection")
    made = []
    for name, told in by_id.items():
        judgements = _judgements(_standing(grades.get(name, []), told))
        cells = _cells(told, [one.area for one in judgements])
        made.append(
            Inspection(authority, name, cells, tuple(told), judgements, _items(items.get(name, []), told))
        )
    return sorted(made, key=lambda one: (one.cells["begun_on"], one.id))


def _grouped(rows: Iterable[Told], name: str) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {}
    for row in rows:
        found.setdefault(row.cells[name], []).append(row)
    return {key: sorted(told, key=lambda one: one.rank) for key, told in found.items()}


def _cells(told: Sequence[Told], areas: Sequence[str]) -> dict[str, Any]:
    """Each cell from the first source that has it. A more exact kind from an official table wins."""
    cells: dict[str, Any] = {}
    for source in told:
        for name, value in source.cells.items():
            if cells.get(name) is None:
                cells[name] = value
    exact = [one.cells["kind"] for one in told if one.cells["kind"] != "full inspection"]
    if told and told[0].source == BY_HAND:
        cells["unread"] = told[0].cells.get("unread")
    if "overall effectiveness" in areas:
        cells["without_overall"] = None
    return {**cells, "kind": exact[0] if exact else cells["kind"]}


def _standing(grades: Sequence[Told], told: Sequence[Told]) -> list[Told]:
    """The grades that still stand: not those that a source's latest reading, or a person's of the report, leaves out."""
    graded = {
        one.source: (one.cells.get("graded") or "").split("; ")
        for one in reversed(told)
        if one.cells.get("listed") is not None
    }
    by_hand = graded.get(BY_HAND)
    return [
        one
        for one in grades
        if one.cells["area"] in graded.get(one.source, [one.cells["area"]])
        and (by_hand is None or one.rank[0] != _REPORT or one.cells["area"] in by_hand)
    ]


def _judgements(told: Sequence[Told]) -> tuple[Judgement, ...]:
    by_area: dict[str, list[Told]] = {}
    for grade in told:
        by_area.setdefault(grade.cells["area"], []).append(grade)
    order = list(code_set("judgement_area"))
    made = [
        Judgement(area, many[0].cells["grade"], many[0], tuple(many[1:])) for area, many in by_area.items()
    ]
    return tuple(sorted(made, key=lambda one: order.index(one.area) if one.area in order else len(order)))


def _items(items: Sequence[Told], told: Sequence[Told]) -> tuple[Told, ...]:
    """What must improve, from the first source that states a whole list.

    A source's later reading may be shorter than an earlier one, so only as many rows count as it lists. Readings from
    before lists had a length are merged number by number.
    """
    first: dict[int, Told] = {}
    for source in told:
        listed = source.cells.get("listed")
        for item in items:
            if item.source == source.source and (listed is None or item.cells["number"] <= listed):
                first.setdefault(item.cells["number"], item)
        if listed is not None and (source.source == BY_HAND or not _list_unread(source)):
            break
    return tuple(first[number] for number in sorted(first))


def _list_unread(told: Told) -> bool:
    return _UNREAD in (told.cells.get("unread") or "").split("; ")


def succession(authority: str) -> list[tuple[str, str]]:
    """The authorities that this one replaced, by code and name. No judgement passes from them to it."""
    held = authorities().get(authority)
    return [
        (code, authorities()[code].name) for code in (held.follows if held else ()) if code in authorities()
    ]
