"""Commands of what was promised and asked: obligations, actions, questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import click

from lineofsight.queries import improvement
from lineofsight.queries import obligations as read
from lineofsight.queries import questions as questions_read
from lineofsight.queries.record import Record, View
from lineofsight.service.cli.registering import Answer, asks, nothing, on_a_day


def _on_its_day(answer: Callable[[Record, View, date], object]) -> Callable[[Record, View], object]:
    """The same answer on the view's own day; where none was asked for, the day of its moment."""
    return on_a_day(lambda record, view: answer(record, view, view.as_at))


@asks(
    _on_its_day(read.obligations),
    "lineofsight obligations --authority 928 --as-at 2019-10-08 --known-by 2020-03-31 --json",
)
def obligations(found: Answer) -> None:
    """Everything promised by anyone: undertakings, requirements, actions, recommendations.

    Each with its source, owner, year, day and standing, and where the same was promised before.
    """
    click.echo(
        f"{found['count']} promised as at {found['as_at']}, known by {found['known_by']} ({found['rests_on']})"
    )
    click.echo("  " + " · ".join(f"{name} {count}" for name, count in found["by_standing"].items() if count))
    for obligation in found["obligations"]:
        due = f", due {obligation['due']}" if obligation["due"] else ""
        click.echo(
            f"\n{obligation['said_on']}  {obligation['kind']}  {obligation['standing']}{due}  {obligation['name']}"
        )
        click.echo(f"  {obligation['title']}")
        click.echo(f"  {obligation['source']}; {obligation['owner']} answers for it")
        if obligation["before"]:
            click.echo(
                f"  Promised before: {len(obligation['before'])}, {', '.join(obligation['before'][:3])}"
            )
    nothing(found["obligations"], "No promises have been loaded.")


@asks(_on_its_day(improvement.improvement), "lineofsight actions --authority 999 --as-at 2019-10-08 --json")
def actions(found: Answer) -> None:
    """Actions of the improvement plan: standing, owner, due, test, and the aspects no plan covers."""
    for action in found["actions"]:
        due = f", due {action['due']}" if action["due"] else ""
        click.echo(f"\n{action['standing']}{due}  {action['name']}: {action['title']}")
        click.echo(f"  {action['owner'] or 'nobody'} answers for it: {_holders(action)}")
        if test := action["test"]:
            click.echo(f"  {test['written']}: {test['outcome'] or test['refused'] or 'not measured'}")
    nothing(found["actions"], "No actions have been loaded.")


def _holders(answer: Answer) -> str:
    return ", ".join(answer["holders"]) or ("vacant" if answer["vacant"] else "no source names a holder")


@asks(
    _on_its_day(questions_read.questions), "lineofsight questions --authority 928 --as-at 2020-03-31 --json"
)
def questions(found: Answer) -> None:
    """Questions with how long each has waited, and the gates that wait for their answers."""
    for question in found["questions"]:
        partly = (
            ", partly answered" if question["stands"] == "partly answered" != question["standing"] else ""
        )
        click.echo(f"\n{question['asked_on']}  {question['standing']}{partly}  {question['title']}")
        click.echo(f"  asked of {question['asked_of'] or 'nobody named'}; {question['days_waited']} days")
    for gate in found["gates"]:
        click.echo(f"\nGate {gate['name']}  {gate['standing']}; waits for {len(gate['waiting_for'])}")
    nothing([*found["questions"], *found["gates"]], "No questions have been loaded.")


COMMANDS = (obligations, actions, questions)
