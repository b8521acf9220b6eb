"""A public record walked from within, in a process of its own: what exists there, and what it answers. Prints JSON.

`python -m tests.support.public_home FOLDER`; the folder holds what is to be loaded, by name. LINEOFSIGHT_MODE is
public, and LINEOFSIGHT_HOME a folder that is new.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import django
from click.testing import CliRunner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.service.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django is set up first
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import URLPattern, URLResolver, get_resolver  # noqa: E402

from lineofsight.intake.delivery import NamedBytes  # noqa: E402
from lineofsight.intake.formats import formats  # noqa: E402
from lineofsight.record.tables import TABLES  # noqa: E402
from lineofsight.samples import OUTCOMES, outcomes_settings  # noqa: E402
from lineofsight.service.access import people  # noqa: E402
from lineofsight.service.access.roles import PERMITTED  # noqa: E402
from lineofsight.service.cli.commands import lineofsight  # noqa: E402
from lineofsight.service.cli.wording import make_ready  # noqa: E402
from lineofsight.service.models import Link  # noqa: E402
from lineofsight.service.receive import recipe  # noqa: E402
from lineofsight.service.store import verify  # noqa: E402
from lineofsight.vocabulary.identifiers import authority_code, source_name  # noqa: E402
from lineofsight.vocabulary.refusal import Refused  # noqa: E402

AUTHORITY = authority_code("926")
LINES = (
    "deliveries --authority 926 --json",
    "statements --json",
    "inspections --authority 926 --json",
    "recurrences --authority 926 --json",
    "posts --authority 926 --json",
    "reviews --authority 926 --json",
    "directions --authority 926 --json",
    "duties --authority 926 --json",
    "decisions --authority 926 --json",
    "obligations --authority 926 --json",
    "evidence-pack --authority 926 --from 2018-01-01 --to 2023-12-31 --out pack",
    "backup backup.tar",
    "rebuild --compare",
    "verify --each-row",
    "work --once",
    "settings",
)
ARGUMENTS = {
    "authority": "926",
    "source": "public-record",
    "name": "an.editor",
    "page": "latest",
    "number": "1",
}


def main(folder: Path) -> None:
    """Make the home, load each delivery of the folder, walk everything, and print what there is."""
    make_ready()
    recipe.set_source(outcomes_settings(AUTHORITY), by="tests")
    said = {
        "loaded": {each.name: _loaded(each) for each in sorted(folder.iterdir())},
        "received": {each.name: _loaded(each, later=True) for each in sorted(folder.glob("5-own-work*"))},
        "routes": [route for route, _ in _routes(get_resolver())],
        "commands": dict(_commands(lineofsight)),
        "formats": sorted(formats()),
        "tables": {name: table.child for name, table in TABLES.items()},
        "database": connection.introspection.table_names(),
        "permissions": sorted({permission.name for held in PERMITTED.values() for permission in held}),
        "answers": _answers(),
        "ran": {line: _ran(line.split()) for line in LINES},
        "verified": verify.verify(each_row=True).holds,
    }
    print(json.dumps(said))


def _loaded(path: Path, *, later: bool = False) -> dict[str, Any]:
    """What became of one delivery, and how many links and stored files there are after it. `later`: only received."""
    files = [
        NamedBytes(each.name, each.read_bytes())
        for each in (sorted(path.iterdir()) if path.is_dir() else [path])
    ]
    source = source_name("ofsted" if path.suffix == ".pdf" else "public-record")
    try:
        if path.name.endswith("outcomes"):
            source = OUTCOMES
        take = recipe.receive if later else recipe.load
        outcome = take(files, path.name, AUTHORITY, source, received_at=None, by="tests")
    except Refused as refused:
        became = str(refused)
    else:
        became = outcome.link.kind
    kept = [each for each in (Path(settings.HOME) / "kept").rglob("*") if each.is_file()]
    return {"became": became, "links": Link.objects.count(), "kept": len(kept)}


def _ran(arguments: list[str]) -> tuple[int, str]:
    """How a command ended, and what a fault of it was."""
    done = CliRunner().invoke(lineofsight, arguments)
    return done.exit_code, repr(done.exception)


def _routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _routes(each, route)
        else:
            yield route, each


def _commands(group: click.Group, before: str = "") -> Iterator[tuple[str, list[str]]]:
    for name, each in group.commands.items():
        yield f"{before}{name}", [option for parameter in each.params for option in parameter.opts]
        if isinstance(each, click.Group):
            yield from _commands(each, f"{before}{name} ")


def _answers() -> dict[str, list[int]]:
    """The status of every address, as nobody and as somebody who holds every role there is."""
    user = User.objects.create_user("an.editor", password="a long enough password")
    for role in PERMITTED:
        people.give_to(user, people.wanted("an.editor", role, AUTHORITY), by="tests")
    nobody, editor = (Client(raise_request_exception=False, SERVER_NAME="localhost") for _ in range(2))
    editor.force_login(user)
    found = {}
    for route, _ in _routes(get_resolver()):
        address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda named: ARGUMENTS.get(named[1], "none"), route)
        found[route] = [
            nobody.get(address).status_code,
            0 if "sign-out/" in route else editor.get(address).status_code,
        ]
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
