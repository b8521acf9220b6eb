"""Rule 10 in a table: what an involvement says of its child, by what its worker and its settings say."""

from __future__ import annotations

from typing import Any

import pytest

from lineofsight.allocation import states
from lineofsight.allocation.owners import AllocationSettings, WorkerOn, code_of

SETTINGS = {
    "format": "ssd_tables",
    "allocation": {
        "roles_that_count": ["CW"],
        "owners_that_do_not_count": [
            {"name": "Duty Tray", "why": "tray"},
            {"worker": "Vacant 1", "why": "post"},
        ],
        "placeholders": ["UNKNOWN"],
        "people": ["Vacancy Jones", "Duty Team"],
    },
}


@pytest.mark.parametrize(
    ("worker", "cells", "team", "state"),
    [
        ("W1", {"name": "Ada Byron"}, "North", "allocated"),
        ("W1", {"name": "Vacant Post"}, "North", "team_only"),
        ("W1", {"name": "Vacant Post"}, None, "none"),
        ("W1", {"name": "Ada Byron", "job_title": "Vacant"}, "North", "team_only"),
        ("W1", {"name": "Ada Byron", "job_title": "Duty Social Worker"}, "North", "allocated"),
        ("Unallocated", {}, "North", "team_only"),
        ("Unallocated", {}, None, "none"),
        ("North Team", {}, None, "none"),
        ("W1", {"name": "Duty Tray"}, "North", "held"),
        ("Vacant 1", {}, "North", "held"),
        ("UNKNOWN", {}, "North", "held"),
        ("Duty Team", {}, "North", "allocated"),
        ("W1", {"name": "Ada Byron"}, "Unallocated", "allocated"),
    ],
)
def test_the_state_that_an_involvement_gives(
    worker: str, cells: dict[str, Any], team: str | None, state: str
) -> None:
    said = AllocationSettings.of("s", None, SETTINGS)
    code = code_of(said, WorkerOn(cells), worker=worker, team=team, role="CW")
    assert states.state_of(code) == state


def test_a_leaver_called_vacant_is_nobody_and_not_a_leaver() -> None:
    said = AllocationSettings.of("s", None, SETTINGS)
    code = code_of(said, WorkerOn({"name": "Vacant Post"}, left=True), worker="W1", team="North", role="CW")
    assert states.state_of(code) == "team_only"
