"""The command that says whether an install is in order, and what to do where it is not."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lineofsight.queries.upkeep import BROKEN, LOOK, Doctor, Result
from lineofsight.service.cli.reading import JSON
from lineofsight.service.cli.wording import Example, answers_without_home, say_json
from lineofsight.service.health import checks, looking, through_proxy

_WIDTH = 14


@click.command(cls=Example, example="lineofsight doctor --url https://lineofsight.example.org")
@click.option(
    "--url", metavar="URL", help="Also ask the service by the address that people use, and check its proxy."
)
@click.option(
    "--logs",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Where the log is kept, if not in the systemd journal.",
)
@click.option("--strict", is_flag=True, help="Exit 1 also where something is only to be looked at.")
@JSON
@answers_without_home
def doctor(url: str | None, logs: Path | None, as_json: bool, *, strict: bool) -> None:
    """Check this install: folder, settings, database, clock, room, backups, reader, deliveries, proxy.

    One line a check: how it stands, what was seen, and what to do. Changes nothing. Exits 1 where something is
    broken. Run it as the account that serves, with the same settings.
    """
    through = through_proxy.ask(url) if url else None
    results = checks.judge(looking.look(logs=logs, through=through))
    bad = {BROKEN, LOOK} if strict else {BROKEN}
    in_order = not any(one.state in bad for one in results)
    if as_json:
        say_json(Doctor(in_order, results))
    else:
        click.echo("\n".join(map(_line, results)))
    sys.exit(0 if in_order else 1)


def _line(one: Result) -> str:
    return f"{one.state:{_WIDTH}}{one.check}: {one.seen}" + (f" {one.do}" if one.do else "")


COMMANDS = (doctor,)
