"""What a page's address asks for, carried through every link so that a page can be sent to somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from lineofsight.oversight.statements import Statements
from lineofsight.queries import inspections
from lineofsight.queries import statements as read
from lineofsight.queries.record import Record, View
from lineofsight.service.access.profiles import profile_of
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.view import present, view_asked
from lineofsight.service.access.viewer import authorities_of
from lineofsight.service.pages.filters import local_time
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.profile import AuthorityProfile
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class Asked:
    """One authority, one view, and the words that gave it; `refused` says why the view could not be given."""

    record: Record
    view: View
    known: str
    refused: str
    now: datetime

    @property
    def authority(self) -> str:
        """Whose record it is."""
        return self.record.authority

    @property
    def profile(self) -> AuthorityProfile:
        """What is particular to the authority."""
        return profile_of(self.authority)

    @property
    def name(self) -> str:
        """What the authority is called."""
        return self.profile.name

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
        """One sentence that says what is shown."""
        return view_words(self.day, self.view)

    def statements(self) -> Statements:
        """The statements known in this view."""
        return read.statements(self.record, self.view)

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
    record = open_record(authority)
    if authority not in read.authorities(record) and authority not in inspections.authorities(record):
        raise Http404
    now = present()
    usual = profile_of(authority).opens_on or london_day(now)
    words = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    try:
        view, refused = view_asked(words, now, usual), ""
    except Refused as why:
        view, refused = View(usual, now), str(why)
    public = authority not in authorities_of(request.user, Permission.OVERSIGHT)
    known = "by" if words.get("known_by", "").strip() and not refused else words.get("known", "now")
    return Asked(
        record, replace(view, public=public), known if known in ("then", "by") else "now", refused, now
    )
