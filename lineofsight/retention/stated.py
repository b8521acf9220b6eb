"""What was stated about how long things are kept, read from the texts of links: policies on files, rules, holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lineofsight.retention.files import FilePolicy
from lineofsight.retention.rules import Rule, rule_named

FILES, RULE, HOLD, HOLD_ENDED = "files", "rule", "hold", "hold ended"


@dataclass(frozen=True)
class Stated:
    """One statement: the number of its link, the London day on which it was made, and its text."""

    number: int
    on: date
    says: Mapping[str, Any]


@dataclass(frozen=True)
class Hold:
    """While it stands, nothing is deleted or erased by a rule: of one delivery's files, or of the whole authority.

    `number` is that of its link, by which it is ended; `delivery` is empty where it holds everything.
    """

    number: int
    delivery: str
    why: str
    by: str
    on: date
    ended_on: date | None = None


def file_policies(statements: Iterable[Stated]) -> list[FilePolicy]:
    """The policies on files, in the order they were set."""
    return [
        FilePolicy(
            int(one.says["days"]),
            date.fromisoformat(one.says["from"]),
            str(one.says["by"]),
            str(one.says["ground"]),
        )
        for one in statements
        if one.says["what"] == FILES
    ]


def holds_standing(statements: Iterable[Stated]) -> list[Hold]:
    """The holds that have not ended, in the order they were made."""
    standing: dict[int, Hold] = {}
    for one in statements:
        if one.says["what"] == HOLD:
            said = one.says
            standing[one.number] = Hold(
                one.number, str(said["of"]), str(said["why"]), str(said["by"]), one.on
            )
        elif one.says["what"] == HOLD_ENDED:
            standing.pop(int(one.says["hold"]), None)
    return list(standing.values())


def rules_set(statements: Iterable[Stated]) -> list[Rule]:
    """The rules on rows that the authority set, in the order they were."""
    return [
        rule_named(str(one.says["rule"])).set_to(
            int(one.says["years"]),
            str(one.says["counted_from"]),
            source=str(one.says["source"]),
            in_force_from=date.fromisoformat(one.says["from"]),
            set_by=str(one.says["by"]),
        )
        for one in statements
        if one.says["what"] == RULE
    ]
