"""The samples: loading them through the ordinary door, and writing the fictional county's nights to a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import click

from lineofsight.intake.delivery import NamedBytes
from lineofsight.samples import INSPECTED, OUTCOMES, PUBLIC_RECORD, county, outcomes, outcomes_settings
from lineofsight.service.access.view import day_said
from lineofsight.service.cli.wording import Example, answers, counted, progress
from lineofsight.service.receive import loading, recipe
from lineofsight.service.receive.sources import DESCRIBED
from lineofsight.service.store import chain
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.identifiers import SourceName
from lineofsight.vocabulary.moments import written
from lineofsight.vocabulary.refusal import Refused

_BY = "demo"


def load_public_record() -> None:
    """Load the public record of one county unless this very delivery is already the source's latest."""
    with progress() as bar:
        bar.add_task("Loading the public record of one county", total=None)
        files, name = recipe.read_path_once(PUBLIC_RECORD.folder)
        files = [file for file in files if not file.name.endswith((".py", ".pyc"))]
        if not recipe.is_latest(files, PUBLIC_RECORD.authority, PUBLIC_RECORD.source):
            recipe.load(files, name, PUBLIC_RECORD.authority, PUBLIC_RECORD.source, received_at=None, by=_BY)


def load_outcomes() -> None:
    """Load the official grades of the county and of those that followed it, each unless it is held already."""
    files, name = recipe.read_path_once(outcomes())
    for authority in INSPECTED:
        if not recipe.is_latest(files, authority, OUTCOMES):
            recipe.set_source(outcomes_settings(authority), by=_BY)
            recipe.load(files, name, authority, OUTCOMES, received_at=None, by=_BY)


def load_county(which: str) -> None:
    """Load the fictional county's nights that come after those it holds: killed and started again, it goes on."""
    wanted = {"none": (), "few": county.demo_nights(), "all": county.nights()}[which]
    latest = _latest()
    missing = [night for night in (*wanted, county.CUT_SHORT) if _moment(night) > latest]
    if which == "all" and latest:
        _tell_of_nights_passed(wanted, latest)
    if wanted and missing:
        _load_nights(missing, described=bool(latest))
    if wanted:
        _load_duty_lists()
        _load_plan()
        _load_questions()
        _load_inspections()


def _load_plan() -> None:
    """Load the county's improvement plan unless it is held already."""
    files, name = recipe.read_path_once(county.plan())
    if not recipe.is_latest(files, county.AUTHORITY, county.PLAN):
        recipe.load(files, name, county.AUTHORITY, county.PLAN, received_at=None, by=_BY)


def _load_questions() -> None:
    """Load what the county's members asked and what was replied, each unless it was loaded before."""
    for path, by in county.questions():
        files, name = recipe.read_path_once(path)
        if not recipe.was_read(files, county.AUTHORITY, county.QUESTIONS):
            recipe.load(files, name, county.AUTHORITY, county.QUESTIONS, received_at=None, by=by)


def _load_inspections() -> None:
    """Load the county's inspections, and the pairs of findings that a person decided, unless they are held already."""
    files, name = recipe.read_path_once(county.inspections())
    if not recipe.is_latest(files, county.AUTHORITY, county.INSPECTIONS):
        recipe.load(
            files,
            name,
            county.AUTHORITY,
            county.INSPECTIONS,
            received_at=county.inspections_received_at(),
            by=_BY,
        )


def _load_nights(missing: Sequence[date], *, described: bool) -> None:
    if not described and not recipe.is_latest([_described()], county.AUTHORITY, DESCRIBED):
        recipe.set_source(county.settings(), by=_BY)
    with counted() as bar:
        task = bar.add_task(f"Inventing {county.NAME}", total=len(missing))
        for at, (night, packed) in enumerate(_ahead(missing)):
            loading.tell(county.NAME, at, len(missing))
            bar.update(
                task,
                description=f"{county.NAME}, fictional: the night of {in_words(night.isoformat())}",
            )
            _load_night(night, packed)
            bar.advance(task)


