"""Fictional people of the fictional county, one of each role, and a team manager of another team."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody to sign in as: the name, the role, the team they answer for or work in, and what they see."""

    name: str
    role: str
    team: str = ""
    sees: str = ""
    also: tuple[str, ...] = ()
    """Other authorities in which they hold the same role: of the public record, so that its registers can be looked at."""


PEOPLE = (
    Person("administrator", "administrator", sees="people, roles and deliveries; no child", also=("928",)),
    Person("dora.director", "director", sees="the whole county", also=("928",)),
    Person("ana.analyst", "analyst", sees="the whole county", also=("928",)),
    Person("tess.manager", "team manager", "North safeguarding 1"),
    Person("oscar.manager", "team manager", "South safeguarding 1"),
    Person(
        "hana.head", "head of service", "North safeguarding 1", sees="their service, with every team in it"
    ),
    Person("wes.worker", "worker", "North safeguarding 1"),
    Person("ida.improvement", "improvement lead", sees="figures by state and team; no child", also=("928",)),
    Person(
        "cora.commissioner",
        "commissioner",
        sees="figures and plans until the end of an appointment; no child",
    ),
    Person(
        "petra.partner",
        "improvement partner",
        sees="figures and plans until the end of an appointment; no child",
    ),
    Person("sam.safeguarding", "safeguarding partnership", sees="reviews and plans; no child"),
    Person("tara.transition", "transition lead", sees="figures, teams and workers; no child"),
    Person("alan.auditor", "auditor", sees="what proves the record; no child"),
    Person("max.member", "member", sees="the headline figure; asks questions"),
)
