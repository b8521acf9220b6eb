"""The proof behind an evidence pack: what was sealed of its statements, and the chain from there to its head.

The texts of links are given only where they are public: deliveries that brought public statements or
inspections, and, of an authority without case records, how its sources are described and what was erased.
A text names who delivered, so none is given of a delivery by somebody who signs in here: what they state is
public under their office, not under their name. Of every other link only the hash is given, as the page of
the record's head gives it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from lineofsight.intake.formats import is_case_format, is_report_format
from lineofsight.queries.public_versions import Version, public_versions
from lineofsight.queries.record import Record
from lineofsight.queries.statements import TABLE
from lineofsight.record.block import sealed_rows
from lineofsight.record.seal import SEAL_BYTES
from lineofsight.service.models import Block, Link
from lineofsight.service.store import chain
from lineofsight.vocabulary.refusal import Refused

_INSPECTIONS = ("inspection_outcomes",)
_SETTINGS = "source"


@dataclass(frozen=True)
class SealedVersion:
    """What was sealed of one version of a statement: its salt and its cells, in the order of `SealedBlock.cells`."""

    reference: str
    leaf: int
    salt: str
    cells: tuple[Any, ...]


@dataclass(frozen=True)
class SealedBlock:
    """The statements of one link: the names of their cells, the seal of every row, and the rows that are given."""

    link: int
    cells: tuple[str, ...]
    seals: tuple[str, ...]
    rows: tuple[SealedVersion, ...]


@dataclass(frozen=True)
class ChainPart:
    """One link of the chain; `text` and `previous` are empty where its text is not public."""

    number: int
    hash: str
    previous: str
    text: str


@dataclass(frozen=True)
class Proof:
    """Blocks and the links from the first of them to the chain's head, in order."""

    blocks: tuple[SealedBlock, ...]
    links: tuple[ChainPart, ...]


def proof(record: Record, versions: Iterable[Version]) -> Proof:
    """The proof of these versions of public statements, read in one state of the chain."""
    wanted: dict[int, list[Version]] = {}
    for version in versions:
        wanted.setdefault(version.statement.link, []).append(version)
    with chain.reading():
        blocks = tuple(_block(link, several) for link, several in sorted(wanted.items()))
        if sum(len(block.rows) for block in blocks) != sum(map(len, wanted.values())):
            raise Refused("The record changed while its pack was made; make it again.")
        return Proof(blocks, _links(record, min(wanted, default=0)))


def _block(number: int, versions: list[Version]) -> SealedBlock:
    block = Block.objects.select_related("link").get(link_id=number, table=TABLE)
    says = chain.body_of(block.link)
    # The entries of a delivery are numbered through its tables, which follow each other by name.
    first = says["first_position"] + sum(
        each["rows"] for name, each in says["blocks"].items() if name < TABLE
    )
    by_leaf = {version.position - first: version.statement.reference for version in versions}
    names, rows = sealed_rows(bytes(block.body), by_leaf.keys())
    seals = bytes(block.seals)
    return SealedBlock(
        number,
        tuple(names),
        tuple(seals[at : at + SEAL_BYTES].hex() for at in range(0, len(seals), SEAL_BYTES)),
        tuple(SealedVersion(by_leaf[leaf], leaf, salt, tuple(cells)) for leaf, salt, cells in rows),
    )


@dataclass(frozen=True)
class _Public:
    """What of the chain is public: deliveries by their id, and the authorities that never delivered case records."""

    deliveries: set[str]
    with_cases: set[str]
    settings: set[int]
    """The links that describe a source."""
    people: set[str]
    """The names under which people sign in."""

    def gives(self, link: Link) -> bool:
        """Whether a link's text is public."""
        if chain.body_of(link).get("by") in self.people:
            return False
        if link.delivery in self.deliveries:
            return True
        is_plain = link.number in self.settings or link.kind == chain.ERASED
        return is_plain and link.authority not in self.with_cases


def _links(record: Record, first: int) -> tuple[ChainPart, ...]:
    public = _public(record)
    return tuple(
        ChainPart(link.number, link.hash, link.previous, link.body)
        if public.gives(link)
        else ChainPart(link.number, link.hash, "", "")
        for link in Link.objects.filter(number__gte=first).order_by("number").iterator()
    )


def _public(record: Record) -> _Public:
    with_statements = _links_of_public_statements(record)
    people = set(User.objects.values_list("username", flat=True))
    public = _Public(set(), set(), set(), people)
    for link in Link.objects.order_by("number").iterator():
        says = chain.body_of(link)
        name = says.get("format")
        if is_case_format(name):
            public.with_cases.add(link.authority)
        elif name == _SETTINGS:
            public.settings.add(link.number)
        is_inspection = name in _INSPECTIONS or is_report_format(name)
        own = is_inspection and TABLE not in says.get("blocks", {})
        if link.kind == chain.READ and (own or link.number in with_statements):
            public.deliveries.add(link.delivery)
    return public


def _links_of_public_statements(record: Record) -> set[int]:
    """The links that brought a public statement of any authority."""
    return {
        version.statement.link
        for authority in record.authorities(TABLE)
        for several in public_versions(record.of(authority)).values()
        for version in several
    }
