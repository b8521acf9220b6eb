"""What a source is and how to understand it, read from its TOML file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName, authority_code, source_name
from lineofsight.vocabulary.refusal import Refused

FORMATS = ("statements",)
"""The formats a source may name."""

CASE_FORMATS = ("ssd_tables", "worklist")
"""The formats of case records: what tells who answers for a child."""

_ROSTERS = ("full", "partial")
_KNOWN = {"name", "authority", "format", "roster", "valid_from"}


@dataclass(frozen=True)
class SourceSettings:
    """A source's settings: `whole` is everything its file says, for those who read more of it."""

    name: SourceName
    authority: AuthorityCode
    format: str
    roster: str
    valid_from: date | None
    whole: str

    @property
    def withdraws(self) -> bool:
        """Whether a row absent from a delivery has been withdrawn."""
        return self.roster == "full"


def read_settings(content: bytes) -> SourceSettings:
    """Settings from the bytes of a TOML file; refuses with a sentence what cannot be understood."""
    try:
        said = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:  # a number too long, brackets too deep: also not TOML
        at = f" ({fault})" if isinstance(fault, tomllib.TOMLDecodeError) else ""
        raise Refused(
            f"The settings are not TOML that can be read{at}; see docs/how-to/describe-a-source.md."
        ) from None
    return _settings(said)


def _settings(said: Mapping[str, Any]) -> SourceSettings:
    for name in ("name", "authority", "format"):
        if not isinstance(said.get(name), str):
            raise Refused(f'The settings lack {name}; add a line such as {name} = "…".')
    if unknown := sorted(set(said) - _KNOWN):
        raise Refused(f"The settings say {', '.join(unknown)}, which this format does not use; take it out.")
    return SourceSettings(
        source_name(said["name"]),
        authority_code(said["authority"]),
        _one_of(said["format"], FORMATS, "format"),
        _one_of(said.get("roster", "partial"), _ROSTERS, "roster"),
        _day(said.get("valid_from")),
        json.dumps(said, sort_keys=True, default=str, ensure_ascii=False),
    )


def _one_of(text: Any, allowed: tuple[str, ...], what: str) -> str:
    if text not in allowed:
        raise Refused(f"The settings' {what} must be one of: {', '.join(allowed)}.")
    return str(text)


def _day(said: Any) -> date | None:
    if said is None or type(said) is date:
        return said
    raise Refused("The settings' valid_from must be a day without quotes, such as 2013-04-01.")


def plain_statements(authority: AuthorityCode, name: SourceName) -> SourceSettings:
    """What is taken of a source nobody has described, when its files are statements."""
    said = {"name": name, "authority": authority, "format": "statements", "roster": "partial"}
    return _settings(said)
