"""The access log as a whole: releasing what has been kept long enough."""

from __future__ import annotations

import click

from lineofsight.service.access.view import day_said
from lineofsight.service.cli.wording import Example, answers, present
from lineofsight.service.store import sealing
from lineofsight.vocabulary.moments import london_day, microseconds, start_of
from lineofsight.vocabulary.refusal import Refused


@click.group(
    name="access-log",
    epilog="Example:  lineofsight access-log release",
)
def access_log() -> None:
    """The log of who looked at which child."""


@access_log.command(
    cls=Example,
    example='lineofsight access-log release --before 2019-10-01 --ground "kept for six years" --by "A. Officer"',
)
@click.option("--before", metavar="DAY", required=True, help="Entries written before this day go.")
@click.option(
    "--ground", metavar="TEXT", required=True, help="Under which policy; kept for ever, so name nobody in it."
)
@click.option("--by", metavar="NAME", required=True, help="Who decided it.")
@answers
def release(before: str, ground: str, by: str) -> None:
    """Delete entries of the access log that have been kept long enough.

    That this was done, by whom, and for which entries is appended to the access chain, so that
    `verify` tells it from a deletion nobody answers for.
    """
    day = day_said(before, "before which entries go")
    if day >= london_day(present()):
        raise Refused("Give a day before today: entries of today are not released.")
    if not ground.strip() or not by.strip():
        raise Refused("Say under which policy, with --ground, and who decided it, with --by; both are kept.")
    count = sealing.release_looks(
        microseconds(start_of(day)), by=by.strip()[:200], ground=ground.strip()[:500]
    )
    if not count:
        click.echo("No entry is that old; nothing was released.")
        return
    click.echo(
        f"{count:,} {'entry' if count == 1 else 'entries'} released: those written before {day.isoformat()}."
    )


COMMANDS = (access_log,)
