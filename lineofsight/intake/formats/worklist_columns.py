"""The columns of a worklist: by the headings that its source's settings name or, where they name none, by usual ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lineofsight.intake.formats.usual_exports import exports, in_words

COLUMNS = {
    "child": "child",
    "worker": "worker",
    "team": "team",
    "role": "role",
    "start": "begun_on",
    "end": "ended_on",
    "referral": "referral",
}
"""What settings may name, and the column of the record each fills."""

COSTS = {
    "worker": "no child has a worker by this list",
    "team": "children without a worker are not shown under a team",
    "start": "every line holds on all days before the list, too",
    "end": "a line that has ended counts as long as it stands on the list",
}
"""What it costs where a list lacks one of these columns."""

_USUAL = {
    "child": (
        r"(child|client|person|service ?user|subject|young ?person)s?( ?unique)? ?(id|identifier|number|no|ref|reference)",
        r"(mosaic|liquid ?logic|lcs|eclipse|care ?first|ics|azeus|swift|frameworki|fwi|protocol|la)( ?person| ?child| ?client)? ?(id|number|no)",
        r"(unique )?(id|identifier) number|unique id(entifier)?|upi",
        r"case ?(id|identifier|number|no|ref|reference)",
        r"(child|client|person|service ?user|subject|young ?person)s?|id",
    ),
    "worker": (
        r"(allocated|current|responsible|assigned|lead|key|main|primary|case)? ?(social|case|key|lead)? ?worker( full)?( ?name)?",
        r"(allocated|assigned) (to|practitioner|professional|sw)|case ?(holder|owner)( name)?|(sw|practitioner|professional|owner)( name)?",
    ),
    "team": (r"(allocated|current|responsible|worker|case|sw)?( ?workers?)? ?team( ?name)?|service ?area|org(anisational)? ?unit",),
    "role": (r"(worker|allocation|involvement|relationship)? ?(role|type)( ?type)?|relationship|involvement|job ?role",),
    "start": (
        r"(allocation|allocated|involvement|worker|assigned|relationship|case)? ?(start|from|begin|began|started)( ?date)?",
        r"date (allocated|assigned|started|from)|(allocation|allocated|assigned|start)( date| on)?|allocated since",
    ),
    "end": (
        r"(allocation|involvement|worker|relationship|case)? ?(end|to|until|ended|finish|closed|closure)( ?date| on)?",
        r"date (ended|to|closed|deallocated)",
    ),
    "referral": (r"(referral|episode|case) ?(id|number|no|ref|reference)|referral",),
}  # fmt: skip
"""Patterns over a heading in words, from the surest."""


def chosen(headings: Sequence[str], named: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    """For each of our columns the heading that fills it, and which of them were guessed.

    A heading that the settings name is taken as named, and an empty one says that there is none. For columns
    they do not name: our own name, then those of the usual exports, then other usual ones.
    """
    matched = matches(headings, named)
    found = {ours: one.heading for ours, one in matched.items()}
    return found, {ours for ours, one in matched.items() if one.guessed}


@dataclass(frozen=True)
class Match:
    """The heading that fills a column, whether that was guessed, and why it was taken, in words."""

    heading: str
    guessed: bool
    why: str


def matches(headings: Sequence[str], named: Mapping[str, str]) -> dict[str, Match]:
    """The heading that fills each of our columns, with the reason; columns that none fills are left out."""
    theirs = {in_words(heading): heading for heading in reversed(headings)}
    found: dict[str, Match] = {}
    for ours in COLUMNS:
        wanted = in_words(named.get(ours, ours))
        if wanted in theirs:
            why = "as you chose" if ours in named else "it has this name"
            found[ours] = Match(theirs[wanted], guessed=False, why=why)
    for ours in COLUMNS:
        if ours not in found and ours not in named:
            taken = {one.heading for one in found.values()}
            guess = _guess(ours, [one for one in headings if one not in taken])
            if guess is not None:
                found[ours] = guess
    return found


def _guess(ours: str, headings: Sequence[str]) -> Match | None:
    for export in exports():
        for heading in headings:
            if in_words(heading) in export.headings.get(ours, ()):
                return Match(heading, guessed=True, why=f"as usually exported from {export.system}")
    for pattern in _USUAL[ours]:
        for heading in headings:
            if re.fullmatch(pattern, in_words(heading)):
                return Match(heading, guessed=True, why="a usual heading for it")
    return None


def is_known(heading: str, named: Mapping[str, str]) -> bool:
    """Whether a heading may be one of a worklist's columns: one is needed to tell where the headings stand."""
    return bool(chosen([heading], {name: theirs for name, theirs in named.items() if theirs})[0])
