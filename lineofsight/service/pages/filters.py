"""Filters that every template has: moments and days as people read them, and codes in the words of pages.

Codes, days and moments stay as they are in answers, which programs read; only a page says them otherwise.
"""

from __future__ import annotations

from datetime import datetime

from django import template

from lineofsight.vocabulary import days
from lineofsight.vocabulary.moments import LONDON, read_moment

register = template.Library()

_PLAIN = {
    "cannot be told": "not known",
    "inferred": "worked out from other sources",
    "leaver": "somebody who has left",
    "no end was found": "no end date found",
    "none found": "no answer found",
    "nothing could be taken": "refused",
    "partial": "source read in part",
    "placeholder": "placeholder name",
    "role": "a role that does not count",
    "said done": "reported complete",
    "unconfirmed": "source still to be confirmed",
    "waiting for a person’s word": "needs your confirmation",
}
"""What a page says for a code whose own words people stumble over."""


@register.filter
def in_plain_words(code: str) -> str:
    """A standing, step or state as a page says it."""
    return _PLAIN.get(code, code)


@register.filter
def day_in_words(text: str) -> str:
    """A written day, month or year: `9 October 2019`."""
    return days.in_words(text) if text else ""


def utc_time(moment: str) -> str:
    """A moment in UTC, for where a page says where its figures come from: `2019-10-09 04:00 UTC`."""
    return f"{read_moment(moment):%Y-%m-%d %H:%M} UTC"


@register.filter
def local_time(moment: str | datetime) -> str:
    """A moment on the clocks of London: `9 October 2019, 5:00am`."""
    if not moment:
        return ""
    local = (read_moment(moment) if isinstance(moment, str) else moment).astimezone(LONDON)
    hour = local.hour % 12 or 12
    half = "am" if local.hour < 12 else "pm"
    return f"{days.in_words(local.date().isoformat())}, {hour}:{local:%M}{half}"
