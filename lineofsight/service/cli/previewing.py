"""The command that looks at files before anything is adopted: no home, no server, nothing kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import click

from lineofsight.engines.preview import ToPreview, preview
from lineofsight.intake.formats import formats
from lineofsight.intake.formats.ssd_tables import table_named
from lineofsight.intake.settings import read_settings
from lineofsight.intake.sheets.named import day_in
from lineofsight.intake.unpacking import read_path
from lineofsight.queries.preview import Preview, causes
from lineofsight.service.access.view import day_said
from lineofsight.service.cli.preview_report import STATES, written_html, written_xlsx
from lineofsight.service.cli.wording import Example, answers_without_home, progress, say_json
from lineofsight.service.store import clock
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused

_WRITTEN = {".html": written_html, ".xlsx": written_xlsx}
_MOST_FINDINGS = 12


@click.command("preview", cls=Example, example="lineofsight preview 'Annex A.xlsx' --out report.html")
@click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--source",
    "described",
    metavar="FILE.toml",
    type=click.Path(path_type=Path),
    help="What the files' source is.",
)
@click.option(
    "--as-at",
    metavar="DAY",
    help="The day to count; yesterday where it is not given, the last whole day the files know.",
)
@click.option(
    "--out", metavar="REPORT", type=click.Path(path_type=Path), help="Write it all as .html or .xlsx."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@answers_without_home
def preview_files(
    paths: tuple[Path, ...], described: Path | None, as_at: str | None, out: Path | None, as_json: bool
) -> None:
    """Show what files would tell, before anything is set up: nothing is kept.

    FILE is an Annex A workbook, a worklist, or a folder or zip of tables of the Standard Safeguarding
    Dataset (or these tables one by one). Two files of one kind are an earlier and a later one: what
    changed between them is told child by child.
    """
    if out and out.suffix.lower() not in _WRITTEN:
        raise Refused("The report can be written as a page or a workbook: end its name with .html or .xlsx.")
    settings = read_settings(_bytes(described)) if described else None
    with progress() as bar:
        bar.add_task("Reading", total=None)
        found = preview(_deliveries(paths, day_said(as_at) if as_at else _yesterday()), settings)
    if out:
        out.write_bytes(_WRITTEN[out.suffix.lower()](found))
    if as_json:
        say_json(found)
        return
    _tell(found)
    if out:
        click.echo(
            f"\nWritten to {out}. It holds children's numbers: keep it where only those who may see them can."
        )


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise Refused(f"There is no file {path.name!r}.")
    return path.read_bytes()


def _deliveries(paths: Sequence[Path], day: date) -> list[ToPreview]:
    """The paths as one delivery, or as an earlier and a later one: received on the day after the one that is counted."""
    received = day + timedelta(days=1)
    named = [path for path in paths if path.is_file() and table_named(path.name)]
    if len(named) == len(paths) and len(paths) > 1:
        files = [file for path in paths for file in read_path(path)]
        return [ToPreview(f"{len(files)} tables", files, received)]
    if len(paths) > 2:
        raise Refused("Give one file or folder, or two to compare an earlier with a later one.")
    days = [day_in(path.name) for path in paths]
    if len(paths) == 2 and not (days[0] and days[1] and days[0] < days[1] <= received):
        days = [day, received]
    return [
        ToPreview(path.name, read_path(path), given if given and len(paths) == 2 else received)
        for path, given in zip(paths, days, strict=True)
    ]


def _yesterday() -> date:
    return london_day(clock.now()) - timedelta(days=1)


# -- in the terminal --------------------------------------------------------------------------------


def _tell(found: Preview) -> None:
    figure, last = found.figure, found.reading[-1]
    format_said = f"{formats()[last.format].title}{', as guessed' if last.guessed else ''}"
    click.echo(f"{last.name}: {last.received:,} rows read as {format_said}; {last.quarantined:,} refused.\n")
    if figure.unallocated is None:
        click.echo("The files do not show the allocation of any child.")
    else:
        click.echo(
            f"{figure.unallocated:,} of {figure.population:,} children have no allocated worker on "
            f"{in_words(figure.as_at.isoformat())}, the last whole day before the files."
        )
    for state, count in figure.states.items():
        click.echo(f"  {STATES[state]:<34} {count:>7,}")
    if not figure.complete:
        click.echo(f"Not complete: {figure.refused_rows:,} rows of episodes or involvements were refused.")
    _tell_closed(found)
    _tell_changes(found)
    _tell_reading(found)
    _tell_findings(found)


def _tell_closed(found: Preview) -> None:
    """Cases that look closed and are counted all the same: which words, and the figure without them."""
    if found.closed is None:
        return
    words = ", ".join(f"{one.value!r} ({one.rows:,})" for one in found.closed.words)
    columns = " and ".join(repr(name) for name in dict.fromkeys(one.column for one in found.closed.words))
    without = found.closed.figure
    figure = "not known" if without.unallocated is None else f"{without.unallocated:,}"
    click.echo(
        f"\nPerhaps closed, and counted here: rows in which {columns} holds {words}. Without them {figure} of "
        f"{without.population:,} children have no allocated worker."
    )
    settings = "; ".join(
        f'"{name}" = {json.dumps([one.value for one in found.closed.words if one.column == name], ensure_ascii=False)}'
        for name in dict.fromkeys(one.column for one in found.closed.words)
    )
    click.echo(f"To leave them out, write under [closed] in the source's settings: {settings}")


def _tell_changes(found: Preview) -> None:
    if found.changes is None:
        return
    before = found.changes.from_
    click.echo(f"\nBefore: {before.unallocated} of {before.population:,}. Children whose state changed:")
    for (then, now), count in Counter(
        (one.before, one.after) for one in found.changes.children
    ).most_common():
        click.echo(f"  {_word(then)} before, {_word(now)} now: {count:,}")


def _word(state: str | None) -> str:
    return state.replace("_", " ") if state else "not counted"


def _tell_reading(found: Preview) -> None:
    click.echo("\nWhat was read:")
    for file in found.reading[-1].report.files:
        if file.read_as is None:
            click.echo(f"  {file.file}: not read. {file.why}")
            continue
        click.echo(
            f"  {file.file}: {file.rows:,} rows as {file.read_as.replace('_', ' ')}, headings in line {file.heading_line}"
        )
        for column in file.columns:
            if column.how == "guessed":
                click.echo(f"    {column.column}: taken from {column.heading!r}")
            elif column.costs:
                click.echo(f"    {column.column} is missing: {column.costs}")


def _tell_findings(found: Preview) -> None:
    serious = [one for one in found.findings if one.severity != "note"]
    if not serious:
        return
    click.echo(f"\nFindings ({len(serious):,}):")
    grouped = causes(serious)
    for cause in grouped[:_MOST_FINDINGS]:
        finding = cause.first
        where = f"{finding.file}, row {finding.row}" if finding.row else finding.file
        times = "once" if cause.count == 1 else f"{cause.count:,} times, first"
        click.echo(
            f"  {finding.code} {finding.severity}, {times} in {where or 'the delivery'}: {finding.says}"
        )
    if len(grouped) > _MOST_FINDINGS:
        click.echo(f"  … and {len(grouped) - _MOST_FINDINGS:,} more kinds: --json or --out gives all.")


COMMANDS = (preview_files,)
