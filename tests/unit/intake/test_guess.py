"""What files are taken for where nobody has said: a workbook that cannot be opened spoils nothing of the others."""

from __future__ import annotations

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.guess import guessed_format


def test_a_workbook_that_cannot_be_opened_leaves_the_guess_to_the_others() -> None:
    broken = NamedBytes("broken.xlsx", b"PK\x03\x04garbage")
    assert (
        guessed_format([broken, NamedBytes("List 6.csv", b"Child Unique ID,CIN Start Date\n1,2025-01-01\n")])
        == "annex_a"
    )
    assert guessed_format([broken]) == "worklist"
