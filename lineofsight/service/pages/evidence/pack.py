"""The files of an evidence pack: pages, lists, seals, the script that checks them, and the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Any

from lineofsight.queries.evidence import Evidence, evidence
from lineofsight.queries.followed import PackQuery
from lineofsight.queries.record import Record
from lineofsight.service.access.evidence import Proof, proof
from lineofsight.service.access.profiles import profile_of
from lineofsight.service.pages.evidence.drawn import pages
from lineofsight.service.pages.evidence.lists import as_csv, as_json, json_bytes, lists
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.moments import written
from lineofsight.vocabulary.refusal import Refused

MANIFEST = "MANIFEST.sha256"


@dataclass(frozen=True)
class Pack:
    """A pack: its name, what it holds, and the content of each of its files by its name."""

    name: str
    evidence: Evidence
    files: dict[str, bytes]

    @property
    def fingerprint(self) -> str:
        """The hash of its manifest, which covers every other file."""
        return hashlib.sha256(self.files[MANIFEST]).hexdigest()


def pack_of(record: Record, query: PackQuery) -> Pack:
    """The pack of a period and topics; refuses where no public statement was known by its moment.

    The same question on the same record gives the same bytes: nothing in it depends on when or where it is made.
    """
    found = evidence(record, query)
    seals = proof(record, found.versions)
    profile = profile_of(record.authority)
    synthetic = bool(profile.synthetic)
    head = _head(found, synthetic=synthetic)
    files = pages(found, seals, profile)
    for each in lists(found, seals):
        files[f"{each.name}.csv"] = as_csv(each, synthetic=synthetic)
        files[f"{each.name}.json"] = as_json(head, each)
    files["seals.json"] = json_bytes({**head, **_seals(seals)})
    files["verify.py"] = (resources.files(__package__) / "verify.py").read_bytes()
    files[MANIFEST] = _manifest(files)
    days = f"{query.first.isoformat()}-to-{query.last.isoformat()}"
    name = f"{'synthetic-' if synthetic else ''}evidence-pack-{record.authority}-{days}"
    return Pack(name, found, files)


def check_topics(topics: Iterable[str]) -> tuple[str, ...]:
    """Topics as a pack is asked for them, in order; refuses one that no statement can have."""
    known = code_set("topic")
    wanted = sorted(set(topics), key=lambda topic: list(known).index(topic) if topic in known else -1)
    for topic in wanted:
        if topic not in known:
            raise Refused(f"{topic[:40]!r} is not a topic; the topics are {', '.join(known)}.")
    return tuple(wanted)


def _head(found: Evidence, *, synthetic: bool) -> dict[str, Any]:
    query = found.query
    head = {
        "authority": found.authority,
        "from": query.first.isoformat(),
        "to": query.last.isoformat(),
        "topics": list(query.topics),
        "known_by": written(found.moment),
        "rests_on": "attested",
    }
    return {**head, "synthetic": True} if synthetic else head


def _seals(seals: Proof) -> dict[str, Any]:
    head = seals.links[-1]
    return {
        "head": {"number": head.number, "hash": head.hash},
        "links": [
            {"number": link.number, "hash": link.hash}
            | ({"previous": link.previous, "text": link.text} if link.text else {})
            for link in seals.links
        ],
        "blocks": [
            {
                "link": block.link,
                "cells": block.cells,
                "seals": block.seals,
                "statements": [
                    {"reference": row.reference, "leaf": row.leaf, "salt": row.salt, "cells": row.cells}
                    for row in block.rows
                ],
            }
            for block in seals.blocks
        ],
    }


def _manifest(files: dict[str, bytes]) -> bytes:
    """The hash of each file, as `sha256sum -c` reads them."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return "".join(lines).encode()
