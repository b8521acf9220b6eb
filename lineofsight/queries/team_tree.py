"""Which team belongs to which on a day, as known by a moment.

A file of teams (`team_parent`) is dated, and counts for the teams it names. For any other team the case system's list
(`team.parent`) counts, as it was known by the moment. Of two statements about a team the later one counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lineofsight.queries.record import Record, cached_by_state, rows_known
from lineofsight.record.tables import TABLES
from lineofsight.record.tables.workers import TEAM, TEAM_PARENT
from lineofsight.vocabulary.trees import below, in_circles


@dataclass(frozen=True)
class TeamTree:
    """Each team with the team or service above it; a team at the top is not among them."""

    parents: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]
    """What teams and services are called, where a source says so."""

    def below(self, tops: Iterable[str]) -> frozenset[str]:
        """These teams and every team below them. A team in a circle is below nothing."""
        return below(dict(self.parents), tops)

    @property
    def in_circles(self) -> frozenset[str]:
        """The teams that are, by their parents, above themselves."""
        return in_circles(dict(self.parents))

    def lines(self) -> list[tuple[int, str]]:
        """Every team and service with how deep it stands, each below what it belongs to; those in circles are left out."""
        circled = self.in_circles
        below: dict[str, list[str]] = {}
        for team, parent in self.parents:
            if team not in circled:
                below.setdefault(parent, []).append(team)
        placed = {team for team, _ in self.parents}
        waiting = [(0, top) for top in sorted(set(below) - placed | (set(below) & circled), reverse=True)]
        found = []
        while waiting:
            depth, name = waiting.pop()
            found.append((depth, name))
            waiting += [(depth + 1, team) for team in sorted(below.get(name, []), reverse=True)]
        return found


def team_tree(record: Record, day: date, moment: int, *, witnessed: bool = False) -> TeamTree:
    """The tree on a day, known by a moment (microseconds)."""
    if TEAM_PARENT.name not in TABLES:
        return TeamTree((), ())
    moment = min(moment, record.newest_moment(TEAM.name, TEAM_PARENT.name))
    return _team_tree(record, day.toordinal(), moment, witnessed)


@cached_by_state(16)
def _team_tree(record: Record, day: int, moment: int, witnessed: bool) -> TeamTree:
    parents: dict[str, str | None] = {}
    names: dict[str, str] = {}
    for row in rows_known(record, TEAM.name, moment, witnessed=witnessed):
        parents[row["team"]] = row["parent"]
        names |= {row["team"]: row["name"]} if row["name"] else {}
        if row["parent"] and row["parent_name"]:
            names.setdefault(row["parent"], row["parent_name"])
    stated = rows_known(record, TEAM_PARENT.name, moment, witnessed=witnessed)
    in_file = dict.fromkeys(row["team"] for row in stated)
    holding = [
        row
        for row in stated
        if (row["begun_on"] or 1) <= day and (row["ended_on"] is None or day < row["ended_on"])
    ]
    in_file |= {row["team"]: row["parent"] for row in sorted(holding, key=lambda row: row["begun_on"] or 1)}
    parents |= in_file
    known = sorted((team, parent) for team, parent in parents.items() if parent)
    return TeamTree(tuple(known), tuple(sorted(names.items())))
