"""What a page's address asks for, carried through every link so that a page can be sent to somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from lineofsight.oversight.statements import Statements
from lineofsight.samples import sample_of
from lineofsight.service.access import inspections
from lineofsight.service.access import statements as read
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.sight import authorities_of
from lineofsight.service.access.view import View, present, view_asked
from lineofsight.service.pages.filters import local_time
from lineofsight.vocabulary.authorities import authorities
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused

SYNTHETIC = "999"
"""The code under which nothing real stands, and every page says so."""


def authority_name(authority: str) -> str:
    """What an authority is called: a sample's name, else that of the table, else its code."""
    named = (getattr(of, "name", "") for of in (sample_of(authority), authorities().get(authority)))
    return next(filter(None, named), f"authority {authority}")


@dataclass(frozen=True)
class Asked:
    """One authority, one view, and the words that gave it; `refused` says why the view could not be given."""

    authority: str
    view: View
    known: str
    refused: str
    now: datetime

    @property
    def name(self) -> str:
        """What the authority is called."""
        return authority_name(self.authority)

    @property
    def day(self) -> date:
        """The day the page is as at."""
        return self.view.day or london_day(self.now)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The words of the view, for links and forms."""
        pairs = [("as_at", self.day.isoformat()), ("known", self.known)]
        if self.known == "by":
            pairs[1] = ("known_by", self.view.known_by.isoformat())
        return [*pairs, ("witnessed", "on")] if self.view.witnessed else pairs

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        return urlencode(self.pairs)

    @property
    def says(self) -> str:
        """One sentence telling what is shown."""
        return view_words(self.day, self.view)

    def statements(self) -> Statements:
        """The statements known in this view."""
        return read.statements(self.authority, self.view)

    def path(self, rest: str = "") -> str:
        """An address under this authority's record."""
        return f"/public-record/{self.authority}/{rest}"

    def link(self, rest: str = "", extra: Iterable[tuple[str, str]] = ()) -> str:
        """An address under this authority's record with the view and anything else in its query."""
        return f"{self.path(rest)}?{urlencode([*self.pairs, *extra])}"


moment_words = local_time


def view_words(day: date, view: View) -> str:
    """One sentence that says what a page shows."""
    rests_on = "dates this system received it" if view.witnessed else "dates taken from the sources"
    known_by = moment_words(view.known_by)
    return f"{in_words(day.isoformat())}, using information available by {known_by} ({rests_on})."


def asked_of(request: HttpRequest, authority: str) -> Asked:
    """What a request asks of an authority's record; 404 where nothing of it is held.

    A day or moment that cannot be is not an error page: the usual view is shown, saying so.
    """
    if authority not in read.authorities() and authority not in inspections.authorities():
        raise Http404
    now = present()
    words = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    try:
        view, refused = view_asked(words, now, usual_day(authority, now)), ""
    except Refused as why:
        view, refused = View(usual_day(authority, now), now), str(why)
    public = authority not in authorities_of(request.user, Permission.OVERSIGHT)
    known = "by" if words.get("known_by", "").strip() and not refused else words.get("known", "now")
    return Asked(
        authority, replace(view, public=public), known if known in ("then", "by") else "now", refused, now
    )


def usual_day(authority: str, now: datetime) -> date:
    """The day a page is as at where none is asked for."""
    sample = sample_of(authority)
    return sample.opens_on if sample else london_day(now)