def _tell_of_nights_passed(wanted: Sequence[date], latest: str) -> None:
    """Within a source nothing can be put before what was received later (counting rule 4)."""
    links = chain.links(chain.READ, county.AUTHORITY, county.SOURCE)
    held = {written(chain.received_at(link)) for link in links}
    passed = sum(moment < latest and moment not in held for moment in map(_moment, wanted))
    if passed:
        click.echo(
            f"{passed} nights of {county.NAME} come before the latest that is held and cannot be put before it: for every "
            "night, give LINEOFSIGHT_HOME a folder of its own.",
            err=True,
        )


def _moment(night: date) -> str:
    return written(county.received_at(night))


def _load_duty_lists() -> None:
    """Load those of the county's second source that it does not hold; first, what that source is."""
    latest = _latest(county.DUTY_LIST)
    missing = [day for day in county.DUTY_LIST_DAYS if written(county.duty_list_received_at(day)) > latest]
    for content in county.duty_list_settings() if not latest else ():
        recipe.set_source(content, by=_BY)
    for day in missing:
        name = county.duty_list_name(day)
        recipe.load(
            [NamedBytes(name, county.duty_list_of(day))],
            name,
            county.AUTHORITY,
            county.DUTY_LIST,
            received_at=county.duty_list_received_at(day),
            by=_BY,
        )


def _described() -> NamedBytes:
    return NamedBytes("source.toml", county.settings())


def _latest(source: SourceName = county.SOURCE) -> str:
    """When a source's latest delivery was received, as written; empty where there was none."""
    found = [
        link
        for kind in (chain.RECEIVED, chain.READ)
        if (link := chain.links(kind, county.AUTHORITY, source).last())
    ]
    return max((written(chain.received_at(link)) for link in found), default="")


def _ahead(nights: Sequence[date]) -> Iterator[tuple[date, bytes]]:
    """Each night and its zip; the next is written while one is loaded."""
    with ThreadPoolExecutor(max_workers=1) as executor:
        coming = executor.submit(county.zipped, nights[0])
        for at, night in enumerate(nights):
            packed = coming.result()
            if at + 1 < len(nights):
                coming = executor.submit(county.zipped, nights[at + 1])
            yield night, packed


def _load_night(night: date, packed: bytes) -> None:
    name = county.delivery_name(night)
    recipe.load(
        [NamedBytes(name, packed)],
        name,
        county.AUTHORITY,
        county.SOURCE,
        received_at=county.received_at(night),
        by=_BY,
    )


@click.command(
    "county", cls=Example, example="lineofsight county nights-of-october --from 2018-10-08 --to 2018-10-17"
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--from", "first", metavar="DAY", help="The first night. Default: the first there is.")
@click.option("--to", "last", metavar="DAY", help="The last night. Default: as the first.")
@answers
def county_nights(folder: Path, first: str | None, last: str | None) -> None:
    """Write the fictional county's nightly extracts to a folder, a zip a night, and the description of their source.

    To load them by hand: `lineofsight source set`, then `lineofsight load`, oldest first. No child and no
    worker in them is real.
    """
    begin = day_said(first) if first else county.nights()[0]
    end = day_said(last) if last else begin
    chosen = [night for night in (*county.nights(), county.CUT_SHORT) if begin <= night <= end]
    if not chosen:
        raise Refused(
            f"The fictional county has nights from {county.nights()[0]} to {county.CUT_SHORT}; give days among them."
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{county.SOURCE}.toml").write_bytes(county.settings())
    with counted() as bar:
        task = bar.add_task("Writing", total=len(chosen))
        for night, packed in _ahead(chosen):
            (folder / county.delivery_name(night)).write_bytes(packed)
            bar.advance(task)
    click.echo(
        f"{len(chosen)} in {folder}; the first was received at {written(county.received_at(chosen[0]))}."
    )


COMMANDS = (county_nights,)
