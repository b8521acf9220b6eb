"""A public record: neither tables nor formats for children exist in it, and no file that could hold any is taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from lineofsight.intake.delivery import NamedBytes, Reading
from lineofsight.intake.formats import formats
from lineofsight.record.tables import without_children
from lineofsight.vocabulary.refusal import Refused


def restrict_to_public() -> None:
    """Leave out the tables and formats of children, before anything is read. There is no way back in one process."""
    without_children()
    formats.cache_clear()


_BESIDE = (".pdf", ".md")
"""What a public record stores unread beside statements: pages to read. A table or an archive could hold children."""


def check_public(files: Iterable[NamedBytes], format_name: str) -> None:
    """Raise Refused where a file is neither read by the delivery's format nor one that may stand beside it."""
    chosen = formats().get(format_name)
    if chosen is None:
        raise Refused(
            "This is a public record: it has no format for children's case records, so nothing was stored. Load them "
            "into the service's own home."
        )
    for file in files:
        if not chosen.takes(file) and not file.name.lower().endswith(_BESIDE):
            raise Refused(
                f"{file.name!r} is not read here, so nobody would see whether it holds children's records. A public record "
                f"stores only what it reads, and {' and '.join(_BESIDE)} files beside it, so nothing was stored."
            )


def check_public_rows(reading: Reading, own_work: Collection[str]) -> None:
    """Raise Refused where a statement is about a service's own work, of the kinds `own_work`: that is not public.

    A row that other checks refuse counts too: the file would be stored with it.
    """
    if not reading.subject_kinds.isdisjoint(own_work):
        raise Refused(
            "Some of these statements are about a service's own work (an action, a question or a readiness check). That "
            "is not public, so nothing was stored. Load them into the service's own home."
        )
