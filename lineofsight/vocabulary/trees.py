"""Parents and children: who is in a circle, and what is below something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping


def in_circles(parents: Mapping[str, str]) -> frozenset[str]:
    """The names that are, by their parents, above themselves."""
    circled: set[str] = set()
    done: set[str] = set()
    for start in parents:
        path: list[str] = []
        at = start
        while at in parents and at not in done and at not in path:
            path.append(at)
            at = parents[at]
        if at in path:
            circled.update(path[path.index(at) :])
        done.update(path)
    return frozenset(circled)


def below(parents: Mapping[str, str], tops: Iterable[str]) -> frozenset[str]:
    """These names and all that is below them. A name in a circle has no known parent, so it is below nothing."""
    circled = in_circles(parents)
    children: defaultdict[str, list[str]] = defaultdict(list)
    for name, parent in parents.items():
        if name not in circled:
            children[parent].append(name)
    found: set[str] = set()
    waiting = list(tops)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(children[name])
    return frozenset(found)
