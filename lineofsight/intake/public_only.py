"""A public record: neither tables nor formats for children exist in it, and no file that could hold any is taken."""

from __future__ import annotations

from collections.abc import Iterable

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats import formats
from lineofsight.intake.unpacking import TABLES
from lineofsight.record.tables import without_children
from lineofsight.vocabulary.refusal import Refused


def restrict_to_public() -> None:
    """Leave out the tables and formats of children, before anything is read. There is no way back in one process."""
    without_children()
    formats.cache_clear()


def check_public(files: Iterable[NamedBytes], format_name: str) -> None:
    """Raise Refused where a file is a table that the delivery's format does not read: it could hold children."""
    chosen = formats().get(format_name)
    if chosen is None:
        raise Refused(
            "This is a public record: it has no format for children's case records, so nothing was stored. Load them "
            "into the service's own home."
        )
    for file in files:
        if file.name.lower().endswith((*TABLES, ".zip")) and not chosen.takes(file):
            raise Refused(
                f"{file.name!r} is not read here, and a table or an archive could hold children's records. A public record "
                "stores only those it reads, so nothing was stored."
            )
