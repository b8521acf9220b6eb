"""Where the program failed while it read a delivery: the place, and never the message, which may hold a cell."""

from __future__ import annotations

from types import TracebackType

import polars as pl

FAULTS = (Exception, pl.exceptions.PanicException)
"""What a fault may be: Polars raises its own where a part of it that is not Python fails."""

_OURS = "lineofsight."


def place_of(fault: BaseException) -> str:
    """The innermost line of ours that a fault passed, such as `lineofsight.intake.compare, line 93 (KeyError)`."""
    place, step = "an unknown place", fault.__traceback__
    while step is not None:
        module = _module_of(step)
        if module.startswith(_OURS):
            place = f"{module}, line {step.tb_lineno}"
        step = step.tb_next
    return f"{place} ({type(fault).__name__})"


def _module_of(step: TracebackType) -> str:
    """The name of the module that a step was in, also where it was started as a program."""
    told = step.tb_frame.f_globals
    return str(getattr(told.get("__spec__"), "name", None) or told.get("__name__", ""))
