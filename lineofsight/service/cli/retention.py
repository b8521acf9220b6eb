"""Commands about how long files and rows are kept: release-files, retention."""

from __future__ import annotations

import click

from lineofsight.queries.retention import FilesAnswer, FilesReleased
from lineofsight.service.access.view import day_said
from lineofsight.service.cli.reading import JSON
from lineofsight.service.cli.wording import Example, answers, present, say_json, whoever
from lineofsight.service.store import releasing
from lineofsight.service.store import retention as stated
from lineofsight.service.store.releasing import Released
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.moments import london_day

_AUTHORITY = click.option("--authority", metavar="CODE", required=True, help="The authority's three digits.")
_BY = click.option("--by", metavar="NAME", required=True, help="Who decided it.")


@click.command("release-files", cls=Example, example="lineofsight release-files --dry-run")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@JSON
@answers
def release_files(dry_run: bool, as_json: bool) -> None:
    """Delete the files of deliveries that name children, once the policy by which they are kept has passed.

    `work`, and the reader beside `serve`, do the same once a day. The rows, and the files' fingerprints and seals,
    stay; a delivery that waits for somebody, or is held, keeps its files. See retention set-files.
    """
    released = releasing.release(by=f"release-files ({whoever()})", dry_run=dry_run)
    answer = FilesAnswer(dry_run, [_answered(one) for one in released])
    if as_json:
        say_json(answer)
        return
    did = "would be deleted" if dry_run else "deleted"
    for one in released:
        click.echo(
            f"Authority {one.due.authority}: {len(one.due.hashes):,} files of {len(one.due.deliveries):,} deliveries "
            f"{did} under {one.due.policy.name}."
        )
    if not released:
        click.echo("No file is due.")


def _answered(one: Released) -> FilesReleased:
    policy = one.due.policy
    return FilesReleased(
        one.due.authority,
        policy.days,
        policy.in_force_from,
        policy.set_by,
        list(one.due.deliveries),
        len(one.due.hashes),
        one.link.number if one.link else None,
    )


@click.group(epilog="Example:  lineofsight retention")
def retention() -> None:
    """How long files and rows are kept, and what is due."""


@retention.command(
    "set-files",
    cls=Example,
    example='lineofsight retention set-files --authority 999 --days 28 --from 2019-11-01 --ground "records policy 7" --by "A. Officer"',
)
@_AUTHORITY
@click.option("--days", type=int, required=True, help="How many days after a delivery was last dealt with.")
@click.option("--from", "from_day", metavar="DAY", help="The first day on which it is in force (today).")
@click.option(
    "--ground", metavar="TEXT", required=True, help="Under which policy; kept for ever, so name nobody."
)
@_BY
@answers
def set_files(authority: str, days: int, from_day: str | None, ground: str, by: str) -> None:
    """Set for how many days the files of deliveries that name children are kept. Without it: 35."""
    day = day_said(from_day, "from which it is in force") if from_day else london_day(present())
    stated.set_file_policy(authority_code(authority), days, day, ground, by=by)
    click.echo(f"Files are kept for {days} days from {day.isoformat()} on.")


@retention.command(
    cls=Example,
    example='lineofsight retention hold --authority 999 --why "inquiry into placements" --by "A. Officer"',
)
@_AUTHORITY
@click.option(
    "--delivery", metavar="ID", default="", help="Only the files of this delivery, such as one in dispute."
)
@click.option("--why", metavar="TEXT", required=True, help="Why; kept for ever, so name nobody in it.")
@_BY
@answers
def hold(authority: str, delivery: str, why: str, by: str) -> None:
    """Keep everything of an authority, or the files of one delivery, whatever the rules say.

    For an inquiry that may need the records, or a delivery in dispute. It stands until somebody ends it.
    """
    link = stated.hold(authority_code(authority), why, by=by, delivery=delivery.strip())
    click.echo(f"Hold {link.number} stands. End it with lineofsight retention end-hold {link.number}.")


@retention.command(
    "end-hold",
    cls=Example,
    example='lineofsight retention end-hold 112 --authority 999 --why "inquiry has reported" --by "A. Officer"',
)
@click.argument("number", type=int)
@_AUTHORITY
@click.option("--why", metavar="TEXT", required=True, help="Why; kept for ever, so name nobody in it.")
@_BY
@answers
def end_hold(number: int, authority: str, why: str, by: str) -> None:
    """End a hold, by its number."""
    stated.end_hold(authority_code(authority), number, why, by=by)
    click.echo(f"Hold {number} has ended.")


COMMANDS = (release_files, retention)
