"""The command that lists everything promised by anyone: obligations."""

from __future__ import annotations

import click

from lineofsight.service.access import obligations as read
from lineofsight.service.access.view import View, day_said
from lineofsight.service.cli.wording import Example, answers, present, say_json
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.moments import read_moment


@click.command(
    cls=Example,
    example="lineofsight obligations --authority 928 --as-at 2019-10-08 --known-by 2020-03-31 --json",
)
@click.option("--authority", metavar="CODE", required=True, help="The authority's three digits.")
@click.option("--as-at", metavar="DAY", required=True, help="The day the answer is about.")
@click.option(
    "--known-by", metavar="MOMENT", help="Only what was known by then; a day means its end. Default: now."
)
@click.option("--witnessed", is_flag=True, help="Count only what this record itself had taken in by then.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@answers
def obligations(authority: str, as_at: str, known_by: str | None, witnessed: bool, as_json: bool) -> None:
    """Everything promised by anyone: undertakings, requirements, actions, recommendations.

    Each with its source, owner, year, day and standing, and where the same was promised before.
    """
    day = day_said(as_at)
    view = View(day, read_moment(known_by) if known_by else present(), witnessed)
    answer = read.answer(authority_code(authority), view, day)
    if as_json:
        say_json(answer)
        return
    click.echo(
        f"{answer['count']} promised as at {answer['as_at']}, known by {answer['known_by']} ({answer['rests_on']})"
    )
    click.echo("  " + " · ".join(f"{name} {count}" for name, count in answer["by_standing"].items() if count))
    for one in answer["obligations"]:
        due = f", due {one['due']}" if one["due"] else ""
        click.echo(f"\n{one['said_on']}  {one['kind']}  {one['standing']}{due}  {one['name']}")
        click.echo(f"  {one['title']}")
        click.echo(f"  {one['source']}; {one['owner']} answers for it")
        if one["before"]:
            click.echo(f"  Promised before: {len(one['before'])}, {', '.join(one['before'][:3])}")


COMMANDS = (obligations,)
