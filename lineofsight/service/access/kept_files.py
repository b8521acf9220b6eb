"""The one door to kept files: who may open which, decided by what the file was delivered as.

A hash is not a key. A file opens as evidence only where a delivery of the same authority brought it
as evidence, and as a report only where the delivery that names it brought it as a PDF. Whatever any
authority's case system delivered, under whatever name, opens to nobody here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Any

from django.core.exceptions import PermissionDenied

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats import is_case_format, is_report_format
from lineofsight.intake.formats.pdf_text import MOST_PAGES, is_pdf
from lineofsight.intake.reader import PAGES_AT_ONCE, Pages
from lineofsight.intake.unpacking import EVIDENCE
from lineofsight.oversight.inspections import Inspection
from lineofsight.oversight.statements import Statement
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import Viewer, authorities_of
from lineofsight.service.models import Link
from lineofsight.service.store import blobs, chain, reader_process
from lineofsight.vocabulary.refusal import Refused

_PDF_HEAD = 1024


# -- evidence -------------------------------------------------------------------------------------


def evidence(viewer: Viewer, said: Statement) -> IO[bytes] | None:
    """A statement's file of evidence; None where its authority brought no such file as evidence.

    Raises PermissionDenied where this person may not read what was promised there.
    """
    if viewer.authority != said.authority or not viewer.may(Permission.OVERSIGHT):
        raise PermissionDenied
    if not _is_evidence(said):
        return None
    return _opened(str(said.evidence))


def has_evidence(viewer: Viewer, said: Statement) -> bool:
    """Whether `evidence` would give a file, without opening one."""
    stream = evidence(viewer, said)
    if stream is None:
        return False
    stream.close()
    return True


def _is_evidence(said: Statement) -> bool:
    """Whether a delivery of the statement's authority brought the bytes it names as a file of evidence."""
    sha256 = said.evidence or ""
    brought = _brought(sha256)
    return not any(_holds_children(one) for one in brought) and any(
        one["kind"] == chain.READ
        and one["authority"] == said.authority
        and one["format"] == "statements"
        and any(name.endswith(EVIDENCE) for name in _names(one, sha256))
        for one in brought
    )


# -- reports --------------------------------------------------------------------------------------


def report(user: Any, inspection: Inspection) -> IO[bytes] | None:
    """An inspection's report as it was delivered; None where the delivery that tells of it brought no such PDF.

    Raises PermissionDenied for somebody who holds no role in any authority: not every report's licence
    lets it be handed on to all.
    """
    if not authorities_of(user):
        raise PermissionDenied
    sha256 = report_hash(inspection)
    return _opened(sha256) if sha256 else None


def report_hash(inspection: Inspection) -> str | None:
    """The hash of an inspection's report, where the delivery that tells of it brought it as a PDF."""
    for told in inspection.told:
        sha256 = told.cells.get("report")
        if sha256 and _is_report(told.link, sha256):
            return str(sha256)
    return None


def _is_report(link: int, sha256: str) -> bool:
    """Whether the delivery that a link read brought those bytes as a report, and no case system delivered them."""
    brought = _brought(sha256)
    if any(_holds_children(one) for one in brought):
        return False
    return any(
        one["number"] == link and is_report_format(one["format"]) and _names(one, sha256) for one in brought
    ) and _begins_as_pdf(sha256)


def report_brought_by(link: int, sha256: str) -> IO[bytes] | None:
    """The report that a link's delivery brought under that hash, for a file of what is public; None where it did not."""
    return _opened(sha256) if _is_report(link, sha256) else None


def _begins_as_pdf(sha256: str) -> bool:
    stream = _opened(sha256)
    if stream is None:
        return False
    with stream:
        return is_pdf(stream.read(_PDF_HEAD))


def words(user: Any, inspection: Inspection) -> tuple[tuple[int, str], ...]:
    """The words of every page of a report, by page; none where there is no report that opens."""
    return tuple(enumerate(_drawn(_named_report(user, inspection)).words, 1))


def picture(user: Any, inspection: Inspection, number: int) -> bytes | None:
    """One of a report's pages as PNG; None where there is no such page, or no report that opens."""
    return _picture(_named_report(user, inspection), number)


def _named_report(user: Any, inspection: Inspection) -> NamedBytes | None:
    stream = report(user, inspection)
    if stream is None:
        return None
    stream.close()
    return NamedBytes("report.pdf", path=blobs.path_of(str(report_hash(inspection))))


def _picture(file: NamedBytes | None, number: int) -> bytes | None:
    """A page is drawn with those that are beside it, so that one process draws several."""
    first = max(number - 1, 0) // PAGES_AT_ONCE * PAGES_AT_ONCE + 1
    return _drawn(file, first).pictures.get(number) or None


