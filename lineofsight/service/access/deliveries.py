"""Deliveries and their findings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from lineofsight.record.block import unpack
from lineofsight.record.tables.finding import FINDING
from lineofsight.service import ledger
from lineofsight.service.models import Block, Link
from lineofsight.vocabulary.moments import moment_of, written
from lineofsight.vocabulary.refusal import Refused

_ACKNOWLEDGED = (ledger.RECEIVED, ledger.READ)
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
    says = ledger.body_of(link)
    counts = says.get("counts", {})
    return {
        "id": link.delivery,
        "source": link.source,
        "authority": link.authority,
        "received_at": says["received_at"],
        "witnessed_at": written(moment_of(link.witnessed_at)),
        "sha256": says["sha256"],
        **{name: counts.get(name, 0) for name in _COUNTS},
        "waiting": link.kind == ledger.RECEIVED,
    }


def details(delivery: str) -> dict[str, Any]:
    """A delivery with what its pages say beside its counts: files, by whom, how often it was heard."""
    link = _read(delivery)
    says = ledger.body_of(link)
    heard = Link.objects.filter(kind=ledger.HEARD, delivery=delivery).count()
    return {**delivery_of(link), "name": says["name"], "by": says["by"], "backfilled": says["backfilled"],
            "files": [file for file in says["kept"] if file["name"]], "link": link.number, "hash": link.hash,
            "heard_again": heard, "format": says["format"]}  # fmt: skip


def _read(delivery: str) -> Link:
    found = Link.objects.filter(delivery=delivery, kind__in=_ACKNOWLEDGED).order_by("-number").first()
    if found is None:
        raise Refused("There is no delivery of that id; `lineofsight deliveries` lists them.")
    return found


def is_held_back(delivery: str) -> bool:
    """Whether a delivery waits for a named person to confirm what it would withdraw (counting rule 6)."""
    return (
        _read(delivery).kind == ledger.RECEIVED
        and ledger.links(ledger.HELD).filter(delivery=delivery).exists()
    )


def latest_known(authority: str | None, *, witnessed: bool) -> datetime | None:
    """The latest moment at which anything became known: what an answer rests on where no moment is asked."""
    return ledger.latest_known(authority, witnessed=witnessed)


def findings(delivery: str) -> list[dict[str, Any]]:
    """What the checks had to say of a delivery, in the order of its rows; of one held back, why.

    Where findings were erased, a note says how many: the counts of a delivery stay, and would else
    tell of quarantined rows that nothing accounts for.
    """
    link = _read(delivery)
    if link.kind == ledger.RECEIVED:
        link = ledger.links(ledger.HELD).filter(delivery=delivery).last() or link
    one = Block.objects.filter(link=link, table=FINDING.name).first()
    if one is None:
        return []
    frame = pl.DataFrame(pl.from_arrow(unpack(bytes(one.body)))).select(FINDING.names)
    return [*frame.drop("number").to_dicts(), *_erased(link)]


def _erased(link: Link) -> list[dict[str, Any]]:
    """One note for all findings of a link that were erased; empty where none was."""
    says = (ledger.body_of(one) for one in ledger.links(ledger.ERASED, link.authority))
    blocks = [block for one in says for block in one["erased"]]
    mine = [one for one in blocks if one["link"] == link.number and one["table"] == FINDING.name]
    if not (count := sum(len(one["leaves"]) for one in mine)):
        return []
    said = f"Erased, with what it was about: {count} {'finding' if count == 1 else 'findings'}."
    nothing = dict.fromkeys(FINDING.names) | {"code": "E01", "severity": "note", "file": ""}
    del nothing["number"]
    return [nothing | {"says": said, "do": "Nothing; the chain says when, by whom and on which ground."}]
