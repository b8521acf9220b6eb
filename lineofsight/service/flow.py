"""START HERE: how a delivery becomes part of the record. Receive → read → compare → append → catch up.

Reading happens with nothing locked; one short transaction appends. Killed at any moment, this
leaves all of a delivery or none of it, and nothing that was acknowledged is lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from lineofsight.intake.compare import Compared, compare
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import REFUSED, numbered
from lineofsight.intake.formats import source as source_format
from lineofsight.intake.formats import statements
from lineofsight.intake.links import links_to_nothing
from lineofsight.intake.settings import SourceSettings, plain_statements, read_settings
from lineofsight.intake.unpacking import opened, read_path
from lineofsight.record import block, frames
from lineofsight.record.arrow import ATTESTED, OPERATION, entry_schema
from lineofsight.record.entry import Operation
from lineofsight.record.tables import TABLES
from lineofsight.service import kept, ledger, picture
from lineofsight.service.models import Lease, Link
from lineofsight.vocabulary.identifiers import AuthorityCode, DeliveryId, SourceName
from lineofsight.vocabulary.moments import FOREVER, microseconds, written
from lineofsight.vocabulary.refusal import Refused

READERS: dict[str, Callable[[Sequence[NamedBytes], Context], Reading]] = {
    "statements": statements.read,
    "source": source_format.read,
}
"""The intake formats by name."""

DESCRIBED = SourceName("described-by-hand")
"""The source under which settings of sources are themselves delivered."""

_LEASE_US = 300 * 1_000_000
_TRIES = 8


@dataclass(frozen=True)
class Received:
    """A delivery at the door: whose it is, its files, their hash, and the moments and names that go with it."""

    authority: AuthorityCode
    source: SourceName
    format: str
    name: str
    files: Sequence[NamedBytes]
    sha256: str
    received_at: datetime
    backfilled: bool
    by: str

    @property
    def id(self) -> DeliveryId:
        """The delivery's own id: the same bytes of the same source at the same moment are the same delivery."""
        named = "|".join((self.authority, self.source, self.sha256, written(self.received_at)))
        return DeliveryId(hashlib.sha256(named.encode()).hexdigest()[:16])

    def says(self) -> dict[str, Any]:
        """What the chain says of it from the moment it is acknowledged."""
        files = [{"name": file.name, "sha256": file.sha256} for file in self.files]
        manifest = [{"name": "", "sha256": self.sha256}] if len(self.files) > 1 else []
        return {
            "format": self.format,
            "name": self.name,
            "sha256": self.sha256,
            "kept": manifest + files,
            "received_at": written(self.received_at),
            "backfilled": self.backfilled,
        }


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery: its link, and whether it had been heard before."""

    link: Link
    heard_before: bool = False


def load(
    files: Sequence[NamedBytes], name: str, authority: AuthorityCode, source: SourceName,
    *, received_at: datetime | None, by: str,
) -> Outcome:  # fmt: skip
    """Receive and read a delivery in one go; refuses what cannot be one. Nothing is left of a refused one."""
    received = _at_the_door(files, name, authority, source, received_at, by)
    return _heard_before(received) or _read_and_append(received, by)


def receive(
    files: Sequence[NamedBytes], name: str, authority: AuthorityCode, source: SourceName,
    *, received_at: datetime | None, by: str,
) -> Outcome:  # fmt: skip
    """Receive a delivery and acknowledge it; a reader (`work`) reads it later."""
    received = _at_the_door(files, name, authority, source, received_at, by)
    if already := _heard_before(received):
        return already
    kept.keep(received.files)
    with ledger.writing():
        if same := _same_delivery(received):
            return _heard_again(received, same)
        return Outcome(ledger.append(_new(ledger.RECEIVED, received, received.says()), by=by, at=ledger.now()))


def read_path_once(path: Path) -> tuple[list[NamedBytes], str]:
    """The files of a path, and the name it is delivered under."""
    return read_path(path), path.name


def _at_the_door(
    files: Sequence[NamedBytes], name: str, authority: AuthorityCode, source: SourceName,
    received_at: datetime | None, by: str,
) -> Received:  # fmt: skip
    now = ledger.now()
    if received_at is not None and received_at > now:
        raise Refused("The moment of receipt is in the future; give the moment it was received, or leave it out.")
    settings = settings_of(authority, source)
    sha256 = files[0].sha256 if len(files) == 1 else hashlib.sha256(kept.manifest_of(files)).hexdigest()
    return Received(
        authority, source, settings.format, name, files, sha256, received_at or now, received_at is not None, by
    )


def settings_of(authority: AuthorityCode, source: SourceName) -> SourceSettings:
    """What is known of a source; one nobody has described is taken to deliver statements."""
    if source == DESCRIBED:
        return SourceSettings(source, authority, "source", "partial", None, "{}")
    rows = picture.history(authority, "source")
    said = rows.filter((pl.col("name") == source) & (pl.col(frames.WITNESSED_TO) == FOREVER)).sort(frames.POSITION)
    if not said.height:
        return plain_statements(authority, source)
    return source_format.settings_from(said.to_dicts()[-1], authority)


# -- heard before -------------------------------------------------------------------------------


def _heard_before(received: Received) -> Outcome | None:
    """A hearing recorded, where these bytes add nothing (counting rule 5), after checking the moment (rule 4)."""
    with ledger.writing():
        same = _same_delivery(received)
        if same is not None:
            return _heard_again(received, same) if _is_read(same) else None
    _check_moment(received)
    return None


def _same_delivery(received: Received) -> Link | None:
    """The delivery that already brought these bytes: the source's latest, or one of the very same moment."""
    waiting_or_read = Link.objects.filter(kind__in=(ledger.RECEIVED, ledger.READ), delivery=received.id).first()
    if waiting_or_read is not None:
        return waiting_or_read
    latest = ledger.links(ledger.READ, received.authority, received.source).last()
    return latest if latest and ledger.body_of(latest)["sha256"] == received.sha256 else None


