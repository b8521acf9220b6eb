"""Which roles somebody has here by what the organisation's sign-in server says of them.

Two lists count together: the setting LINEOFSIGHT_OIDC_ROLES for a few roles, and a file (LINEOFSIGHT_OIDC_ROLES_FILE) that can also name
groups, days, several teams and appointments. The file is read each time, so a change of it counts at the next check.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from lineofsight.service.access import people
from lineofsight.service.access.roles import SCOPED
from lineofsight.service.access.view import present
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused

GROUPS = "groups"
"""The claim that lists groups where an entry of the file names none."""
_KEYS = {"claim", "value", "name", "role", "authority", "teams", "from", "until", "topics", "document"}
_MOST_BYTES = 1_000_000


class Overage(Refused):
    """The server left groups out because there are too many: nobody can tell which roles somebody has."""


@dataclass(frozen=True)
class Given:
    """A role that the server gives, and by what: `by` says it in words, as the record keeps it."""

    wanted: people.Wanted
    by: str


@dataclass(frozen=True)
class Entry:
    """One line of the mapping: who has `value` in `claim` has this role, on these days."""

    claim: str
    value: str
    name: str
    role: str
    authority: str
    teams: tuple[str, ...]
    begins: date | None
    ends: date | None
    topics: str
    document: str

    def holds_on(self, day: date) -> bool:
        """Whether the line counts on a day."""
        return (self.begins is None or self.begins <= day) and (self.ends is None or day <= self.ends)

    def wanted(self, name: str, *, worker: str) -> list[people.Wanted]:
        """The roles, one a team; refuses what cannot be a role."""
        role = people.role_named(self.role)
        bound = SCOPED.get(role)
        appointment = {}
        if self.document or self.topics:
            days = {
                key: day.isoformat() for key, day in (("begins", self.begins), ("ends", self.ends)) if day
            }
            appointment = {"topics": self.topics, "document": self.document, **days}
        return [
            people.wanted(
                name,
                role,
                authority_code(self.authority),
                team=team,
                worker=worker if bound == "worker" else "",
                appointment=appointment,
            )
            for team in (self.teams or ("",))
        ]


def roles_given(claims: Mapping[str, Any]) -> list[Given]:
    """The roles that these claims give today. Refuses (`Overage`) where the server left out the groups that would decide."""
    entries, today = mapping(), london_day(present())
    names = claims.get("_claim_names")
    left_out = set(names) if isinstance(names, dict) else set()
    if claims.get("hasgroups"):
        left_out.add(GROUPS)
    if left_out & {entry.claim for entry in entries}:
        raise Overage(
            "You are in more groups than your organisation’s sign-in server can list, so this service cannot tell which roles "
            "you have. Ask the people who run the sign-in server to send only the groups assigned to this application, or "
            "application roles."
        )
    worker = str(claims.get(settings.OIDC_WORKER_CLAIM) or "")
    found: dict[people.Wanted, Given] = {}
    for entry in entries:
        if entry.holds_on(today) and entry.value in _values(claims.get(entry.claim)):
            what = "group" if entry.claim == GROUPS else entry.claim
            by = f"{people.by_server()}, by {what} {entry.name or entry.value}"
            for wanted in _wanted(entry, worker):
                found.setdefault(wanted, Given(wanted, by[:200]))
    return list(found.values())


def _wanted(entry: Entry, worker: str) -> list[people.Wanted]:
    """An entry's roles; none where what bounds them is not known, for a role without its bound is none."""
    try:
        return [replace(wanted, name="") for wanted in entry.wanted("x", worker=worker)]
    except Refused:
        return []


def _values(said: Any) -> set[str]:
    if isinstance(said, str):
        return {said}
    return {one for one in said if isinstance(one, str)} if isinstance(said, list | tuple) else set()


def mapping() -> list[Entry]:
    """Every line of both lists; refuses a file that cannot be read or has a line that can give no role."""
    return [*_of_settings(), *_of_file()]


def _of_settings() -> Iterator[Entry]:
    for line in filter(None, map(str.strip, settings.OIDC_ROLES.split(";"))):
        value, _, meant = line.partition("=")
        role, _, where = meant.strip().partition("@")
        authority, _, team = where.partition("/")
        teams = (team,) if team else ()
        claim = settings.OIDC_ROLES_CLAIM
        yield Entry(claim, value.strip(), "", role, authority, teams, None, None, "", "")


def _of_file() -> list[Entry]:
    if not settings.OIDC_ROLES_FILE:
        return []
    path = Path(settings.OIDC_ROLES_FILE)
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise Refused("The file of LINEOFSIGHT_OIDC_ROLES_FILE is too long.")
        said = tomllib.loads(content.decode("utf-8"))
    except OSError:
        raise Refused("The file of LINEOFSIGHT_OIDC_ROLES_FILE cannot be read.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise Refused("The file of LINEOFSIGHT_OIDC_ROLES_FILE is not TOML.") from None
    lines = said.get("role")
    if not isinstance(lines, list) or set(said) != {"role"}:
        raise Refused("The file of LINEOFSIGHT_OIDC_ROLES_FILE holds [[role]] sections and nothing else.")
    return [_entry(number, line) for number, line in enumerate(lines, 1)]


def _entry(number: int, line: Any) -> Entry:
    where = f"In the file of LINEOFSIGHT_OIDC_ROLES_FILE, [[role]] number {number}"
    if not isinstance(line, dict) or not {"value", "role", "authority"} <= set(line):
        raise Refused(f"{where} needs value, role and authority.")
    if unknown := set(line) - _KEYS:
        raise Refused(
            f"{where} has an unknown key {min(unknown)!r}; use some of: {', '.join(sorted(_KEYS))}."
        )
    teams, days = line.get("teams", []), (line.get("from"), line.get("until"))
    texts = [
        line.get(key, "") for key in ("claim", "value", "name", "role", "authority", "topics", "document")
    ]
    plain_days = all(day is None or type(day) is date for day in days)
    if not all(isinstance(text, str) for text in (*texts, *_list(teams))) or not plain_days:
        raise Refused(
            f"{where}: teams is a list, from and until are days such as 2019-10-09, all else is text."
        )
    claim, value, name, role, authority, topics, document = texts
    entry = Entry(claim or GROUPS, value, name, role, authority, tuple(teams), *days, topics, document)
    try:
        if not value:
            raise Refused("The value is empty.")
        entry.wanted("x", worker="x")
    except Refused as why:
        raise Refused(f"{where} gives no role. {why}") from None
    return entry


def _list(teams: Any) -> list[Any]:
    return teams if isinstance(teams, list) else [None]
