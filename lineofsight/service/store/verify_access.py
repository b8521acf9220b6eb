"""Verify the access chain, and check the access log and every sealed row against it.

Names each entry or row that was changed, taken out or put in. It cannot see an access chain that was
rewritten whole, together with its anchor. The chain of deliveries names its heads, so whoever noted an old
head of that chain can.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connection

from lineofsight.record.seal import FIRST_PREVIOUS, SEAL_BYTES, link_hash, link_text
from lineofsight.service.models import AccessLink, AccessLogEntry
from lineofsight.service.models.absent import rows_of
from lineofsight.service.store import anchor, sealing

CHAIN = "access chain"
Fails = Callable[[str, str], None]
"""Notes that a part does not hold, and why."""

_LINK = ("number", "at", "kind", "subject", "key", "body", "previous", "hash")
_LOOK = ("number", "at", "by", "authority", "child", "channel", "salt", "child_seal")
_ERASED = re.compile(r"erasure ([1-9][0-9]{0,17})")


@dataclass
class _Chain:
    """What the access chain states."""

    hashes: dict[int, str] = field(default_factory=dict)
    looks: list[tuple[int, bytes, int]] = field(default_factory=list)
    """The first number of a range of looks, their digests joined, and the link that states them."""
    released: int = 0
    """Looks up to this number were released."""
    rows: dict[tuple[str, str], str | None] = field(default_factory=dict)
    """For each row its newest digest; None where it is gone."""
    unnamed: dict[tuple[str, str], int] = field(default_factory=dict)
    """Rows out of which an erasure took a child's number, with the erasure's link in the chain of deliveries."""


def check(fails: Fails, named: Mapping[int, tuple[int, str]], erasures: Mapping[int, str]) -> set[str]:
    """Check everything the access chain covers; gives the hashes of its links.

    `named`: for links of the chain of deliveries, by number, the head of the access chain each names.
    `erasures`: the erasures of the chain of deliveries with the authority of each.
    """
    chain = _Chain()
    try:
        _walk(chain, fails)
        _check_named(chain, named, fails)
        _check_anchor(chain, fails)
        _check_looks(chain, erasures, fails)
        _check_rows(chain, erasures, fails)
    except DatabaseError:
        fails(CHAIN, "the database did not give its rows")
    return set(chain.hashes.values())


# -- the chain itself -----------------------------------------------------------------------------


def _walk(chain: _Chain, fails: Fails) -> None:
    previous, last = FIRST_PREVIOUS, 0
    for row in AccessLink.objects.order_by("number").values_list(*_LINK).iterator(chunk_size=500):
        link = dict(zip(_LINK, row, strict=True))
        number = link["number"] if type(link["number"]) is int else last + 1
        if number != last + 1:
            fails(CHAIN, f"link {last + 1} is missing before link {number}")
        if link["previous"] != previous:
            why = f"link {number} does not follow the link before it: one of the two was changed or moved"
            fails(CHAIN, why)
        says = _says(link)
        if says is None:
            fails(CHAIN, f"link {number} was changed: its text and its hash do not agree")
        else:
            _gather(chain, number, link, says, fails)
        previous, last = link["hash"] if isinstance(link["hash"], str) else "", number
        chain.hashes[number] = previous


def _says(link: Mapping[str, Any]) -> dict[str, Any] | None:
    """A link's text, where it is whole: hashed as it says, and repeated by its columns."""
    body, previous = link["body"], link["previous"]
    if not isinstance(body, str) or not isinstance(previous, str):
        return None
    try:
        says = json.loads(body)
        if not isinstance(says, dict) or link_text(says) != body or link_hash(previous, body) != link["hash"]:
            return None
    except (ValueError, RecursionError):
        return None
    repeated = all(says.get(name) == link[name] for name in ("number", "kind", "subject", "key"))
    return says if repeated and isinstance(link["at"], int) else None


def _gather(
    chain: _Chain, number: int, link: Mapping[str, Any], says: Mapping[str, Any], fails: Fails
) -> None:
    kind, subject, key = link["kind"], link["subject"], link["key"]
    try:
        if kind == sealing.LOOKED:
            digests = base64.b64decode(says["digests"])
            chain.looks.append((int(key), digests, number))
        elif kind == sealing.RELEASED:
            chain.released = max(chain.released, int(key))
        elif kind == sealing.UNNAMED:
            for about, keys in says["rows"].items():
                chain.unnamed |= {(about, str(row_key)): int(key) for row_key in keys}
        elif kind == sealing.GONE:
            chain.rows[subject, key] = None
        else:
            chain.rows[subject, key] = str(says["digest"])
    except (ValueError, TypeError, KeyError, AttributeError):
        fails(CHAIN, f"link {number} cannot be read")


def _check_named(chain: _Chain, named: Mapping[int, tuple[int, str]], fails: Fails) -> None:
    """Links of the chain of deliveries name heads of this one: it was cut or rewritten where they are not there."""
    for at, (number, hash) in named.items():
        if chain.hashes.get(number) != hash:
            fails(CHAIN, f"it no longer has the head of link {number}, which link {at} of the record names")
            return


