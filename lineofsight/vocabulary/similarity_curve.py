"""How often similarity was right at each floor, on findings that a person judged: kept where the page draws it from.

`python -m benchmarks.repeats FOLDER --write` measures it again. The findings are of Ofsted's reports; one reader, who is
not a practitioner, read each beside the whole list of the report before.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Step:
    """What a floor gives among the judged findings."""

    floor: float
    findings: int
    offered: int
    """Findings that are offered at least one earlier finding."""
    right: int
    """Those of them whose true earlier finding is among what is offered."""
    repeats: int
    """Findings that repeat an earlier one, whether it is offered or not."""

    @property
    def precision(self) -> float:
        """Of the findings offered something, the share offered the right one; from 0 to 1."""
        return self.right / self.offered

    @property
    def recall(self) -> float:
        """Of the findings that repeat an earlier one, the share offered it; from 0 to 1."""
        return self.right / self.repeats


@cache
def curve() -> tuple[Step, ...]:
    """The steps, lowest floor first; each offers something."""
    text = resources.files(__package__).joinpath("similarity_curve.csv").read_text("utf-8")
    return tuple(
        Step(
            float(row["floor"]),
            int(row["findings"]),
            int(row["offered"]),
            int(row["right"]),
            int(row["repeats"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


def step_at(floor: float) -> Step:
    """The step of a floor that was measured."""
    return next(step for step in curve() if step.floor == floor)
