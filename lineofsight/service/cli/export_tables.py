"""The command that writes tables for an authority's own tools: export-tables."""

from __future__ import annotations

import click

from lineofsight.allocation.states import OPEN_EPISODES
from lineofsight.queries.figures import FigureQuery, latest_moment
from lineofsight.service.access.records import open_record
from lineofsight.service.access.scope import current_day
from lineofsight.service.access.view import day_said
from lineofsight.service.cli.wording import Example, answers
from lineofsight.service.exporting.files import FORMATS, manifest, table_files
from lineofsight.service.exporting.place import place_of, put
from lineofsight.service.exporting.taking import service_account, take
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.moments import microseconds, read_moment
from lineofsight.vocabulary.refusal import Refused


@click.command(
    "export-tables",
    cls=Example,
    example="lineofsight export-tables --authority 999 --to tables --as warehouse",
)
@click.option("--authority", metavar="CODE", required=True, help="The authority's three digits.")
@click.option("--to", metavar="FOLDER|URL", required=True, help="A folder, or s3://, abfs:// or gs://.")
@click.option(
    "--format", "formats", metavar="LIST", default=",".join(FORMATS), show_default=True, help="Which files."
)
@click.option(
    "--as-at", metavar="DAY", help="The day the tables are about. Default: the latest that is known."
)
@click.option("--known-by", metavar="MOMENT", help="Only what was known by then. Default: the latest.")
@click.option(
    "--as", "account", metavar="ACCOUNT", required=True, help="The service account: its roles bound the rows."
)
@answers
def export_tables(
    authority: str, to: str, formats: str, as_at: str | None, known_by: str | None, account: str
) -> None:
    """Write tables and measures for Power BI or a warehouse, with a data dictionary and stable names.

    Each run is a folder of its own; `latest.json` names it once it is whole. There is nobody's name and no free text in
    the tables. Each child in them is written to the access log, under the service account.
    """
    kinds = _formats(formats)
    place = place_of(to)
    code = authority_code(authority)
    viewer = service_account(account, code)
    record = open_record(code)
    moment = microseconds(read_moment(known_by)) if known_by else latest_moment(record)
    day = day_said(as_at) if as_at else current_day(record)
    taken = take(viewer, record, FigureQuery(day, moment, OPEN_EPISODES))
    files = table_files(taken.tables, kinds)
    run = put(place, code, f"as-at-{day}", files, manifest(taken, viewer.by, files))
    click.echo(f"{run}: {', '.join(f'{name} {len(rows)}' for name, rows in taken.tables.items())}")
    if (left := taken.left_out) and (left.restricted or left.out_of_scope):
        click.echo(f"Left out: {left.restricted} restricted children, {left.out_of_scope} out of scope.")


def _formats(text: str) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    if not set(asked) <= set(FORMATS):
        raise Refused(f"A format is one of: {', '.join(FORMATS)}.")
    return asked


COMMANDS = (export_tables,)
