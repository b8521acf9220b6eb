"""What a format says of itself: its name, how it is read, which files it takes, and what its rows mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lineofsight.intake.delivery import Context, NamedBytes, Reading

Read = Callable[[Sequence[NamedBytes], Context], Reading]
"""Turns the files of a delivery into a reading; raises Refused where none of them can be one."""


@dataclass(frozen=True)
class Format:
    """One intake format. A module of `lineofsight.intake.formats` declares it as `FORMAT`, and nothing else lists it."""

    name: str
    """What a source's settings call it. The module has the same name."""
    title: str
    """What pages and documents call it."""
    read: Read
    endings: tuple[str, ...]
    """How the names of the files it reads end, in small letters with their point."""
    is_case: bool = False
    """Whether it holds children's case records: such files open to nobody, and their rows say who answers for whom."""
    of_a_service: bool = False
    """Whether only a service has it, although it holds no child. A public record has neither these nor case formats."""
    reads_pdf: bool = False
    """Whether its PDFs are reports that people may open beside what was read."""
    for_sources: bool = True
    """Whether a source's settings may name it."""
    recognised_by: tuple[str, ...] = ()
    """Endings that tell this format where nobody described the source, and every file has one of them."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """What `[columns]` of a source's settings may rename, and the column of the record each fills; empty: nothing."""
    file_a_table: bool = False
    """Whether each table comes in a file of its own, so that a table without a file is worth a finding."""
    holds_until_next: bool = False
    """Whether who answers holds from one delivery to the next (counting rule 14), and not between days in the rows."""

    def takes(self, file: NamedBytes) -> bool:
        """Whether the name of a file says that this format may read it."""
        return file.name.lower().endswith(self.endings)
