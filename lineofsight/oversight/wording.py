"""Statements in words: the days they are about and the values they give."""

from __future__ import annotations

from lineofsight.oversight.statements import Statement
from lineofsight.vocabulary.days import in_words


def about_words(one: Statement) -> str:
    """The days a statement speaks about, in words."""
    begun = in_words(one.about_from or one.said_on)
    if one.ended_on is None:
        return f"{begun} onwards"
    until = in_words(one.about_to or one.about_from or one.said_on)
    return begun if until == begun else f"{begun} to {until}"


def number_words(one: Statement) -> str:
    """A value without its unit but for pounds and per cent: for a table whose row names the unit."""
    unit = one.unit or ""
    told = value_words(one)
    if unit.startswith("GBP") and one.number is not None and one.number >= 1_000_000:
        return f"{one.bound or ''} £{one.number / 1_000_000:,.1f}m".strip()
    return told if unit.startswith(("GBP", "per cent")) else told.removesuffix(unit).strip()


def value_words(one: Statement) -> str:
    """A statement's value with its unit and bound: `more than 200 cases`. Pounds as pounds."""
    told = _exact_words(one)
    return f"{one.bound} {told}" if told and one.bound else told


def _exact_words(one: Statement) -> str:
    if one.value is None:
        return ""
    number = one.number
    if number is None:
        return one.value
    told = f"{number:,.0f}" if number == int(number) else f"{number:,}"
    unit = one.unit or ""
    if unit.startswith("GBP"):
        return f"£{told}{unit[3:]}"
    return f"{told}%{unit[8:]}" if unit.startswith("per cent") else f"{told} {unit}".strip()
