"""What answers about children are worked out from, read once for each state of the record."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from lineofsight.allocation.knowledge import Heard, Knowledge, day_of
from lineofsight.allocation.owners import SourceSaid, Workers, WorkerVersion
from lineofsight.engines.local import Polars, lazy
from lineofsight.intake.settings import CASE_FORMATS
from lineofsight.record import frames
from lineofsight.record.tables import CASE_TABLES
from lineofsight.service.models import Link
from lineofsight.service.store import chain, picture
from lineofsight.vocabulary.moments import FOREVER, london_day, microseconds, moment_of, read_moment, written

NEEDED = ("episode", "involvement", "assessment", "need_plan", "protection_plan", "care_episode", "need_visit",
          "protection_visit", "care_visit")  # fmt: skip
"""The tables that figures are worked out from."""


@dataclass(frozen=True)
class Delivered:
    """One delivery as answers name it."""

    source: str
    delivery: str
    received_at: str
    sha256: str
    moment: int
    number: int
    last_position: int

    def as_json(self) -> dict[str, str]:
        """As `sources` of an answer give it."""
        return {"source": self.source, "delivery": self.delivery, "received_at": self.received_at,
                "sha256": self.sha256}  # fmt: skip


@dataclass(frozen=True)
class Held:
    """An authority's knowledge and the deliveries it came by."""

    knowledge: Knowledge
    deliveries: tuple[Delivered, ...]

    def position(self, moment: int) -> int:
        """The last position of the ledger known by a moment; 0 where nothing was."""
        return max((one.last_position for one in self.deliveries if one.moment <= moment), default=0)

    def sources(self, moment: int) -> list[dict[str, str]]:
        """The latest delivery of each source of case records known by a moment (counting rule 18)."""
        latest = {
            one.source: one for one in self.deliveries if one.moment <= moment and self._tells(one.source)
        }
        return [latest[name].as_json() for name in sorted(latest)]

    def _tells(self, source: str) -> bool:
        return any(said.source == source for said in self.knowledge.said)

    def latest(self) -> int | None:
        """The latest moment at which a source of case records was heard."""
        return max((one.moment for one in self.knowledge.heard), default=None)


def held(authority: str, *, witnessed: bool) -> Held:
    """What is held of an authority, resting on attested or witnessed moments."""
    return _held(authority, witnessed, chain.state())


@lru_cache(maxsize=8)
def _held(authority: str, witnessed: bool, _head: str) -> Held:
    said = _sources(authority)
    names = {one.source for one in said}
    tables = {name: lazy(picture.history(authority, name)) for name in NEEDED}
    heard = tuple(one for one in _heard(authority, witnessed=witnessed) if one.source in names)
    knowledge = Knowledge(tables, _workers(authority, witnessed=witnessed), said, heard, Polars(), witnessed)
    return Held(knowledge, tuple(_delivered(authority, witnessed=witnessed)))


def _sources(authority: str) -> tuple[SourceSaid, ...]:
    """The settings of every source of case records, as they stand now: they are read by day, not by moment."""
    rows = picture.history(authority, "source")
    present = rows.filter(pl.col(frames.WITNESSED_TO) == FOREVER).sort(frames.POSITION)
    return tuple(
        SourceSaid.of(row["name"], row["valid_from"], json.loads(row["settings"]))
        for row in present.iter_rows(named=True)
        if row["format"] in CASE_FORMATS
    )


def _workers(authority: str, *, witnessed: bool) -> Workers:
    known_from, known_to = _moments(witnessed=witnessed)
    rows = picture.history(authority, "worker").sort(frames.POSITION)
    found: dict[tuple[str, str], list[WorkerVersion]] = defaultdict(list)
    for row in rows.iter_rows(named=True):
        begun, ended = row[known_from], row[known_to]
        if begun < ended:
            version = WorkerVersion(begun, ended, day_of(begun), day_of(ended), row)
            found[row[frames.SOURCE], row["worker"]].append(version)
    return Workers(found)


def _moments(*, witnessed: bool) -> tuple[str, str]:
    if witnessed:
        return frames.WITNESSED_FROM, frames.WITNESSED_TO
    return frames.ATTESTED_FROM, frames.ATTESTED_TO


def _heard(authority: str, *, witnessed: bool) -> Iterator[Heard]:
    """Every hearing: of a delivery read, and of one whose bytes came again."""
    brought: dict[str, frozenset[str]] = {}
    found = Link.objects.filter(authority=authority, kind__in=(chain.READ, chain.RECEIVED_AGAIN)).order_by(
        "number"
    )
    for link in found.iterator():
        says = chain.body_of(link)
        if link.kind == chain.READ:
            brought[link.delivery] = frozenset(says.get("tables", says["blocks"]))
        moment = link.witnessed_at if witnessed else microseconds(read_moment(says["received_at"]))
        day = london_day(read_moment(says["received_at"])).toordinal()
        yield Heard(link.source, moment, link.number, brought.get(link.delivery, frozenset()), day)


def _delivered(authority: str, *, witnessed: bool) -> Iterator[Delivered]:
    for link in chain.links(chain.READ, authority).iterator():
        says = chain.body_of(link)
        received = microseconds(read_moment(says["received_at"]))
        yield Delivered(
            link.source, link.delivery, says["received_at"], says["sha256"],
            link.witnessed_at if witnessed else received, link.number,
            int(says["first_position"]) + int(says["entries"]) - 1,
        )  # fmt: skip


def child_rows(
    authority: str, child: str, moment: int, *, witnessed: bool
) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table that name a child, known by a moment, each with the delivery that said so.

    Involvements that name only a referral of the child's are the child's too (counting rule 10).
    """
    found = {}
    for table in CASE_TABLES:
        if table.child:
            rows = picture.history(authority, table.name)
            own = rows.filter(pl.any_horizontal(pl.col(name) == child for name in table.child))
            if table.name == "involvement":
                own = pl.concat([own, rows.join(_referrals(authority, child), on=[frames.SOURCE, "referral"], how="semi")
                                 .filter(pl.col("child").is_null())])  # fmt: skip
            begun, ended = _moments(witnessed=witnessed)
            known = own.filter((pl.col(begun) <= moment) & (pl.col(ended) > moment)).sort(frames.POSITION)
            if known.height:
                found[table.name] = known.to_dicts()
    return found


def moments_of_change(authority: str, child: str, *, witnessed: bool) -> list[int]:
    """The moments at which what is said of a child's episodes and involvements changed, in order."""
    found: set[int] = set()
    for name in ("episode", "involvement"):
        rows = picture.history(authority, name)
        own = rows.filter(pl.col("child") == child)
        if name == "involvement":
            own = pl.concat([own, rows.filter(pl.col("child").is_null()).join(
                _referrals(authority, child), on=[frames.SOURCE, "referral"], how="semi")])  # fmt: skip
        for moment in _moments(witnessed=witnessed):
            found |= set(own[moment].to_list())
    return sorted(found - {FOREVER})


def _referrals(authority: str, child: str) -> pl.DataFrame:
    episodes = picture.history(authority, "episode")
    return episodes.filter(pl.col("child") == child).select(frames.SOURCE, "referral").unique()


def ever_known(authority: str, child: str) -> bool:
    """Whether any row ever named the child."""
    names = ((table.name, name) for table in CASE_TABLES for name in table.child)
    return any((picture.history(authority, table)[name] == child).any() for table, name in names)


def moment_written(moment: int) -> str:
    """A moment as answers write it."""
    return written(moment_of(moment))
