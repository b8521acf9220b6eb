"""Commands about what was read of deliveries and what there is to put right: reading, data-quality."""

from __future__ import annotations

import click

from lineofsight.intake.report import FileRead
from lineofsight.queries import quality
from lineofsight.queries import reading as read
from lineofsight.queries.quality import Issue
from lineofsight.service.access.records import open_record, record_with
from lineofsight.service.cli.wording import Example, answers, present, say_json
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.moments import london_day

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.command(cls=Example, example="lineofsight reading 1f0c9b2ad3e45f67 --json")
@click.argument("delivery")
@_JSON
@answers
def reading(delivery: str, as_json: bool) -> None:
    """What was read of each file of a delivery: its columns found, guessed and missing, and how tables meet.

    Beside each missing column stands what its absence costs.
    """
    found = read.reading(record_with(delivery), delivery)
    if as_json:
        say_json(found)
        return
    if not found.reported:
        click.echo(
            "No reading report is kept of this delivery: it was not read as tables, or before reports were kept."
        )
    for file in found.files:
        _tell_file(file)
    for join in found.joins:
        click.echo(
            f"{join.table} {join.column}: {join.met:,} of {join.rows:,} rows are described in {join.described_in}; "
            f"most look like {join.looks_like}, expected {join.expected}"
        )


def _tell_file(file: FileRead) -> None:
    if file.read_as is None:
        click.echo(f"{file.file}: not read. {file.why or ''}")
        return
    place = f", headings in line {file.heading_line}" if file.heading_line else ""
    click.echo(
        f"{file.file}: {file.rows:,} rows as {file.read_as.replace('_', ' ')}{place}; "
        f"{file.broken:,} broken, {file.left_out:,} lines left out"
    )
    for column in file.columns:
        if column.how == "guessed":
            click.echo(f"  {column.column}: guessed from {column.heading!r}")
        elif column.how == "missing":
            click.echo(f"  {column.column}: missing. {column.costs or ''}".rstrip())
    if file.unknown:
        click.echo(f"  not read: {', '.join(file.unknown)}")


@click.command("data-quality", cls=Example, example="lineofsight data-quality --authority 999 --json")
@click.option("--authority", metavar="CODE", required=True, help="The authority's three digits.")
@_JSON
@answers
def data_quality(authority: str, as_json: bool) -> None:
    """Data quality issues of each source's latest delivery, by cause: how many, since when, and who owns each.

    Children are counted and never named. An issue that a named person accepted until a day stands last.
    """
    record = open_record(authority_code(authority))
    found = quality.data_quality(record, london_day(present()), sees_children=True)
    if as_json:
        say_json(found)
        return
    for issue in found.issues:
        _tell_issue(issue)
    if not found.issues:
        click.echo("No issues: each source's latest delivery was loaded with nothing to put right.")


def _tell_issue(issue: Issue) -> None:
    place = " ".join(filter(None, (issue.table, issue.column))) or "whole delivery"
    click.echo(f"{issue.code} {issue.severity}: {issue.source}, {place}: {issue.says} {issue.do}")
    children = "" if issue.children is None else f", {issue.children:,} children"
    click.echo(
        f"    {issue.findings:,} now ({issue.new:,} new, {issue.gone:,} resolved){children}; "
        f"first seen {issue.first_seen_on}"
    )
    for answer in issue.answers[:1]:
        until = f"; accepted until {answer.until}: {answer.why}" if answer.accepted else ""
        click.echo(f"    Owner: {answer.owner or 'not named'}{until} ({answer.said_by}, {answer.said_on})")


COMMANDS = (reading, data_quality)
