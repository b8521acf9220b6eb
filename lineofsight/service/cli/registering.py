"""What every command of a register shares: whose, as at which day, known by when, and JSON or text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from lineofsight.queries.as_json import to_json
from lineofsight.queries.record import Record, View
from lineofsight.service.access.records import open_record
from lineofsight.service.access.view import day_said, on_its_day
from lineofsight.service.cli.reading import AUTHORITY, JSON
from lineofsight.service.cli.wording import Example, answers, present, say_json
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.moments import read_moment
from lineofsight.vocabulary.refusal import Refused

Answer = dict[str, Any]
"""An answer as its JSON has it."""
_AS_AT = click.option("--as-at", metavar="DAY", help="Only what had begun by this day.")
_KNOWN_BY = click.option(
    "--known-by", metavar="MOMENT", help="Only what was known by then; a day means its end. Default: now."
)
_WITNESSED = click.option(
    "--witnessed", is_flag=True, help="Count only information this system had received by then."
)


def asks(read: Callable[[Record, View], Any], example: str) -> Callable[[Callable[[Answer], None]], Example]:
    """Make a command of what tells an answer as text; its name and help are that function's own.

    ``read`` gives the answer of an authority in a view. Refuses where no authority is named.
    """

    def made(tell: Callable[[Answer], None]) -> Example:
        @answers
        def asked(
            as_at: str | None, known_by: str | None, witnessed: bool, authority: str | None, as_json: bool
        ) -> None:
            answer = read(*_asked(authority, as_at, known_by, witnessed=witnessed))
            say_json(answer) if as_json else tell(to_json(answer))

        asked.__doc__ = tell.__doc__
        for option in (JSON, AUTHORITY, _WITNESSED, _KNOWN_BY, _AS_AT):
            option(asked)
        return click.command(tell.__name__, cls=Example, example=example)(asked)

    return made


def _asked(
    authority: str | None, as_at: str | None, known_by: str | None, *, witnessed: bool
) -> tuple[Record, View]:
    if authority is None:
        raise Refused("Say whose, with --authority CODE.")
    moment = read_moment(known_by) if known_by else present()
    view = View(day_said(as_at) if as_at else None, moment, witnessed)
    return open_record(authority_code(authority)), view


def nothing(found: list[Any], says: str) -> None:
    """Say so where nothing was found."""
    if not found:
        click.echo(says)


def on_a_day(answer: Callable[[Record, View], Any]) -> Callable[[Record, View], Any]:
    """The same answer on the view's own day; where none was asked for, the day of its moment."""
    return lambda record, view: answer(record, on_its_day(view))
