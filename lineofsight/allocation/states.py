"""The five states of a child on a day, and the definitions of who is counted (counting rules 9, 11 and 15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from lineofsight.vocabulary.refusal import Refused

State = Literal["allocated", "held", "team_only", "none", "cannot_tell"]
ALLOCATED: Final = "allocated"
HELD: Final = "held"
TEAM_ONLY: Final = "team_only"
NONE: Final = "none"
CANNOT_TELL: Final = "cannot_tell"
STATES: tuple[State, ...] = (ALLOCATED, HELD, TEAM_ONLY, NONE, CANNOT_TELL)
"""The states, best first."""
UNALLOCATED: tuple[State, ...] = (HELD, TEAM_ONLY, NONE)
"""The states of a child without an allocated worker."""

LEAVER, PLACEHOLDER, ROLE = "leaver", "placeholder", "role"

# Codes rank what involvements say about a child: the lowest code wins. The code for a settings line that
# names owners who do not count is FIRST_LINE plus the line's place.
COUNTS = 0
FIRST_LINE = 1
BY_LEAVER, BY_PLACEHOLDER, BY_ROLE = 1_000, 1_001, 1_002
BY_TEAM = 2_000
BY_NOBODY = 3_000
UNKNOWN = 4_000


def state_of(code: int) -> State:
    """The state that a code stands for."""
    if code == COUNTS:
        return ALLOCATED
    if code < BY_TEAM:
        return HELD
    if code == BY_TEAM:
        return TEAM_ONLY
    return NONE if code == BY_NOBODY else CANNOT_TELL


@dataclass(frozen=True)
class Definition:
    """Which children a figure counts: its name, its version, and one sentence that explains it."""

    name: str
    version: int
    says: str


OPEN_EPISODES = Definition(
    "open-episodes",
    1,
    "Children with an episode of need open on the day, unless no further action was taken on its referral; "
    "unallocated are those for whom no named worker in a role that counts answers.",
)
NEED_A_WORKER = Definition(
    "need-a-worker",
    1,
    "Of the children with an episode of need open on the day, those past assessment: an assessment in it was "
    "authorised by the day, or a plan is running, or they are looked after; unallocated are those for whom no "
    "named worker in a role that counts answers.",
)
DEFINITIONS = {one.name: one for one in (OPEN_EPISODES, NEED_A_WORKER)}
"""The definitions by name."""


def definition_named(name: str) -> Definition:
    """The definition with that name, or a refusal that lists the definitions."""
    if name not in DEFINITIONS:
        raise Refused(f"There is no definition {name[:40]!r}; use one of: {', '.join(DEFINITIONS)}.")
    return DEFINITIONS[name]
