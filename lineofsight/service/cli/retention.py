"""Commands about how long files and rows are kept: release-files, retention."""

from __future__ import annotations

import click

from lineofsight.queries import retention as read
from lineofsight.queries.retention import FilesAnswer, FilesReleased
from lineofsight.retention.rules import COUNTED_FROM
from lineofsight.service.access import retention as door
from lineofsight.service.access.records import open_record
from lineofsight.service.access.view import day_said
from lineofsight.service.cli.keeping import tell_erasure
from lineofsight.service.cli.reading import BY, JSON
from lineofsight.service.cli.wording import Example, answers, child_given, present, say_json, whoever
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


@retention.command(
    "set-rule",
    cls=Example,
    example="lineofsight retention set-rule not-looked-after --authority 999 --years 35 --counted-from 'last record' "
    '--source "records policy 9" --by "A. Officer"',
)
@click.argument("rule")
@_AUTHORITY
@click.option("--years", type=int, required=True, help="For how many years rows are kept.")
@click.option("--counted-from", metavar="WHAT", required=True, help=f"One of: {', '.join(COUNTED_FROM)}.")
@click.option(
    "--source", metavar="TEXT", required=True, help="By which policy; kept for ever, so name nobody."
)
@click.option("--from", "from_day", metavar="DAY", help="The first day on which it is in force (today).")
@_BY
@answers
def set_rule(
    rule: str, authority: str, years: int, counted_from: str, source: str, from_day: str | None, by: str
) -> None:
    """Set for how many years rows are kept where no law says, or for longer than it says.

    Rules: looked-after, died-under-18, adopted, not-looked-after. Nothing is ever erased by a rule alone.
    """
    day = day_said(from_day, "from which it is in force") if from_day else london_day(present())
    stated.set_rule(authority_code(authority), rule, years, counted_from, source, day, by=by)
    click.echo(f"{rule}: {years} years from {counted_from}, from {day.isoformat()} on.")


@retention.command(cls=Example, example="lineofsight retention policy --authority 999 --json")
@_AUTHORITY
@click.option("--as-at", metavar="DAY", help="The day (today).")
@JSON
@answers
def policy(authority: str, as_at: str | None, as_json: bool) -> None:
    """How long files and rows are kept, what is held, and which files were released."""
    day = day_said(as_at, "as at which") if as_at else london_day(present())
    answer = read.policy(open_record(authority_code(authority)), day)
    if as_json:
        say_json(answer)
        return
    click.echo(f"Files that name children: {answer.files.days} days")
    for rule in answer.rules:
        click.echo(
            f"{rule.rule}: {_years(rule.years, rule.counted_from)}. {rule.confidence}. {rule.source}".rstrip()
        )
    for one in answer.holds:
        of = f"the files of delivery {one.delivery}" if one.delivery else "everything"
        click.echo(f"Hold {one.number} keeps {of} since {one.on}: {one.why} ({one.by})")
    for release in answer.released:
        click.echo(
            f"Link {release.link} released {release.files:,} files of {len(release.deliveries):,} deliveries"
        )


def _years(years: int | None, counted_from: str | None) -> str:
    return f"{years} years from {counted_from}" if years else "not set"


@retention.command(cls=Example, example='lineofsight retention due --authority 999 --by "A. Officer" --json')
@_AUTHORITY
@click.option("--as-at", metavar="DAY", help="The day (today).")
@BY
@JSON
@answers
def due(authority: str, as_at: str | None, by: str, as_json: bool) -> None:
    """Children whose rows need not be kept any longer, why, and of whom it cannot be told.

    The list names children, so it goes into the access log. Nothing on it is erased: a person has to decide.
    """
    day = day_said(as_at, "as at which") if as_at else london_day(present())
    answer = door.due(open_record(authority_code(authority)), day, by=by)
    if as_json:
        say_json(answer)
        return
    for one in answer.children:
        click.echo(f"{one.child}  due since {one.due_since}  {one.because}")
    for unclear in answer.cannot_tell:
        click.echo(f"{unclear.child}  not known from this data: {unclear.why}")
    click.echo(
        f"{len(answer.children):,} of {answer.children_counted:,} children are due on {day}; for {len(answer.cannot_tell):,} it "
        f"is not known from this data; for {answer.without_rule:,} no rule is set. {answer.not_covered}"
    )
    for hold_ in answer.holds:
        click.echo(f"Hold {hold_.number} stands, so nothing may be erased: {hold_.why}")


@retention.command(
    cls=Example,
    example='lineofsight retention erase --authority 999 --child - --by "A. Officer" --second "B. Officer"',
)
@_AUTHORITY
@click.option(
    "--child", metavar="ID", required=True, help="The child's number; - reads it from standard input."
)
@_BY
@click.option("--second", metavar="NAME", required=True, help="Who else decided it.")
@answers
def erase(authority: str, child: str, by: str, second: str) -> None:
    """Erase one child whose rows are due today, as two people have decided.

    The erasure names the rule as its ground, and both people. Where a hold stands, or the rows are not due,
    nothing is erased. Backups keep what they held until they expire.
    """
    link = door.erase_due(authority_code(authority), child_given(child), by=by, second=second)
    tell_erasure(link)


COMMANDS = (release_files, retention)
