"""What became of a statement, in a few words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.queries.outcomes import outcomes
from tests.support.builders import known

UNDERTAKING: dict[str, Any] = {"id": "u", "kind": "undertaking", "due_on": "2018"}
REQUEST: dict[str, Any] = {"id": "u", "kind": "request"}
CLAIM: dict[str, Any] = {"id": "u"}


@pytest.mark.parametrize(
    ("one", "others", "expected"),
    [
        (UNDERTAKING, [], ["due, with no outcome found"]),
        (UNDERTAKING, [{"keeps": "u"}], ["kept"]),
        (UNDERTAKING, [{"breaks": "u"}, {"contradicts": "u"}], ["broken", "contradicted by 1"]),
        (UNDERTAKING, [{"became_of": "u"}], ["outcome told"]),
        (CLAIM, [{"became_of": "u"}], ["outcome known"]),
        (REQUEST, [], ["no answer found"]),
        (REQUEST, [{"answers": "u", "kind": "not found"}], ["no answer found"]),
        (REQUEST, [{"answers": "u"}, {"answers": "u"}], ["answered by 2"]),
        (CLAIM, [{"answers": "u"}], ["answered by 1"]),
        (CLAIM, [{"answers": "u", "kind": "not found"}], []),
        (CLAIM, [{"counts_differently": "u"}, {"counts_differently": "u"}], ["counted differently by 2"]),
        ({**CLAIM, "counts_differently": "o0"}, [{"counts_differently": "u"}], ["counted differently by 1"]),
        (CLAIM, [{"corrects": "u"}], ["corrected"]),
        (CLAIM, [{"bears_on": "u"}], []),
        (CLAIM, [], []),
    ],
)
def test_what_became_of_it(one: dict[str, Any], others: list[dict[str, Any]], expected: list[str]) -> None:
    among = known(one, *({"id": f"o{at}", **other} for at, other in enumerate(others)))
    assert outcomes(among, among.by_reference["record/u"], date(2020, 1, 1)) == expected
