"""The findings of the public record that a person judged to be raised again, read from `raised_again.csv`."""

from __future__ import annotations

import csv
from datetime import date
from importlib import resources

from lineofsight.samples import PUBLIC_RECORD
from lineofsight.vocabulary.profile import RaisedAgain


def raised_again() -> tuple[RaisedAgain, ...]:
    """Every pair, in the order of the file; raises KeyError or ValueError if a line is not one."""
    text = resources.files(__package__).joinpath("raised_again.csv").read_text("utf-8")
    return tuple(_pair(row) for row in csv.DictReader(text.splitlines()))


def _pair(row: dict[str, str]) -> RaisedAgain:
    return RaisedAgain(
        earlier=_reference(row["earlier"]),
        later=_reference(row["later"]),
        theme=row["theme"],
        done_between=tuple(_reference(one) for one in row["done_between"].split()),
        judged_on=date.fromisoformat(row["judged_on"]),
        because=row["because"],
    )


def _reference(name: str) -> str:
    return f"{PUBLIC_RECORD.source}/{name}"
