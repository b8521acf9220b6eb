"""The cases of the fictional county: each referral, what was decided on it, and when it would come to its end."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from lineofsight.samples.county import published
from lineofsight.samples.county.dice import Dice, Weighted

NFA, ASSESSED, NEED, DISABLED, PROTECTION, CARE = "nfa", "assessed", "need", "disabled", "protection", "care"

_ACTED = published.REFERRALS - published.NO_FURTHER_ACTION
_NEED = _ACTED - published.ASSESSED_NOT_IN_NEED - published.PROTECTION_STARTED - published.CARE_STARTED - 130
PATHS = Weighted(
    {
        NFA: published.NO_FURTHER_ACTION,
        ASSESSED: published.ASSESSED_NOT_IN_NEED,
        NEED: _NEED,
        DISABLED: 130,
        PROTECTION: published.PROTECTION_STARTED,
        CARE: published.CARE_STARTED,
    }
)
"""What becomes of the referrals of a year."""

_Bands = tuple[tuple[int, int, float], ...]
_NEED_DAYS: _Bands = ((20, 90, 31), (91, 182, 27), (183, 365, 24), (366, 730, 13), (731, 1_500, 5))
_DISABLED_DAYS: _Bands = ((90, 365, 20), (366, 1_095, 45), (1_096, 2_200, 35))
_CARE_DAYS: _Bands = ((20, 182, 24), (183, 730, 29), (731, 1_825, 30), (1_826, 4_200, 17))
_STRAIGHT = 0.12
"""The share of those in need whose plan begins without an assessment in this episode."""
YEAR = 365.25
ADULT = round(18 * YEAR)


@dataclass(eq=False, slots=True)
class Child:
    """A child: the number in the county, the day of birth as an ordinal, and what is written of them."""

    number: int
    born: int
    sex: str
    ethnicity: str
    north: bool
    first_known: int

    @property
    def id(self) -> str:
        """As the extracts write it."""
        return f"SYN{self.number:07}"


@dataclass(eq=False, slots=True)
class Case:
    """A referral and what followed. Days are ordinals; `closed` is where it would come to its end if nothing else did."""

    number: int
    child: Child
    begun: int
    path: str
    need: str
    referred_by: str
    assessed: int
    straight: bool
    closed: int
    reason: str | None
    closed_entered: int = 0
    detailed: bool = True
    """Whether what happened in it is told day by day, or only how it began and ended."""

    @property
    def referral(self) -> str:
        """As the extracts write it."""
        return f"SYNR{self.number:07}"

    @property
    def acted(self) -> bool:
        """Whether action was taken on the referral."""
        return self.path != NFA


def _from(dice: Dice, bands: _Bands) -> int:
    until = list(accumulate(weight for _, _, weight in bands))
    low, high, _ = bands[bisect_right(until, dice.whole(0, 999_999) / 1_000_000 * until[-1])]
    return dice.whole(low, high)


def path_days(dice: Dice, path: str) -> int:
    """How long children of a path stay open once they have been assessed."""
    if path == NEED:
        return _from(dice, _NEED_DAYS)
    if path == DISABLED:
        return _from(dice, _DISABLED_DAYS)
    if path == CARE:
        return _from(dice, _CARE_DAYS) + dice.whole(0, 14)
    return _from(dice, published.PROTECTION_DAYS) + dice.whole(20, 90) if path == PROTECTION else 0


def assessed_on(dice: Dice, begun: int) -> int:
    """The day on which an assessment that begins with a referral is authorised; working days are Monday to Friday."""
    left, day = _from(dice, published.WORKING_DAYS_ASSESSED), begun
    day, left = day + left // 5 * 7, left % 5
    while left or weekend(day):
        day += 1
        left -= 0 if weekend(day) or not left else 1
    return day


def weekend(day: int) -> bool:
    """Whether an ordinal is a Saturday or Sunday."""
    return (day - 1) % 7 >= 5


_REASONS = {
    NEED: Weighted({"RC7": 88, "RC9": 5, "RC5": 7}),
    DISABLED: Weighted({"RC7": 70, "RC6": 25, "RC5": 5}),
    PROTECTION: Weighted({"RC7": 90, "RC5": 10}),
    CARE: Weighted({"RC7": 72, "RC4": 13, "RC1": 10, "RC3": 5}),
}


def reason_of(dice: Dice, path: str) -> str:
    """Why a case that comes to its end is closed, the department's code."""
    return "RC8" if path == ASSESSED else dice.weighted(_REASONS[path])


def a_case(dice: Dice, number: int, child: Child, begun: int, path: str, days: int) -> Case:
    """A case on a path; nobody stays open beyond their eighteenth birthday."""
    need = published.PRIMARY_NEED
    if path == NFA:
        return Case(
            number,
            child,
            begun,
            path,
            dice.weighted(need),
            dice.weighted(published.REFERRED_BY),
            begun,
            False,
            begun + dice.whole(0, 2),
            None,
        )
    straight = path != ASSESSED and dice.chance(_STRAIGHT)
    assessed = begun if straight else assessed_on(dice, begun)
    closed = assessed + days if path != ASSESSED else max(assessed, begun + 1)
    closed = max(begun + 1, min(closed, child.born + ADULT))
    kind = "N2" if path == DISABLED else dice.weighted(need)
    return Case(
        number,
        child,
        begun,
        path,
        kind,
        dice.weighted(published.REFERRED_BY),
        min(assessed, closed),
        straight,
        closed,
        reason_of(dice, path),
    )


def a_child(dice: Dice, number: int, first_known: int, path: str) -> Child:
    """A child of an age at which children are referred; some are not yet born."""
    age = _from(
        dice,
        tuple(
            (round(low * YEAR), round((high + 1) * YEAR) - 1, weight) for low, high, weight in published.AGES
        ),
    )
    age = min(age, ADULT - 30)
    unborn = path not in (CARE, DISABLED) and dice.chance(0.018)
    born = first_known + dice.whole(20, 150) if unborn else first_known - age
    return Child(
        number,
        born,
        dice.weighted(published.SEX),
        dice.weighted(published.ETHNICITY),
        dice.chance(0.47),
        first_known,
    )
