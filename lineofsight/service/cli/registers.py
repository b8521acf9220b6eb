"""Commands of the registers that grow out of statements: posts, reviews, directions."""

from __future__ import annotations

from typing import Any

import click

from lineofsight.service.access import registers as read
from lineofsight.service.cli.inspecting import AS_AT, KNOWN_BY, WITNESSED, asked
from lineofsight.service.cli.reading import AUTHORITY, JSON
from lineofsight.service.cli.wording import Example, answers, say_json


@click.command(cls=Example, example="lineofsight posts --authority 928 --as-at 2019-10-09 --json")
@AS_AT
@KNOWN_BY
@WITNESSED
@AUTHORITY
@JSON
@answers
def posts(
    as_at: str | None, known_by: str | None, witnessed: bool, authority: str | None, as_json: bool
) -> None:
    """Posts, their holders and vacancies, and what each holder found open on the day they came."""
    code, view = asked(authority, as_at, known_by, witnessed=witnessed)
    found = read.posts_answer(code, view)
    if as_json:
        say_json(found)
        return
    for post in found["posts"]:
        click.echo(f"\n{post['post']}: {_holders(post['on_the_day'])}")
        for one in post["tenures"]:
            click.echo(
                f"  {one['from'] or '?'} to {one['until'] or '…'}  {one['holder'] or 'vacant'} ({one['terms']})"
            )
    _nothing(found["posts"], "No post is told of.")


def _holders(tenures: list[dict[str, Any]]) -> str:
    return ", ".join(one["holder"] or "vacant" for one in tenures) or "nobody is told to hold it"


@click.command(cls=Example, example="lineofsight reviews --authority 928 --as-at 2019-06-11 --json")
@AS_AT
@KNOWN_BY
@WITNESSED
@AUTHORITY
@JSON
@answers
def reviews(
    as_at: str | None, known_by: str | None, witnessed: bool, authority: str | None, as_json: bool
) -> None:
    """Reviews by code: standing, what was decided about publishing and by whom, clocks. Never whom they are about."""
    code, view = asked(authority, as_at, known_by, witnessed=witnessed)
    found = read.reviews_answer(code, view)
    if as_json:
        say_json(found)
        return
    for one in found["reviews"]:
        click.echo(f"\n{one['code']}  {one['standing']}; publication: {one['publication']}")
        for clock in one["clocks"]:
            sure = "" if clock["confidence"] == "read" else f" ({clock['confidence']})"
            click.echo(f"  {clock['code']} {clock['says']} within {clock['limit']}{sure}: {clock['state']}")
    _nothing(found["reviews"], "No review is told of.")


@click.command(cls=Example, example="lineofsight directions --authority 928 --as-at 2019-07-01 --json")
@AS_AT
@KNOWN_BY
@WITNESSED
@AUTHORITY
@JSON
@answers
def directions(
    as_at: str | None, known_by: str | None, witnessed: bool, authority: str | None, as_json: bool
) -> None:
    """Directions, notices and orders of every issuer: standing, what each requires, who was appointed, conflicts."""
    code, view = asked(authority, as_at, known_by, witnessed=witnessed)
    found = read.directions_answer(code, view)
    if as_json:
        say_json(found)
        return
    for one in found["instruments"]:
        click.echo(f"\n{one['subject']}  {one['standing']}  issued {one['issued_on']} by {one['issuer']}")
        for required in one["requirements"]:
            click.echo(f"  {required['standing']}, due {required['due'] or 'no day'}: {required['headline']}")
        for conflict in one["conflicts"]:
            click.echo(f"  in conflict with {conflict['of']}: {conflict['says']['headline']}")
    _nothing(found["instruments"], "No instrument is told of.")


def _nothing(found: list[Any], says: str) -> None:
    if not found:
        click.echo(says)


COMMANDS = (posts, reviews, directions)
