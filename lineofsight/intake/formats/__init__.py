"""Intake formats: each turns the files of a delivery into a reading, and declares itself as `FORMAT`."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.format import Format
from lineofsight.record.tables import holds_children


@cache
def formats() -> Mapping[str, Format]:
    """Every format by its name, in the order of names.

    They are found, not listed: a new format is a new module. They are loaded at the first call,
    because the settings of a source, which one of the formats reads, ask for them. A public record has
    only those that hold no children.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    declared = {name: _declared(name) for name in names}
    return {name: one for name, one in declared.items() if one is not None}


def format_named(name: str) -> Format:
    """One format, and none of the others is loaded: a process that reads one delivery waits for no more than it needs.

    Raises KeyError where there is none of that name.
    """
    if formats.cache_info().currsize:  # all of them are loaded already
        return formats()[name]
    is_there = any(module.name == name for module in pkgutil.iter_modules(__path__))
    declared = _declared(name) if is_there else None
    if declared is None:
        raise KeyError(name)
    return declared


def _declared(name: str) -> Format | None:
    """The format that the module of that name declares, if it does and this record may have it.

    Raises TypeError where it is another's.
    """
    declared = getattr(import_module(f"{__name__}.{name}"), "FORMAT", None)
    if declared is None:
        return None
    if not isinstance(declared, Format) or declared.name != name:
        raise TypeError(f"FORMAT of {name} is not a Format with the name of its module")
    return declared if holds_children() or not (declared.is_case or declared.of_a_service) else None


def formats_for_sources() -> tuple[str, ...]:
    """The names of the formats that a source's settings may give."""
    return tuple(name for name, one in formats().items() if one.for_sources)


def is_case_format(name: str | None) -> bool:
    """Whether deliveries of that format hold children's case records."""
    return any(one.is_case for one in formats().values() if one.name == name)


def is_report_format(name: str | None) -> bool:
    """Whether the PDFs of deliveries of that format are reports that people may open."""
    return any(one.reads_pdf for one in formats().values() if one.name == name)


def recognised(files: Sequence[NamedBytes]) -> str | None:
    """The format that the names of all files tell; None where they tell none."""
    for name, one in formats().items():
        if (
            one.recognised_by
            and files
            and all(file.name.lower().endswith(one.recognised_by) for file in files)
        ):
            return name
    return None
