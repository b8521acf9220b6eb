"""What a source is and how to understand it, read from its TOML file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lineofsight.intake.delivery import Context
from lineofsight.intake.format import Format
from lineofsight.intake.formats import formats, formats_for_sources
from lineofsight.intake.limits import check_settings
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName, authority_code, source_name
from lineofsight.vocabulary.limits import SET_LOCALLY, read_limit
from lineofsight.vocabulary.nobody import as_one_name
from lineofsight.vocabulary.refusal import Refused

OWNER_KEYS = (
    "worker",
    "staff_id",
    "name",
    "registration",
    "job_title",
    "department",
    "agency",
    "role",
    "team",
)
"""What a line of `owners_that_do_not_count` may match; its keys are ANDed."""

_ROSTERS = ("full", "partial")
_ENDS = ("exclusive", "inclusive")
_COVERS = ("named", "service")
EXPECTED = {"nightly": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "yearly": 366}
"""How often a source may be said to deliver, and the days that may pass between two deliveries."""

_KNOWN = {"name", "authority", "format", "roster", "valid_from", "expected", "grace_hours"}
_OF_CASES = {
    "workers_are_live",
    "window_start",
    "ends",
    "allocation",
    "covers",
    "valid_to",
    "other_lists",
    "limits",
}
_ALLOCATION = {
    "roles_that_count",
    "owners_that_do_not_count",
    "placeholders",
    "people",
    "same_worker",
    "different_workers",
    "seen_within_weeks",
}
_MOST_WEEKS = 52
_MOST_GRACE_HOURS = 2_000


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

    @property
    def said(self) -> dict[str, Any]:
        """Everything its file says; days as ISO text."""
        said: dict[str, Any] = json.loads(self.whole)
        return said

    @property
    def expected(self) -> str | None:
        """How often it is said to deliver, one of EXPECTED; None where its settings do not say."""
        return self.said.get("expected")

    @property
    def grace_hours(self) -> int | None:
        """The hours after a delivery was due before it is late; None where its settings do not say."""
        return self.said.get("grace_hours")

    @property
    def ends_inclusive(self) -> bool:
        """Whether the last day of a range is part of it, so that intake adds a day."""
        return self.said.get("ends") == "inclusive"

    @property
    def columns(self) -> dict[str, str]:
        """What the source calls the columns of a worklist, by our names; empty for one that its files do not have."""
        return dict(self.said.get("columns", {}))

    @property
    def closed(self) -> dict[str, list[str]]:
        """For a heading of a worklist the values that mean that the case is closed."""
        return {name: list(values) for name, values in self.said.get("closed", {}).items()}

    @property
    def spellings(self) -> dict[str, str]:
        """For another spelling of a worker's name, in small letters, the name under which the worker is known."""
        lines = self.said.get("allocation", {}).get("same_worker", [])
        return {as_one_name(other): line[0] for line in lines for other in line}

    @property
    def different_workers(self) -> list[list[str]]:
        """Names, in small letters, that look alike and are different workers', a list for each set of them."""
        lines = self.said.get("allocation", {}).get("different_workers", [])
        return [list(map(as_one_name, line)) for line in lines]

    def context(self, received_at: datetime) -> Context:
        """What reading a delivery of this source depends on beside its bytes."""
        return Context(
            received_at,
            self.ends_inclusive,
            self.columns,
            self.authority,
            self.workers_named,
            self.other_lists,
            self.roles_that_count,
            self.closed,
            self.withdraws,
            self.spellings,
            self.different_workers,
        )

    @property
    def other_lists(self) -> bool:
        """Whether lists 1, 2, 10 and 11 of a workbook are read, too."""
        return self.said.get("other_lists") is True

    @property
    def workers_named(self) -> frozenset[str]:
        """The workers its settings name: owners who do not count, placeholders, and people called like nobody."""
        rules = self.said.get("allocation", {})
        lines = rules.get("owners_that_do_not_count", [])
        owners = {str(line[name]) for line in lines for name in ("worker", "name") if name in line}
        others = (*rules.get("placeholders", []), *rules.get("people", []))
        return frozenset(owners | set(map(str, others)))

    @property
    def roles_that_count(self) -> frozenset[str] | None:
        """The roles in which a worker answers for a child; None where every role counts."""
        roles = self.said.get("allocation", {}).get("roles_that_count")
        return None if roles is None else frozenset(map(str, roles))

    @property
    def window_start(self) -> date | None:
        """The day before which rows may roll out of an extract (counting rule 6); None where none do."""
        said = self.said.get("window_start")
        return date.fromisoformat(said) if said else None


def read_settings(content: bytes) -> SourceSettings:
    """Settings from the bytes of a TOML file; refuses with a sentence what cannot be understood."""
    check_settings(content)
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
    name, code = source_name(said["name"]), authority_code(said["authority"])
    kind = formats()[_one_of(said["format"], formats_for_sources(), "format")]
    _check_names(said, kind)
    _check_expected(said)
    _check_case_settings(said, kind)
    return SourceSettings(
        name,
        code,
        kind.name,
        _one_of(said.get("roster", "partial"), _ROSTERS, "roster"),
        _day(said, "valid_from"),
        json.dumps(said, sort_keys=True, default=str, ensure_ascii=False),
    )


def _check_names(said: Mapping[str, Any], kind: Format) -> None:
    known = (
        _KNOWN | (_OF_CASES if kind.is_case else set()) | ({"columns", "closed"} if kind.columns else set())
    )
    _refuse_unknown(said, known, "The settings say")


def _check_expected(said: Mapping[str, Any]) -> None:
    if "expected" in said:
        _one_of(said["expected"], tuple(EXPECTED), "expected")
    hours = said.get("grace_hours", 0)
    if type(hours) is not int or not 0 <= hours <= _MOST_GRACE_HOURS:
        raise Refused("The settings' grace_hours must be a whole number of hours from 0 to 2000.")


