"""Commands that say who answers: figure, register, trend, bridge, caseload, child."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ParamSpec, TypeVar

import click

from lineofsight.allocation.states import OPEN_EPISODES, definition_named
from lineofsight.queries import bridges
from lineofsight.queries import figures as read
from lineofsight.queries.figures import Figure, FigureQuery, NotSeen
from lineofsight.queries.record import Record
from lineofsight.service.access import children
from lineofsight.service.access.records import open_record
from lineofsight.service.access.view import day_said
from lineofsight.service.cli.wording import Example, answers, child_given, say_json, whoever
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.moments import microseconds, read_moment, written

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


def _query(
    authority: str, day: date | None, known_by: str | None, definition: str, *, witnessed: bool
) -> tuple[Record, FigureQuery]:
    """The record and the question; the day is that of the moment where none is given."""
    record = open_record(authority_code(authority))
    latest = read.latest_moment(record, witnessed=witnessed)
    moment = microseconds(read_moment(known_by)) if known_by else latest
    as_at = day or children.day_of_moment(moment)
    return record, FigureQuery(as_at, moment, definition_named(definition), witnessed)


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
    """One figure, and how it is worked out: definition, states, sources, moments."""
    record, query = _query(authority, day_said(as_at), known_by, definition, witnessed=witnessed)
    answer: Figure | NotSeen
    if measure == read.UNALLOCATED:
        answer = read.figure(record, query)
    else:
        answer = children.listed(
            lambda: read.not_seen(record, query), record.authority, by=by, channel=f"figure {measure}"
        )
    if as_json:
        say_json(answer)
        return
    _say_figure(answer)


def _say_figure(answer: Figure | NotSeen) -> None:
    count = answer.unallocated if isinstance(answer, Figure) else answer.allocated_not_seen
    number = "not known" if count is None else str(count)
    click.echo(f"{answer.measure}: {number} of {answer.population} children, as at {answer.as_at}")
    click.echo(f"  known by {written(answer.known_by)} ({answer.rests_on})")
    click.echo("  " + " · ".join(f"{state.replace('_', ' ')} {n}" for state, n in answer.states.items()))
    click.echo(f"  {answer.definition.name} {answer.definition.version}: {answer.definition.says}")
    if isinstance(answer, Figure) and answer.refused_rows:
        rows = "1 row was" if answer.refused_rows == 1 else f"{answer.refused_rows} rows were"
        click.echo(f"  Incomplete: {rows} refused in the latest deliveries.")
    if answer.states["cannot_tell"]:
        click.echo("  Incomplete: for some children the data does not say.")
    if isinstance(answer, Figure) and answer.disagreements:
        click.echo(f"  Sources disagree about {answer.disagreements} of them.")
    for source in answer.sources:
        received = written(source.received_at)
        click.echo(f"  from {source.source}, received {received}, sha256 {source.sha256[:16]}…")


@click.command(
    cls=Example, example="lineofsight register unallocated --authority 999 --as-at 2019-10-08 --json"
)
@click.argument("measure", type=click.Choice([read.UNALLOCATED]), expose_value=False)
@_options(_AUTHORITY, _AS_AT, _KNOWN_BY, _WITNESSED, _DEFINITION, _BY, _JSON)
@answers
def register(
    authority: str,
    as_at: str,
    known_by: str | None,
    witnessed: bool,
    definition: str,
    by: str,
    as_json: bool,
) -> None:
    """The children behind the figure, those waiting longest first. Each is written to the access log."""
    record, query = _query(authority, day_said(as_at), known_by, definition, witnessed=witnessed)
    answer = children.listed(
        lambda: read.register(record, query), record.authority, by=by, channel="register"
    )
    if as_json:
        say_json(answer)
        return
    _say_figure(answer)
    for row in answer.children:
        why = f" ({row.reason})" if row.reason else ""
        last = f", last worker {row.last_worker}" if row.last_worker else ""
        days = "no known number of" if row.days is None else row.days
        state = row.state.replace("_", " ")
        click.echo(f"{row.child}  {state}{why}  {days} days, team {row.team or 'none'}{last}")


@click.command(
    cls=Example,
    example="lineofsight trend unallocated --authority 999 --from 2019-01-01 --to 2019-10-08 --as-known-then --json",
)
@click.argument("measure", type=click.Choice([read.UNALLOCATED]), expose_value=False)
@_options(_AUTHORITY, _FROM, _TO, _KNOWN_BY)
@click.option("--as-known-then", is_flag=True, help="Each day as it was known by the end of the day after.")
@_options(_WITNESSED, _DEFINITION, _JSON)
@answers
def trend(
    authority: str,
    from_: str,
    to: str,
    known_by: str | None,
    as_known_then: bool,
    witnessed: bool,
    definition: str,
    as_json: bool,
) -> None:
    """One row a day."""
    if known_by and as_known_then:
        raise click.UsageError("Give --known-by or --as-known-then, not both.")
    first = day_said(from_, "from")
    record, query = _query(authority, day_said(to, "to"), known_by, definition, witnessed=witnessed)
    answer = read.trend(record, query, first, as_known_then=as_known_then)
    if as_json:
        say_json(answer)
        return
    moment = "each day then" if as_known_then else written(answer.known_by)
    click.echo(f"{answer.measure}, known by {moment} ({answer.rests_on})")
    for row in answer.days:
        count = "not known" if row.unallocated is None else row.unallocated
        click.echo(f"{row.as_at}  {count} of {row.population}")


@click.command(
    cls=Example,
    example="lineofsight bridge unallocated --authority 999 --from 2019-09-01 --to 2019-10-08 --json",
)
@click.argument("measure", type=click.Choice([read.UNALLOCATED]), expose_value=False)
@_options(_AUTHORITY, _FROM, _TO)
@click.option(
    "--from-known-by",
    metavar="MOMENT",
    help="The first figure with information available by then. Default: available on that day.",
)
@_options(_KNOWN_BY, _WITNESSED, _DEFINITION, _BY, _JSON)
@answers
def bridge(
    authority: str,
    from_: str,
    to: str,
    from_known_by: str | None,
    known_by: str | None,
    witnessed: bool,
    definition: str,
    by: str,
    as_json: bool,
) -> None:
    """How one figure became the other, child by child; exits that nobody explained come first.

    Each child is written to the access log.
    """
    first = day_said(from_, "from")
    from_moment = microseconds(read_moment(from_known_by)) if from_known_by else None
    record, query = _query(authority, day_said(to, "to"), known_by, definition, witnessed=witnessed)
    answer = children.listed(
        lambda: bridges.bridge(record, query, first, from_moment), record.authority, by=by, channel="bridge"
    )
    if as_json:
        say_json(answer)
        return
    _say_figure(answer.from_)
    _say_figure(answer.to)
    for name, counts in (("exits", answer.exits), ("arrivals", answer.arrivals)):
        click.echo(f"{name}: " + " · ".join(f"{move.replace('_', ' ')} {n}" for move, n in counts.items()))
    for row in answer.children:
        click.echo(f"{row.child}  {row.move.replace('_', ' ')}")


@click.command(cls=Example, example="lineofsight caseload --authority 999 --as-at 2019-10-08 --json")
@_options(_AUTHORITY, _AS_AT, _KNOWN_BY, _WITNESSED, _DEFINITION, _JSON)
@answers
def caseload(
    authority: str, as_at: str, known_by: str | None, witnessed: bool, definition: str, as_json: bool
) -> None:
    """Children and full-time equivalent by worker and team, and who holds children without counting."""
    record, query = _query(authority, day_said(as_at), known_by, definition, witnessed=witnessed)
    answer = read.caseload(record, query)
    if as_json:
        say_json(answer)
        return
    click.echo(f"caseload as at {answer.as_at}, known by {written(answer.known_by)} ({answer.rests_on})")
    for worker in answer.workers:
        held = f", {worker.held} held ({', '.join(worker.reasons)})" if worker.held else ""
        fte = worker.fte or "no"
        click.echo(f"worker {worker.worker}  {worker.children} children, {fte} full-time equivalent{held}")
    for team in answer.teams:
        counts = f"{team.children} children, {team.workers} workers, {team.team_only} team only"
        click.echo(f"team {team.team}  {counts}")


@click.command(cls=Example, example="lineofsight child C000123 --authority 999 --json")
@click.argument("id")
@_AUTHORITY
@click.option("--as-at", metavar="DAY", help="Only rows that hold on this day.")
@_options(_KNOWN_BY, _WITNESSED, _DEFINITION)
@_options(_BY, _JSON)
@answers
def child(
    id: str,
    authority: str,
    as_at: str | None,
    known_by: str | None,
    witnessed: bool,
    definition: str,
    by: str,
    as_json: bool,
) -> None:
    """One child: rows, who answered when, the deliveries that said so. The look is written to the access log.

    Give - as the number to have it read from standard input, where nobody else on the machine can read it.
    """
    day = day_said(as_at) if as_at else None
    record, query = _query(authority, day, known_by, definition, witnessed=witnessed)
    answer = children.open_by_name(record, child_given(id), day, query, by=by)
    if as_json:
        say_json(answer)
        return
    click.echo(f"{answer.child}, known by {written(answer.known_by)} ({answer.rests_on})")
    for stretch in answer.answered:
        who = f": {', '.join(stretch.workers)}" if stretch.workers else ""
        state = stretch.state.replace("_", " ")
        click.echo(f"  {stretch.from_ or 'always'} to {stretch.to or 'now'}  {state}{who}")
    for name, rows in answer.rows.items():
        click.echo(f"  {name.replace('_', ' ')}: {len(rows)}")


COMMANDS = (figure, register, trend, bridge, caseload, child)
