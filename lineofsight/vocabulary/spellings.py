"""Names that may be one worker's, written in two ways: `J. Smith` and `SMITH, Jo`, or `Smith J` with other spaces.

They are only pointed out. Two people may be called alike, so a person says which names are one worker's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from lineofsight.vocabulary.nobody import as_one_name, is_nobody, is_team

_TITLE = re.compile(r"^(mrs?|ms|miss|mx|dr)\b\.? +", re.IGNORECASE)
_ASIDE = re.compile(r"[(\[].*?[)\]]")
_MOST_TO_A_SURNAME = 12
"""Among more workers with one surname every initial would meet somebody."""

_Reading = tuple[str, tuple[str, ...]]
"""A surname and the forenames, in small letters."""


def alike(names: Iterable[str]) -> list[tuple[str, str]]:
    """The pairs of names that may be one worker's, in the order of the names given.

    Of names that are all alike, each is paired with the first alone.
    """
    given = [name for name in dict.fromkeys(names) if name and not is_nobody(name) and not is_team(name)]
    order = {name: at for at, name in enumerate(given)}
    by_surname: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    found = set()
    for name in given:
        for surname, forenames in _readings(name):
            by_surname[surname].append((name, forenames))
    by_letters: dict[str, list[str]] = defaultdict(list)
    for name in given:
        by_letters[as_one_name(name)].append(name)
    for same in by_letters.values():
        found |= set(combinations(same, 2))
    for people in by_surname.values():
        if len({name for name, _ in people}) > _MOST_TO_A_SURNAME:
            people = [one for one in people if len("".join(one[1])) > 1]
        for (one, its), (other, others) in combinations(people, 2):
            if one != other and _agree(its, others):
                found.add((one, other) if order[one] < order[other] else (other, one))
    pairs = sorted(found, key=lambda pair: (order[pair[0]], order[pair[1]]))
    before: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        before[other].add(one)
    return [(one, other) for one, other in pairs if not before[one] & before[other]]


def _readings(name: str) -> set[_Reading]:
    """The ways in which a name can be parted into surname and forenames: with a comma there is one."""
    plain = _TITLE.sub("", _ASIDE.sub(" ", name)).casefold().replace("’", "'")
    surname, comma, rest = plain.partition(",")
    first, last = _words(rest), _words(surname)
    if comma:
        return {(" ".join(last), first)} if first and last else set()
    if len(last) < 2 or not all(re.search("[^\\W\\d_]", word) for word in last):
        return set()
    read = {(last[-1], last[:-1]), (last[0], last[1:])}
    return {one for one in read if len(one[0]) > 1}


def _words(text: str) -> tuple[str, ...]:
    """The words of a name; initials that stand together, as in `J.K.`, are parted."""
    return tuple(re.sub(r"[.,;*]+", " ", text).replace(" -", "-").replace("- ", "-").split())


def _agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the first forenames are the same, or one of them is the other's initial; and so the next, where both have them."""
    pairs = list(zip(one, other, strict=False))
    return all(a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a, b in pairs)


def joined(pairs: Iterable[Sequence[str]]) -> list[list[str]]:
    """The names that pairs (or longer lists) say are one worker's, a list for each worker; a name stands in one list only."""
    lists: list[list[str]] = []
    for pair in pairs:
        touched = [one for one in lists if set(one) & set(pair)]
        whole = list(dict.fromkeys([name for one in [*touched, list(pair)] for name in one]))
        lists = [one for one in lists if one not in touched] + [whole]
    return lists