def _is_read(link: Link) -> bool:
    return Link.objects.filter(kind=ledger.READ, delivery=link.delivery).exists()


def _heard_again(received: Received, same: Link) -> Outcome:
    says = {"sha256": received.sha256, "repeats": same.delivery, "received_at": written(received.received_at)}
    new = ledger.NewLink(ledger.HEARD, received.authority, received.source, same.delivery, says)
    ledger.append(new, by=received.by, at=ledger.now())
    return Outcome(same, heard_before=True)


def _check_moment(received: Received) -> None:
    latest = ledger.links(ledger.READ, received.authority, received.source).last()
    if latest and received.received_at < ledger.received_at(latest):
        raise Refused(
            f"This source was last received at {written(ledger.received_at(latest))}; "
            "an earlier delivery cannot be put before it. Give a later --received-at, or another source."
        )


# -- reading and appending ----------------------------------------------------------------------


def _read_and_append(received: Received, by: str) -> Outcome:
    context = Context(received.received_at)
    reading = READERS[received.format](opened(received.files), context)
    kept.keep(received.files)
    for _ in range(_TRIES):
        seen = _newest_of(received)
        appending = _appending(received, reading, context)
        with ledger.writing():
            if _newest_of(received) == seen:
                return Outcome(ledger.append(appending, by=by, at=ledger.now()))
            same = _same_delivery(received)
            if same is not None and _is_read(same):
                return _heard_again(received, same)
            _check_moment(received)
    raise Refused("This source is being loaded by others again and again; try once they have finished.")


def _newest_of(received: Received) -> int:
    """The newest link of the source: what a comparison rests on, and so what must not have moved under it."""
    found = Link.objects.filter(authority=received.authority, source__in=(received.source, ""))
    last = found.exclude(kind=ledger.HEARD).exclude(kind=ledger.RECEIVED).order_by("-number").first()
    return last.number if last else 0


def _new(kind: str, received: Received, says: dict[str, Any], blocks: dict[str, block.Block] | None = None) -> ledger.NewLink:
    return ledger.NewLink(kind, received.authority, received.source, received.id, says, blocks or {})


def _appending(received: Received, reading: Reading, context: Context) -> ledger.NewLink:
    settings = settings_of(received.authority, received.source)
    compared = {name: _compared(received, reading, name, context, settings) for name in reading.rows}
    findings = numbered([*reading.findings, *(f for one in compared.values() for f in one.findings),
                         *_lost_links(received, reading)])  # fmt: skip
    entries = {name: one.entries for name, one in compared.items()} | {"finding": _finding_entries(findings, context)}
    packed = {name: block.pack(TABLES[name], frame.to_arrow().cast(entry_schema(TABLES[name])))
              for name, frame in sorted(entries.items()) if frame.height}  # fmt: skip
    return _new(ledger.READ, received, {**received.says(), "counts": _counts(reading, compared, findings)}, packed)


def _lost_links(received: Received, reading: Reading) -> list[pl.DataFrame]:
    if "statement" not in reading.rows:
        return []
    history = picture.history(received.authority, "statement")
    return links_to_nothing(received.source, reading.rows["statement"], history)


def _compared(
    received: Received, reading: Reading, name: str, context: Context, settings: SourceSettings
) -> Compared:
    history = picture.history(received.authority, name).filter(pl.col(frames.SOURCE) == received.source)
    return compare(TABLES[name], reading, history, context, withdraws=settings.withdraws)


