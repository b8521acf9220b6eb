"""Commands that keep the record true: verify, head, rebuild, erase, backup, restore."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click
from django.conf import settings

from lineofsight.service.cli.reading import JSON
from lineofsight.service.cli.wording import Example, answers, child_given, progress, say_json
from lineofsight.service.models import Link
from lineofsight.service.store import backup as backups
from lineofsight.service.store import chain, erasure, picture, stamps
from lineofsight.service.store import verify as verifying
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.refusal import Refused


@click.command(cls=Example, example="lineofsight verify --head 5d41402abc4b2a76b9719d911017c592…")
@click.option(
    "--head", metavar="HASH", help="Also prove that this head, noted earlier, is still part of the chain."
)
@click.option("--each-row", is_flag=True, help="Hash every row again against its own seal (slower).")
@JSON
@answers
def verify(head: str | None, each_row: bool, as_json: bool) -> None:
    """Whether nothing the record took in has been changed, taken out, put in or moved. Exits 1 if not."""
    with progress() as bar:
        bar.add_task("Verifying", total=None)
        verified = verifying.verify(head, each_row=each_row)
    stamps.note(stamps.VERIFIED, holds=verified.holds, links=verified.link_count)
    if as_json:
        say_json(verified.as_json())
    else:
        click.echo("\n".join(verifying.summary(verified)))
    sys.exit(0 if verified.holds else 1)


@click.command(cls=Example, example="lineofsight head >> heads-kept-elsewhere.txt")
@answers
def head() -> None:
    """Print the chain's head, to be kept where whoever owns this record cannot reach."""
    newest = chain.head()
    click.echo(newest.hash if newest else "")


@click.command(cls=Example, example="lineofsight rebuild --compare")
@click.option(
    "--compare",
    is_flag=True,
    required=True,
    expose_value=False,
    help="Compare with the present files, and replace those that differ.",
)
@answers
def rebuild() -> None:
    """Build the history files anew from the ledger and compare. Exits 1 where any differed."""
    with progress() as bar:
        bar.add_task("Rebuilding", total=None)
        differing = picture.rebuild_and_compare()
    for name in differing:
        click.echo(f"History {name}; it was made anew from the ledger.")
    if not differing:
        click.echo("Every history file is what the ledger says.")
    sys.exit(1 if differing else 0)


def _child_option(command: Callable[..., None]) -> Callable[..., None]:
    """The option that names a child, where the record holds any."""
    if not settings.HOLDS_CHILDREN:
        return command
    return click.option(
        "--child", metavar="ID", help="Every row of this child; - reads the number from standard input."
    )(command)


@click.command(
    cls=Example,
    example='lineofsight erase --authority 928 --statement public-record/a-name --ground "names a private person" --by "A. Officer"',
)
@click.option("--authority", metavar="CODE", required=True, help="The authority's three digits.")
@_child_option
@click.option("--statement", metavar="SOURCE/ID", help="Every version of this statement.")
@click.option(
    "--ground", metavar="TEXT", required=True, help="Under which ground; kept for ever, so name nobody in it."
)
@click.option("--by", metavar="NAME", required=True, help="Who decided it.")
@answers
def erase(authority: str, statement: str | None, ground: str, by: str, child: str | None = None) -> None:
    """Erase a child's rows, or a statement that should never have been taken.

    Rows and their salts go; their seals, the ground and who decided stay. The kept bytes of every
    delivery that held them are released. Backups keep what they held until they expire.
    """
    if (child is None) == (statement is None):
        either = "--child ID or " if settings.HOLDS_CHILDREN else ""
        raise click.UsageError(f"Say which to erase: {either}--statement SOURCE/ID.")
    code = authority_code(authority)
    child = child_given(child) if child is not None else None
    link = (
        erasure.erase_child(code, child, ground, by=by)
        if child is not None
        else erasure.erase_statement(code, str(statement), ground, by=by)
    )
    tell_erasure(link)


def tell_erasure(link: Link) -> None:
    """Say what an erasure removed, and have the database overwrite it."""
    says = chain.body_of(link)
    rows = sum(len(one["leaves"]) for one in says["erased"])
    click.echo(
        f"Erasure {link.number}: {rows} rows erased, the bytes of {len(says['released'])} files released."
    )
    if not chain.scrub():
        click.echo(
            "Somebody was reading, so the database's file still holds freed pages: run `lineofsight scrub`.",
            err=True,
        )


@click.command(cls=Example, example="lineofsight scrub")
@answers
def scrub() -> None:
    """Have the database let go of the pages that held what was erased; `erase` does so where nobody is reading."""
    if not chain.scrub():
        raise Refused("Somebody is reading or writing just now; run this again, or stop the service first.")
    click.echo("The database holds nothing of what was erased.")


@click.command(cls=Example, example="lineofsight backup /mnt/elsewhere/lineofsight-2019-10-09.tar")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--with-signing-key",
    is_flag=True,
    help="Also the private key with which a service signs: whoever has the backup can sign then.",
)
@answers
def backup(file: Path, *, with_signing_key: bool) -> None:
    """Write the whole record to one file, also while the service is running."""
    with progress() as bar:
        bar.add_task("Backing up", total=None)
        count = backups.backup(file, with_signing_key=with_signing_key)
    whole = file.resolve()
    stamps.note(stamps.BACKED_UP, links=count, bytes=whole.stat().st_size, folder=str(whole.parent))
    click.echo(f"{count} links written to {file}. Keep it as the record itself is kept, and let it expire.")


@click.command(
    cls=Example, example="LINEOFSIGHT_HOME=/srv/new lineofsight restore lineofsight-2019-10-09.tar"
)
@click.argument("file", type=click.Path(path_type=Path))
@answers
def restore(file: Path) -> None:
    """Restore a backup into an empty home, and verify it. Exits 1 where it does not hold."""
    with progress() as bar:
        bar.add_task("Restoring", total=None)
        backups.restore(file)
        verified = verifying.verify(each_row=True)
        if verified.holds:
            picture.rebuild_and_compare()  # a backup holds no history files: they are made, so that the home is whole
    click.echo("\n".join(verifying.summary(verified)))
    sys.exit(0 if verified.holds else 1)


if not settings.HOLDS_CHILDREN:
    erase.help = "Erase a statement that should never have been taken."

COMMANDS = (verify, head, rebuild, erase, scrub, backup, restore)
