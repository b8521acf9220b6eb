"""The command for a person's right to see what is held about them."""

from __future__ import annotations

from pathlib import Path

import click

from lineofsight.service.access.profiles import profile_of
from lineofsight.service.access.records import open_record
from lineofsight.service.access.subject_access import subject
from lineofsight.service.cli.wording import Example, answers, child_given
from lineofsight.service.pages.evidence.archive import check_folder, write_files
from lineofsight.service.pages.rights.folder import files_of
from lineofsight.vocabulary.identifiers import authority_code


@click.command(
    "subject-access",
    cls=Example,
    example="lineofsight subject-access --authority 999 --child - --out folder --by 'A. Officer'",
)
@click.option("--authority", metavar="CODE", required=True, help="The authority's three digits.")
@click.option(
    "--child", metavar="ID", required=True, help="The child's number; `-` reads it from standard input."
)
@click.option(
    "--out", metavar="FOLDER", required=True, type=click.Path(path_type=Path), help="A new or empty folder."
)
@click.option("--by", metavar="NAME", required=True, help="Who handles the request: it is written down.")
@answers
def subject_access(authority: str, child: str, out: Path, by: str) -> None:
    """Write everything held about one child into a folder: every version of every row, who stated it, and who looked.

    Cells that may tell about somebody else are listed for a person to review before anything is given. The folder is
    readable by you alone. That it was made is written to the access log.
    """
    check_folder(out)
    record = open_record(authority_code(authority))
    found = subject(record, child_given(child), by=by)
    files = files_of(found, profile_of(record.authority).name)
    write_files(files, out)
    held = found.held
    click.echo(
        f"{out}: {len(held.rows)} versions of rows, {len(found.looked)} looks, {len(held.to_review)} cells to review."
    )
    click.echo(
        f"Open {out / 'index.html'}. Decide about each line of {out / 'to-review.csv'} before you give it."
    )


COMMANDS = (subject_access,)
