"""Loading a service's signed file into a public home: the signature first, then each source like any delivery.

Killed at any moment, the same file loaded again goes on with what is missing: the delivery of the file itself is noted
last, and a source that it has brought is not loaded twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.service_file import ROWS, kinds_of
from lineofsight.intake.signed_file import PRESENT, Opened, fingerprint, mark, opened
from lineofsight.queries.statements import OWN_WORK
from lineofsight.record import frames
from lineofsight.service.receive import recipe
from lineofsight.service.receive.delivery import Outcome
from lineofsight.service.store import chain, clock, crossings, erasure, picture
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName, authority_code, source_name
from lineofsight.vocabulary.moments import london_day, written
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class LoadedFile:
    """What became of a signed file: the deliveries it made, one a source, and how many statements were erased."""

    number: int
    authority: AuthorityCode
    key: str
    outcomes: tuple[Outcome, ...]
    erased: int
    already_loaded: bool = False


def load_signed(file: NamedBytes, *, by: str, authority: AuthorityCode | None = None) -> LoadedFile:
    """Load a signed file. Raises Refused, and adds nothing, where it is not to be trusted or not the next one."""
    if settings.MODE == "service":
        raise Refused(
            "This is a service: it makes signed files and loads none. Load it in the public record's home."
        )
    if not by.strip():
        raise Refused("Say who loads it.", command="Add --by NAME.")
    found = opened(file)
    code = authority_code(found.says.authority)
    if authority is not None and authority != code:
        raise Refused(f"This file is of authority {code}, not {authority}, so nothing was loaded.")
    _check_trusted(found, code)
    key = fingerprint(found.says.key)
    if _is_loaded(found, code):
        return LoadedFile(found.says.number, code, key, (), 0, already_loaded=True)
    _check_addresses(found, code)
    _check_rows(found)
    outcomes = [
        recipe.load(
            [*found.proof, NamedBytes(ROWS, found.rows(source)), *found.reports(source)],
            file.name, code, source_name(source), received_at=None, by=by, confirmed=True, signed=_signed(found),
        )
        for source in found.sources if not _is_brought(found, code, source)
    ]  # fmt: skip
    erased = _erase(found, code, by)
    noted = [*found.proof, NamedBytes(PRESENT, found.parts[PRESENT])]
    recipe.load(
        noted,
        file.name,
        code,
        crossings.FILES,
        received_at=None,
        by=by,
        confirmed=True,
        signed=_signed(found),
    )
    return LoadedFile(found.says.number, code, key, tuple(outcomes), erased)


def _signed(found: Opened) -> dict[str, Any]:
    """What the chain states of the file in each of its deliveries."""
    says = found.says
    return {
        "file": says.number,
        "manifest": says.sha256,
        "key": fingerprint(says.key),
        "made_by": says.made_by,
        "made_at": written(says.made_at),
    }


def _check_trusted(found: Opened, authority: str) -> None:
    """Raise Refused where the key is not trusted for the authority, on the day of making and today."""
    keys = [one for one in crossings.trusted(authority) if one.key == found.says.key]
    name = fingerprint(found.says.key)
    if not keys:
        raise Refused(
            f"This file is signed with the key {name}, which is not trusted here for authority {authority}, so nothing was "
            "loaded.",
            command=f"If that is the service's key: lineofsight trust-service --authority {authority} --key KEY --by NAME.",
        )
    days = {london_day(found.says.made_at), london_day(clock.now())}
    if not all(keys[0].holds(day) for day in days):
        raise Refused(
            f"The key {name} was not trusted on the day this file was made, or is not today, so nothing was loaded. Ask for "
            "a whole file signed with the service's present key."
        )


def _is_loaded(found: Opened, authority: str) -> bool:
    """Whether this file was loaded. Raises Refused where it is older than the last, or does not follow it."""
    says, last = found.says, next(reversed(crossings.loaded(authority)), None)
    if last is None:
        if not says.whole:
            raise Refused(
                f"This is file {says.number}, and no file of authority {authority} was loaded before it. Load the first file, "
                "or ask for a whole one.",
                command="The service makes one with make-public --whole.",
            )
        return False
    if says.sha256 == last["manifest"]:
        return True
    if says.number <= last["file"]:
        raise Refused(
            f"This is file {says.number} of authority {authority}, and file {last['file']} was loaded already: an older file "
            "never follows a newer one, so nothing was loaded."
        )
    if not says.whole and says.previous != last["manifest"]:
        raise Refused(
            f"This is file {says.number} of authority {authority}, and the last one loaded is {last['file']}: the files between "
            "are missing. Load them first, in their order, or ask for a whole file.",
            command="The service makes one with make-public --whole.",
        )
    return False


def _check_addresses(found: Opened, authority: str) -> None:
    """Raise Refused where this home holds statements of its own at addresses that the file brings."""
    signed = crossings.signed_links(authority)
    rows = picture.history(authority, "statement")
    held = {
        mark(source, id)
        for source, id, link in rows.select(frames.SOURCE, "id", frames.DELIVERY).iter_rows()
        if link not in signed
    }
    brought = {each for marks in found.present().values() for each in marks}
    if count := len(held & brought):
        raise Refused(
            f"This home has loaded {count} statements itself that have the same source and id as statements of the file. "
            "Nothing was loaded. Load the file into a new home, or erase those first."
        )


def _check_rows(found: Opened) -> None:
    """Raise Refused where any row is not one that may cross, before the first is loaded."""
    for source in found.sources:
        if not OWN_WORK.isdisjoint(kinds_of(found.rows(source))):
            raise Refused(
                "The file holds rows of the service's own work, which is not public, so nothing was loaded."
            )


def _is_brought(found: Opened, authority: str, source: str) -> bool:
    """Whether an attempt before this one loaded that source of the file."""
    return any(
        chain.body_of(link).get("signed", {}).get("manifest") == found.says.sha256
        for link in chain.links(chain.READ, authority, source)
    )


def _erase(found: Opened, authority: AuthorityCode, by: str) -> int:
    """Erase the statements of earlier files that the service does not hold as public any more; gives how many."""
    signed = crossings.signed_links(authority)
    present = {source: set(marks) for source, marks in found.present().items()}
    rows = picture.history(authority, "statement").select(frames.SOURCE, "id", frames.DELIVERY)
    gone = {
        (source, id)
        for source, id, link in rows.iter_rows()
        if link in signed and mark(source, id) not in present.get(source, ())
    }
    for source, id in sorted(gone):
        ground = f"the service no longer holds it as public (its file {found.says.number})"
        erasure.erase_statement(authority, f"{SourceName(source)}/{id}", ground, by=by)
    return len(gone)
