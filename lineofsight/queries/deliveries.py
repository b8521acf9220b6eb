"""What was delivered and what became of it, and what the checks found in each delivery."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from lineofsight.queries.as_json import Moment
from lineofsight.queries.changes import FigureChange, read_change
from lineofsight.queries.record import (
    AWAITING_CONFIRMATION,
    ERASED,
    READ,
    RECEIVED,
    RECEIVED_AGAIN,
    RELEASED,
    SET_ASIDE,
    ChainLink,
    Record,
    author_of,
    cached_by_state,
)
from lineofsight.record import frames
from lineofsight.record.tables.finding import FINDING
from lineofsight.vocabulary.moments import FOREVER, moment_of, read_moment
from lineofsight.vocabulary.refusal import Refused

IS_READ, TO_READ, TO_CONFIRM, NOTHING_TAKEN, IS_SET_ASIDE = (
    "read",
    "waiting to be read",
    "needs your confirmation",
    "nothing could be taken",
    "set aside",
)
STATES = (IS_READ, TO_READ, TO_CONFIRM, NOTHING_TAKEN, IS_SET_ASIDE)
"""What may have become of a delivery."""

_ACKNOWLEDGED = (RECEIVED, READ, SET_ASIDE)
_COUNTS = ("received", "accepted", "unchanged", "quarantined", "withdrawn")


@dataclass(frozen=True)
class WouldChange:
    """Why a delivery waits for a named person: the rows it would withdraw by table, and the figure before and after.

    `figure` is None where only its withdrawals are too many.
    """

    withdraws: dict[str, int]
    figure: FigureChange | None


@dataclass(frozen=True)
class SignedBy:
    """Which signed file of a service a delivery is part of: its number, the fingerprint of the key, and the office that
    made it, as the file says."""

    file: int
    key: str
    made_by: str
    made_at: Moment


@dataclass(frozen=True)
class Delivery:
    """A delivery and how its rows were counted; one not read yet is waiting and counts nothing.

    `set_aside`: it will not be read, because a person said so or because reading it failed; it does not count
    as received (counting rule 4). `would_change` is given while it waits for a named person (rule 6).
    """

    id: str
    source: str
    authority: str
    received_at: Moment
    witnessed_at: Moment
    sha256: str
    received: int
    accepted: int
    unchanged: int
    quarantined: int
    withdrawn: int
    waiting: bool
    set_aside: bool
    would_change: WouldChange | None
    signed_by: SignedBy | None


@dataclass(frozen=True)
class Loaded(Delivery):
    """What became of a delivery that was loaded; `heard_before`: the same bytes had been loaded already."""

    heard_before: bool


@dataclass(frozen=True)
class Finding:
    """One thing the checks found in a delivery: where, what, and what to do about it."""

    code: str
    severity: Literal["refused", "warning", "note"]
    file: str
    row: int | None
    table: str | None
    key: str | None
    column: str | None
    says: str
    do: str


@dataclass(frozen=True)
class Failure:
    """One thing that does not hold: the delivery it belongs to, the part of it, and why."""

    delivery: str
    part: str
    why: str


@dataclass(frozen=True)
class Verification:
    """Whether the record holds, its newest and first hashes, and what failed."""

    holds: bool
    head: str | None
    first: str | None
    failures: list[Failure]


@dataclass(frozen=True)
class DeliveryRow:
    """A delivery as a list of them shows it: with what became of it and who delivered it."""

    delivery: Delivery
    state: str
    by: str
    name: str
    backfilled: bool
    findings: int
    refusals: int


@dataclass(frozen=True)
class SetAside:
    """Who set a delivery aside, when and why; `why` is empty where reading it failed: its finding says why."""

    by: str
    at: datetime
    why: str


@dataclass(frozen=True)
class FilesGone:
    """That files of a delivery are no longer stored, since which moment and why.

    `policy_days` is given where the policy had passed by which they are kept; None where an erasure took them.
    """

    at: datetime
    policy_days: int | None
    policy_from: date | None


@dataclass(frozen=True)
class DeliveryDetails:
    """Everything the page of one delivery says. `asked_for`: why it waited for a named person, if it ever did."""

    row: DeliveryRow
    read_by: str
    files: list[dict[str, Any]]
    link: int
    hash: str
    received_again: int
    format: str
    asked_for: WouldChange | None
    confirmed_by: str | None
    confirmed_why: str
    tables: list[str]
    before_it: int
    """How many deliveries of the same source came before it and are not read yet."""
    set_aside: SetAside | None
    files_gone: FilesGone | None


def delivery_from(record: Record, link: ChainLink) -> Delivery:
    """A delivery as every answer gives it, from a link that acknowledges it."""
    waits = _awaiting(record).get(link.delivery) if link.kind == RECEIVED else None
    counts = link.says.get("counts", {})
    return Delivery(
        id=link.delivery,
        source=link.source,
        authority=record.authority,
        received_at=read_moment(link.says["received_at"]),
        witnessed_at=moment_of(link.witnessed_at),
        sha256=link.says["sha256"],
        **{name: counts.get(name, 0) for name in _COUNTS},
        waiting=link.kind == RECEIVED,
        set_aside=link.kind == SET_ASIDE,
        would_change=_would_change(waits),
        signed_by=_signed_by(link),
    )


def _signed_by(link: ChainLink) -> SignedBy | None:
    signed = link.says.get("signed")
    if signed is None:
        return None
    return SignedBy(signed["file"], signed["key"], signed["made_by"], read_moment(signed["made_at"]))


def _would_change(held: ChainLink | None) -> WouldChange | None:
    if held is None:
        return None
    return WouldChange(held.says.get("withdraws", {}), read_change(held.says.get("changes")))


def deliveries(records: Iterable[Record]) -> list[Delivery]:
    """Every delivery of these records in the order in which it was acknowledged."""
    first: dict[str, int] = {}
    found: dict[str, Delivery] = {}
    for record in records:
        for link in _acknowledged(record):
            first.setdefault(link.delivery, link.number)
            found[link.delivery] = delivery_from(record, link)
    return [found[id] for id in sorted(found, key=lambda id: first[id])]


def _acknowledged(record: Record) -> list[ChainLink]:
    return [link for link in record.links() if link.kind in _ACKNOWLEDGED]


@cached_by_state(64)
def _latest(record: Record) -> dict[str, ChainLink]:
    """The link that says what became of each delivery."""
    return {link.delivery: link for link in _acknowledged(record)}


def latest_link(record: Record, delivery: str) -> ChainLink:
    """The link that says what became of a delivery; refuses where the authority has no such delivery."""
    found = _latest(record).get(delivery)
    if found is None:
        raise Refused("There is no delivery of that id.", command="`lineofsight deliveries` lists them.")
    return found


def listed(record: Record) -> list[DeliveryRow]:
    """Every delivery of an authority, newest first."""
    return [_row(record, link) for link in reversed(_latest(record).values())]


@cached_by_state(64)
def _awaiting(record: Record) -> dict[str, ChainLink]:
    """The latest link of each delivery that was ever held back for confirmation."""
    return {link.delivery: link for link in record.links() if link.kind == AWAITING_CONFIRMATION}


def _row(record: Record, link: ChainLink) -> DeliveryRow:
    counts = link.says.get("counts", {})
    state = IS_READ
    if link.kind == RECEIVED:
        state = TO_CONFIRM if link.delivery in _awaiting(record) else TO_READ
    elif link.kind == SET_ASIDE:
        state = IS_SET_ASIDE
    elif counts.get("refusals") and not counts.get("accepted") and not counts.get("unchanged"):
        state = NOTHING_TAKEN
    return DeliveryRow(
        delivery=delivery_from(record, link),
        state=state,
        by=author_of(record, link.delivery),
        name=link.says["name"],
        backfilled=link.says["backfilled"],
        findings=counts.get("findings", 0),
        refusals=counts.get("refusals", 0),
    )


def details(record: Record, delivery: str) -> DeliveryDetails:
    """One delivery with everything its page says; refuses where the authority has no such delivery."""
    link = latest_link(record, delivery)
    says = link.says
    held = _awaiting(record).get(delivery)
    by = author_of(record, delivery)
    return DeliveryDetails(
        row=_row(record, link),
        read_by=says.get("read_by", says["by"] if says["by"] != by else ""),
        files=[file for file in says["kept"] if file["name"]],
        link=link.number,
        hash=link.hash,
        received_again=sum(
            1 for each in record.links() if each.kind == RECEIVED_AGAIN and each.delivery == delivery
        ),
        format=says["format"],
        asked_for=_would_change(held),
        # The longer names stand in links written when only withdrawals were confirmed.
        confirmed_by=says.get("confirmed_by") or says.get("withdrawals_confirmed_by"),
        confirmed_why=says.get("confirmed_why") or says.get("withdrawals_confirmed_why", ""),
        tables=says.get("tables", []),
        before_it=_waiting_before(record, link) if link.kind == RECEIVED and not held else 0,
        set_aside=_set_aside(link),
        files_gone=_files_gone(record, delivery),
    )


def _files_gone(record: Record, delivery: str) -> FilesGone | None:
    """Why files that a delivery brought are not stored any more; None where all of them are."""
    gone: dict[str, ChainLink] = {}
    own: set[str] = set()
    for link in record.links():
        brought = {file["sha256"] for file in link.says.get("kept", [])}
        if link.delivery == delivery:
            own |= brought
        for sha256 in brought:
            gone.pop(sha256, None)
        if link.kind in (ERASED, RELEASED):
            gone |= dict.fromkeys(link.says["released"], link)
    links = [gone[sha256] for sha256 in own if sha256 in gone]
    if not links:
        return None
    link = max(links, key=lambda one: one.number)
    policy = link.says.get("policy")
    from_day = date.fromisoformat(policy["from"]) if policy and policy["from"] else None
    return FilesGone(moment_of(link.witnessed_at), policy["days"] if policy else None, from_day)


def _set_aside(link: ChainLink) -> SetAside | None:
    if link.kind != SET_ASIDE:
        return None
    by = str(link.says.get("read_by", link.says["by"]))
    return SetAside(by, moment_of(link.witnessed_at), link.says.get("why", ""))


def _waiting_before(record: Record, link: ChainLink) -> int:
    kinds = (READ, AWAITING_CONFIRMATION, SET_ASIDE)
    done = {each.delivery for each in record.links() if each.kind in kinds}
    earlier = {
        each.delivery
        for each in record.links()
        if each.kind == RECEIVED and each.source == link.source and each.number < link.number
    }
    return len(earlier - done)


def rows_held(record: Record, source: str, tables: Iterable[str]) -> dict[str, int]:
    """How many rows of each table a source has stated and not withdrawn."""
    found = {}
    for table in tables:
        rows = record.engine.rows(record.history(table).select(frames.SOURCE, frames.WITNESSED_TO))
        own = (row for row in rows if row[frames.SOURCE] == source and row[frames.WITNESSED_TO] == FOREVER)
        found[table] = sum(1 for _ in own)
    return found


def why_held_back(record: Record, delivery: str) -> list[str]:
    """Why a delivery waits for a named person, a sentence a reason; none where it does not wait for one (rule 6)."""
    if latest_link(record, delivery).kind != RECEIVED or delivery not in _awaiting(record):
        return []
    return [finding.says for finding in findings(record, delivery)]


# -- findings ---------------------------------------------------------------------------------------


def findings(record: Record, delivery: str) -> list[Finding]:
    """What the checks found in a delivery, in the order of its rows; of one held back, why it is.

    Where findings were erased a note says how many: the counts of a delivery stay, and would otherwise
    include quarantined rows that nothing accounts for.
    """
    link = latest_link(record, delivery)
    if link.kind == RECEIVED:
        link = _awaiting(record).get(delivery, link)
    rows = record.brought(link.number, FINDING.name)
    names = Finding.__dataclass_fields__
    found = [Finding(**{name: row[name] for name in names}) for row in rows]
    return [*found, *_erased(record, link)]


def _erased(record: Record, link: ChainLink) -> list[Finding]:
    """One note for all findings of a link that were erased; none where none was."""
    blocks = [block for each in record.links() if each.kind == ERASED for block in each.says["erased"]]
    mine = [block for block in blocks if block["link"] == link.number and block["table"] == FINDING.name]
    count = sum(len(block["leaves"]) for block in mine)
    if not count:
        return []
    says = f"Erased, with what it was about: {count} {'finding' if count == 1 else 'findings'}."
    do = "Nothing; the chain says when, by whom and on which ground."
    return [Finding("E01", "note", "", None, None, None, None, says, do)]
