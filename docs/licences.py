"""The licences of what Line of Sight ships and of the libraries that its lock names, as one table each.

A library's licence is read from its own metadata. One whose metadata is unclear stands in READ with what its
licence file says. A licence that is not in ALLOWED, or a file without an owner, raises ValueError: whoever
adds it reads the licence first.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

ALLOWED = {
    "MIT": "",
    "MIT-0": "",
    "MIT-CMU": "",
    "BSD-2-Clause": "",
    "BSD-3-Clause": "",
    "Apache-2.0": "",
    "PSF-2.0": "",
    "ZPL-2.1": "",
    "OFL-1.1": "a font may be shipped with software, but not sold by itself",
    "MPL-2.0": "changes to its own files must be published; we change none",
    "LGPL-3.0-only": "used as a separate library, unchanged, that anybody may replace with their own build",
    "OGL-UK-3.0": "public data of the United Kingdom, with its source named",
}
"""The licences under which something may be shipped, with what has to be kept to."""

_SAME_AS = {
    "MIT License": "MIT",
    "ZPL 2.1": "ZPL-2.1",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
}
"""What older metadata says of a licence that is clear from it. Plain `BSD` is not: there are several."""

READ = {
    "colorama": "BSD-3-Clause",
    "django-csp": "BSD-3-Clause",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "polars": "MIT",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "qrcode": "BSD-3-Clause",
    "sqlparse": "BSD-3-Clause",
}
"""Libraries whose metadata is unclear, or which are for other platforms: what their licence files say."""


@dataclass(frozen=True)
class Shipped:
    """Files of the package that somebody else made: a pattern from the repository, whose, and the licence."""

    files: str
    what: str
    licence: str
    notice: str = ""


_STATIC = "lineofsight/service/static/lineofsight"
SHIPPED = (
    Shipped(
        f"{_STATIC}/lineofsight.css",
        "GOV.UK Frontend and MoJ Frontend, compiled with our own rules",
        "MIT",
        "govuk-frontend.txt, moj-frontend.txt",
    ),
    Shipped(f"{_STATIC}/lineofsight.js", "GOV.UK Frontend, compiled", "MIT", "govuk-frontend.txt"),
    Shipped(f"{_STATIC}/moj/images/*.svg", "MoJ Frontend's icons", "MIT", "moj-frontend.txt"),
    Shipped(f"{_STATIC}/inter-latin.woff2", "the font Inter", "OFL-1.1", "inter.txt"),
    Shipped(
        "lineofsight/samples/outcomes/outcomes.csv",
        "Ofsted's statistics of inspection outcomes",
        "OGL-UK-3.0",
    ),
)
"""What is shipped that others made."""

OURS = (f"{_STATIC}/enhanced.js", f"{_STATIC}/icon.svg", f"{_STATIC}/notices/*.txt")
"""Static files that are our own, or are the notices."""


@dataclass(frozen=True)
class Library:
    """A library of the lock: its version, the platforms it is for where not all, and its licence."""

    name: str
    version: str
    marker: str
    licence: str


def libraries(lock: str) -> Iterator[Library]:
    """The libraries of a lock's text, with their licences. Raises ValueError where one is unknown or not allowed."""
    for name, version, marker in re.findall(
        r"^([\w.-]+)(?:\[[^\]]*\])?==([^ ;\\]+)(?: ; (.+?))? \\$", lock, re.MULTILINE
    ):
        licence = READ.get(name) or _stated_by(name)
        check(name, licence)
        yield Library(name, version, marker, licence)


def _stated_by(name: str) -> str:
    """The licence that a library's metadata states; what it says as it stands where that is not clear."""
    try:
        about = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        raise ValueError(
            f"{name} is not installed here: read its licence and name it in docs/licences.py"
        ) from None
    expression = about.get("License-Expression")
    if expression:
        return str(expression)
    classifiers = [one for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    stated = [text for text in (about.get("License") or "", *classifiers) if text]
    clear = [_SAME_AS.get(text, text) for text in stated]
    return next((text for text in clear if text in ALLOWED), " / ".join(clear)[:80])


def check(what: str, licence: str) -> None:
    """Raise ValueError where a licence is not allowed: of alternatives (OR) one is enough, of AND each counts."""
    for part in licence.split(" AND "):
        if not any(one.strip("() ") in ALLOWED for one in part.split(" OR ")):
            raise ValueError(
                f"{what} has the licence {licence!r}, which is not among those allowed: read it, and add it to docs/licences.py"
            )


def without_owner(root: Path = ROOT) -> list[str]:
    """Static files of which nothing says who made them."""
    files = [path.relative_to(root).as_posix() for path in (root / _STATIC).rglob("*") if path.is_file()]
    patterns = (*OURS, *(one.files for one in SHIPPED))
    return sorted(name for name in files if not any(fnmatchcase(name, one) for one in patterns))
