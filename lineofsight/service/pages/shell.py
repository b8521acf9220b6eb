"""What every page of a service shares: the authority, who looks, the view asked for, the menu."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from lineofsight.allocation.states import OPEN_EPISODES, Definition, definition_named
from lineofsight.queries import statements
from lineofsight.queries.figures import FigureQuery
from lineofsight.queries.history import history_of
from lineofsight.queries.record import Record, View
from lineofsight.service.access import kept_files
from lineofsight.service.access.profiles import profile_of
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.view import present, view_asked
from lineofsight.service.access.viewer import Viewer, for_one_request, require
from lineofsight.service.pages.page_request import PageRequest
from lineofsight.vocabulary.moments import end_of, known_then, london_day
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class ServicePage(PageRequest):
    """What a signed-in person asks of an authority's service, and what they may see of it."""

    viewer: Viewer
    definition: Definition = OPEN_EPISODES

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The words of the view, for links and forms."""
        if self.definition == OPEN_EPISODES:
            return super().pairs
        return [*super().pairs, ("definition", self.definition.name)]

    @property
    def figure_query(self) -> FigureQuery:
        """The same as figures and lists of children take it."""
        return FigureQuery(self.day, self.view.moment, self.definition, self.view.witnessed)

    @property
    def has_case_records(self) -> bool:
        """Whether any case records of this authority were loaded."""
        if not settings.HOLDS_CHILDREN:
            return False
        return history_of(self.record, witnessed=self.view.witnessed).latest() is not None

    def link(self, name: str, *parts: str, extra: Iterable[tuple[str, str]] = ()) -> str:
        """The address of a named page of this authority, in this view, with anything else in its query."""
        return f"{reverse(name, args=[self.authority, *parts])}?{urlencode([*self.pairs, *extra])}"

    def menu(self, current: str) -> list[dict[str, Any]]:
        """The pages that this viewer may open, in the same view."""
        pages: dict[str, str] = {}
        for name, text, permission in _MENU:
            if self.viewer.may(permission) and (name != "reviews" or self._has_statements):
                pages.setdefault(name, text)
        return [
            {"href": self._page(name), "text": text, "current": name == current}
            for name, text in pages.items()
        ]

    @property
    def _has_statements(self) -> bool:
        """Whether there is a public record to open: without a statement it has no page."""
        return self.authority in statements.authorities(self.record)

    def _page(self, name: str) -> str:
        """The address of a page of the menu, in this view unless the page is public and has a view of its own."""
        return reverse(name, args=[self.authority]) if name in _PUBLIC else self.link(name)

    def context(self, _request: HttpRequest, /) -> dict[str, Any]:
        """What every template of a service has beside the view and the menu."""
        return {
            "may_see_looks": self.viewer.may(Permission.LOOKS),
            "may_deliver": self.viewer.may(Permission.DELIVERIES),
        }

    def for_viewer(self, answer: Any) -> Any:
        """An answer without the hashes of files that hold children, unless this viewer may see children or audits the record."""
        if self.viewer.may(Permission.CHILDREN) or self.viewer.may(Permission.AUDIT):
            return answer
        return kept_files.without_child_hashes(self.authority, answer)


def asked_of(request: HttpRequest, authority: str, permission: Permission) -> ServicePage:
    """What a signed-in person asks; raises PermissionDenied where their roles do not permit it.

    A day or moment that cannot be is not an error page: the usual view is shown, saying so.
    """
    viewer = require(request.user, authority, permission)
    if request.method in ("GET", "HEAD"):
        viewer = for_one_request(viewer)
    now = present()
    words = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    record = open_record(authority)
    usual = usual_day(record, now, witnessed=words.get("witnessed") in ("1", "on"))
    definition = OPEN_EPISODES
    try:
        definition = _definition(viewer, words.get("definition", ""))
        view, refused = view_asked(words, now, usual), ""
    except Refused as why:
        view, refused = View(usual, now), str(why)
    known = "by" if words.get("known_by", "").strip() and not refused else words.get("known", "now")
    if headline_only(viewer):
        view, known = sunday_view(view, usual_day(record, now)), "by"
    known = known if known in ("then", "by") else "now"
    view = replace(view, topics=viewer.topics)
    return ServicePage(record, view, known, refused, now, viewer, definition)


def headline_only(viewer: Viewer) -> bool:
    """Whether somebody sees the headline and nothing behind it: an elected member."""
    behind = {Permission.COUNTS, Permission.CHILDREN}
    return viewer.may(Permission.HEADLINE) and viewer.permissions.isdisjoint(behind)


def sunday_view(view: View, usual: date) -> View:
    """The headline of a Sunday, as known at its end: the last one on or before the day asked and the usual day.

    Days or moments closer together would let a count of one to four children be worked out by subtracting.
    """
    day = min(view.day or usual, usual)
    sunday = day - timedelta(days=(day.weekday() + 1) % 7)
    return View(sunday, end_of(sunday))


def _definition(viewer: Viewer, name: str) -> Definition:
    """The definition asked for. The headline has one: what two leave between them may be one child."""
    definition = definition_named(name or OPEN_EPISODES.name)
    if headline_only(viewer) and definition != OPEN_EPISODES:
        raise Refused(f"The headline figure uses one definition only: {OPEN_EPISODES.name}.")
    return definition


def usual_day(record: Record, now: datetime, *, witnessed: bool = False) -> date:
    """The day a page shows where none is asked for: the day before the latest extract was received.

    Where the latest extract is the last there will be, it is the day the authority's profile opens on.
    """
    if not settings.HOLDS_CHILDREN:
        return london_day(now)
    latest = history_of(record, witnessed=witnessed).latest_day()
    profile = profile_of(record.authority)
    if latest and latest == profile.story_ends_on:
        return profile.opens_on or latest
    return latest or london_day(now)


def clock(asked: ServicePage) -> datetime:
    """The moment by which a source counts as late: the present, or the end of the day after a day asked for.

    Where the latest extract is the last there will be, the clock stands still at its day.
    """
    latest = history_of(asked.record, witnessed=False).latest_day()
    profile = asked.profile
    if latest and latest == profile.story_ends_on:
        return min(asked.now, known_then(latest if asked.day == profile.opens_on else min(asked.day, latest)))
    usual = usual_day(asked.record, asked.now)
    return asked.now if asked.day >= usual else min(asked.now, known_then(asked.day))


_MENU = (
    ("today", "The service today", Permission.HEADLINE),
    ("unallocated", "Without an allocated worker", Permission.CHILDREN),
    ("children", "Children", Permission.CHILDREN),
    ("teams", "Teams and workers", Permission.WORKERS),
    ("figure", "How this figure is worked out", Permission.COUNTS),
    ("improvement", "Improvement", Permission.OVERSIGHT),
    ("obligations", "Promises", Permission.OVERSIGHT),
    ("questions", "Questions", Permission.OVERSIGHT),
    ("reviews", "Reviews", Permission.OVERSIGHT),
    ("members-questions", "Questions", Permission.ASK),
    ("members-questions", "Members’ questions", Permission.ANSWER),
    ("deliveries", "Deliveries", Permission.DELIVERIES),
    ("data-quality", "Data quality", Permission.QUALITY),
    ("records-due", "Records due to be erased", Permission.RETENTION),
    ("make-public", "Make a public file", Permission.MAKE_PUBLIC),
    ("audit", "Audit", Permission.AUDIT),
    ("people", "People", Permission.PEOPLE),
    ("requests", "Requests to confirm", Permission.CONFIRM_ROLES),
)
_PUBLIC = frozenset({"members-questions", "reviews"})
"""Pages of the menu that anybody may open."""
