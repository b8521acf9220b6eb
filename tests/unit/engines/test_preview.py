"""Files looked at in memory: every row received is accounted for."""

from __future__ import annotations

from datetime import date

from lineofsight.engines.preview import ToPreview, preview
from tests.support.cases import files


def test_rows_with_one_key_that_differ_are_counted_as_quarantined() -> None:
    """Reading refuses one row here, and comparing another."""
    night = files(
        {
            "cin_episodes": "R1, C1, 2019-01-01, N,,\nR1, C1, 2019-01-02, N,,\n, , 2019-01-01, N,,",
            "involvements": "1, C1, W1, CW, TA, 2019-01-05,, R1",
        }
    )
    read = preview([ToPreview("night", night, date(2019, 10, 8))], None).reading[0]
    assert (read.received, read.accepted, read.unchanged, read.quarantined) == (4, 2, 0, 2)
