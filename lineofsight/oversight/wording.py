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
    if unit.startswith("GBP") and statement.number is not None and statement.number >= 1_000_000:
        return f"{statement.bound or ''} £{statement.number / 1_000_000:,.1f}m".strip()
    return told if unit.startswith(("GBP", "per cent")) else told.removesuffix(unit).strip()


def value_words(statement: Statement) -> str:
    """A statement's value with its unit and bound: `more than 200 cases`. Pounds as pounds."""
    told = _exact_words(statement)
    return f"{statement.bound} {told}" if told and statement.bound else told


def _exact_words(statement: Statement) -> str:
    if statement.value is None:
        return ""
    number = statement.number
    if number is None:
        return statement.value
    told = f"{number:,.0f}" if number == int(number) else f"{number:,}"
    unit = statement.unit or ""
    if unit.startswith("GBP"):
        return f"£{told}{unit[3:]}"
    return f"{told}%{unit[8:]}" if unit.startswith("per cent") else f"{told} {unit}".strip()
