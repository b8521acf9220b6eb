"""Commands that say who answers: figure, register, trend, bridge, caseload, child."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ParamSpec, TypeVar

import click

from lineofsight.allocation.states import OPEN_EPISODES, definition_named
from lineofsight.service.access import answers as read
from lineofsight.service.access import children
from lineofsight.service.access.answers import Asked
from lineofsight.service.access.view import day_said
from lineofsight.service.cli.wording import Example, answers, child_given, say_json, whoever
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.moments import microseconds, read_moment

P = ParamSpec("P")
R = TypeVar("R")

_AUTHORITY = click.option("--authority", metavar="CODE", required=True, help="The authority's three digits.")
_AS_AT = click.option("--as-at", metavar="DAY", required=True, help="The day the answer is about.")
_KNOWN_BY = click.option(
    "--known-by", metavar="MOMENT", help="Only what was known by then. Default: the latest."
)
_WITNESSED = click.option(
    "--witnessed", is_flag=True, help="Count only information this system had received by then."
)
_DEFINITION = click.option(
    "--definition",
    metavar="NAME",
    default=OPEN_EPISODES.name,
    show_default=True,
    help="Which children are counted.",
)
_BY = click.option(
    "--by", metavar="NAME", default=whoever, show_default="you", help="Who looks: it is written down."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
_FROM = click.option("--from", "from_", metavar="DAY", required=True, help="The first day.")
_TO = click.option("--to", metavar="DAY", required=True, help="The last day.")


def _options(*options: Callable[..., Any]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def decorated(command: Callable[P, R]) -> Callable[P, R]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorated


def _asked(authority: str, definition: str = OPEN_EPISODES.name, *, witnessed: bool = False) -> Asked:
    return Asked(authority_code(authority), definition_named(definition), witnessed)


def _moment(asked: Asked, known_by: str | None) -> int:
    latest = read.latest(asked)
    return microseconds(read_moment(known_by)) if known_by else latest


@click.command(
    cls=Example, example="lineofsight figure unallocated --authority 999 --as-at 2019-10-08 --json"
)
@click.argument("measure", type=click.Choice(read.MEASURES))
@_options(_AUTHORITY, _AS_AT, _KNOWN_BY, _WITNESSED, _DEFINITION, _BY, _JSON)
@answers
def figure(
    measure: str,
    authority: str,
    as_at: str,
    known_by: str | None,
    witnessed: bool,
    definition: str,
    by: str,
    as_json: bool,
) -> None:
    """One figure with everything needed to argue about it: definition, states, sources, moments."""
    asked, day = _asked(authority, definition, witnessed=witnessed), day_said(as_at)
    make = read.figure if measure == read.UNALLOCATED else read.not_seen
    moment = _moment(asked, known_by)
    answer = children.listed(lambda: make(asked, day, moment), authority, by=by, door=f"figure {measure}")
    if as_json:
        say_json(answer)
        return
    _say_figure(answer, "unallocated" if measure == read.UNALLOCATED else "allocated_not_seen")


def _say_figure(answer: dict[str, Any], name: str) -> None:
    count = answer[name]
    said = "not known" if count is None else str(count)
    click.echo(f"{answer['measure']}: {said} of {answer['population']} children, as at {answer['as_at']}")
    click.echo(f"  known by {answer['known_by']} ({answer['rests_on']})")
    click.echo("  " + " · ".join(f"{state.replace('_', ' ')} {n}" for state, n in answer["states"].items()))
    click.echo(
        f"  {answer['definition']['name']} {answer['definition']['version']}: {answer['definition']['says']}"
    )
    if not answer["complete"]:
        click.echo("  Incomplete: for some children the data does not say.")
    if answer.get("disagreements"):
        click.echo(f"  Sources disagree about {answer['disagreements']} of them.")
    for one in answer["sources"]:
        click.echo(f"  from {one['source']}, received {one['received_at']}, sha256 {one['sha256'][:16]}…")


@click.command(
    cls=Example, example="lineofsight register unallocated --authority 999 --as-at 2019-10-08 --json"
)
@click.argument("measure", type=click.Choice([read.UNALLOCATED]))
@_options(_AUTHORITY, _AS_AT, _KNOWN_BY, _WITNESSED, _DEFINITION, _BY, _JSON)
@answers
def register(
    measure: str,
    authority: str,
    as_at: str,
    known_by: str | None,
    witnessed: bool,
    definition: str,
    by: str,
    as_json: bool,
) -> None:
    """The children behind the figure, those waiting longest first. Each is written to the access log."""
    asked, day = _asked(authority, definition, witnessed=witnessed), day_said(as_at)
    moment = _moment(asked, known_by)
    answer = children.listed(lambda: read.register(asked, day, moment), authority, by=by, door="register")
    if as_json:
        say_json(answer)
        return
    _say_figure(answer, measure)
    for one in answer["children"]:
        why = f" ({one['reason']})" if one["reason"] else ""
        last = f", last worker {one['last_worker']}" if one["last_worker"] else ""
        days = "no known number of" if one["days"] is None else one["days"]
        click.echo(
            f"{one['child']}  {one['state'].replace('_', ' ')}{why}  {days} days, team {one['team'] or 'none'}{last}"
        )


@click.command(
    cls=Example,
    example="lineofsight trend unallocated --authority 999 --from 2019-01-01 --to 2019-10-08 --as-known-then --json",
)
@click.argument("measure", type=click.Choice([read.UNALLOCATED]))
@_options(_AUTHORITY, _FROM, _TO, _KNOWN_BY)
@click.option("--as-known-then", is_flag=True, help="Each day as it was known by the end of the day after.")
@_options(_WITNESSED, _DEFINITION, _JSON)
@answers
def trend(
    measure: str, authority: str, from_: str, to: str, known_by: str | None, as_known_then: bool, witnessed: bool,
    definition: str, as_json: bool,
) -> None:  # fmt: skip
    """One row a day."""
    if known_by and as_known_then:
        raise click.UsageError("Give --known-by or --as-known-then, not both.")
    asked = _asked(authority, definition, witnessed=witnessed)
    latest = _moment(asked, known_by)
    answer = read.trend(asked, day_said(from_, "from"), day_said(to, "to"), None if as_known_then else latest)
    if as_json:
        say_json(answer)
        return
    click.echo(
        f"{measure}, known by {'each day then' if as_known_then else answer['known_by']} ({answer['rests_on']})"
    )
    for row in answer["days"]:
        count = "not known" if row["unallocated"] is None else row["unallocated"]
        click.echo(f"{row['as_at']}  {count} of {row['population']}")


@click.command(
    cls=Example,
    example="lineofsight bridge unallocated --authority 999 --from 2019-09-01 --to 2019-10-08 --json",
)
@click.argument("measure", type=click.Choice([read.UNALLOCATED]))
@_options(_AUTHORITY, _FROM, _TO)
@click.option(
    "--from-known-by",
    metavar="MOMENT",
    help="The first figure with information available by then. Default: available on that day.",
)
@_options(_KNOWN_BY, _WITNESSED, _DEFINITION, _BY, _JSON)
@answers
def bridge(
    measure: str, authority: str, from_: str, to: str, from_known_by: str | None, known_by: str | None,
    witnessed: bool, definition: str, by: str, as_json: bool,
) -> None:  # fmt: skip
    """How one figure became the other, child by child; exits that nobody explained come first.

    Each child is written to the access log.
    """
    asked = _asked(authority, definition, witnessed=witnessed)
    first, last = day_said(from_, "from"), day_said(to, "to")
    from_moment = microseconds(read_moment(from_known_by)) if from_known_by else None
    moment = _moment(asked, known_by)
    answer = children.listed(
        lambda: read.bridge(asked, first, last, from_moment, moment), authority, by=by, door="bridge"
    )
    if as_json:
        say_json(answer)
        return
    for end in ("from", "to"):
        _say_figure(answer[end], measure)
    for name in ("exits", "arrivals"):
        click.echo(
            f"{name}: " + " · ".join(f"{move.replace('_', ' ')} {n}" for move, n in answer[name].items())
        )
    for one in answer["children"]:
        click.echo(f"{one['child']}  {one['move'].replace('_', ' ')}")


@click.command(cls=Example, example="lineofsight caseload --authority 999 --as-at 2019-10-08 --json")
@_options(_AUTHORITY, _AS_AT, _KNOWN_BY, _WITNESSED, _DEFINITION, _JSON)
@answers
def caseload(
    authority: str, as_at: str, known_by: str | None, witnessed: bool, definition: str, as_json: bool
) -> None:
    """Children and full-time equivalent by worker and team, and who holds children without counting."""
    asked = _asked(authority, definition, witnessed=witnessed)
    answer = read.caseload(asked, day_said(as_at), _moment(asked, known_by))
    if as_json:
        say_json(answer)
        return
    click.echo(f"caseload as at {answer['as_at']}, known by {answer['known_by']} ({answer['rests_on']})")
    for one in answer["workers"]:
        held = f", {one['held']} held ({', '.join(one['reasons'])})" if one["held"] else ""
        click.echo(
            f"worker {one['worker']}  {one['children']} children, {one['fte'] or 'no'} full-time equivalent{held}"
        )
    for one in answer["teams"]:
        click.echo(
            f"team {one['team']}  {one['children']} children, {one['workers']} workers, {one['team_only']} team only"
        )


@click.command(cls=Example, example="lineofsight child C000123 --authority 999 --json")
@click.argument("id")
@_AUTHORITY
@click.option("--as-at", metavar="DAY", help="Only rows that hold on this day.")
@_options(_KNOWN_BY, _WITNESSED, _DEFINITION)
@_options(_BY, _JSON)
@answers
def child(
    id: str, authority: str, as_at: str | None, known_by: str | None, witnessed: bool, definition: str, by: str,
    as_json: bool,
) -> None:  # fmt: skip
    """One child: rows, who answered when, the deliveries that said so. The look is written to the access log.

    Give - as the number to have it read from standard input, where nobody else on the machine can read it.
    """
    asked = _asked(authority, definition, witnessed=witnessed)
    day: date | None = day_said(as_at) if as_at else None
    answer = children.look(asked, child_given(id), day, _moment(asked, known_by), by=by, door="child")
    if as_json:
        say_json(answer)
        return
    click.echo(f"{answer['child']}, known by {answer['known_by']} ({answer['rests_on']})")
    for one in answer["answered"]:
        who = f": {', '.join(one['workers'])}" if one["workers"] else ""
        click.echo(
            f"  {one['from'] or 'always'} to {one['to'] or 'now'}  {one['state'].replace('_', ' ')}{who}"
        )
    for name, rows in answer["rows"].items():
        click.echo(f"  {name.replace('_', ' ')}: {len(rows)}")


COMMANDS = (figure, register, trend, bridge, caseload, child)
