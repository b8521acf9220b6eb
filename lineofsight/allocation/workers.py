"""Workers' rows, and what a workforce list states of a worker laid over those of the case system (counting rule 12).

What the case system states stands; the list says what it does not, above all the day on which a worker leaves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from lineofsight.allocation.owners import NEVER, WorkerVersion, plain
from lineofsight.vocabulary.moments import FOREVER, london_day, moment_of

STATED = ("left_on", "fte", "newly_qualified_until")
"""The cells that a workforce list states."""


@dataclass(frozen=True)
class Employment:
    """A worker's row as one workforce list stated it, and the moments (µs) between which it is current."""

    known_from: int
    known_to: int
    cells: Mapping[str, Any]


def with_employment(own: Sequence[WorkerVersion], stated: Sequence[Employment]) -> list[WorkerVersion]:
    """A worker's versions with the cells that the list states where the worker's own row is silent.

    A version is parted where the list changes. A change that comes after a row was withdrawn is a version that
    was withdrawn at once: it may state a leaving day and brings nobody back.
    """
    moments = sorted({moment for one in stated for moment in (one.known_from, one.known_to)} - {FOREVER})
    if not own:
        return list(_of_the_list_alone(stated, moments))
    found: list[WorkerVersion] = []
    for at, version in enumerate(own):
        follows = own[at + 1].known_from if at + 1 < len(own) else FOREVER
        within = [moment for moment in moments if version.known_from < moment < version.known_to]
        after = [moment for moment in moments if version.known_to <= moment < follows]
        cuts = [version.known_from, *within, version.known_to]
        for begun, ended in pairwise(cuts):
            is_first, is_last = begun == version.known_from, ended == version.known_to
            found.append(
                WorkerVersion(
                    begun,
                    ended,
                    version.stated_on if is_first else _day(begun),
                    version.until if is_last else _day(ended),
                    _over(version.cells, stated, begun),
                )
            )
        found += [
            replace(version, known_from=moment, known_to=moment, cells=_over(version.cells, stated, moment))
            for moment in after
        ]
    return found


def _of_the_list_alone(stated: Sequence[Employment], moments: Sequence[int]) -> Iterator[WorkerVersion]:
    """Versions of a worker whom no case system lists: one who is no longer on the list has not left by that."""
    for begun, ended in zip(moments, [*moments[1:], FOREVER], strict=True):
        until = NEVER if ended == FOREVER else _day(ended)
        yield WorkerVersion(begun, ended, _day(begun), until, _over({}, stated, begun))


def _over(cells: Mapping[str, Any], stated: Sequence[Employment], moment: int) -> Mapping[str, Any]:
    current = [one for one in stated if one.known_from <= moment < one.known_to]
    if not current:
        return cells
    told = {name: current[-1].cells.get(name) for name in STATED if cells.get(name) in (None, "")}
    return {**cells, **told}


def _day(moment: int) -> int:
    return london_day(moment_of(moment)).toordinal()


class Workers:
    """Every version of every worker's row, by source and worker number, with what workforce lists state.

    `stated`: what workforce lists of any source state, by the worker's number, staff number or name as `plain` writes it.
    """

    def __init__(
        self,
        versions: Mapping[tuple[str, str], Sequence[WorkerVersion]],
        stated: Mapping[str, Sequence[Employment]] | None = None,
    ) -> None:
        self._versions = versions
        self._stated = stated or {}
        self._with_employment: dict[tuple[str, str], Sequence[WorkerVersion]] = {}
        self._elsewhere: dict[str, tuple[str, str]] = {}
        for key in sorted(versions, reverse=True):
            self._elsewhere[key[1]] = key

    def of(self, source: str, worker: str) -> Sequence[WorkerVersion]:
        """A worker's versions from that source; if it has none, from another source."""
        own = self._versions.get((source, worker))
        if own is None:
            own = self._versions.get(self._elsewhere.get(worker, ("", "")), ())
        if not self._stated:
            return own
        key = source, worker
        if key not in self._with_employment:
            stated = self._stated_of(worker, own)
            self._with_employment[key] = with_employment(own, stated) if stated else own
        return self._with_employment[key]

    def _stated_of(self, worker: str, own: Sequence[WorkerVersion]) -> Sequence[Employment]:
        """What is stated of a worker: by number or, where that is not on the list, by staff number."""
        by_number = self._stated.get(plain(worker))
        if by_number is not None or not own:
            return by_number or ()
        staff_id = plain(own[-1].cells.get("staff_id"))
        return self._stated.get(staff_id, ()) if staff_id else ()

    def knows(self, worker: str) -> bool:
        """Whether any source ever delivered a row for that worker."""
        return worker in self._elsewhere
