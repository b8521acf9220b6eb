"""What a request asks of one authority's pages: its record opened once, the view, and the words that gave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from lineofsight.queries.record import Record, View
from lineofsight.service.access.profiles import profile_of
from lineofsight.service.pages.filters import local_time
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.profile import AuthorityProfile


@dataclass(frozen=True)
class PageRequest:
    """One authority and one view; `refused` says why the view that was asked for cannot be given.

    The pages of a service and the public pages each have their own, with their own links and menu.
    """

    record: Record
    view: View
    known: str
    refused: str
    now: datetime

    @property
    def authority(self) -> str:
        """The code of the authority."""
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
        """What the page shows, in words."""
        rests_on = (
            "Dates are those on which this system received it."
            if self.view.witnessed
            else "Dates are taken from the sources."
        )
        known_by = local_time(self.view.known_by)
        return f"{in_words(self.day.isoformat())}, using information available by {known_by}. {rests_on}"

    def menu(self, current: str) -> list[dict[str, Any]]:
        """The links to the other pages, in the same view; `current` is the page that is shown."""
        raise NotImplementedError

    def context(self, _request: HttpRequest, /) -> dict[str, Any]:
        """What every template of these pages has beside the view and the menu."""
        raise NotImplementedError

    def for_viewer(self, answer: Any) -> Any:
        """An answer without what this viewer may not be given."""
        return answer
