"""What is particular to one authority: what it is called, where its pages open, what is drawn and held beside what.

Most authorities have the profile that `profile_from_table` gives, made from the table of authorities alone.
A sample has a story, and says it in a profile of its own, so that no page has to know it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lineofsight.vocabulary.authorities import authorities


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A number that a document gives for a post, to be held beside the people whom sources name."""

    document: str
    item: str
    post: str
    claimed: int
    first: date
    last: date
    """The first and last day of the time that the claim is about."""


@dataclass(frozen=True, kw_only=True)
class RaisedAgain:
    """A pair that a person judged: a weakness that one inspection found, and the same found again by a later one."""

    earlier: str
    """The statement of the earlier finding, as `source/id`."""
    later: str
    """The statement of the later finding, as `source/id`."""
    theme: str
    """The theme that both statements have."""
    done_between: tuple[str, ...] = ()
    """The statements, as `source/id`, that say what was done between; none: no source says it."""
    judged_on: date
    because: str
    """Why they are the same failing, in the words of who judged."""


@dataclass(frozen=True, kw_only=True)
class AuthorityProfile:
    """What pages and commands need to know of one authority beside what the record holds."""

    code: str
    name: str
    synthetic: str = ""
    """What the banner of its pages says where everything about it is invented; its files and answers are marked
    too. Empty where it is real."""
    opens_on: date | None = None
    """The day its pages show where no other is asked for; None: the day of the latest extract, or today."""
    story_ends_on: date | None = None
    """The day of its last extract, where nothing will come after it: its clock stands still there, so no source
    is late. None: time goes on."""
    days: tuple[tuple[date, str], ...] = ()
    """Days worth looking at, each with what happened."""
    drawn_from: date | None = None
    """Where its timelines begin; None: with the first day known."""
    counts_from: date | None = None
    """The first day whose published counts are listed; None: every count is."""
    documents: tuple[str, ...] = ()
    """The documents to read first, in order; others that are known follow them."""
    bodies: tuple[tuple[str, str], ...] = ()
    """What the bodies that posts belong to are called, in the order of their charts: the words in a post's name
    (`North`, `children's trust`; empty for the council itself) and the full name. Other bodies follow them."""
    claim: Claim | None = None
    """A number to hold beside the people whom sources name."""
    raised_again: tuple[RaisedAgain, ...] = ()
    """Weaknesses found in one inspection and found again in another, pair by pair."""


def profile_from_table(code: str) -> AuthorityProfile:
    """The profile of an authority that nothing is particular to: its name, or its code where it has none."""
    known = authorities().get(code)
    return AuthorityProfile(code=code, name=known.name if known else f"authority {code}")
