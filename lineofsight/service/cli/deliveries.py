"""Commands about deliveries that came: the list of them, and a named person's word on those that wait."""

from __future__ import annotations

import click

from lineofsight.queries import deliveries as read
from lineofsight.queries.deliveries import Delivery
from lineofsight.service.access.records import open_record, open_records
from lineofsight.service.cli.wording import Example, ExampleGroup, answers, say_json
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.moments import written

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
_NAMED = click.option(
    "--by", metavar="NAME", required=True, help="Who decides; the name is kept in the record."
)


def became(outcome: recipe.Outcome) -> Delivery:
    """What became of a delivery, as every answer gives it."""
    record = open_record(outcome.link.authority)
    return read.delivery_from(record, read.latest_link(record, outcome.link.delivery))


def sentence(delivery: Delivery, *, again: bool = False) -> str:
    """What became of a delivery in a sentence, with what to do next. `again`: its files were loaded before."""
    if why := read.why_held_back(open_record(delivery.authority), delivery.id):
        return (
            f"Delivery {delivery.id} waits for a named person to confirm it. {' '.join(why)} "
            f"If that is right: lineofsight deliveries confirm {delivery.id} --by NAME. "
            f"If not: lineofsight deliveries set-aside {delivery.id} --why TEXT --by NAME."
        )
    findings = f"Findings: lineofsight findings {delivery.id}"
    if delivery.set_aside:
        says = f"Delivery {delivery.id} was set aside, so nothing in it was loaded."
        more = " To load its files again, give another --received-at." if again else ""
        return f"{says}{more} {findings}"
    if again:
        return f"Delivery {delivery.id} already brought this file, so nothing was added."
    if delivery.waiting:
        return f"Delivery {delivery.id} is received and waits to be read: run `lineofsight work`."
    counts = (
        f"{delivery.received} received = {delivery.accepted} accepted + {delivery.unchanged} unchanged + "
        f"{delivery.quarantined} quarantined"
    )
    return f"Delivery {delivery.id}: {counts}; {delivery.withdrawn} withdrawn. {findings}"


@click.group(cls=ExampleGroup, example="lineofsight deliveries --authority 928 --json")
@click.option("--authority", metavar="CODE", help="The authority's three digits.")
@_JSON
@click.pass_context
def deliveries(context: click.Context, authority: str | None, as_json: bool) -> None:
    """Every delivery, with its hash, its moments and how its rows were counted.

    `deliveries confirm` and `deliveries set-aside` decide about one that waits.
    """
    if context.invoked_subcommand is None:
        _list(authority, as_json)


@answers
def _list(authority: str | None, as_json: bool) -> None:
    records = [open_record(authority_code(authority))] if authority else open_records()
    found = read.deliveries(records)
    if as_json:
        say_json(found)
        return
    for delivery in found:
        moments = f"received {written(delivery.received_at)}  witnessed {written(delivery.witnessed_at)}"
        click.echo(f"{delivery.id}  {delivery.authority}  {delivery.source}  {moments}")
        click.echo(f"    {sentence(delivery)}")
        if signed := delivery.signed_by:
            made = f"made by {signed.made_by}, {written(signed.made_at)}"
            click.echo(f"    Signed file {signed.file} of the service, key {signed.key}, {made}")
    if not found:
        click.echo("No delivery yet: lineofsight load PATH --authority CODE --source NAME")


@deliveries.command(
    "confirm", cls=Example, example="lineofsight deliveries confirm 1f0c9b2ad3e45f67 --by 'Ann Lee'"
)
@click.argument("delivery", metavar="ID")
@click.option("--why", metavar="TEXT", default="", help="Why it is right. Name no child.")
@_NAMED
@_JSON
@answers
def confirm(delivery: str, why: str, by: str, as_json: bool) -> None:
    """Confirm a delivery that waits because it changes so much, and load it.

    Its findings say what it would change. A delivery can be confirmed until its source delivers something
    that was received later.
    """
    _tell(recipe.confirm(delivery, by=by, why=why), as_json)


@deliveries.command(
    "set-aside",
    cls=Example,
    example="lineofsight deliveries set-aside 1f0c9b2ad3e45f67 --why 'The extract was cut short' --by 'Ann Lee'",
)
@click.argument("delivery", metavar="ID")
@click.option("--why", metavar="TEXT", required=True, help="Why it is not loaded. Name no child.")
@_NAMED
@_JSON
@answers
def set_aside(delivery: str, why: str, by: str, as_json: bool) -> None:
    """Set aside a delivery that waits: it is not loaded, and does not count as received.

    Its files stay stored. Who set it aside, when and why is kept in the record.
    """
    _tell(recipe.set_aside(delivery, why=why, by=by), as_json)


def _tell(outcome: recipe.Outcome, as_json: bool) -> None:
    delivery = became(outcome)
    if as_json:
        say_json([delivery])
    else:
        click.echo(sentence(delivery))


COMMANDS = (deliveries,)
