"""What the chain states of signed files: which a service made, which a home loaded, and whose keys it trusts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lineofsight.intake.signed_file import PublicFile, fingerprint
from lineofsight.service.models import Link
from lineofsight.service.store import chain, clock
from lineofsight.vocabulary.identifiers import SourceName
from lineofsight.vocabulary.refusal import Refused

FILES = SourceName("files-of-a-service")
"""The source under which a home notes each signed file, once everything in it is loaded."""


# -- in the service ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """A signed file that this service made: its number, the hash of its manifest, the link it went up to, and when it was
    stated, in microseconds."""

    number: int
    sha256: str
    position: int
    made_at: int
    says: dict[str, Any]


def made(authority: str) -> list[Made]:
    """The files made of an authority, in order."""
    found = []
    for link in chain.links(chain.MADE_PUBLIC, authority):
        says = chain.body_of(link)
        found.append(Made(says["file"], says["manifest"], says["position"], link.witnessed_at, says))
    return found


def note_made(says: PublicFile, sha256: str, counts: dict[str, int], *, by: str) -> Link:
    """State in the chain that a file was made, by whom, and what it holds. Called inside `chain.writing()`."""
    body = {
        "file": says.number,
        "manifest": says.sha256,
        "previous_file": says.previous,
        "whole": says.whole,
        "position": says.position,
        "key": fingerprint(says.key),
        "made_by": says.made_by,
        "sha256": sha256,
        "counts": counts,
    }
    return chain.append(chain.NewLink(chain.MADE_PUBLIC, says.authority, "", "", body), by=by, at=clock.now())


# -- in a public home -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trust:
    """A key whose files of one authority are loaded, from a day and until a day (inclusive; None: no end)."""

    key: str
    from_day: date
    until: date | None
    by: str

    def holds(self, day: date) -> bool:
        """Whether the key is trusted on a day."""
        return self.from_day <= day and (self.until is None or day <= self.until)


def trust(authority: str, key: str, from_day: date, until: date | None, *, by: str) -> Link:
    """Trust a key for an authority; what was said of the same key before no longer counts. Raises Refused."""
    if not by.strip():
        raise Refused("Say who trusts it.", command="Add --by NAME.")
    if until is not None and until < from_day:
        raise Refused("The last day is before the first.")
    says = {"key": key, "from": from_day.isoformat(), "until": until.isoformat() if until else ""}
    with chain.writing():
        new = chain.NewLink(chain.TRUSTED, authority, "", "", says)
        return chain.append(new, by=by.strip()[:200], at=clock.now())


def trusted(authority: str) -> list[Trust]:
    """The keys of an authority's service, as last stated."""
    found: dict[str, Trust] = {}
    for link in chain.links(chain.TRUSTED, authority):
        says = chain.body_of(link)
        until = date.fromisoformat(says["until"]) if says["until"] else None
        found[says["key"]] = Trust(says["key"], date.fromisoformat(says["from"]), until, says["by"])
    return list(found.values())


def loaded(authority: str) -> list[dict[str, Any]]:
    """What the chain states of each signed file that was loaded whole, in order."""
    return [chain.body_of(link)["signed"] for link in chain.links(chain.READ, authority, FILES)]


def signed_links(authority: str) -> dict[int, str]:
    """The links that brought rows of signed files, with the source of each."""
    return {
        link.number: link.source
        for link in chain.links(chain.READ, authority)
        if "signed" in chain.body_of(link)
    }


def check_is_own(authority: str, source: str) -> None:
    """Raise Refused where signed files bring this source: nobody else may deliver under its name."""
    if source == FILES or source in signed_links(authority).values():
        raise Refused(
            f"The source {source!r} comes in the signed files of the service. Load your own statements under another "
            "source.",
            command="Give another --source.",
        )
