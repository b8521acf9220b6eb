"""Commands about time limits: limit, holidays, clocks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from lineofsight.clocks.catalogue import KINDS
from lineofsight.queries.clocks import Clocks, clocks, query_of
from lineofsight.queries.deliveries import Loaded
from lineofsight.queries.holidays import DueDay, DueMoment, calendar_by
from lineofsight.record.tables.holiday import NATIONAL
from lineofsight.service.access import children
from lineofsight.service.access.records import open_record
from lineofsight.service.access.view import day_said
from lineofsight.service.cli.deliveries import became, sentence
from lineofsight.service.cli.wording import Example, answers, child_given, say_json, whoever
from lineofsight.service.receive import recipe
from lineofsight.service.receive.sources import HOLIDAYS
from lineofsight.service.store import clock
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.limits import Convention, Limit, because, due_at, due_on, read_limit
from lineofsight.vocabulary.moments import microseconds, read_moment, written

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
_KNOWN_BY = click.option(
    "--known-by", metavar="MOMENT", help="Only what was known by then. Default: the latest."
)
_BY = click.option(
    "--by", metavar="NAME", default=whoever, show_default="you", help="Who does this: it is written down."
)


@click.command(cls=Example, example='lineofsight limit "45 working days" --from 2019-10-08 --json')
@click.argument("limit")
@click.option("--from", "from_", metavar="DAY", required=True, help="The first day; for hours a moment.")
@click.option(
    "--convention",
    type=click.Choice(["0", "1"]),
    default="0",
    show_default=True,
    help="0: the first day is not counted. 1: it is day one.",
)
@_KNOWN_BY
@_JSON
@answers
def limit(limit: str, from_: str, convention: str, known_by: str | None, as_json: bool) -> None:
    """The day on which a time limit ends, and why."""
    asked = read_limit(limit)
    if asked.unit == "hours":
        answer: DueDay | DueMoment = _after_hours(asked, from_)
    else:
        moment = microseconds(read_moment(known_by) if known_by else clock.now())
        answer = _after_days(asked, day_said(from_, "from"), Convention(int(convention)), moment)
    if as_json:
        say_json(answer)
        return
    due = answer.due_on.isoformat() if isinstance(answer, DueDay) else written(answer.due_at)
    click.echo(f"{due}\n  {answer.because}")


def _after_hours(limit: Limit, from_: str) -> DueMoment:
    begun = read_moment(from_)
    due = due_at(limit, begun)
    return DueMoment(due, f"{limit} from {written(begun)}.")


def _after_days(limit: Limit, begun: date, convention: Convention, moment: int) -> DueDay:
    calendar = calendar_by(open_record(NATIONAL), moment)
    due = due_on(limit, begun, calendar, convention)
    return DueDay(due, because(limit, begun, due, calendar, convention))


@click.group(epilog="Example:  lineofsight holidays set holidays.csv")
def holidays() -> None:
    """Bank holidays proclaimed after this version was made."""


@holidays.command("set", cls=Example, example="lineofsight holidays set holidays.csv --by 'A. Officer'")
@click.argument("file", type=click.Path(path_type=Path))
@_BY
@click.option(
    "--received-at", metavar="MOMENT", help="The moment at which they became known, if it was earlier."
)
@_JSON
@answers
def set_holidays(file: Path, by: str, received_at: str | None, as_json: bool) -> None:
    """Add bank holidays from a file with a day and a name on each line.

    Days due are worked out with them from then on. With `--known-by` an earlier moment they are left out.
    """
    moment = read_moment(received_at) if received_at else None
    files, name = recipe.read_path_once(file)
    outcome = recipe.load(files, name, NATIONAL, HOLIDAYS, received_at=moment, by=by)
    loaded = Loaded(**vars(became(outcome)), heard_before=outcome.already_received)
    if as_json:
        say_json([loaded])
    else:
        click.echo(sentence(loaded, again=loaded.heard_before))


@click.command("clocks", cls=Example, example="lineofsight clocks --authority 999 --as-at 2019-10-08 --json")
@click.option("--authority", metavar="CODE", required=True, help="The authority's three digits.")
@click.option("--as-at", metavar="DAY", required=True, help="The day the answer is about.")
@_KNOWN_BY
@click.option("--witnessed", is_flag=True, help="Count only information this system had received by then.")
@click.option("--clock", "code", type=click.Choice(sorted(KINDS)), help="Only this kind of clock.")
@click.option("--child", metavar="ID", help="Only this child; `-` reads the number from standard input.")
@click.option(
    "--due-within", metavar="N", type=click.IntRange(0, 2600), help="Only what is due within N working days."
)
@_BY
@_JSON
@answers
def clocks_of(
    authority: str,
    as_at: str,
    known_by: str | None,
    witnessed: bool,
    code: str | None,
    child: str | None,
    due_within: int | None,
    by: str,
    as_json: bool,
) -> None:
    """What law and guidance require by when for each child, and what became of it. Each child is written to the access log."""
    record = open_record(authority_code(authority))
    moment = microseconds(read_moment(known_by)) if known_by else None
    chosen = {"child": child_given(child) if child else None, "code": code, "due_within": due_within}
    query = query_of(record, day_said(as_at), moment, witnessed=witnessed, **chosen)
    answer = children.listed(lambda: clocks(record, query), record.authority, by=by, channel="clocks")
    if as_json:
        say_json(answer)
        return
    _say(answer)


def _say(answer: Clocks) -> None:
    click.echo(
        f"{len(answer.clocks)} clocks as at {answer.as_at}, known by {written(answer.known_by)} ({answer.rests_on})"
    )
    for row in answer.clocks:
        click.echo(f"{row.child}  {row.clock}  due {row.due_on}  {row.state.replace('_', ' ')}")
    for kind, why in answer.available.items():
        if why:
            click.echo(f"  {kind}: not shown. {why}")


COMMANDS = (limit, holidays)
OF_CHILDREN = (clocks_of,)
