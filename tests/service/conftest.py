"""What tests of the service may ask for. A home is real: its database commits, its files are on a disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.service.homes import Home, drop_postgres, make_postgres, postgres_url, standing_in
from tests.support import surroundings


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: object) -> Iterator[str]:
    """A database with its tables and triggers made, to be copied: a file's path, or a name on PostgreSQL."""
    folder = tmp_path_factory.mktemp("template")
    database = make_postgres() if surroundings.ON_POSTGRES else str(folder / "lineofsight.sqlite3")
    with django_db_blocker.unblock(), standing_in(Home(folder), database):  # type: ignore[attr-defined]
        call_command("migrate", verbosity=0, interactive=False)
    yield database
    if surroundings.ON_POSTGRES:
        drop_postgres(database)


@pytest.fixture
def new_home(tmp_path: Path, _migrated: str) -> Iterator[Callable[[str], Home]]:
    """Makes a home whose database has its tables; each name a home of its own."""
    made: list[Home] = []

    def make(name: str) -> Home:
        home = Home(tmp_path / name)
        home.path.mkdir()
        if surroundings.ON_POSTGRES:
            home.url = postgres_url(make_postgres(_migrated))
        else:
            shutil.copy(_migrated, home.path / "lineofsight.sqlite3")
        made.append(home)
        return home

    yield make
    for home in made:
        home.end()
        if home.url:
            drop_postgres(database_of(home))


@pytest.fixture
def home(new_home: Callable[[str], Home], django_db_blocker: object) -> Iterator[Home]:
    """A home in which this process and those it starts keep their record."""
    home = new_home("home")
    with django_db_blocker.unblock(), standing_in(home, database_of(home)):  # type: ignore[attr-defined]
        yield home


def database_of(home: Home) -> str:
    """What Django calls a home's database."""
    return home.url.rpartition("/")[2] if home.url else str(home.path / "lineofsight.sqlite3")
