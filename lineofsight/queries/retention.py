"""What the rules on how long files and rows are kept answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class FilesReleased:
    """What one release deleted, or would delete, of an authority: under which policy, of which deliveries.

    `link` is the release's number in the chain; None where nothing was deleted because only asked what would be.
    `policy_from` is None for the default policy, which nobody set.
    """

    authority: str
    policy_days: int
    policy_from: date | None
    policy_set_by: str
    deliveries: list[str]
    files: int
    link: int | None


@dataclass(frozen=True)
class FilesAnswer:
    """What `release-files` did: `dry_run` tells that nothing was deleted."""

    dry_run: bool
    released: list[FilesReleased]