def _drawn(file: NamedBytes | None, first: int = 1) -> Pages:
    if file is None or first > MOST_PAGES:
        return Pages()
    try:
        return _pages(file, first)
    except Refused:
        return Pages()


@lru_cache(maxsize=12)
def _pages(file: NamedBytes, first: int) -> Pages:
    return reader_process.pages(file, first)


def has_report(user: Any, inspection: Inspection) -> bool:
    """Whether `report` would give one to this person."""
    return bool(user.is_authenticated and authorities_of(user) and report_hash(inspection))


# -- reports that no inspection names: nothing, or not enough, could be read of them ---------------


@dataclass(frozen=True)
class UnnamedReport:
    """A PDF that was delivered as a report, by its fingerprint, and that no inspection names."""

    sha256: str
    name: str
    delivery: str


def unnamed_reports(viewer: Viewer, inspections: Sequence[Inspection]) -> list[UnnamedReport]:
    """The reports that the viewer's authority delivered and that none of its inspections names, the latest first.

    Raises PermissionDenied where this person may not complete readings there.
    """
    if not viewer.may(Permission.JUDGE):
        raise PermissionDenied
    named = {told.cells.get("report") for one in inspections for told in one.told}
    links = Link.objects.filter(authority=viewer.authority, kind__in=(chain.RECEIVED, chain.READ))
    reports = links.filter(body__contains=".pdf")  # an authority has thousands of other deliveries
    found: dict[str, UnnamedReport] = {}
    for link in reports.order_by("-number").iterator():
        says = chain.body_of(link)
        if is_report_format(says.get("format")):
            for file in says.get("kept", []):
                if file["name"].lower().endswith(".pdf") and file["sha256"] not in named:
                    found.setdefault(
                        file["sha256"], UnnamedReport(file["sha256"], file["name"], link.delivery)
                    )
    return [one for one in found.values() if not holds_children(one.sha256) and _begins_as_pdf(one.sha256)]


def unnamed_report(viewer: Viewer, inspections: Sequence[Inspection], sha256: str) -> NamedBytes | None:
    """One of those, as it was delivered; None where there is none of that fingerprint."""
    report = next((one for one in unnamed_reports(viewer, inspections) if one.sha256 == sha256), None)
    return NamedBytes(report.name.rpartition("/")[2], path=blobs.path_of(sha256)) if report else None


def words_in(file: NamedBytes) -> tuple[tuple[int, str], ...]:
    """The words of every page of a file that one of the functions above gave."""
    return tuple(enumerate(_drawn(file).words, 1))


def picture_in(file: NamedBytes, number: int) -> bytes | None:
    """One of its pages as PNG; None where there is no such page."""
    return _picture(file, number)


# -- what deliveries brought ------------------------------------------------------------------------


def _opened(sha256: str) -> IO[bytes] | None:
    """Kept bytes, where the chain still names them and they are what was received."""
    if not chain.names_bytes(sha256) or blobs.hash_of(sha256) != sha256:
        return None
    return blobs.path_of(sha256).open("rb")


def _brought(sha256: str) -> list[dict[str, Any]]:
    """What the chain says of every delivery that brought those bytes, of whichever authority."""
    if len(sha256) != 64:
        return []
    found = Link.objects.filter(kind__in=(chain.RECEIVED, chain.READ), body__contains=sha256)
    return [
        says for says in map(chain.body_of, found) if _names(says, sha256) or says.get("sha256") == sha256
    ]


def _names(says: dict[str, Any], sha256: str) -> list[str]:
    return [file["name"] for file in says.get("kept", []) if file["sha256"] == sha256 and file["name"]]


def _holds_children(says: dict[str, Any]) -> bool:
    return is_case_format(says.get("format"))


def holds_children(sha256: str) -> bool:
    """Whether a case system of any authority delivered those bytes."""
    return any(map(_holds_children, _brought(sha256)))


def without_child_hashes(authority: str, answer: Any) -> Any:
    """The same answer without the hashes of files that hold children: for roles that see no child."""
    return _without(answer, _child_hashes(authority, chain.state()))


def _without(answer: Any, hashes: frozenset[str]) -> Any:
    if isinstance(answer, dict):
        return {name: _without(one, hashes) for name, one in answer.items()}
    if isinstance(answer, list | tuple):
        return [_without(one, hashes) for one in answer]
    return None if isinstance(answer, str) and answer in hashes else answer


@lru_cache(maxsize=8)
def _child_hashes(authority: str, _state: str) -> frozenset[str]:
    return frozenset(_hashes_of_cases(authority))


def _hashes_of_cases(authority: str) -> Iterator[str]:
    found = Link.objects.filter(authority=authority, kind__in=(chain.RECEIVED, chain.READ))
    for says in map(chain.body_of, found.iterator()):
        if _holds_children(says):
            yield says["sha256"]
            yield from (file["sha256"] for file in says["kept"])