def _refuse_unknown(said: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(said) - known):
        raise Refused(f"{where} {', '.join(unknown)[:80]}, which this format does not use; take it out.")


def _check_case_settings(said: Mapping[str, Any], kind: Format) -> None:
    if not isinstance(said.get("workers_are_live", True), bool):
        raise Refused("The settings' workers_are_live must be true or false, without quotes.")
    if not isinstance(said.get("other_lists", False), bool):
        raise Refused("The settings' other_lists must be true or false, without quotes.")
    _one_of(said.get("ends", "exclusive"), _ENDS, "ends")
    _one_of(said.get("covers", "named"), _COVERS, "covers")
    _day(said, "window_start")
    first, until = _day(said, "valid_from"), _day(said, "valid_to")
    if first and until and until <= first:
        raise Refused("The settings' valid_to must be a day after valid_from.")
    _check_columns(_table(said, "columns"), kind)
    _check_closed(_table(said, "closed"))
    allocation = _table(said, "allocation")
    _refuse_unknown(allocation, _ALLOCATION, "The settings' [allocation] says")
    for name in ("roles_that_count", "placeholders", "people"):
        _check_list(allocation, name)
    _check_same_worker(allocation.get("same_worker", []))
    _check_lists_of_names(allocation.get("different_workers", []), "different_workers", "different workers")
    _check_owners(allocation.get("owners_that_do_not_count", []))
    _check_limits(_table(said, "limits"))
    weeks = allocation.get("seen_within_weeks", 1)
    if type(weeks) is not int or not 1 <= weeks <= _MOST_WEEKS:
        raise Refused("The settings' seen_within_weeks must be a whole number of weeks from 1 to 52.")


def _table(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = said.get(name, {})
    if not isinstance(table, dict):
        raise Refused(f"The settings' {name} must be a table; write [{name}] and its lines under it.")
    return table


def _check_columns(columns: Mapping[str, Any], kind: Format) -> None:
    _refuse_unknown(columns, set(kind.columns), "The settings' [columns] says")
    is_named = all(isinstance(theirs, str) for theirs in columns.values())
    if not is_named or columns.get("child", "child").strip() == "":
        raise Refused('The settings\' [columns] name each column in quotes, such as child = "ClientID".')
    named = [theirs.strip().lower() for theirs in columns.values() if theirs.strip()]
    if len(set(named)) < len(named):
        raise Refused("The settings' [columns] name one column of theirs twice; give each of ours its own.")


def _check_limits(limits: Mapping[str, Any]) -> None:
    """The limits an authority sets for itself: visits on a plan, for example."""
    _refuse_unknown(limits, set(SET_LOCALLY), "The settings' [limits] says")
    for code, text in limits.items():
        if not isinstance(text, str) or read_limit(text).unit == "hours":
            raise Refused(
                f'The settings\' [limits] give a number of days, such as {code} = "10 working days".'
            )


def _check_closed(columns: Mapping[str, Any]) -> None:
    for heading, values in columns.items():
        if not heading.strip() or not isinstance(values, list) or not all(map(_is_text, values)):
            raise Refused(
                "The settings' [closed] name, for a heading, the words that mean that the case is closed, such as "
                '"Case status" = ["Closed"].'
            )


def _check_lists_of_names(lines: Any, setting: str, what: str) -> None:
    is_read = isinstance(lines, list) and all(
        isinstance(line, list) and len(line) > 1 and all(map(_is_text, line)) for line in lines
    )
    if not is_read:
        raise Refused(
            f"The settings' {setting} must be a list of lists of names, each of {what}, such as "
            '[["Jo Smith", "SMITH, Jo"]].'
        )


def _check_same_worker(lines: Any) -> None:
    _check_lists_of_names(lines, "same_worker", "one worker")
    names = [name for line in lines for name in {as_one_name(name) for name in line}]
    if len(set(names)) < len(names):
        raise Refused(
            "The settings' same_worker have one name in two lists; write all of a worker's names in one."
        )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _check_list(allocation: Mapping[str, Any], name: str) -> None:
    found = allocation.get(name, [])
    if not isinstance(found, list) or not all(_is_word(one) for one in found):
        raise Refused(f'The settings\' {name} must be a list of words, such as ["CW"].')


def _is_word(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _check_owners(lines: Any) -> None:
    example = 'such as { worker = "DUTY01", why = "duty tray" }'
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise Refused(f"The settings' owners_that_do_not_count must be a list of lines, {example}.")
    for line in lines:
        _refuse_unknown(line, {*OWNER_KEYS, "why"}, "A line of owners_that_do_not_count says")
        if not isinstance(line.get("why"), str) or not line["why"].strip():
            raise Refused(f"A line of owners_that_do_not_count lacks why it does not count, {example}.")
        if len(line) < 2 or not all(_is_word(value) for value in line.values()):
            raise Refused(f"A line of owners_that_do_not_count names nobody; say whom in words, {example}.")


def _one_of(text: Any, allowed: tuple[str, ...], what: str) -> str:
    if text not in allowed:
        raise Refused(f"The settings' {what} must be one of: {', '.join(allowed)}.")
    return str(text)


def _day(said: Mapping[str, Any], name: str) -> date | None:
    day = said.get(name)
    if day is None or type(day) is date:
        return day
    raise Refused(f"The settings' {name} must be a day without quotes, such as 2013-04-01.")


def plain_statements(authority: AuthorityCode, name: SourceName) -> SourceSettings:
    """What is taken of a source nobody has described, when its files are statements."""
    said = {"name": name, "authority": authority, "format": "statements", "roster": "partial"}
    return _settings(said)
