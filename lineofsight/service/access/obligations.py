"""Everything promised by anyone to or about an authority, as at a day and known by a moment."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from lineofsight.oversight import obligations as rules
from lineofsight.oversight.obligations import STANDINGS, Obligation
from lineofsight.service.access import improvement
from lineofsight.service.access import statements as read
from lineofsight.service.access.view import View


def obligations(authority: str, view: View, day: date) -> list[Obligation]:
    """The list, oldest first."""
    found = improvement.actions(authority, view, day)
    return rules.obligations(read.statements(authority, view), found, day)


def answer(authority: str, view: View, day: date) -> dict[str, Any]:
    """The list as JSON, with how many stand where."""
    found = obligations(authority, view, day)
    counts = Counter(one.standing for one in found)
    return {
        **View(day, view.known_by, view.witnessed).as_json(),
        "position": read.position(authority, view),
        "authority": authority,
        "count": len(found),
        "by_standing": {name: counts[name] for name in STANDINGS},
        "obligations": [as_json(one) for one in found],
    }


def as_json(one: Obligation) -> dict[str, Any]:
    """One obligation with its statements."""
    return {
        "kind": one.kind, "name": one.name, "title": one.title, "source": one.source, "owner": one.owner,
        "year": one.year, "said_on": one.said_on.isoformat(), "due": one.due, "standing": one.standing,
        "themes": list(one.themes), "before": list(one.before), "linked": list(one.linked),
        "statements": [improvement.told(said) for said in one.statements],
    }  # fmt: skip
