"""What is kept for how long, as the chain states it: policies, rules and holds, each with a day and a name.

Each is a link of kind `retention`, so it is sealed with the deliveries and nobody can set a policy back later.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lineofsight.retention.files import FEWEST_DAYS, MOST_DAYS
from lineofsight.retention.rules import rule_named
from lineofsight.retention.stated import FILES, HOLD, HOLD_ENDED, RULE, Stated, holds_standing
from lineofsight.service.models import Link
from lineofsight.service.store import chain, clock
from lineofsight.vocabulary.moments import london_day, moment_of
from lineofsight.vocabulary.refusal import Refused

_MOST_LETTERS = 500


def set_file_policy(authority: str, days: int, from_day: date, ground: str, *, by: str) -> Link:
    """Set for how many days the files of deliveries that hold children are kept. Raises Refused."""
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise Refused(f"Give a number of days from {FEWEST_DAYS} to {MOST_DAYS:,}.")
    says = {"days": days, "from": from_day.isoformat(), "ground": _text(ground, "Say why (the ground).")}
    return append(authority, FILES, says, by=by)


def hold(authority: str, why: str, *, by: str, delivery: str = "") -> Link:
    """Keep everything of an authority, or the files of one delivery, whatever the rules say. Raises Refused."""
    said = _text(why, "Say why it is held. It is kept for ever, so name nobody in it.")
    if delivery and not Link.objects.filter(delivery=delivery, authority=authority).exists():
        raise Refused("That authority has no delivery of that id.")
    return append(authority, HOLD, {"of": delivery, "why": said}, by=by)


def end_hold(authority: str, number: int, why: str, *, by: str) -> Link:
    """End a hold, by its number. Raises Refused where none of that number stands."""
    said = _text(why, "Say why the hold ends.")
    with chain.writing():
        if all(one.number != number for one in holds_standing(stated(authority))):
            raise Refused("No hold of that number stands; `lineofsight retention policy` lists them.")
        return append(authority, HOLD_ENDED, {"hold": number, "why": said}, by=by)


def set_rule(
    authority: str, code: str, years: int, counted_from: str, source: str, from_day: date, *, by: str
) -> Link:
    """Set for how many years rows of some children are kept, where no law says or longer than it says. Raises Refused."""
    said = _text(source, "Say by which policy (its source).")
    rule_named(code).set_to(years, counted_from, source=said, in_force_from=from_day, set_by=by)
    says = {
        "rule": code,
        "years": years,
        "counted_from": counted_from,
        "source": said,
        "from": from_day.isoformat(),
    }
    return append(authority, RULE, says, by=by)


def append(authority: str, what: str, says: Mapping[str, Any], *, by: str) -> Link:
    """Append one statement about retention."""
    if not by.strip():
        raise Refused("Say who decided it.")
    with chain.writing():
        link = chain.NewLink(chain.RETENTION, authority, "", "", {"what": what, **says})
        return chain.append(link, by=by.strip()[:200], at=clock.now())


def stated(authority: str) -> list[Stated]:
    """What was stated about an authority, in the order of the chain."""
    return [
        Stated(link.number, london_day(moment_of(link.witnessed_at)), chain.body_of(link))
        for link in chain.links(chain.RETENTION, authority)
    ]


def _text(text: str, otherwise: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise Refused(otherwise)
    return said[:_MOST_LETTERS]
