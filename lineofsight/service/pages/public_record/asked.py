"""What a page's address asks for, carried through every link so that a page can be sent to somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.queries import inspections, repeated
from lineofsight.queries import statements as read
from lineofsight.queries.record import View
from lineofsight.service.access.profiles import profile_of
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.view import present, view_asked
from lineofsight.service.access.viewer import authorities_of, topics_of
from lineofsight.service.pages.page_request import PageRequest
from lineofsight.vocabulary.moments import known_then, london_day, microseconds
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class PublicPage(PageRequest):
    """What anybody asks of an authority's public record; `judges` where the viewer may judge pairs of findings."""

    judges: bool = False

    def statements(self) -> Statements:
        """The statements known in this view."""
        return read.statements(self.record, self.view)

    def was_public(self, one: Statement) -> bool:
        """Whether a statement was known by the day itself, however late the information is that the view shows."""
        became = one.witnessed_at if self.view.witnessed else one.attested_at
        return became <= microseconds(known_then(self.day))

    def path(self, rest: str = "") -> str:
        """An address under this authority's record."""
        return f"/public-record/{self.authority}/{rest}"

    def link(self, rest: str = "", extra: Iterable[tuple[str, str]] = ()) -> str:
        """An address under this authority's record with the view and anything else in its query."""
        return f"{self.path(rest)}?{urlencode([*self.pairs, *extra])}"

    def menu(self, current: str) -> list[dict[str, Any]]:
        """The public pages, in the same view; repeated findings only where there are any to show this viewer."""
        named = {one.document for one in self.statements()} & set(self.profile.documents)
        documents = "The two documents" if len(named) == 2 else "Documents"
        pages = [("", "Overview"), ("documents", documents), *_MENU]
        if self.shows_repeated:
            pages.append((REPEATED, "Repeated findings"))
        return [{"href": self.link(rest), "text": text, "current": rest == current} for rest, text in pages]

    @property
    def shows_repeated(self) -> bool:
        """Whether repeated findings are shown: to everybody once a person has confirmed a pair, and to those who judge."""
        return self.judges or bool(repeated.chains(self.record, self.view))

    def context(self, _request: HttpRequest, /) -> dict[str, Any]:
        """What every public template has beside the view and the menu."""
        return {"may_judge": self.judges}


_MENU = (
    ("statements", "Search statements"),
    ("registers/posts", "People in charge"),
    ("registers/reviews", "Reviews"),
    ("registers/directions", "Government orders"),
    ("registers/decisions", "Decisions"),
    ("registers/duties", "Who is responsible"),
    ("inspections", "Inspections"),
    ("questions", "Questions"),
    ("evidence", "Evidence pack"),
)
REPEATED = "returning"
"""The address of repeated findings."""


def may_judge(request: HttpRequest, authority: str) -> bool:
    """Whether the viewer may complete a reading and say whether a finding returns."""
    return authority in authorities_of(request.user, Permission.JUDGE)


def asked_of(request: HttpRequest, authority: str, *, before_any: bool = False) -> PublicPage:
    """What a request asks of an authority's record; 404 where nothing of it is held.

    `before_any`: also where it has no statement and no inspection yet, but something else was loaded.

    A day or moment that cannot be is not an error page: the usual view is shown, saying so.
    """
    record = open_record(authority)
    held = authority in read.authorities(record) or authority in inspections.authorities(record)
    if not held and not (before_any and record.links()):
        raise Http404
    now = present()
    usual = profile_of(authority).opens_on or london_day(now)
    words = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    try:
        view, refused = view_asked(words, now, usual), ""
    except Refused as why:
        view, refused = View(usual, now), str(why)
    oversees = authority in authorities_of(request.user, Permission.OVERSIGHT)
    public = not oversees or bool(topics_of(request.user, authority))
    known = "by" if words.get("known_by", "").strip() and not refused else words.get("known", "now")
    return PublicPage(
        record,
        replace(view, public=public),
        known if known in ("then", "by") else "now",
        refused,
        now,
        judges=may_judge(request, authority),
    )
