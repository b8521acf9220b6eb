"""What every query reads: one authority's record in one state, and the view an answer is given from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal, Protocol, TypeVar, cast

from lineofsight.allocation.history import Engine
from lineofsight.record import frames
from lineofsight.vocabulary.moments import london_day, microseconds, moment_of, read_moment, written

RECEIVED = "received"
READ = "read"
RECEIVED_AGAIN = "heard"
"""The same bytes came again and add nothing; the database has held this word from the beginning."""
AWAITING_CONFIRMATION = "held"
"""Held back until a named person confirms what it would withdraw (counting rule 6)."""
SET_ASIDE = "set aside"
"""Not read, because a person said so or because reading it failed; it does not count as received."""
ERASED = "erased"
RELEASED = "released"
"""Files were deleted because the policy by which they are kept had passed."""
RETENTION = "retention"
"""Somebody set how long something is kept, or held it."""


@dataclass(frozen=True)
class View:
    """What an answer depends on. `day` None asks of no day; `witnessed` counts only what this system had received.

    `public` leaves out an authority's own work (its plan, its questions and readiness checks), which is
    for those with a role there. Pages that anybody may open are always public, unless the viewer has such a role.
    `topics` leaves only what has a statement about one of these topics: for people appointed to them.
    """

    day: date | None
    known_by: datetime
    witnessed: bool = False
    public: bool = False
    topics: tuple[str, ...] = ()

    @property
    def moment(self) -> int:
        """The moment in microseconds."""
        return microseconds(self.known_by)

    @property
    def rests_on(self) -> RestsOn:
        """Which moments the answer rests on, as its JSON says it."""
        return rests_on(self.witnessed)

    @property
    def known_day(self) -> date:
        """The London day of the moment."""
        return london_day(self.known_by)

    @property
    def as_at(self) -> date:
        """The day an answer is as at: the day asked for, else the London day of the moment."""
        return self.day or self.known_day


RestsOn = Literal["attested", "witnessed"]


def rests_on(witnessed: bool) -> RestsOn:
    """Which moments an answer rests on: those sources attest, or those at which this system received them."""
    return "witnessed" if witnessed else "attested"


@dataclass(frozen=True)
class ChainLink:
    """One link of an authority's chain: its place, its kind, the delivery it belongs to and what it says."""

    number: int
    kind: str
    source: str
    delivery: str
    witnessed_at: int
    hash: str
    says: Mapping[str, Any]

    @property
    def received_at(self) -> int:
        """When the delivery is said to have been received, in microseconds."""
        return microseconds(read_moment(self.says["received_at"]))

    @property
    def last_position(self) -> int:
        """The position of the last entry that a delivery that was read brought."""
        return int(self.says["first_position"]) + int(self.says["entries"]) - 1

    def moment(self, *, witnessed: bool) -> int:
        """When the delivery became known, in microseconds, as attested or as witnessed."""
        return self.witnessed_at if witnessed else self.received_at


class Record(Protocol):
    """One authority's record as it stands in one state.

    Two records of one authority in the same state are equal, so what was worked out for one holds for the
    other: `cached_by_state` rests on that.
    """

    @property
    def authority(self) -> str:
        """The authority's code."""

    @property
    def state(self) -> str:
        """Names everything the record holds of this authority: it changes with every delivery and erasure."""

    @property
    def engine(self) -> Engine:
        """What opens and collects frames."""

    def of(self, authority: str) -> Record:
        """Another authority's record, as it stands at the same moment."""

    def authorities(self, table: str) -> list[str]:
        """The authorities of which a table holds anything, in order."""

    def history(self, table: str) -> frames.Frame:
        """Every version ever stated of a table's rows, with its spans and the link that brought it."""

    def newest_moment(self, *tables: str) -> int:
        """The last moment, in microseconds, at which anything of these tables became known; 0 where nothing did."""

    def links(self) -> tuple[ChainLink, ...]:
        """The authority's links, in the order of the chain."""

    def brought(self, link: int, table: str) -> list[dict[str, Any]]:
        """The rows that one link brought to a table, in their order; none where they were erased."""


Answer = TypeVar("Answer", bound=Callable[..., Any])


def cached_by_state(most: int) -> Callable[[Answer], Answer]:
    """Keeps a function's latest answers. Its first argument is a record, so a new state is worked out anew."""

    def keep(function: Answer) -> Answer:
        return cast(Answer, lru_cache(maxsize=most)(cast(Callable[..., Hashable], function)))

    return keep


def rows_known(record: Record, table: str, moment: int, *, witnessed: bool = False) -> list[dict[str, Any]]:
    """The versions of a table's rows known by a moment (microseconds), in the order they were stated."""
    found = record.engine.rows(frames.known(record.history(table), moment, witnessed=witnessed))
    return sorted(found, key=lambda row: row[frames.POSITION])


def position(record: Record, moment: int, *, witnessed: bool) -> int:
    """The last position of the authority's entries known by a moment; 0 where none is."""
    known = (
        link.last_position
        for link in reversed(record.links())
        if link.kind == READ and link.moment(witnessed=witnessed) <= moment
    )
    return next(known, 0)


def delivery_of(record: Record, number: int) -> str:
    """The delivery a link belongs to, by the link's number; "" where the authority has no such link."""
    link = link_numbered(record, number)
    return link.delivery if link else ""


def link_numbered(record: Record, number: int) -> ChainLink | None:
    """A link by its number."""
    return _by_number(record).get(number)


@cached_by_state(64)
def _by_number(record: Record) -> dict[int, ChainLink]:
    return {link.number: link for link in record.links()}


def author_of(record: Record, delivery: str) -> str:
    """Who gave a delivery, whichever process read it afterwards; "" where it is not known."""
    return _authors(record).get(delivery, "")


@cached_by_state(64)
def _authors(record: Record) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in record.links():
        if link.kind in (RECEIVED, READ):
            found.setdefault(link.delivery, str(link.says["by"]))
    return found


def moment_written(moment: int) -> str:
    """A moment in microseconds as answers write it."""
    return written(moment_of(moment))


def day_of_ordinal(ordinal: int | None) -> date | None:
    """A day from its ordinal; None where there is none."""
    return date.fromordinal(ordinal) if ordinal else None


def latest_known(records: Iterable[Record], *, witnessed: bool) -> datetime | None:
    """The latest moment at which anything of these records became known; None where nothing did."""
    moments = (
        link.moment(witnessed=witnessed) for record in records for link in record.links() if link.kind == READ
    )
    latest = max(moments, default=None)
    return None if latest is None else moment_of(latest)
