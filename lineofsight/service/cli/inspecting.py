"""Commands of inspections: what each found, and which findings may be the same failing again."""

from __future__ import annotations

import click

from lineofsight.service.access import inspections as read
from lineofsight.service.access.view import View, day_said
from lineofsight.service.cli.reading import AUTHORITY, JSON
from lineofsight.service.cli.wording import Example, answers, present, say_json
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.moments import read_moment
from lineofsight.vocabulary.refusal import Refused

AS_AT = click.option("--as-at", metavar="DAY", help="Only what had begun by this day.")
KNOWN_BY = click.option(
    "--known-by", metavar="MOMENT", help="Only what was known by then; a day means its end. Default: now."
)
WITNESSED = click.option(
    "--witnessed", is_flag=True, help="Count only what this record itself had taken in by then."
)


def asked(
    authority: str | None, as_at: str | None, known_by: str | None, *, witnessed: bool
) -> tuple[str, View]:
    """The authority and view that a command's options give; refuses where no authority is named."""
    if authority is None:
        raise Refused("Say whose, with --authority CODE.")
    moment = read_moment(known_by) if known_by else present()
    return authority_code(authority), View(day_said(as_at) if as_at else None, moment, witnessed)


@click.command(cls=Example, example="lineofsight inspections --authority 940 --json")
@AS_AT
@KNOWN_BY
@WITNESSED
@AUTHORITY
@JSON
@answers
def inspections(
    as_at: str | None, known_by: str | None, witnessed: bool, authority: str | None, as_json: bool
) -> None:
    """An authority's inspections: judgements by area, and areas for improvement with their pages.

    A successor council's begin with its own: whom it followed is named, and no grade is carried across.
    """
    code, view = asked(authority, as_at, known_by, witnessed=witnessed)
    found = read.answer(code, view)
    if as_json:
        say_json(found)
        return
    for one in found["inspections"]:
        click.echo(
            f"\n{one['title']}  {one['framework']}  published {one['published_on'] or 'on a day not known'}"
        )
        for judged in one["judgements"]:
            click.echo(f"  {judged['area']}: {judged['grade']}{' (disputed)' if judged['disputed'] else ''}")
        if one["without_overall"]:
            click.echo(f"  overall effectiveness: none, {one['without_overall']}")
        for item in one["areas_for_improvement"]:
            click.echo(f"  {item['label']}. {item['says']} (page {item['page']})")
        for part in one["unread"]:
            click.echo(f"  not read: {part}")
    for one in found["told_by_statements"]:
        click.echo(f"\n{one['begun_on']}  {one['subject']}: {len(one['statements'])} statements")
    if not found["inspections"] and not found["told_by_statements"]:
        click.echo("No inspection is known: lineofsight load REPORT.pdf --authority CODE --source ofsted")


@click.command(cls=Example, example="lineofsight recurrences --authority 926 --json")
@AS_AT
@KNOWN_BY
@WITNESSED
@AUTHORITY
@JSON
@answers
def recurrences(
    as_at: str | None, known_by: str | None, witnessed: bool, authority: str | None, as_json: bool
) -> None:
    """Findings that may be the same failing again: the three most alike of earlier ones, and what people said.

    A score offers; a person confirms or refuses on the page. Chains go back through whom an authority followed.
    """
    code, view = asked(authority, as_at, known_by, witnessed=witnessed)
    found = read.returns_answer(code, view)
    if as_json:
        say_json(found)
        return
    for one in found["chains"]:
        click.echo(
            f"Raised {one['times']} times, {one['first_on']} to {one['last_on']}: {one['findings'][-1]['says']}"
        )
    for one in found["candidates"]:
        click.echo(f"\n{one['later']['on']}  {one['later']['says']}")
        for earlier in one["earlier"]:
            verdict = earlier["verdict"]["verdict"] if earlier["verdict"] else "not looked at"
            click.echo(f"  {earlier['score']:.2f}  {earlier['on']}  {earlier['says']}  [{verdict}]")
    if not found["candidates"]:
        click.echo("No finding has an earlier one to be held against.")


COMMANDS = (inspections, recurrences)