def _check_anchor(chain: _Chain, fails: Fails) -> None:
    try:
        noted_there = anchor.read(anchor.ACCESS_CHAIN)
    except OSError:
        fails(CHAIN, "its anchor cannot be read")
        return
    newest = max(chain.hashes, default=0)
    gone = [
        number
        for number, hash in noted_there.noted
        if chain.hashes.get(number) != hash and not _since(newest, number, hash)
    ]
    if gone:
        why = f"it no longer has the head of link {gone[0]} that its anchor notes: links were taken out or rewritten"
        fails(CHAIN, why)
    noted = {number for number, _ in noted_there.noted}
    noted |= {newest} if (newest, chain.hashes.get(newest, "")) in noted_there.meant else set()
    unnoted = sorted(chain.hashes.keys() - noted)
    if unnoted:
        why = f"its anchor does not note the head of link {unnoted[0]}: it was cut, or the link was put in beside it"
        fails(CHAIN, why)


def _since(newest: int, number: int, hash: str) -> bool:
    return number > newest and AccessLink.objects.filter(number=number, hash=hash).exists()


# -- the access log -------------------------------------------------------------------------------


def _check_looks(chain: _Chain, erasures: Mapping[int, str], fails: Fails) -> None:
    expected = _expected(chain)
    for row in rows_of(AccessLogEntry).order_by("number").values_list(*_LOOK).iterator(chunk_size=2000):
        look = dict(zip(_LOOK, row, strict=True))
        number = look["number"]
        digest = expected.pop(number, None) if type(number) is int else None
        if digest is None:
            if not _written_since(chain, number):
                fails(sealing.LOOKS, f"look {str(number)[:20]} was put in beside the log")
        elif _digest_of(look) != digest:
            fails(sealing.LOOKS, f"look {number} was changed")
        else:
            _check_erased(
                chain, erasures, sealing.LOOKS, str(number), look["child"], look["authority"], fails
            )
    for number in sorted(expected):
        fails(sealing.LOOKS, f"look {number} was taken out")


def _expected(chain: _Chain) -> dict[int, bytes]:
    expected: dict[int, bytes] = {}
    for first, digests, _ in chain.looks:
        for at in range(0, len(digests), SEAL_BYTES):
            number = first + at // SEAL_BYTES
            if number > chain.released:
                expected[number] = digests[at : at + SEAL_BYTES]
    return expected


def _written_since(chain: _Chain, number: Any) -> bool:
    """Whether a link appended while this reads states the look."""
    newest = max(chain.hashes, default=0)
    later = AccessLink.objects.filter(number__gt=newest, kind=sealing.LOOKED)
    return type(number) is int and any(int(link.key) <= number for link in later)


def _digest_of(look: Mapping[str, Any]) -> bytes | None:
    if type(look["at"]) is not int or any(not isinstance(look[name], str) for name in _LOOK[2:]):
        return None
    sealed = look["child_seal"] or sealing.child_seal(look["salt"], look["child"])
    return sealing.entry_digest(look["at"], look["by"], look["authority"], look["channel"], sealed)


def _check_erased(
    chain: _Chain,
    erasures: Mapping[int, str],
    subject: str,
    key: str,
    child: Any,
    authority: Any,
    fails: Fails,
) -> None:
    """A row holds no child's number only where an erasure of its authority took it out, and the chain states so."""
    erasure = chain.unnamed.get((subject, key))
    match = _ERASED.fullmatch(str(child))
    stands_for = int(match[1]) if match else None
    if erasure != stands_for or (stands_for is not None and erasures.get(stands_for) != authority):
        fails(subject, f"row {key} states an erasure that did not happen, or does not state one that did")


# -- every other sealed row -----------------------------------------------------------------------


def _check_rows(chain: _Chain, erasures: Mapping[int, str], fails: Fails) -> None:
    for table in sealing.SEALED:
        expected = {
            key: digest
            for (subject, key), digest in chain.rows.items()
            if subject == table.subject and digest
        }
        for number, row in _rows(table, fails):
            key = table.key(row)[:200]
            digest = expected.pop(key, None)
            if digest is None:
                fails(table.subject, f"{_named(table, key)} was put in beside the chain")
            elif _digest(row, table) != digest:
                fails(table.subject, f"{_named(table, key)} was changed")
            elif table.erasable:
                _check_erased(chain, erasures, table.subject, str(number), row.child, row.authority, fails)
        for key in sorted(expected):
            fails(table.subject, f"{_named(table, key)} was taken out")


def _rows(table: sealing.Sealed, fails: Fails) -> Iterator[tuple[Any, Any]]:
    """Each row with its number, read by itself, so that one whose cells cannot be read stops nothing."""
    name, key = table.model._meta.db_table, table.model._meta.pk
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{key.column}" FROM {name} ORDER BY 1')  # noqa: S608 - names of our own
        numbers = [cells[0] for cells in cursor.fetchall()]
    for number in numbers:
        try:
            row = table.model._default_manager.get(pk=number)
            table.key(row)
        except Exception:
            fails(table.subject, f"row {str(number)[:20]} cannot be read")
        else:
            yield number, row


def _digest(row: Any, table: sealing.Sealed) -> str | None:
    try:
        return sealing.digest(row, table)
    except Exception:
        return None


def _named(table: sealing.Sealed, key: str) -> str:
    return f"{key!r}" if table.subject in ("accounts", "second steps") else f"row {key}"
