"""A delivery's findings for one person: children named in them are logged as seen, and kept from those who may see none."""

from __future__ import annotations

import re
from dataclasses import replace

from django.db import transaction

from lineofsight.queries import deliveries
from lineofsight.queries.children import children_in
from lineofsight.queries.deliveries import Finding
from lineofsight.queries.quality import Issue
from lineofsight.queries.record import Record
from lineofsight.service.access.records import record_with
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import Viewer, closed_to, log_access, log_access_by


def rows_of(
    viewer: Viewer, record: Record, delivery: str, issue: Issue | None, first: int, count: int
) -> tuple[list[Finding], int]:
    """One page of a delivery's findings, and how many there are; children named in them are logged as seen.

    Whoever may see no child is given no keys, for they hold children's numbers.
    """
    found = [each for each in deliveries.findings(record, delivery) if issue is None or issue.holds(each)]
    page = found[first : first + count]
    if not viewer.may(Permission.CHILDREN):
        return [replace(finding, key=None) for finding in page], len(found)
    with transaction.atomic():
        named = [set(children_in(record, finding.key)) for finding in page]
        closed = closed_to(viewer)
        log_access(viewer, sorted(set().union(*named) - closed), "page: findings")
        shown = [
            replace(finding, key=None) if closed & children else finding
            for finding, children in zip(page, named, strict=True)
        ]
    return shown, len(found)


def count_of(record: Record, delivery: str) -> int:
    """How many findings there are of a delivery."""
    return len(deliveries.findings(record, delivery))


def findings_for(delivery: str, *, by: str) -> list[Finding]:
    """A delivery's findings for somebody at the command line; children named in them are logged as seen."""
    record = record_with(delivery)
    with transaction.atomic():
        found = deliveries.findings(record, delivery)
        named = {child for finding in found for child in children_in(record, finding.key)}
        log_access_by(by, record.authority, sorted(named), "findings")
    return found


_WORDS = (re.compile(r"\w(?:\S*\w)?"), re.compile(r"[\w-]+"), re.compile(r"\w+"))
"""A number with whatever marks it may hold itself, and each part of it: writing puts any mark beside a number."""


def names_a_child(record: Record, text: str) -> bool:
    """Whether words that somebody wrote hold the number of a child whom any row names."""
    words = {*text.split(), *(each for pattern in _WORDS for each in pattern.findall(text))}
    return any(children_in(record, word) for word in words)
