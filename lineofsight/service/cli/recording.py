"""Commands for whoever keeps a public record: begin a folder for any authority, and check what was written in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import click
import polars as pl

from lineofsight.intake.delivery import Context
from lineofsight.intake.formats import statements
from lineofsight.intake.skeleton import skeleton
from lineofsight.intake.unpacking import read_path
from lineofsight.record.tables.statement import RELATIONS, STATEMENT
from lineofsight.service.cli.wording import Example, answers_without_home, say_json
from lineofsight.service.store import clock
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.profile import profile_from_table
from lineofsight.vocabulary.refusal import Refused

_EXPECTED = {
    "post": "who held which post",
    "inspection": "inspections and their grades",
    "direction": "directions, notices and orders",
    "review": "reviews by their code",
    "measure": "published figures",
    "budget": "money",
}
"""The kinds of subject that a public record is asked for most, as a person says them."""


@dataclass(frozen=True)
class CheckedFinding:
    """Something to look at: the file, the number of the statement in it, its id, and what to do."""

    code: str
    severity: str
    file: str
    statement: int
    id: str | None
    says: str
    do: str


@dataclass(frozen=True)
class Checked:
    """What a folder holds and what to put right: `missing` names subjects of which it holds nothing yet."""

    received: int
    accepted: int
    refused: int
    kinds: dict[str, int]
    findings: list[CheckedFinding]
    leads_to_nothing: list[str]
    missing: list[str]


@click.command("begin-record", cls=Example, example="lineofsight begin-record our-county --authority 928")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--authority", required=True, metavar="CODE", help="The authority's three-figure code.")
@answers_without_home
def begin_record(folder: Path, authority: str) -> None:
    """Write the files with which to begin an authority's public record: what to look for, where, and an example each."""
    code = authority_code(authority)
    if folder.exists() and any(folder.iterdir()):
        raise Refused(
            f"{folder.name!r} is not empty; name a new folder, so that nothing of yours is overwritten."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in skeleton(code, profile_from_table(code).name).items():
        (folder / name).write_text(text, encoding="utf-8")
    click.echo(
        f"Begin with {folder / '00-begin-here.yaml'}. Check it with: lineofsight check-record {folder}"
    )


@click.command("check-record", cls=Example, example="lineofsight check-record our-county")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
@answers_without_home
def check_record(context: click.Context, path: Path, as_json: bool) -> None:
    """Check a folder or file of statements before it is loaded: sources, days, hindsight, kinds, links. Nothing is stored.

    Exits 1 where a statement would be refused.
    """
    found = checked(path)
    if as_json:
        say_json(found)
    else:
        _tell(found)
    if found.refused:
        context.exit(1)


def checked(path: Path) -> Checked:
    """Read statements as loading would, and say what to put right."""
    reading = statements.read(read_path(path), Context(clock.now()))
    rows = reading.rows[STATEMENT.name]
    findings = pl.concat(reading.findings).to_dicts() if reading.findings else []
    held = Counter(rows["subject_kind"].to_list())
    return Checked(
        received=reading.received,
        accepted=reading.received - reading.quarantined,
        refused=reading.quarantined,
        kinds=dict(Counter(rows["kind"].to_list())),
        findings=[
            CheckedFinding(
                each["code"],
                each["severity"],
                each["file"],
                each["row"],
                each["key"],
                each["says"],
                each["do"],
            )
            for each in findings
        ],
        leads_to_nothing=_leads_to_nothing(rows),
        missing=[words for kind, words in _EXPECTED.items() if not held[kind]],
    )


def _leads_to_nothing(rows: pl.DataFrame) -> list[str]:
    """Links to ids that are in no file, each as `from relation to`. Links to other sources cannot be checked here."""
    ids = set(rows["id"])
    return [
        f"{id} {relation} {to}"
        for relation in RELATIONS
        for id, cell in rows.select("id", relation).iter_rows()
        for to in (cell or "").split()
        if "/" not in to and to not in ids
    ]


def _tell(found: Checked) -> None:
    click.echo(f"{found.received} statements = {found.accepted} right to load + {found.refused} refused.")
    for each in found.findings:
        where = f"{each.file}, statement {each.statement}" + (f" ({each.id})" if each.id else "")
        click.echo(f"\n{each.code} {each.severity}: {where}\n  {each.says}\n  {each.do}")
    for link in found.leads_to_nothing:
        click.echo(f"\nThis link leads to nothing here: {link}")
    if found.missing:
        click.echo(f"\nNothing yet about: {'; '.join(found.missing)}.")
    if found.received and not found.findings and not found.leads_to_nothing:
        click.echo(
            "Nothing to put right was found. Whether each sentence is fair to its source, a second person must read."
        )


COMMANDS = (begin_record, check_record)
