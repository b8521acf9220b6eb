"""Commands of inspections: what each found, and which findings may be the same failing again."""

from __future__ import annotations

import click

from lineofsight.queries import inspections as read
from lineofsight.queries import repeated
from lineofsight.service.access.kept_files import report_hash
from lineofsight.service.cli.registering import Answer, asks, nothing


@asks(
    lambda record, view: read.inspections(record, view, report_hash),
    "lineofsight inspections --authority 940 --json",
)
def inspections(found: Answer) -> None:
    """An authority's inspections: judgements by area, and areas for improvement with their pages.

    A successor council's begin with its own: whom it followed is named, and no grade is carried across.
    """
    for inspection in found["inspections"]:
        click.echo(
            f"\n{inspection['title']}  {inspection['framework']}  published {inspection['published_on'] or 'on a day not known'}"
        )
        for judged in inspection["judgements"]:
            click.echo(f"  {judged['area']}: {judged['grade']}{' (disputed)' if judged['disputed'] else ''}")
        if inspection["without_overall"]:
            click.echo(f"  overall effectiveness: none, {inspection['without_overall']}")
        for item in inspection["areas_for_improvement"]:
            click.echo(f"  {item['label']}. {item['says']} (page {item['page']})")
        for part in inspection["unread"]:
            click.echo(f"  not read: {part}")
    for stated in found["told_by_statements"]:
        click.echo(f"\n{stated['begun_on']}  {stated['subject']}: {len(stated['statements'])} statements")
    nothing(
        [*found["inspections"], *found["told_by_statements"]],
        "No inspection is known: lineofsight load REPORT.pdf --authority CODE --source ofsted",
    )


@asks(repeated.recurrences, "lineofsight recurrences --authority 926 --json")
def recurrences(found: Answer) -> None:
    """Findings that may be the same failing again: up to three earlier ones that are alike enough, and what people said.

    A score offers; a person confirms or refuses on the page. Chains go back through whom an authority followed.
    """
    for chain in found["chains"]:
        click.echo(
            f"Raised {chain['times']} times, {chain['first_on']} to {chain['last_on']}: {chain['findings'][-1]['says']}"
        )
    for candidate in found["candidates"]:
        click.echo(f"\n{candidate['later']['on']}  {candidate['later']['says']}")
        for earlier in candidate["earlier"]:
            verdict = earlier["verdict"]["verdict"] if earlier["verdict"] else "not looked at"
            click.echo(f"  {earlier['score']:.2f}  {earlier['on']}  {earlier['says']}  [{verdict}]")
    nothing(found["candidates"], "No finding has an earlier one that is similar enough to compare.")


COMMANDS = (inspections, recurrences)
