"""What the tests stand in. Loaded by pytest before anything else, so before Django reads its settings.

No test touches a home, a database or a setting of yours: every LINEOFSIGHT_ variable but the
LINEOFSIGHT_TEST_ ones is dropped, and the home is a folder that goes when the tests end.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The repository."""

SHARED_DATA = ROOT.parent / "shared" / "data"
"""Data kept beside the repository, where there is any."""

POSTGRES = os.environ.get("LINEOFSIGHT_TEST_POSTGRES", "")
"""Where tests may use PostgreSQL: a URL whose user may create databases."""

SCRATCH = Path(tempfile.mkdtemp(prefix="lineofsight-tests-"))
"""A folder that goes when the tests end; one for each process, pytest-xdist's workers too."""
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)

ON_POSTGRES = bool(POSTGRES) and os.environ.get("DATABASE_URL") == POSTGRES
"""Whether this is the PostgreSQL pass. `./run test` makes both; see there."""


def browser_path() -> str | None:
    """Chromium on this machine: LINEOFSIGHT_TEST_CHROMIUM, else the first found on the path."""
    named = os.environ.get("LINEOFSIGHT_TEST_CHROMIUM")
    if named:
        return named
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for path in map(shutil.which, names) if path), None)


def _leave_the_developers_settings() -> None:
    for name in [name for name in os.environ if name.startswith("LINEOFSIGHT_")]:
        if not name.startswith("LINEOFSIGHT_TEST_"):
            del os.environ[name]
    if not ON_POSTGRES:
        os.environ.pop("DATABASE_URL", None)


def _take_a_home_for_the_tests() -> None:
    home = SCRATCH / "home"
    (home / "incoming").mkdir(parents=True, mode=0o700)
    os.environ["LINEOFSIGHT_HOME"] = str(home)
    os.environ["LINEOFSIGHT_MFA"] = "optional"  # tests of the second step turn it on


_leave_the_developers_settings()
_take_a_home_for_the_tests()
