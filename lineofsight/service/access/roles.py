"""What each role may do. Nothing is allowed that is not written here."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings


class Role(StrEnum):
    """What somebody is to an authority's service. A person may hold several, each with its own scope."""

    WORKER = "worker"
    TEAM_MANAGER = "team manager"
    HEAD_OF_SERVICE = "head of service"
    ANALYST = "analyst"
    DIRECTOR = "director"
    IMPROVEMENT_LEAD = "improvement lead"
    COMMISSIONER = "commissioner"
    IMPROVEMENT_PARTNER = "improvement partner"
    SAFEGUARDING_PARTNERSHIP = "safeguarding partnership"
    TRANSITION_LEAD = "transition lead"
    AUDITOR = "auditor"
    MEMBER = "member"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """One thing that may be done or seen."""

    HEADLINE = "see the authority's headline figure with its definition"
    COUNTS = "see figures by state, team and day, and how one became another"
    WORKERS = "see teams and workers with how many children each has"
    CHILDREN = "see the children behind a figure, and open a child, within scope"
    BREAK_GLASS = "open a child out of scope or restricted, with a reason, for a few hours"
    RESTRICT = "restrict who may see a child, and lift that"
    RETENTION = "see whose records need not be kept any longer, and with a second person erase them"
    CORRECT = "record that somebody says a row about a child is wrong, and what was decided"
    LOOKS = "see who looked at which child"
    DELIVERIES = (
        "deliver files, see their findings, confirm what they change, set them aside, describe sources"
    )
    QUALITY = "read the summary of data quality issues, without their rows"
    ACCEPT_ISSUES = "say who owns a data quality issue, and accept one until a day"
    STATE = "add a public statement by hand"
    JUDGE = "complete the reading of a report, and say whether a finding returns"
    OVERSIGHT = "read what was promised and asked: actions, obligations, questions and gates"
    IMPROVE = "propose and agree actions, give evidence, say them done, put and answer questions"
    SIGN_OFF = (
        "sign off what others said is done, call it sustained, reopen it, waive a question, pass a gate"
    )
    ASK = "ask a question in public as an elected member, follow up an answer and say what was meant"
    ANSWER = "answer a member’s question in public, ask what it means, or refuse it with a reason"
    MAKE_PUBLIC = "make the signed file of what is public, for the public record"
    AUDIT = "prove the record: its heads and seals, counts of the access log, fingerprints, who held which role; no child"
    PEOPLE = "give people roles and take them away"
    CONFIRM_ROLES = "confirm roles and resets that somebody else asked for"


_EVERYBODY = frozenset({Permission.HEADLINE})
_FIGURES = _EVERYBODY | {Permission.COUNTS, Permission.WORKERS}
_CHILDREN = _FIGURES | {Permission.CHILDREN, Permission.BREAK_GLASS}

_IN_A_SERVICE: dict[Role, frozenset[Permission]] = {
    Role.WORKER: _EVERYBODY | {Permission.CHILDREN, Permission.BREAK_GLASS},
    Role.TEAM_MANAGER: _CHILDREN | {Permission.OVERSIGHT},
    Role.HEAD_OF_SERVICE: _CHILDREN | {Permission.OVERSIGHT},
    Role.ANALYST: _CHILDREN - {Permission.BREAK_GLASS}
    | {
        Permission.DELIVERIES,
        Permission.QUALITY,
        Permission.ACCEPT_ISSUES,
        Permission.STATE,
        Permission.JUDGE,
    }
    | {Permission.OVERSIGHT, Permission.SIGN_OFF, Permission.RETENTION, Permission.CORRECT},
    Role.DIRECTOR: _CHILDREN
    | {
        Permission.DELIVERIES,
        Permission.QUALITY,
        Permission.ACCEPT_ISSUES,
        Permission.RESTRICT,
        Permission.RETENTION,
        Permission.CORRECT,
        Permission.LOOKS,
        Permission.STATE,
        Permission.JUDGE,
    }
    | {
        Permission.OVERSIGHT,
        Permission.IMPROVE,
        Permission.SIGN_OFF,
        Permission.CONFIRM_ROLES,
        Permission.ANSWER,
        Permission.MAKE_PUBLIC,
    },
    Role.IMPROVEMENT_LEAD: _FIGURES
    | {Permission.STATE, Permission.JUDGE, Permission.OVERSIGHT, Permission.IMPROVE, Permission.ANSWER},
    Role.COMMISSIONER: _FIGURES | {Permission.OVERSIGHT, Permission.QUALITY},
    Role.IMPROVEMENT_PARTNER: _FIGURES | {Permission.OVERSIGHT, Permission.QUALITY},
    Role.SAFEGUARDING_PARTNERSHIP: frozenset({Permission.OVERSIGHT}),
    Role.TRANSITION_LEAD: _FIGURES,
    Role.AUDITOR: frozenset({Permission.AUDIT}),
    Role.MEMBER: _EVERYBODY | {Permission.ASK},
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.PEOPLE,
            Permission.CONFIRM_ROLES,
            Permission.LOOKS,
            Permission.DELIVERIES,
            Permission.QUALITY,
            Permission.STATE,
        }
    ),
}
_IN_A_PUBLIC_RECORD: dict[Role, frozenset[Permission]] = {
    Role.IMPROVEMENT_LEAD: frozenset({Permission.STATE, Permission.JUDGE}),
    Role.ADMINISTRATOR: frozenset({Permission.PEOPLE, Permission.CONFIRM_ROLES, Permission.STATE}),
}
PERMITTED = _IN_A_SERVICE if settings.HOLDS_CHILDREN else _IN_A_PUBLIC_RECORD
"""The matrix: deny by default, so a role that is not here, or a permission not in its set, is refused."""

SCOPED = {Role.WORKER: "worker", Role.TEAM_MANAGER: "team", Role.HEAD_OF_SERVICE: "team"}
"""Roles that see only part of an authority, and what bounds it: the worker's own children, a team's, or those of a team and of
every team below it. Somebody who heads several services holds the role once for each."""
