"""Rows of an Annex A list as rows of the record's tables, still as text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from lineofsight.intake.cells import without_choice
from lineofsight.intake.days_as_written import day_meant, read_written_day
from lineofsight.intake.delivery import Context
from lineofsight.intake.finding import FILE, NOTE, ROW, WARNING, file_finding
from lineofsight.intake.formats.annex_cells import Row, Rows, coded, ethnicity_of, put, sex_of, yes
from lineofsight.intake.formats.annex_lists import OF_ADOPTERS, WORKER_LISTS
from lineofsight.intake.formats.annex_other_lists import adopters, contacts, early_help, permanence
from lineofsight.intake.unsure import END_UNREAD, UNSURE
from lineofsight.intake.values import is_not_yet
from lineofsight.intake.who import hands
from lineofsight.vocabulary.nobody import as_one_name, is_nobody

ROLE = "CW"
"""The role of whoever stands on lists 6 to 9, as case systems write that of the allocated worker."""
_END_OF_LIST = {6: "closed_on", 7: "ended_on", 8: "ended_on"}
"""The column that says when a row's worker no longer answers."""
_CATEGORIES = {"NEG": "neglect", "PHY": "physical", "SAB": "sexual", "EMO": "emotional", "MUL": "multiple"}


def table_rows(
    lists: Mapping[int, Sequence[Row]], told: set[int], context: Context
) -> tuple[Rows, list[pl.DataFrame]]:
    """For each table its rows, and what was found about the workers' cells."""
    made: Rows = defaultdict(list)
    for number, rows in sorted(lists.items()):
        for table in LISTS[number].tables:
            made[table]
        if fill := LISTS[number].fill:
            for row in rows:
                fill(row, made, context)
    made["child"] = _children(lists)
    findings = _said_closed(lists.get(6, ()))
    if told:
        findings += _involvements(lists, told, context, made)
    return dict(made), findings


def _said_closed(rows: Sequence[Row]) -> list[pl.DataFrame]:
    """A finding where the status of an episode says that it is closed and no day of closing stands beside it."""
    closed = [row for row in rows if "closed" in row.get("status", "").lower() and not row.get("closed_on")]
    if not closed:
        return []
    count = "1 row says" if len(closed) == 1 else f"{len(closed)} rows, beginning with this one, say"
    says = f"{count} in Case Status that the episode is closed, without a closing day. It was read as open."
    do = "Give the day, or correct the status."
    return [file_finding("A10", WARNING, closed[0][FILE], says, do, row=int(closed[0][ROW]))]


def _is_over(row: Row, name: str, context: Context) -> bool:
    """Whether a closing day says that something was over on the workbook's day; one that is none or to come does not."""
    day = day_meant(row.get(name, ""))
    return day is not None and day <= context.received_on


def _category(text: str) -> str:
    plain = without_choice(text).lower()
    return next(
        (code for code, word in _CATEGORIES.items() if word in plain or plain == code.lower()),
        without_choice(text),
    )


def _children(lists: Mapping[int, Sequence[Row]]) -> list[dict[str, str | None]]:
    """One row a child, from whichever list tells each cell first: the later list is the nearer to now."""
    found: dict[str, dict[str, str | None]] = {}
    for number, rows in sorted(lists.items(), reverse=True):
        if number == OF_ADOPTERS:
            continue
        for row in rows:
            cells = {
                "sex": sex_of(row),
                "ethnicity": ethnicity_of(row),
                "born_on": row.get("born_on", ""),
            }
            held = found.setdefault(row["child"], {"child": row["child"], FILE: row[FILE], ROW: row[ROW]})
            for name, cell in cells.items():
                held[name] = held.get(name) or cell
    return [row for child, row in found.items() if child]


def _assessments(row: Row, made: Rows, _: Context) -> None:
    put(
        made,
        "assessment",
        row,
        begun_on=row.get("begun_on"),
        authorised_on=row.get("authorised_on"),
        seen=yes(row.get("seen", "")),
        team=row.get("team"),
        worker=row.get("worker"),
    )


def _enquiries(row: Row, made: Rows, _: Context) -> None:
    put(made, "enquiry", row, begun_on=row.get("begun_on"), team=row.get("team"), worker=row.get("worker"))
    if row.get("held_on"):
        put(made, "conference", row, held_on=row["held_on"], protection=yes(row.get("protection", "")))


def _needs(row: Row, made: Rows, context: Context) -> None:
    put(
        made,
        "episode",
        row,
        begun_on=row.get("begun_on"),
        closed_on=row.get("closed_on"),
        need=coded(row.get("need", ""), "primary_need"),
        close_reason=coded(row.get("close_reason", ""), "close_reason"),
        team=row.get("team"),
        worker=row.get("worker"),
    )
    if "child in need" in row.get("status", "").lower() and not _is_over(row, "closed_on", context):
        put(made, "need_plan", row, team=row.get("team"), worker=row.get("worker"))
    if row.get("seen_on"):
        put(made, "need_visit", row, visited_on=row["seen_on"], seen="Y")


def _protections(row: Row, made: Rows, _: Context) -> None:
    put(
        made,
        "protection_plan",
        row,
        begun_on=row.get("begun_on"),
        ended_on=row.get("ended_on"),
        initial_category=_category(row.get("initial_category", "")),
        latest_category=_category(row.get("latest_category", "")),
    )
    if row.get("visited_on"):
        alone = yes(row.get("seen_alone", ""))
        seen = "Y" if alone == "Y" else None
        put(made, "protection_visit", row, visited_on=row["visited_on"], seen=seen, seen_alone=alone)
    if row.get("reviewed_on"):
        put(made, "protection_review", row, held_on=row["reviewed_on"])


