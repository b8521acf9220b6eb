"""The demonstration's sign-ins: one of each role in the fictional county, each with a password of its own."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import click
from django.conf import settings
from django.contrib.auth.models import User

from lineofsight.queries.history import history_of
from lineofsight.queries.holders import holders
from lineofsight.samples import county
from lineofsight.samples.people import PEOPLE, Person
from lineofsight.service.access import people
from lineofsight.service.access.appointments import APPOINTED
from lineofsight.service.access.records import open_record
from lineofsight.service.access.viewer import tree_now
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.refusal import Refused

_FILE = "demo-sign-ins.json"
_BY = "demo"
_APPOINTMENT = {
    "begins": "2019-06-10",
    "ends": "2099-12-31",
    "document": "A fictional direction of 10 June 2019",
}


def make() -> None:
    """Make the sign-ins, or leave them as they are, and print them as a table."""
    path = Path(settings.HOME) / _FILE
    passwords: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    rows = [("name", "password", "role", "sees")]
    for person in PEOPLE:
        password = passwords.setdefault(person.name, secrets.token_urlsafe(12))
        rows.append((person.name, password, person.role, _made(person, password)))
    path.touch(mode=0o600)
    path.write_text(json.dumps(passwords, indent=2))
    widths = [max(len(row[at]) for row in rows) for at in range(3)]
    click.echo("\nSign in as one of these; the passwords are kept in the home, and nobody in them is real.")
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  " + "  ".join([*cells, row[3]]))


def _made(person: Person, password: str) -> str:
    """Make one person and their role; says what they see."""
    user, new = User.objects.get_or_create(username=person.name)
    if new or not user.check_password(password):
        user.set_password(password)
        user.save()
    team = next((one.id for one in county.TEAMS if one.name == person.team), "")
    worker = _some_worker(team) if person.role == "worker" else ""
    own_team = {"team manager": team, "head of service": _service_of(team)}.get(person.role, "")
    appointment = _APPOINTMENT if person.role in APPOINTED else None
    try:
        code = authority_code(county.AUTHORITY)
        wanted = people.wanted(
            person.name, person.role, code, team=own_team, worker=worker, appointment=appointment
        )
    except Refused:
        return "nothing until the county is loaded"
    for wanted_role in (
        wanted,
        *(people.wanted(person.name, person.role, authority_code(code)) for code in person.also),
    ):
        if not people.holds(user, wanted_role.role, wanted_role.authority):
            people.give_to(user, wanted_role, by=_BY)
    return person.sees or (f"own children, as worker {worker}" if worker else f"team {person.team}")


def _service_of(team: str) -> str:
    """The service that a team belongs to; empty until an extract says so."""
    return dict(tree_now(county.AUTHORITY).parents).get(team, "")


def _some_worker(team: str) -> str:
    """The worker with most of a team's children on the latest day that is known; empty where nobody has any."""
    record = open_record(county.AUTHORITY)
    history = history_of(record, witnessed=False)
    day, latest = history.latest_day(), history.latest()
    if day is None or latest is None:
        return ""
    within = holders(record, day, latest)
    children = within.by_team.get(team, frozenset())
    held = {worker: len(own & children) for worker, own in within.by_worker.items()}
    return max(sorted(held), key=lambda worker: held[worker], default="")
