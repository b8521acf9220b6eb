"""Government orders: those open on the day and what nothing has met yet, then each with all it requires."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from lineofsight.charts import Lane, Span, spans
from lineofsight.oversight import directions, promises
from lineofsight.oversight.directions import NEVER_SAID
from lineofsight.oversight.statements import Statements
from lineofsight.service.pages.drawings import drawn
from lineofsight.service.pages.public_record.asked import PublicPage
from lineofsight.service.pages.public_record.presenters import shown
from lineofsight.vocabulary.days import in_words, read_period

Shown = dict[str, Any]

_COLOURS = {
    "in force": "green",
    NEVER_SAID: "yellow",
    "open": "yellow",
    "overdue": "red",
    "met": "green",
    "not met": "red",
}
_TONES = {"holder": "In force on the day shown", "unknown": "No longer in force, or its end was not found"}


def directions_context(asked: PublicPage, found: Shown) -> Shown:
    """The orders, the latest first, those in force counted, and every requirement that is open on the day."""
    among = asked.statements()
    textless = directions.without_their_text(among)
    orders = [
        {**_order(each), "text_not_found": each["subject"] in textless}
        for each in reversed(found["instruments"])
    ]
    for order in orders:
        for each in order["requirements"]:
            each["afterwards"] = _afterwards(asked, among, each["reference"])
    in_force = [order for order in orders if order["in_force"]]
    return {
        "instruments": orders,
        "in_force": in_force,
        "without_an_end": [order for order in orders if order["standing"] == NEVER_SAID],
        "open_requirements": [
            each
            for order in in_force
            for each in order["requirements"]
            if each["reference"] in order["outstanding"]
        ],
        "drawing": _drawing(asked, found["instruments"]),
    }


def _afterwards(asked: PublicPage, among: Statements, reference: str) -> list[Shown]:
    """What is known of a requirement's outcome from the time after the day, as the page of promises shows it too."""
    statement = among.by_reference.get(reference.removeprefix(f"{asked.authority}/"))
    promise = statement and promises.promise_of(among, statement, asked.day)
    return [shown(asked, one, among, links=False) for one in promise.later] if promise else []


def _order(order: Shown) -> Shown:
    issue = _issue(order)
    return {
        **order,
        "colour": _COLOURS.get(order["standing"], "grey"),
        "issued": in_words(issue["about_from"]) if issue else "",
        "ended": in_words(order["ended_about"]) if order["ended_about"] else "",
        "stated_end": in_words(order["stated_until"])
        if order["stated_until"] and not order["ended_on"]
        else "",
        "requirements": [_requirement(order, each) for each in order["requirements"]],
    }


def _issue(order: Shown) -> Shown | None:
    return next((told for told in order["statements"] if told["step"] == "issued"), None)


def _requirement(order: Shown, each: Shown) -> Shown:
    left_open = not order["in_force"] and each["standing"] in ("open", "overdue")
    settled = {told["reference"] for told in (*each["met_by"], *each["not_met_by"])}
    return {
        **each,
        "colour": "grey" if left_open else _COLOURS.get(each["standing"], "grey"),
        "status": _status(each, left_open=left_open),
        "due_words": in_words(each["due"]) if each["due"] else "no date stated",
        "also": [told for told in each["shown_by"] if told["reference"] not in settled],
    }


def _status(each: Shown, *, left_open: bool) -> str:
    """Its standing, as the page of promises gives it too; where only another outcome is told, that one is."""
    if each["standing"] in ("open", "overdue") and each["shown_by"]:
        return "Outcome told"
    return "Not known to be met" if left_open else each["standing"].capitalize()


def _drawing(asked: PublicPage, instruments: list[Shown]) -> SafeString | str:
    """One lane an order, from its issue to its end, the end stated at its issue, or the day shown."""
    dated = [(order, date.fromisoformat(order["issued_on"])) for order in instruments if order["issued_on"]]
    if not dated:
        return ""
    begin = min(issued for _, issued in dated).replace(month=1, day=1)
    ends = [date.fromisoformat(order["known_until"]) for order, _ in dated if order["known_until"]]
    lanes = [Lane(_capitalised(order["subject"]), [_span(order, issued)]) for order, issued in dated]
    return drawn(
        lambda width: spans(
            lanes,
            title="Government orders, and when each was in force",
            description="; ".join(_told(order) for order, _ in dated),
            day=asked.day,
            begin=begin,
            end=max(asked.day, *ends, date(begin.year + 1, 1, 1)),
            width=width,
            key="orders",
            tones=_TONES,
        )
    )


def _span(order: Shown, issued: date) -> Span:
    issue = _issue(order)
    told = read_period(issue["about_from"]) if issue else None
    ended = read_period(order["ended_about"] or order["stated_until"] or "")
    until = date.fromisoformat(order["known_until"]) if order["known_until"] else None
    end_found = ended is not None and order["standing"] != NEVER_SAID
    return Span(
        issued,
        max(ended.last, issued) if ended else until,  # until: where the search for its end begins
        _words(order),
        sure_begin=bool(told and told.is_one_day),
        sure_end=ended is not None and end_found and ended.is_one_day,
        tone="holder" if order["in_force"] else "unknown",
        begin_by=told.last if told else None,
        end_from=ended.first if ended and end_found else None,
    )


def _words(order: Shown) -> str:
    count = len(order["outstanding"])
    if not order["in_force"]:
        return order["standing"].capitalize()
    open_now = (
        f"{count} requirement{'' if count == 1 else 's'} not met" if count else "no unmet requirement loaded"
    )
    return f"In force, {open_now}"


def _told(order: Shown) -> str:
    return f"{_capitalised(order['subject'])}: {_words(order)}"


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]
