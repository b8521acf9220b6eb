"""The command that writes an evidence pack for an inquiry."""

from __future__ import annotations

from pathlib import Path

import click

from lineofsight.queries.followed import PackQuery
from lineofsight.service.access.records import open_record
from lineofsight.service.access.view import day_said
from lineofsight.service.cli.wording import Example, answers, progress
from lineofsight.service.pages.evidence.archive import write_folder
from lineofsight.service.pages.evidence.pack import check_topics, pack_of
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.moments import read_moment


@click.command(
    "evidence-pack",
    cls=Example,
    example="lineofsight evidence-pack --authority 928 --from 2019-09-01 --to 2019-10-31 --out pack-928",
)
@click.option("--authority", metavar="CODE", required=True, help="The authority's three digits.")
@click.option("--from", "first", metavar="DAY", required=True, help="The first day of the period.")
@click.option("--to", "last", metavar="DAY", required=True, help="The last day of the period.")
@click.option(
    "--topic",
    "topics",
    metavar="TOPIC",
    multiple=True,
    help="Only statements with this topic; may be given again. Default: all.",
)
@click.option(
    "--known-by",
    metavar="MOMENT",
    help="Only information available by then; a day means its end. Default: all that was received.",
)
@click.option(
    "--out", metavar="FOLDER", required=True, type=click.Path(path_type=Path), help="A new or empty folder."
)
@answers
def evidence_pack(
    authority: str, first: str, last: str, topics: tuple[str, ...], known_by: str | None, out: Path
) -> None:
    """Write a folder of evidence for an inquiry, which opens without a network and checks itself.

    What became public on each day, claims and what became of them, promises, questions without an answer,
    published figures: public statements only, each with its source and seal. `python3 verify.py` in the
    folder checks it. The same command on the same record gives the same files.
    """
    query = PackQuery(
        day_said(first, "from"),
        day_said(last, "to"),
        check_topics(topics),
        read_moment(known_by) if known_by else None,
    )
    record = open_record(authority_code(authority))
    with progress() as bar:
        bar.add_task("Writing the pack", total=None)
        pack = pack_of(record, query)
        write_folder(pack, out)
    found = pack.evidence
    click.echo(
        f"{out}: {len(found.references)} statements, {len(found.claims)} claims, {len(found.promises)} promises and "
        f"directions, {len(found.requests)} requests and questions, {len(found.figures)} figures, in {len(pack.files)} files."
    )
    click.echo(f"Open {out / 'index.html'}. Check it with: python3 {out / 'verify.py'}")
    click.echo(f"Note its fingerprint where it is handed over: {pack.fingerprint}")


COMMANDS = (evidence_pack,)
