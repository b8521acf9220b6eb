"""The mode of a home: a public record, a service, or both. Written at its first use, and held to afterwards."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.db import connection

from lineofsight.service.models import AccessLogEntry, Link
from lineofsight.vocabulary.refusal import Refused

_FILE = "mode"


def check() -> None:
    """Write the mode into a home that has none. Raises Refused where the home or its database was made in another.

    The database is asked too: it may be another than the home's own, and only a service's has an access log.
    """
    home = Path(settings.HOME)
    tables = connection.introspection.table_names()
    if Link._meta.db_table in tables:
        _check_database(has_access_log=AccessLogEntry._meta.db_table in tables)
    made_in = _made_in(home)
    if made_in == settings.MODE:
        return
    if "public" in (made_in, settings.MODE):
        raise Refused(
            f"The home {str(home)!r} was made in mode {made_in}, and children's records and a public record never share "
            f"a home. Set LINEOFSIGHT_MODE={made_in}, or give LINEOFSIGHT_HOME another folder."
        )
    raise Refused(
        f"The home {str(home)!r} was made in mode {made_in}. Set LINEOFSIGHT_MODE={made_in}; to use it in mode "
        f"{settings.MODE} from now on, write {settings.MODE} into its file {_FILE}."
    )


def _check_database(*, has_access_log: bool) -> None:
    if has_access_log and not settings.HOLDS_CHILDREN:
        raise Refused(
            "This database was made for children's records, so it cannot be opened as a public record. Give "
            "LINEOFSIGHT_HOME another folder, and DATABASE_URL, where it is set, another database."
        )
    if settings.HOLDS_CHILDREN and not has_access_log:
        raise Refused(
            "This database was made for a public record and has no tables for children. Set LINEOFSIGHT_MODE=public, or "
            "give LINEOFSIGHT_HOME another folder and DATABASE_URL, where it is set, another database."
        )


def _made_in(home: Path) -> str:
    """The mode in which a home was made; this process's own, which is written now, where it is new."""
    path = home / _FILE
    if not path.exists():
        draft = home / f"{_FILE}.{os.getpid()}"
        draft.write_text(settings.MODE + "\n")
        try:
            os.link(draft, path)  # fails where another process was first: then its mode holds
        except FileExistsError:
            pass
        draft.unlink()
    return path.read_text().strip()
