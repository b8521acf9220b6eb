"""What is kept for how long, as the chain states it: policies, rules and holds, each with a day and a name.

Each is a link of kind `retention`, so it is sealed with the deliveries and nobody can set a policy back later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lineofsight.retention.files import FEWEST_DAYS, MOST_DAYS, FilePolicy
from lineofsight.service.models import Link
from lineofsight.service.store import chain, clock
from lineofsight.vocabulary.moments import london_day, moment_of
from lineofsight.vocabulary.refusal import Refused

FILES, HOLD, HOLD_ENDED = "files", "hold", "hold ended"
_MOST_LETTERS = 500


@dataclass(frozen=True)
class Hold:
    """While it stands, nothing is deleted or erased by a retention rule: of one delivery, or of the whole authority.

    `number` is that of its link, by which it is ended.
    """

    number: int
    authority: str
    delivery: str
    why: str
    by: str
    at: datetime
    ended_on: date | None = None
    ended_by: str = ""


def set_file_policy(authority: str, days: int, from_day: date, ground: str, *, by: str) -> Link:
    """Set for how many days the files of deliveries that hold children are kept. Raises Refused."""
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise Refused(f"Give a number of days from {FEWEST_DAYS} to {MOST_DAYS:,}.")
    says = {"days": days, "from": from_day.isoformat(), "ground": _text(ground, "Say why, with --ground.")}
    return append(authority, FILES, says, by=by)


def hold(authority: str, why: str, *, by: str, delivery: str = "") -> Link:
    """Keep everything of an authority, or the files of one delivery, whatever the rules say. Raises Refused."""
    said = _text(why, "Say why it is held, with --why. It is kept for ever, so name nobody in it.")
    if delivery and not Link.objects.filter(delivery=delivery, authority=authority).exists():
        raise Refused("That authority has no delivery of that id; `lineofsight deliveries` lists them.")
    return append(authority, HOLD, {"of": delivery, "why": said}, by=by)


def end_hold(authority: str, number: int, why: str, *, by: str) -> Link:
    """End a hold, by its number. Raises Refused where none of that number stands."""
    said = _text(why, "Say why the hold ends, with --why.")
    with chain.writing():
        if all(one.number != number for one in holds_standing(authority)):
            raise Refused("No hold of that number stands; `lineofsight retention policy` lists them.")
        return append(authority, HOLD_ENDED, {"hold": number, "why": said}, by=by)


def append(authority: str, what: str, says: Mapping[str, Any], *, by: str) -> Link:
    """Append one statement about retention."""
    if not by.strip():
        raise Refused("Say who decided it, with --by NAME.")
    with chain.writing():
        link = chain.NewLink(chain.RETENTION, authority, "", "", {"what": what, **says})
        return chain.append(link, by=by.strip()[:200], at=clock.now())


def stated(authority: str, what: str) -> Iterator[tuple[Link, dict[str, Any]]]:
    """The statements of one sort about an authority, in the order they were made."""
    for link in chain.links(chain.RETENTION, authority):
        says = chain.body_of(link)
        if says["what"] == what:
            yield link, says


def file_policies(authority: str) -> list[FilePolicy]:
    """The policies on files that were set, in the order they were."""
    return [
        FilePolicy(int(says["days"]), date.fromisoformat(says["from"]), str(says["by"]), str(says["ground"]))
        for _, says in stated(authority, FILES)
    ]


def holds(authority: str) -> list[Hold]:
    """Every hold of an authority, in the order they were made, ended or not."""
    ended = {
        int(says["hold"]): (london_day(moment_of(link.witnessed_at)), str(says["by"]))
        for link, says in stated(authority, HOLD_ENDED)
    }
    return [
        Hold(
            link.number,
            authority,
            str(says["of"]),
            str(says["why"]),
            str(says["by"]),
            moment_of(link.witnessed_at),
            *ended.get(link.number, (None, "")),
        )
        for link, says in stated(authority, HOLD)
    ]


def holds_standing(authority: str) -> list[Hold]:
    """The holds that have not ended."""
    return [one for one in holds(authority) if one.ended_on is None]


def _text(text: str, otherwise: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise Refused(otherwise)
    return said[:_MOST_LETTERS]
