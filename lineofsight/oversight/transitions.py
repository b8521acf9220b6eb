"""What may follow what in a register: one table of transitions each, a check from it, and its diagram.

A register's rows are steps that somebody said were taken on a day. History is never refused: a step that
could not follow is kept as it was said and shown as one out of order, and the standing stays where it was.
What somebody enters now is checked before it is kept (`check_step`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from lineofsight.vocabulary.refusal import Refused

BEGIN = "not begun"
"""Where every register's row stands before its first step."""


@dataclass(frozen=True)
class Transition:
    """One step that may be taken: from which standings, to which, and what it means in a sentence."""

    step: str
    froms: tuple[str, ...]
    to: str
    says: str


@dataclass(frozen=True)
class Machine:
    """A register's transitions under a name; a step may stand in several, from different standings."""

    name: str
    transitions: tuple[Transition, ...]

    def __post_init__(self) -> None:
        seen = [(one.step, before) for one in self.transitions for before in one.froms]
        if len(set(seen)) != len(seen):
            raise ValueError(f"{self.name}: a step from one standing leads to two")

    @property
    def steps(self) -> tuple[str, ...]:
        """Every step, in the order of the table."""
        return tuple(dict.fromkeys(one.step for one in self.transitions))

    @property
    def standings(self) -> tuple[str, ...]:
        """Every standing, in the order in which it is first reached."""
        return tuple(dict.fromkeys([BEGIN, *(one.to for one in self.transitions)]))

    def after(self, standing: str, step: str) -> str | None:
        """The standing a step leads to; None where it cannot be taken."""
        found = (one.to for one in self.transitions if one.step == step and standing in one.froms)
        return next(found, None)

    def reached_by(self, standing: str, step: str) -> str | None:
        """Where a step leads though steps before it were not told: by the shortest way that there is.

        None where no way leads from the standing to it: then the step is out of order.
        """
        seen, near = {standing}, [standing]
        while near:
            for one in near:
                if (to := self.after(one, step)) is not None:
                    return to
            near = [one.to for one in self.transitions if set(one.froms) & set(near) and one.to not in seen]
            seen |= set(near)
        return None

    def possible(self, standing: str) -> list[str]:
        """The steps that can be taken from a standing."""
        return [one for one in self.steps if self.after(standing, one) is not None]

    def can_step(self, standing: str, step: str) -> bool:
        """Whether a step can be taken."""
        return self.after(standing, step) is not None

    def check_step(self, standing: str, step: str) -> str:
        """The standing a step leads to; refuses one that cannot be taken, saying which can."""
        to = self.after(standing, step)
        if to is None:
            possible = ", ".join(self.possible(standing)) or "nothing: it is at its end"
            raise Refused(f"It is {standing}, so it cannot be {step}. What can follow: {possible}.")
        return to

    def diagram(self) -> str:
        """The transitions as a Mermaid state diagram, for the reference pages."""
        names = {standing: f"s{at}" for at, standing in enumerate(self.standings)}
        lines = ["stateDiagram-v2", *(f'    state "{says}" as {name}' for says, name in names.items())]
        lines += [f"    [*] --> {names[BEGIN]}"]
        for one in self.transitions:
            lines += [f"    {names[before]} --> {names[one.to]}: {one.step}" for before in one.froms]
        return "\n".join(lines)


class Taken(Protocol):
    """Anything that says which step was taken."""

    @property
    def step(self) -> str | None:
        """The step's name."""


T = TypeVar("T", bound=Taken)


@dataclass(frozen=True)
class Stood(Generic[T]):
    """Where something stands, the steps that brought it there, and those that could not follow."""

    standing: str
    taken: tuple[T, ...]
    out_of_order: tuple[T, ...]
    reached: tuple[tuple[T, str], ...]
    """Each step taken with the standing it led to."""
    gaps: tuple[T, ...] = ()
    """The steps before which others must have been taken that nobody told of."""


def stood(machine: Machine, steps: Iterable[T], begin: str = BEGIN, *, strict: bool = False) -> Stood[T]:
    """Where steps lead, in the order given; one that cannot follow changes nothing and is told.

    Of most public histories some steps were never told: one that some way leads to is taken, and counts as
    after a gap, unless `strict`: where each step is somebody's word for what was checked, none is taken as
    said. What somebody enters now is held to the table itself (`check_step`).
    """
    standing, reached, lost, gaps = begin, list[tuple[T, str]](), list[T](), list[T]()
    for one in steps:
        follows = machine.after(standing, one.step or "")
        to = follows if follows or strict else machine.reached_by(standing, one.step or "")
        if to is None:
            lost.append(one)
            continue
        standing = to
        reached.append((one, to))
        gaps += [] if follows else [one]
    return Stood(standing, tuple(one for one, _ in reached), tuple(lost), tuple(reached), tuple(gaps))


def unknown_steps(machines: Sequence[Machine], codes: Iterable[str]) -> list[str]:
    """The codes that no machine has, and the steps that no code has: both must be none (held by a test)."""
    steps = {step for machine in machines for step in machine.steps}
    return sorted(steps ^ set(codes))
