"""Who stands where a worker should in a reading, role by role and name by name: what a person settles once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from lineofsight.intake.delivery import Context, Reading
from lineofsight.intake.formats.usual_exports import is_usual_role
from lineofsight.vocabulary.nobody import is_nobody, is_team, may_be_nobody
from lineofsight.vocabulary.spellings import alike

_MOST = 60
_MOST_NAMED = 500
_MANAGES = re.compile(r"\b(manager|head of|director|service lead|principal|supervisor)\b")
_NO_CASES = re.compile(r"\b(duty|tray|admin|administrator|business support|reviewing officer|iro|chair)\b")
_WHYS = (
    (_MANAGES, "manager"),
    (re.compile(r"\bduty\b"), "duty"),
    (re.compile(r"\b(tray|inbox|pool|holding)\b"), "tray"),
    (re.compile(r"\b(vacant|vacancy|cover)\b"), "vacant post"),
    (re.compile(r"\b(agency|locum)\b"), "agency, no named person"),
    (re.compile(r"\b(admin|administrator|business support)\b"), "business support"),
    (re.compile(r"\b(reviewing officer|iro|chair)\b"), "chairs reviews, does not hold the case"),
)


@dataclass(frozen=True)
class RoleFound:
    """A role as the files write it, empty where none is written; its children now, and whether it usually counts."""

    role: str
    children: int
    usual: bool


@dataclass(frozen=True)
class OwnerFound:
    """A name or job title: the settings' key for it, its children now, and what is proposed.

    `why` is the proposed reason why it does not count, and `proposed` whether it is likely not to.
    """

    key: str
    value: str
    children: int
    why: str
    proposed: bool


@dataclass(frozen=True)
class AlikeFound:
    """Two names that may be one worker's, and the children of each now."""

    one: str
    children: int
    other: str
    others_children: int


@dataclass(frozen=True)
class OwnersFound:
    """The roles in which workers are named, job titles, names that may be nobody, and names read as nobody or a team.

    `named`: every other worker, where the files have no job titles; `not_listed`: how many more there are. `doubts`:
    what looks wrong in the columns as they were chosen.
    """

    roles: list[RoleFound] = field(default_factory=list)
    titles: list[OwnerFound] = field(default_factory=list)
    doubtful: list[OwnerFound] = field(default_factory=list)
    nobody: list[OwnerFound] = field(default_factory=list)
    named: list[OwnerFound] = field(default_factory=list)
    not_listed: int = 0
    doubts: list[str] = field(default_factory=list)
    alike: list[AlikeFound] = field(default_factory=list)
    """Names that may be one worker's."""
    received: int = 0
    quarantined: int = 0


def owners_in(read: Reading, context: Context, raw: Counter[str]) -> OwnersFound:
    """The roles and owners of a reading. `raw`: names in a worklist's worker column, before teams were moved away."""
    rows = _now(read, context)
    if rows is None:
        return OwnersFound(received=read.received, quarantined=read.quarantined)
    workers = _workers(read)
    roles: dict[str, set[str]] = defaultdict(set)
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    titles: dict[str, set[str]] = defaultdict(set)
    for child, worker, role in rows.rows():
        if not worker:
            continue
        roles[role or ""].add(child)
        name, title = workers.get(worker, (None, None))
        names["name" if name else "worker", name or worker].add(child)
        if title:
            titles[title].add(child)
    teams = {name: count for name, count in raw.items() if is_team(name) and not is_nobody(name)}
    plain = [
        OwnerFound(key, one, len(has), "", proposed=False)
        for (key, one), has in names.items()
        if not titles and not is_nobody(one) and not is_team(one) and not may_be_nobody(one)
    ]
    plain.sort(key=lambda one: (-one.children, one.value))
    return OwnersFound(
        _roles(roles),
        _most(
            OwnerFound("job_title", one, len(has), why_not(one), _is_proposed(one))
            for one, has in titles.items()
        ),
        _most(
            OwnerFound(key, one, len(has), why_not(one), proposed=False)
            for (key, one), has in names.items()
            if may_be_nobody(one) and not is_team(one)
        ),
        _most(
            [
                *(
                    OwnerFound(key, one, len(has), "read as nobody", proposed=True)
                    for (key, one), has in names.items()
                    if is_nobody(one)
                ),
                *(
                    OwnerFound("worker", one, count, "read as a team", proposed=True)
                    for one, count in teams.items()
                ),
            ]
        ),
        plain[:_MOST_NAMED],
        len(plain[_MOST_NAMED:]),
        alike=_alike({one: len(has) for (key, one), has in names.items() if key == "worker"}),
        received=read.received,
        quarantined=read.quarantined,
    )


def _alike(children: Mapping[str, int]) -> list[AlikeFound]:
    """The names that may be one worker's; of each two the one with more children first, whose spelling is kept."""
    most_first = sorted(children, key=lambda name: (-children[name], name))
    pairs = alike(most_first)[:_MOST]
    return [AlikeFound(one, children[one], other, children[other]) for one, other in pairs]


def why_not(text: str) -> str:
    """Why somebody with such a name or job title would not count: what the settings will say."""
    said = text.casefold()
    return next((why for pattern, why in _WHYS if pattern.search(said)), "team")


def _is_proposed(title: str) -> bool:
    said = title.casefold()
    return bool(_MANAGES.search(said) or _NO_CASES.search(said))


def _most(owners: Iterable[OwnerFound]) -> list[OwnerFound]:
    """Those with most children first, as many as a person can settle."""
    return sorted(owners, key=lambda one: (not one.proposed, -one.children, one.value))[:_MOST]


def _roles(roles: dict[str, set[str]]) -> list[RoleFound]:
    if set(roles) <= {""}:
        return []
    found = [RoleFound(role, len(children), is_usual_role(role)) for role, children in roles.items()]
    return sorted(found, key=lambda one: (-one.children, one.role))[:_MOST]


def _now(read: Reading, context: Context) -> pl.DataFrame | None:
    """Each involvement that has not ended: its child (or referral), worker and role."""
    rows = read.rows.get("involvement")
    if rows is None or not rows.height:
        return None
    today = context.received_on.toordinal()
    open_rows = rows.filter(pl.col("ended_on").is_null() | (pl.col("ended_on") > today))
    return open_rows.select(pl.coalesce("child", "referral").fill_null(""), "worker", "role")


def _workers(read: Reading) -> dict[str, tuple[str | None, str | None]]:
    rows = read.rows.get("worker")
    if rows is None:
        return {}
    return {
        worker: (name, title) for worker, name, title in rows.select("worker", "name", "job_title").rows()
    }