def _finding_entries(findings: pl.DataFrame, context: Context) -> pl.DataFrame:
    return findings.with_columns(
        pl.lit(Operation.STATED.value).alias(OPERATION), pl.lit(context.received_us, pl.Int64).alias(ATTESTED)
    ).select(entry_schema(TABLES["finding"]).names)


def _counts(reading: Reading, compared: dict[str, Compared], findings: pl.DataFrame) -> dict[str, int]:
    """received = accepted + unchanged + quarantined, or this fault of ours stops the delivery (rule 8)."""
    counts = {
        "received": reading.received,
        "accepted": sum(one.accepted for one in compared.values()),
        "unchanged": sum(one.unchanged for one in compared.values()),
        "quarantined": reading.quarantined + sum(one.quarantined for one in compared.values()),
        "withdrawn": sum(one.withdrawn for one in compared.values()),
        "findings": findings.height,
        "refusals": findings.filter(pl.col("severity") == REFUSED).height,
    }
    if counts["received"] != counts["accepted"] + counts["unchanged"] + counts["quarantined"]:
        raise ArithmeticError(f"{counts} do not add up; nothing was appended")
    return counts


# -- waiting deliveries -------------------------------------------------------------------------


def waiting() -> Iterator[Link]:
    """Deliveries acknowledged and not yet read, oldest first."""
    read = Link.objects.filter(kind=ledger.READ).values("delivery")
    yield from ledger.links(ledger.RECEIVED).exclude(delivery__in=read)


def read_waiting(link: Link, by: str) -> Outcome | None:
    """Read one waiting delivery; None where another reader has it or has read it.

    A delivery that cannot be read at all is read as one finding, so that it does not wait for ever.
    """
    if not _leased(link.delivery):
        return None
    received = _received_again(link)
    try:
        return _read_and_append(received, by)
    except Refused as refused:
        return _append_refusal(received, str(refused), by)
    finally:
        Lease.objects.filter(delivery=link.delivery).delete()


def _leased(delivery: str) -> bool:
    now = microseconds(ledger.now())
    with ledger.writing():
        if Link.objects.filter(kind=ledger.READ, delivery=delivery).exists():
            return False
        if Lease.objects.filter(delivery=delivery, until__gt=now).exists():
            return False
        Lease.objects.update_or_create(delivery=delivery, defaults={"until": now + _LEASE_US})
    return True


def _received_again(link: Link) -> Received:
    says = ledger.body_of(link)
    files = [kept.read(file["name"], file["sha256"]) for file in says["kept"] if file["name"]]
    return Received(
        AuthorityCode(link.authority), SourceName(link.source), says["format"], says["name"], files, says["sha256"],
        ledger.received_at(link), says["backfilled"], says["by"],
    )  # fmt: skip


def _append_refusal(received: Received, why: str, by: str) -> Outcome | None:
    context = Context(received.received_at)
    reading = source_format.refusal(received.name, why)
    findings = _finding_entries(numbered(reading.findings), context)
    packed = {"finding": block.pack(TABLES["finding"], findings.to_arrow().cast(entry_schema(TABLES["finding"])))}
    says = {**received.says(), "counts": _counts(reading, {}, numbered(reading.findings))}
    with ledger.writing():
        if Link.objects.filter(kind=ledger.READ, delivery=received.id).exists():
            return None
        return Outcome(ledger.append(_new(ledger.READ, received, says, packed), by=by, at=ledger.now()))


# -- sources and statements by hand ---------------------------------------------------------------


def set_source(content: bytes, *, by: str) -> SourceSettings:
    """Keep what a source is, as an entry like all else; gives the settings as understood."""
    settings = read_settings(content)
    load([NamedBytes("source.toml", content)], "source.toml", settings.authority, DESCRIBED, received_at=None, by=by)
    return settings




def is_latest(files: Sequence[NamedBytes], authority: AuthorityCode, source: SourceName) -> bool:
    """Whether these bytes are what the source delivered last."""
    latest = ledger.links(ledger.READ, authority, source).last()
    sha256 = files[0].sha256 if len(files) == 1 else hashlib.sha256(kept.manifest_of(files)).hexdigest()
    return latest is not None and ledger.body_of(latest)["sha256"] == sha256


def refusals(files: Sequence[NamedBytes], authority: AuthorityCode, source: SourceName) -> list[dict[str, Any]]:
    """What would refuse rows of these files, were they delivered now: for a form, which then delivers nothing."""
    context = Context(ledger.now())
    reading = READERS[settings_of(authority, source).format](opened(files), context)
    return numbered(reading.findings).filter(pl.col("severity") == REFUSED).to_dicts()
