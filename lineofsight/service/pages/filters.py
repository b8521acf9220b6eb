"""Filters that every template has: moments and days as people read them, and codes in the words of pages.

Codes, days and moments stay as they are in answers, which programs read; only a page says them otherwise.
"""

from __future__ import annotations

from datetime import datetime

from django import template

from lineofsight.queries.deliveries import Finding
from lineofsight.service.access.profiles import profile_of
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
    "role": "another role",
    "said done": "reported complete",
    "unconfirmed": "source still to be confirmed",
    "waiting for a person’s word": "needs your confirmation",
}
"""What a page says for a code whose own words people stumble over."""


_CHANNELS = {
    "access log": "Access log of the child",
    "glass broken": "Opened with a reason",
    "page: child": "The child’s own page",
    "page: children": "List of children",
    "page: findings": "Data quality issues",
    "page: register": "List of children without an allocated worker",
    "page: today": "The service today",
}
"""Where in the service somebody saw a child, as the access log says it."""


@register.filter
def access_channel(code: str) -> str:
    """Where in the service somebody saw a child: `List of children, CSV`; the code itself where it has no words."""
    for known, words in _CHANNELS.items():
        if code == known or code.startswith(f"{known}, "):
            return f"{words}{code.removeprefix(known)}"
    return code


@register.filter
def in_plain_words(code: str) -> str:
    """A standing, step or state as a page says it."""
    return _PLAIN.get(code, code)


@register.filter
def authority_name(code: str) -> str:
    """What an authority is called."""
    return profile_of(code).name


@register.filter
def name_in_words(name: str) -> str:
    """The name of a table or column as people read it: `need visit`."""
    return name.replace("_", " ")


@register.filter
def what_to_do(finding: Finding) -> str:
    """What to do about a finding on a page, where a button does what a command does elsewhere."""
    if finding.code in ("W01", "W02"):
        return "If that is right, confirm the delivery. Otherwise set it aside, and ask for a corrected file."
    return finding.do


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
