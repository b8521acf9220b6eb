"""Which step may follow which in a register: a table of transitions, a check by that table, and its diagram.

A register's rows are steps that somebody stated for a day. History is never refused: a step that cannot
follow is stored, shown as out of order, and does not change the standing.
A step that somebody enters now is checked before it is stored (`check_step`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from lineofsight.vocabulary.refusal import Refused

BEGIN = "not begun"
"""The standing of every register row before its first step."""


@dataclass(frozen=True)
class Transition:
    """One possible step: the standings it may follow, the standing it leads to, and what it means."""

    step: str
    froms: tuple[str, ...]
    to: str
    says: str


@dataclass(frozen=True)
class Machine:
    """A register's transitions, with a name. A step may have several, from different standings."""

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
        """The standing a step leads to; None if the step is not possible."""
        found = (one.to for one in self.transitions if one.step == step and standing in one.froms)
        return next(found, None)

    def reached_by(self, standing: str, step: str) -> str | None:
        """The standing a step leads to if steps before it are missing, by the shortest path.

        None if there is no path from the standing to the step. The step is then out of order.
        """
        seen, near = {standing}, [standing]
        while near:
            for place in near:
                if (to := self.after(place, step)) is not None:
                    return to
            near = [one.to for one in self.transitions if set(one.froms) & set(near) and one.to not in seen]
            seen |= set(near)
        return None

    def possible(self, standing: str) -> list[str]:
        """The steps that are possible from a standing."""
        return [one for one in self.steps if self.after(standing, one) is not None]

    def can_step(self, standing: str, step: str) -> bool:
        """Whether a step is possible."""
        return self.after(standing, step) is not None

    def check_step(self, standing: str, step: str) -> str:
        """The standing a step leads to; refuses an impossible step and says which are possible."""
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
        for transition in self.transitions:
            lines += [
                f"    {names[before]} --> {names[transition.to]}: {transition.step}"
                for before in transition.froms
            ]
        return "\n".join(lines)


class Taken(Protocol):
    """Anything with a step."""

    @property
    def step(self) -> str | None:
        """The step's name."""


T = TypeVar("T", bound=Taken)


@dataclass(frozen=True)
class Progress(Generic[T]):
    """The standing of something, the steps that led there, and the steps out of order."""

    standing: str
    taken: tuple[T, ...]
    out_of_order: tuple[T, ...]
    reached: tuple[tuple[T, str], ...]
    """Each step taken with the standing it led to."""
    gaps: tuple[T, ...] = ()
    """The steps before which others must have happened that no source mentions."""


def progress_of(
    machine: Machine, steps: Iterable[T], begin: str = BEGIN, *, over_gaps: bool = False
) -> Progress[T]:
    """The standing after steps, in the order given. A step that cannot follow changes nothing and is listed.

    `over_gaps`: sources of a public history leave out some steps, so a step with any path to it is accepted
    and counts as after a gap. A step that somebody enters now must follow the table itself (`check_step`).
    """
    standing, reached, lost, gaps = begin, list[tuple[T, str]](), list[T](), list[T]()
    for step in steps:
        strict = machine.after(standing, step.step or "")
        to = strict or (machine.reached_by(standing, step.step or "") if over_gaps else None)
        if to is None:
            lost.append(step)
            continue
        standing = to
        reached.append((step, to))
        gaps += [] if strict else [step]
    return Progress(standing, tuple(one for one, _ in reached), tuple(lost), tuple(reached), tuple(gaps))
