"""Statements in words: the days they are about and the values they give."""

from __future__ import annotations

from lineofsight.oversight.statements import Statement
from lineofsight.vocabulary.days import in_words


def about_words(statement: Statement) -> str:
    """The days a statement speaks about, in words."""
    begun = in_words(statement.about_from or statement.said_on)
    if statement.ended_on is None:
        return f"{begun} onwards"
    until = in_words(statement.about_to or statement.about_from or statement.said_on)
    return begun if until == begun else f"{begun} to {until}"


def number_words(statement: Statement) -> str:
    """A value without its unit but for pounds and per cent: for a table whose row names the unit."""
    unit = statement.unit or ""
    told = value_words(statement)
    if unit.startswith("GBP"):
        return told.replace(" million", "m")
    return told if unit.startswith("per cent") else told.removesuffix(unit).strip()


def value_words(statement: Statement) -> str:
    """A statement's value with its unit and bound: `more than 200 cases`. Pounds as pounds, in millions from one up."""
    told = _exact_words(statement)
    return f"{statement.bound} {told}" if told and statement.bound else told


def counted_words(statement: Statement) -> str:
    """A count and whose it is: `232 cases (the council)`; a zero that is only somebody's word is told as that."""
    counter = statement.counter or statement.said_by
    if is_claimed_zero(statement):
        return f"{value_words(statement)}, as claimed by {counter}"
    return f"{value_words(statement)} ({counter})"


def is_claimed_zero(statement: Statement) -> bool:
    """Whether the value is nothing and a claim: that there are none left is a statement, not a count."""
    return statement.kind == "claim" and statement.number == 0


def _exact_words(statement: Statement) -> str:
    if statement.value is None:
        return ""
    number = statement.number
    if number is None:
        return statement.value
    unit = statement.unit or ""
    if unit.startswith("GBP"):
        return _pounds(number, unit.removeprefix("GBP").split())
    told = _plain(number)
    return f"{told}%{unit[8:]}" if unit.startswith("per cent") else f"{told} {unit}".strip()


_SCALES = {"thousand": 1_000, "million": 1_000_000}


def _pounds(number: float, unit: list[str]) -> str:
    """Pounds in one way, whether the source has pounds, thousands or millions; `unit` is what follows the currency."""
    if unit and unit[0] in _SCALES:
        number, unit = number * _SCALES[unit[0]], unit[1:]
    sum_ = f"£{number / 1_000_000:,.1f} million" if abs(number) >= 1_000_000 else f"£{_plain(number)}"
    return " ".join([sum_, *unit])


def _plain(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,}"
