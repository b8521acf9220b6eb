"""Commands about what was read of deliveries and what there is to put right: reading, data-quality."""

from __future__ import annotations

import click

from lineofsight.intake.report import FileRead
from lineofsight.queries import reading as read
from lineofsight.service.access.records import record_with
from lineofsight.service.cli.wording import Example, answers, say_json

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


COMMANDS = (reading,)
