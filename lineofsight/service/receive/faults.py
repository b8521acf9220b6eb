"""A fault while a delivery is read: whether it is the delivery's or the machine's, and what its finding says.

A fault of the machine (a database that does not answer, a full disk) passes, so the delivery goes on waiting.
Any other would come again at every try: it becomes a finding, and the delivery is set aside.
"""

from __future__ import annotations

from django.db import InterfaceError, OperationalError

from lineofsight.intake.faults import FAULTS, place_of
from lineofsight.intake.reader import ReadingFailed
from lineofsight.vocabulary.refusal import Refused

__all__ = ["DO", "FAULTS", "FaultFound", "is_of_the_machine", "says"]

DO = "Send this message to whoever supports this system. Once it is put right, load the files again."


class FaultFound(Refused):
    """The program failed while a delivery was read: its files are stored, and it was set aside with a finding."""

    def __init__(self, why: str, delivery: str) -> None:
        super().__init__(f"{why} It is stored as delivery {delivery} and was set aside. {DO}")


def is_of_the_machine(fault: BaseException) -> bool:
    """Whether a fault is of the database or the machine: an error number is the operating system's own word."""
    if isinstance(fault, OSError):
        return fault.errno is not None
    return isinstance(fault, OperationalError | InterfaceError)


def says(fault: BaseException) -> str:
    """What a finding says of a fault: its place and nothing that was read."""
    place = str(fault) if isinstance(fault, ReadingFailed) else place_of(fault)
    return (
        f"This delivery could not be read, because the program failed in {place}. Nothing in it was loaded."
    )