def _cared_for(row: Row, made: Rows, _: Context) -> None:
    care = f"{row['child']}@{row.get('begun_on', '')}"
    put(
        made,
        "care_episode",
        row,
        care=care,
        begun_on=row.get("begun_on"),
        ended_on=row.get("ended_on"),
        need=coded(row.get("need", ""), "primary_need"),
        ended_because=without_choice(row.get("ended_because", "")).split(":")[0],
        last_officer_contact_on=row.get("last_officer_contact_on"),
    )
    if row.get("placed_on"):
        put(
            made,
            "placement",
            row,
            care=care,
            begun_on=row["placed_on"],
            ended_on=row.get("ended_on"),
            kind=coded(row.get("kind", ""), "placement_kind"),
            provider=coded(row.get("provider", ""), "placement_provider"),
            postcode=row.get("postcode"),
            urn=row.get("urn"),
        )
    if row.get("status"):
        status = coded(row["status"], "legal_status")
        begun, ended = row.get("status_on"), row.get("ended_on")
        put(made, "legal_status", row, status=status, begun_on=begun, ended_on=ended)
    if row.get("visited_on"):
        put(made, "care_visit", row, visited_on=row["visited_on"])
    if row.get("reviewed_on"):
        put(made, "care_review", row, care=care, held_on=row["reviewed_on"])


def _leavers(row: Row, made: Rows, _: Context) -> None:
    put(
        made,
        "care_leaver",
        row,
        eligibility=without_choice(row.get("eligibility", "")),
        in_touch=yes(row.get("in_touch", "")),
        accommodation=without_choice(row.get("accommodation", "")),
        suitable=without_choice(row.get("suitable", "")),
        activity=without_choice(row.get("activity", "")),
        team=row.get("team"),
        worker=row.get("worker"),
    )


@dataclass(frozen=True)
class List:
    """What becomes of the rows of one list: the tables they fill, and how a row fills them."""

    fill: Callable[[Row, Rows, Context], None] | None
    tables: tuple[str, ...]


LISTS = {
    1: List(contacts, ("contact",)),
    2: List(early_help, ("early_help",)),
    3: List(
        None, ()
    ),  # who referred and who took it: the episode itself is list 6's, which says when it was closed
    4: List(_assessments, ("assessment",)),
    5: List(_enquiries, ("enquiry", "conference")),
    6: List(_needs, ("episode", "need_plan", "need_visit")),
    7: List(_protections, ("protection_plan", "protection_visit", "protection_review")),
    8: List(_cared_for, ("care_episode", "placement", "legal_status", "care_visit", "care_review")),
    9: List(_leavers, ("care_leaver",)),
    10: List(permanence, ("permanence",)),
    OF_ADOPTERS: List(adopters, ("adopter",)),
}


# -- who answers ----------------------------------------------------------------------------------


def _involvements(
    lists: Mapping[int, Sequence[Row]], told: set[int], context: Context, made: Rows
) -> list[pl.DataFrame]:
    """A row for each cell of lists 6 to 9 of a child not closed there, from the workbook's day on."""
    rows: list[dict[str, str | None]] = []
    day = context.received_on.isoformat()
    for number in sorted(told):
        for row in lists.get(number, ()):
            if number in _END_OF_LIST and _is_over(row, _END_OF_LIST[number], context):
                continue
            worker = " ".join(row.get("worker", "").split()) or None
            rows.append(
                {
                    "child": row["child"],
                    "worker": worker,
                    "team": row.get("team") or None,
                    "role": ROLE,
                    "begun_on": day,
                    "referral": f"list {number}",
                    UNSURE: _unsure(number, row),
                    FILE: row[FILE],
                    ROW: row[ROW],
                }
            )
    frame = pl.DataFrame(rows, schema=dict.fromkeys(_INVOLVED, pl.String), orient="row")
    frame, findings = hands(frame, context)
    made["involvement"] = frame.to_dicts()
    return [*findings, *_several(made["involvement"])]


_INVOLVED = ("child", "worker", "team", "role", "begun_on", "referral", UNSURE, FILE, ROW)


def _unsure(number: int, row: Row) -> str | None:
    """Why it cannot be told whether the row's worker answers: beneath another, or the row may be over."""
    end = row.get(_END_OF_LIST.get(number, ""), "")
    if end and not is_not_yet(end) and read_written_day(end) is None:
        return END_UNREAD
    return row.get(UNSURE) or None


def _several(rows: Sequence[Mapping[str, str | None]]) -> list[pl.DataFrame]:
    workers: dict[str | None, set[str]] = defaultdict(set)
    for row in rows:
        if row["worker"] and not is_nobody(row["worker"]):
            workers[row["child"]].add(as_one_name(str(row["worker"])))
    count = sum(len(names) > 1 for names in workers.values())
    if not count:
        return []
    children = "1 child has" if count == 1 else f"{count} children have"
    lists = f"{WORKER_LISTS[0]} to {WORKER_LISTS[-1]}"
    says = f"{children} different workers on lists {lists}. Each of these workers counts."
    return [file_finding("A08", NOTE, "", says, "Correct the lists if only one of them is right.")]
