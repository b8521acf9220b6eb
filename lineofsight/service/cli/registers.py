"""Commands of the registers that grow out of statements: posts, reviews, directions, duties and the others."""

from __future__ import annotations

from typing import Any

import click

from lineofsight.queries import decisions as decided
from lineofsight.queries import registers as read
from lineofsight.service.cli.registering import Answer, asks, nothing, on_a_day


@asks(on_a_day(read.posts), "lineofsight posts --authority 928 --as-at 2019-10-09 --json")
def posts(found: Answer) -> None:
    """Posts, their holders and vacancies, and what each holder found open on the day they came."""
    for post in found["posts"]:
        click.echo(f"\n{post['post']}: {_holders(post['on_the_day'])}")
        for tenure in post["tenures"]:
            click.echo(
                f"  {tenure['from'] or '?'} to {tenure['until'] or '…'}  {tenure['holder'] or 'vacant'} ({tenure['terms']})"
            )
    nothing(found["posts"], "No posts have been loaded.")


def _holders(tenures: list[dict[str, Any]]) -> str:
    return ", ".join(one["holder"] or "vacant" for one in tenures) or "no source names a holder"


@asks(on_a_day(read.reviews), "lineofsight reviews --authority 928 --as-at 2019-06-11 --json")
def reviews(found: Answer) -> None:
    """Reviews by code: standing, what was decided about publishing and by whom, clocks. Never whom they are about."""
    for review in found["reviews"]:
        click.echo(f"\n{review['code']}  {review['standing']}; publication: {review['publication']}")
        for clock in review["clocks"]:
            sure = "" if clock["confidence"] == "read" else f" ({clock['confidence']})"
            click.echo(f"  {clock['code']} {clock['says']} within {clock['limit']}{sure}: {clock['state']}")
    nothing(found["reviews"], "No reviews have been loaded.")


@asks(on_a_day(read.directions), "lineofsight directions --authority 928 --as-at 2019-07-01 --json")
def directions(found: Answer) -> None:
    """Directions, notices and orders of every issuer: standing, what each requires, who was appointed, conflicts."""
    for instrument in found["instruments"]:
        click.echo(
            f"\n{instrument['subject']}  {instrument['standing']}  issued {instrument['issued_on']} by {instrument['issuer'] or 'nobody named'}"
        )
        for required in instrument["requirements"]:
            click.echo(f"  {required['standing']}, due {required['due'] or 'no day'}: {required['headline']}")
        for conflict in instrument["conflicts"]:
            click.echo(f"  in conflict with {conflict['of']}: {conflict['says']['headline']}")
    nothing(found["instruments"], "No directions or notices have been loaded.")


@asks(on_a_day(read.duties), "lineofsight duties --authority 940 --as-at 2021-04-01 --json")
def duties(found: Answer) -> None:
    """For each function, who is liable for it, who commissions it and who operates it on the day."""
    for function in found["functions"]:
        click.echo(f"\n{function['function']}")
        for part, bodies in function["on_the_day"].items():
            click.echo(f"  {part}: {', '.join(bodies) or 'not stated'}")
        for held in function["holds"]:
            click.echo(f"  {held['from']} to {held['until'] or '…'}  {held['part']}  {held['body']}")
    nothing(found["functions"], "No responsibilities have been loaded.")


@asks(on_a_day(decided.decisions), "lineofsight decisions --authority 928 --as-at 2019-12-31 --json")
def decisions(found: Answer) -> None:
    """Decisions and contracts told of by the day, with what was said for and against each."""
    for matter in [*found["decisions"], *found["contracts"]]:
        click.echo(
            f"\n{matter['begun_on']}  {matter['subject']}  {', '.join(matter['by']) or 'by nobody named'}"
        )
        for part, said in (*matter["steps"].items(), *matter["parts"].items()):
            for claim in said:
                click.echo(f"  {part}: {claim['headline']}")
        for each in matter.get("indicators", ()):
            revised = ", ".join(each["revised_on"]) or "never"
            click.echo(
                f"  indicator {each['name']}: {each['target'] or 'no target stated'}; revised {revised}"
            )
    nothing([*found["decisions"], *found["contracts"]], "No decisions have been loaded.")


COMMANDS = (posts, reviews, directions, duties, decisions)
