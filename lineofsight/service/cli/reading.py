"""Commands that bring deliveries in and ask the record: load, findings, statements, source."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import click
from click.core import ParameterSource

from lineofsight.queries import statements as statements_read
from lineofsight.queries.deliveries import Loaded
from lineofsight.queries.record import AWAITING_CONFIRMATION, View, latest_known
from lineofsight.service.access.findings import findings_for
from lineofsight.service.access.records import open_record, open_records
from lineofsight.service.access.view import day_said
from lineofsight.service.cli import crossing
from lineofsight.service.cli.deliveries import became, sentence
from lineofsight.service.cli.wording import Example, answers, present, progress, say_json, whoever
from lineofsight.service.receive import recipe
from lineofsight.service.receive.signed import LoadedFile, load_signed
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.moments import read_moment, written
from lineofsight.vocabulary.refusal import Refused

AUTHORITY = click.option("--authority", metavar="CODE", help="The authority's three digits.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
BY = click.option("--by", metavar="NAME", default=whoever, show_default="you", help="Who does this.")


@click.command(cls=Example, example="lineofsight load statements.yaml --authority 928 --source public-record")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--authority", metavar="CODE", help="The authority's three digits.")
@click.option("--source", metavar="NAME", help="The source that delivers, such as public-record.")
@click.option(
    "--received-at", metavar="MOMENT", help="Backfills: the moment it was received, attested by you."
)
@click.option("--later", is_flag=True, help="Receive and acknowledge only; `lineofsight work` reads it.")
@click.option(
    "--confirm-withdrawals",
    is_flag=True,
    help="You, named by --by, confirm that it may change as much as it does. "
    "PATH is the same file again, or the id of the delivery that waits.",
)
@BY
@JSON
@answers
@click.pass_context
def load(
    context: click.Context,
    /,
    paths: tuple[Path, ...],
    authority: str | None,
    source: str | None,
    received_at: str | None,
    later: bool,
    confirm_withdrawals: bool,
    by: str,
    as_json: bool,
) -> None:
    """Receive and read files, zips or folders, each as one delivery.

    A signed file of a service needs neither --authority nor --source.
    Rows that cannot be taken are quarantined with their reason: received = accepted + unchanged +
    quarantined. A file of the wrong format is refused whole and leaves nothing behind. A delivery
    waits for a named person to confirm it where it would withdraw more than 20 % and more than 100 rows
    of a table, or change the state of more than a fifth of the children and more than 50 of them.
    """
    if confirm_withdrawals and context.get_parameter_source("by") is not ParameterSource.COMMANDLINE:
        raise click.UsageError("Say who confirms what it changes, with --by NAME.")
    if confirm_withdrawals and later:
        raise click.UsageError("Give --later or --confirm-withdrawals, not both.")
    if confirm_withdrawals and all(_is_delivery(path) for path in paths):
        _tell([(recipe.confirm(path.name, by=by), path) for path in paths], as_json)
        return
    if source is None and all(map(crossing.is_signed, paths)):
        _load_signed(paths, authority, by, as_json)
        return
    if authority is None or source is None:
        raise click.UsageError(
            "Say whose it is and what delivers it, with --authority CODE and --source NAME."
        )
    code, name = authority_code(authority), source_name(source)
    moment = read_moment(received_at) if received_at else None
    take = recipe.receive if later else functools.partial(recipe.load, confirmed=confirm_withdrawals)
    done: list[tuple[recipe.Outcome, Path]] = []
    try:
        with progress() as bar:
            for path in paths:
                task = bar.add_task(f"Reading {path.name}", total=None)
                files, label = recipe.read_path_once(path)
                done.append((take(files, label, code, name, received_at=moment, by=by), path))
                bar.remove_task(task)
    except Refused as refused:
        if done and not as_json:
            _tell(done, as_json)
        raise Refused(f"{refused}{_before(len(done))}", command=refused.command) from None
    _tell(done, as_json)


def _load_signed(paths: tuple[Path, ...], authority: str | None, by: str, as_json: bool) -> None:
    """Load signed files, in the order given."""
    code = authority_code(authority) if authority else None
    found: list[LoadedFile] = []
    for path in paths:
        files, _ = recipe.read_path_once(path)
        found.append(load_signed(files[0], by=by, authority=code))
        if not as_json:
            crossing.tell_loaded(found[-1])
    if as_json:
        outcomes = [(outcome, paths[0]) for one in found for outcome in one.outcomes]
        _tell(outcomes, as_json)


def _before(count: int) -> str:
    """What became of the paths given before one that was refused."""
    if count > 1:
        return f" The {count} given before it were loaded."
    return " The one given before it was loaded." if count else ""


def _is_delivery(path: Path) -> bool:
    return bool(re.fullmatch("[0-9a-f]{16}", str(path))) and not path.exists()


def _tell(done: list[tuple[recipe.Outcome, Path]], as_json: bool) -> None:
    loaded = [Loaded(**vars(became(outcome)), heard_before=outcome.already_received) for outcome, _ in done]
    if as_json:
        say_json(loaded)
    for delivery in loaded:
        if not as_json:
            click.echo(sentence(delivery, again=delivery.heard_before))
        elif delivery.waiting and delivery.would_change:
            click.echo(sentence(delivery), err=True)


@click.command(cls=Example, example="lineofsight findings 1f0c9b2ad3e45f67 --json")
@click.argument("delivery")
@click.option("--by", metavar="NAME", default=whoever, show_default="you", help="Who looks: it is logged.")
@JSON
@answers
def findings(delivery: str, by: str, as_json: bool) -> None:
    """What the checks had to say of a delivery, and what to do about each.

    Each child whom a finding names is written to the access log.
    """
    found = findings_for(delivery, by=by)
    if as_json:
        say_json(found)
        return
    for finding in found:
        place = f"{finding.file} row {finding.row}" if finding.row else finding.file
        where = f"{place}: {finding.key or ''}: " if place else ""
        click.echo(f"{finding.code} {finding.severity}: {where}{finding.says} {finding.do}")
    if not found:
        click.echo("No findings: every row was taken as it was.")


@click.command(
    cls=Example,
    example="lineofsight statements --about unallocated --as-at 2019-10-08 --known-by 2020-03-31 --json",
)
@click.option(
    "--about", metavar="WORD", help="Only statements in which this word, or all of these words, occur."
)
@click.option("--as-at", metavar="DAY", help="Only statements that speak about this day.")
@click.option(
    "--known-by",
    metavar="MOMENT",
    help="Only what was known by then; a day means its end. Default: the latest.",
)
@click.option("--witnessed", is_flag=True, help="Count only information this system had received by then.")
@AUTHORITY
@JSON
@answers
def statements(
    about: str | None,
    as_at: str | None,
    known_by: str | None,
    witnessed: bool,
    authority: str | None,
    as_json: bool,
) -> None:
    """Sourced statements, with what contradicts, answers, keeps or breaks each."""
    records = [open_record(authority_code(authority))] if authority else open_records()
    latest = latest_known(records, witnessed=witnessed)
    moment = read_moment(known_by) if known_by else latest or present()
    view = View(day_said(as_at) if as_at else None, moment, witnessed)
    answer = statements_read.search(records, view, about)
    if as_json:
        say_json(answer)
        return
    click.echo(f"{answer.count} statements known by {written(answer.known_by)} ({answer.rests_on})")
    for found in answer.statements:
        click.echo(f"\n{found.said_on}  {found.said_by}  [{found.kind}]  {found.reference}")
        click.echo(f"  {found.says}")
        source = found.source
        click.echo(f"  {source.publisher}: {source.title} ({source.date or 'no date'})")
        against = {other.reference: other for other in [*found.contradicts, *found.contradicted_by]}
        for other in against.values():
            click.echo(f"  ≠ {other.said_on} {other.said_by}: {other.headline}  {other.reference}")


@click.group(epilog="Example:  lineofsight source set nightly.toml")
def source() -> None:
    """What a source is and how to understand it."""


@source.command("set", cls=Example, example="lineofsight source set nightly.toml")
@click.argument("file", metavar="FILE.toml", type=click.Path(path_type=Path))
@BY
@answers
def source_set(file: Path, by: str) -> None:
    """Keep a source's settings, as an entry: later settings do not rewrite what earlier ones said."""
    if file.is_dir():
        raise Refused(f"{file.name!r} is a folder; give the settings file itself.")
    files, _ = recipe.read_path_once(file)
    settings, outcome = recipe.set_source(files[0].content, by=by)
    if outcome.link.kind == AWAITING_CONFIRMATION:
        click.echo(sentence(became(outcome)))
        return
    click.echo(
        f"Source {settings.name} of authority {settings.authority} delivers {settings.format}, roster {settings.roster}."
    )


COMMANDS = (load, findings, statements, source)
