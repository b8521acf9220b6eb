"""Commands about people: administrator, person."""

from __future__ import annotations

import sys
from typing import Any

import click
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lineofsight.service.access import people
from lineofsight.service.access.roles import PERMITTED, Role
from lineofsight.service.cli.wording import Example, answers, whoever
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.refusal import Refused


@click.command(cls=Example, example="lineofsight administrator a.officer --authority 999")
@click.argument("name")
@click.option("--authority", metavar="CODE", help="Of whose people; none: of nobody's.")
@click.password_option(help="Asked for where it is not given.")
@answers
def administrator(name: str, authority: str | None, password: str) -> None:
    """Make an administrator, who gives people their roles; or give one a new password.

    This is how the first one is made. Whoever has a shell on this machine can always give any role and
    change any password: keep the machine itself to those who may. On the pages, a role that opens children
    or grants roles takes two people.
    """
    code = authority_code(authority) if authority else None
    user = _with_password(name, password)
    user.is_staff = True
    user.save()
    if code:
        people.give_to(user, people.wanted(name, Role.ADMINISTRATOR, code), by=_shell(whoever()))
    click.echo(f"{name} may sign in.")


def _shell(by: str) -> str:
    """Who gave a role on the command line: no account can be called so, and the machine's own account is named."""
    return f"command line ({whoever()})" + (f" for {by}" if by != whoever() else "")


def _with_password(name: str, password: str) -> User:
    """The person with that password, not yet saved; a refusal where it or the name will not do."""
    user = User.objects.filter(username=name).first() or User(username=name)
    try:
        validate_password(password, user)
        user.set_password(password)
        user.clean_fields()
    except ValidationError as fault:
        raise Refused(f"{' '.join(fault.messages)} Choose another.") from None
    return user


@click.command(
    cls=Example,
    example="lineofsight person b.ames --role 'team manager' --authority 999 --team north-safeguarding-1",
)
@click.argument("name")
@click.option("--role", metavar="ROLE", help=f"One of: {', '.join(PERMITTED)}.")
@click.option("--authority", metavar="CODE", help="The authority's three digits.")
@click.option(
    "--team", default="", help="Of a team manager or a head of service: the team, as involvements name it."
)
@click.option("--worker", default="", help="Of a worker: their number in the case system.")
@click.option(
    "--covers", default="", help="Of an appointment: its topics, separated by spaces; none: every topic."
)
@click.option("--from", "begins", metavar="DATE", default="", help="Of an appointment: its first day.")
@click.option(
    "--until",
    "ends",
    metavar="DATE",
    default="",
    help="Of an appointment: its last day, after which access ends.",
)
@click.option("--document", default="", help="Of an appointment: the document that appoints them.")
@click.option("--end", is_flag=True, help="End that role instead of giving it.")
@click.option(
    "--service",
    is_flag=True,
    help="Add a service account: a program's, which has no password and cannot sign in.",
)
@click.option("--by", metavar="NAME", default=whoever, show_default="you", help="Who decides: it is kept.")
@answers
def person(
    name: str,
    role: str | None,
    authority: str | None,
    team: str,
    worker: str,
    covers: str,
    begins: str,
    ends: str,
    document: str,
    end: bool,
    service: bool,
    by: str,
) -> None:
    """Give somebody a role or end it; without --role, say which they hold and who gave them.

    A shell on this machine needs nobody's confirmation: the grant says that it was made here.

    Somebody not here yet is added. The password is asked for, or read from stdin where that is no
    terminal; it is never an argument.
    """
    if role is not None:
        appointment = {"topics": covers, "begins": begins, "ends": ends, "document": document}
        _change(name, role, authority, team, worker, appointment, end=end, service=service, by=by)
    user = User.objects.filter(username=name).first()
    if user is None:
        raise Refused("There is nobody of that name; give a --role and an --authority to add them.")
    found = people.person(user)
    for held_role in found["roles"]:
        state = (
            "in force"
            if held_role["in_force"]
            else f"ended {held_role['ended_at']} by {held_role['ended_by']}"
            if held_role["ended_at"]
            else "outside the days of the appointment"
        )
        click.echo(
            f"{held_role['role']} {held_role['bound']}".rstrip()
            + f" in {held_role['authority']}{_appointment(held_role)}, given {held_role['given_at']} by {held_role['given_by']}: {state}"
        )


def _appointment(role: dict[str, Any]) -> str:
    """A role's appointment in words; nothing where it has none."""
    found = role["appointment"]
    if found is None:
        return ""
    ends = f" until {found['ends_on']}" if found["ends_on"] else ""
    covers = f" for {', '.join(found['topics'])}" if found["topics"] else ""
    return f", appointed from {found['begins_on']}{ends}{covers} by {found['document']!r}"


def _change(
    name: str,
    role: str,
    authority: str | None,
    team: str,
    worker: str,
    appointment: dict[str, str],
    *,
    end: bool,
    service: bool,
    by: str,
) -> None:
    if authority is None:
        raise click.UsageError("Say in which authority, with --authority CODE.")
    if not by.strip():
        raise Refused("Say who decides, with --by NAME.")
    user = User.objects.filter(username=name.strip()).first()
    if end:
        code = authority_code(authority)
        wanted = people.Wanted(name.strip(), people.role_named(role), code, team.strip(), worker.strip())
        if user is None or not people.end_role(user, wanted, by=_shell(by)):
            raise Refused("They hold no such role.")
        return
    wanted = people.wanted(
        name, role, authority_code(authority), team=team, worker=worker, appointment=appointment
    )
    if user is None:
        user = _without_password(wanted.name) if service else _with_password(wanted.name, _password())
        user.save()
    elif service and user.has_usable_password():
        raise Refused(
            "That account has a password, so it is a person’s; give the service account another name."
        )
    people.give_to(user, wanted, by=_shell(by))


def _without_password(name: str) -> User:
    user = User(username=name)
    user.set_unusable_password()
    return user


def _password() -> str:
    """Asked for twice at a terminal; else the first line of stdin, where nobody can mistype it."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


COMMANDS = (administrator, person)
