"""How the files of a pack and the versions of its statements are named, and where they lead to each other."""

from __future__ import annotations

import hashlib

from lineofsight.oversight.statements import Statement


def version_name(statement: Statement) -> str:
    """The name of one version of a statement: its reference and the link that brought it."""
    return f"{statement.reference}@{statement.link}"


def page_name(reference: str) -> str:
    """The file of a statement's page. Some file systems do not tell small letters from capitals."""
    source, _, id = reference.partition("/")
    if id == id.lower():
        return f"statements/{source}/{id}.html"
    return f"statements/{source}/{id.lower()}~{hashlib.sha256(id.encode()).hexdigest()[:8]}.html"
