"""Deliveries and their findings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import polars as pl

from lineofsight.record import frames
from lineofsight.record.block import unpack
from lineofsight.record.tables.finding import FINDING
from lineofsight.service.models import Block, Link
from lineofsight.service.store import chain, picture
from lineofsight.vocabulary.moments import FOREVER, moment_of, written
from lineofsight.vocabulary.refusal import Refused

_ACKNOWLEDGED = (chain.RECEIVED, chain.READ)
_COUNTS = ("received", "accepted", "unchanged", "quarantined", "withdrawn")


def deliveries(authority: str | None = None) -> list[dict[str, Any]]:
    """Every delivery in the order it was acknowledged; one not read yet is waiting and counts nothing."""
    found = Link.objects.filter(kind__in=_ACKNOWLEDGED).order_by("number")
    if authority:
        found = found.filter(authority=authority)
    latest = {link.delivery: link for link in found}
    return [delivery_of(link) for link in latest.values()]


def delivery_of(link: Link) -> dict[str, Any]:
    """A delivery as every answer gives it, from any link of it."""
    if link.kind not in _ACKNOWLEDGED:
        link = _read(link.delivery)
    says = chain.body_of(link)
    counts = says.get("counts", {})
    return {
        "id": link.delivery,
        "source": link.source,
        "authority": link.authority,
        "received_at": says["received_at"],
        "witnessed_at": written(moment_of(link.witnessed_at)),
        "sha256": says["sha256"],
        **{name: counts.get(name, 0) for name in _COUNTS},
        "waiting": link.kind == chain.RECEIVED,
    }


def details(delivery: str) -> dict[str, Any]:
    """A delivery with what its pages say beside its counts: files, by whom, how often it was heard."""
    link = _read(delivery)
    says = chain.body_of(link)
    heard = Link.objects.filter(kind=chain.RECEIVED_AGAIN, delivery=delivery).count()
    by = author_of(delivery)
    return {**delivery_of(link), "name": says["name"], "by": by, "backfilled": says["backfilled"],
            "read_by": says.get("read_by", says["by"] if says["by"] != by else ""),
            "files": [file for file in says["kept"] if file["name"]], "link": link.number, "hash": link.hash,
            "heard_again": heard, "format": says["format"]}  # fmt: skip


def author_of(delivery: str) -> str:
    """Who delivered it, whichever process read it afterwards: the name under which it was first acknowledged."""
    first = Link.objects.filter(delivery=delivery, kind__in=_ACKNOWLEDGED).order_by("number").first()
    return str(chain.body_of(first)["by"]) if first else ""


def authority_of(delivery: str) -> str:
    """Whose delivery it is; refuses where there is none of that id."""
    return _read(delivery).authority


READ, TO_READ, FOR_A_WORD, REFUSED = (
    "read",
    "waiting to be read",
    "waiting for a person’s word",
    "nothing could be taken",
)
STATES = (READ, TO_READ, FOR_A_WORD, REFUSED)
"""What may have become of a delivery."""


def listed(authority: str) -> list[dict[str, Any]]:
    """Every delivery of an authority, newest first, with what became of it and who delivered it."""
    found = Link.objects.filter(kind__in=_ACKNOWLEDGED, authority=authority).order_by("number")
    links = list(found)
    latest = {link.delivery: link for link in links}
    authors = {link.delivery: str(chain.body_of(link)["by"]) for link in reversed(links)}
    held = set(chain.links(chain.AWAITING_CONFIRMATION, authority).values_list("delivery", flat=True))
    return [_listed(link, held, authors[link.delivery]) for link in reversed(latest.values())]


def _listed(link: Link, held: set[str], by: str) -> dict[str, Any]:
    says = chain.body_of(link)
    counts = says.get("counts", {})
    state = READ
    if link.kind == chain.RECEIVED:
        state = FOR_A_WORD if link.delivery in held else TO_READ
    elif counts.get("refusals") and not counts.get("accepted") and not counts.get("unchanged"):
        state = REFUSED
    return {**delivery_of(link), "state": state, "by": by, "name": says["name"], "backfilled": says["backfilled"],
            "findings": counts.get("findings", 0), "refusals": counts.get("refusals", 0)}  # fmt: skip


def whole(authority: str, delivery: str) -> dict[str, Any]:
    """One delivery of an authority with everything its page says; refuses one of another authority."""
    link = _read(delivery)
    if link.authority != authority:
        raise Refused("There is no delivery of that id.")
    held = chain.links(chain.AWAITING_CONFIRMATION, authority).filter(delivery=delivery).last()
    says = chain.body_of(link)
    would = chain.body_of(held).get("withdraws", {}) if held else {}
    return {**details(delivery), **_listed(link, {delivery} if held else set(), author_of(delivery)), "would_withdraw": would,
            "confirmed_by": says.get("withdrawals_confirmed_by"), "confirmed_why": says.get("withdrawals_confirmed_why", ""), "tables": says.get("tables", []),
            "before_it": _waiting_before(link) if link.kind == chain.RECEIVED and not held else 0}  # fmt: skip


def _waiting_before(link: Link) -> int:
    """How many deliveries of the same source were acknowledged before one and are not read yet."""
    done = Link.objects.filter(kind__in=(chain.READ, chain.AWAITING_CONFIRMATION)).values("delivery")
    earlier = chain.links(chain.RECEIVED, link.authority, link.source).exclude(delivery__in=done)
    return earlier.filter(number__lt=link.number).count()


def rows_held(authority: str, source: str, tables: Iterable[str]) -> dict[str, int]:
    """How many rows of each table a source has stated and not withdrawn."""
    found = {}
    for table in tables:
        rows = picture.history(authority, table)
        found[table] = rows.filter(
            (pl.col(frames.SOURCE) == source) & (pl.col(frames.WITNESSED_TO) == FOREVER)
        ).height
    return found


def _read(delivery: str) -> Link:
    found = Link.objects.filter(delivery=delivery, kind__in=_ACKNOWLEDGED).order_by("-number").first()
    if found is None:
        raise Refused("There is no delivery of that id; `lineofsight deliveries` lists them.")
    return found


def is_held_back(delivery: str) -> bool:
    """Whether a delivery waits for a named person to confirm what it would withdraw (counting rule 6)."""
    return (
        _read(delivery).kind == chain.RECEIVED
        and chain.links(chain.AWAITING_CONFIRMATION).filter(delivery=delivery).exists()
    )


def latest_known(authority: str | None, *, witnessed: bool) -> datetime | None:
    """The latest moment at which anything became known: what an answer rests on where no moment is asked."""
    return chain.latest_known(authority, witnessed=witnessed)


def findings(delivery: str) -> list[dict[str, Any]]:
    """What the checks had to say of a delivery, in the order of its rows; of one held back, why.

    Where findings were erased, a note says how many: the counts of a delivery stay, and would else
    tell of quarantined rows that nothing accounts for.
    """
    link = _read(delivery)
    if link.kind == chain.RECEIVED:
        link = chain.links(chain.AWAITING_CONFIRMATION).filter(delivery=delivery).last() or link
    one = Block.objects.filter(link=link, table=FINDING.name).first()
    if one is None:
        return []
    frame = pl.DataFrame(pl.from_arrow(unpack(bytes(one.body)))).select(FINDING.names)
    return [*frame.drop("number").to_dicts(), *_erased(link)]


def _erased(link: Link) -> list[dict[str, Any]]:
    """One note for all findings of a link that were erased; empty where none was."""
    says = (chain.body_of(one) for one in chain.links(chain.ERASED, link.authority))
    blocks = [block for one in says for block in one["erased"]]
    mine = [one for one in blocks if one["link"] == link.number and one["table"] == FINDING.name]
    if not (count := sum(len(one["leaves"]) for one in mine)):
        return []
    said = f"Erased, with what it was about: {count} {'finding' if count == 1 else 'findings'}."
    nothing = dict.fromkeys(FINDING.names) | {"code": "E01", "severity": "note", "file": ""}
    del nothing["number"]
    return [nothing | {"says": said, "do": "Nothing; the chain says when, by whom and on which ground."}]
