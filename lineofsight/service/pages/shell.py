"""What every page of a service shares: whose it is, who looks, the view asked for, the menu, JSON beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from lineofsight.allocation.states import OPEN_EPISODES, Definition, definition_named
from lineofsight.queries.as_json import to_json
from lineofsight.queries.figures import FigureQuery
from lineofsight.queries.history import history_of
from lineofsight.queries.record import Record, View
from lineofsight.service.access import kept_files
from lineofsight.service.access.profiles import profile_of
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.view import present, view_asked
from lineofsight.service.access.viewer import Viewer, for_one_request, require
from lineofsight.service.pages.public_record.asked import moment_words, view_words
from lineofsight.vocabulary.moments import end_of, known_then, london_day
from lineofsight.vocabulary.profile import AuthorityProfile
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class Asked:
    """One authority, who looks, one view, and the words that gave it; `refused` says why it could not be given."""

    sight: Viewer
    record: Record
    view: View
    known: str
    refused: str
    now: datetime
    definition: Definition = OPEN_EPISODES

    @property
    def authority(self) -> str:
        """Whose service it is."""
        return self.sight.authority

    @property
    def profile(self) -> AuthorityProfile:
        """What is particular to the authority."""
        return profile_of(self.authority)

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
        pairs += [("witnessed", "on")] if self.view.witnessed else []
        return pairs if self.definition == OPEN_EPISODES else [*pairs, ("definition", self.definition.name)]

    @property
    def figure_query(self) -> FigureQuery:
        """The same as figures and lists of children take it."""
        return FigureQuery(self.day, self.view.moment, self.definition, self.view.witnessed)

    @property
    def has_case_records(self) -> bool:
        """Whether any case records of this authority were loaded."""
        return history_of(self.record, witnessed=self.view.witnessed).latest() is not None

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        return urlencode(self.pairs)

    @property
    def says(self) -> str:
        """One sentence telling what is shown."""
        return view_words(self.day, self.view)

    def link(self, name: str, *parts: str, extra: Iterable[tuple[str, str]] = ()) -> str:
        """The address of a named page of this authority, in this view, with anything else in its query."""
        return f"{reverse(name, args=[self.authority, *parts])}?{urlencode([*self.pairs, *extra])}"


def asked_of(request: HttpRequest, authority: str, permission: Permission) -> Asked:
    """What a signed-in person asks; raises PermissionDenied where their roles do not permit it.

    A day or moment that cannot be is not an error page: the usual view is shown, saying so.
    """
    sight = require(request.user, authority, permission)
    if request.method in ("GET", "HEAD"):
        sight = for_one_request(sight)
    now = present()
    words = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    record = open_record(authority)
    usual = usual_day(record, now, witnessed=words.get("witnessed") in ("1", "on"))
    definition = OPEN_EPISODES
    try:
        definition = _definition(sight, words.get("definition", ""))
        view, refused = view_asked(words, now, usual), ""
    except Refused as why:
        view, refused = View(usual, now), str(why)
    known = "by" if words.get("known_by", "").strip() and not refused else words.get("known", "now")
    if headline_only(sight):
        view, known = sunday_view(view, usual_day(record, now)), "by"
    return Asked(sight, record, view, known if known in ("then", "by") else "now", refused, now, definition)


def headline_only(sight: Viewer) -> bool:
    """Whether somebody sees the headline and nothing behind it: an elected member."""
    return sight.permissions.isdisjoint({Permission.COUNTS, Permission.CHILDREN})


def sunday_view(view: View, usual: date) -> View:
    """The headline of a Sunday, as known at its end: the last one on or before the day asked and the usual day.

    Days or moments closer together would let a count of one to four children be worked out by subtracting.
    """
    day = min(view.day or usual, usual)
    sunday = day - timedelta(days=(day.weekday() + 1) % 7)
    return View(sunday, end_of(sunday))


def _definition(sight: Viewer, name: str) -> Definition:
    """The definition asked for. The headline has one: what two leave between them may be one child."""
    definition = definition_named(name or OPEN_EPISODES.name)
    if headline_only(sight) and definition != OPEN_EPISODES:
        raise Refused(f"The headline figure uses one definition only: {OPEN_EPISODES.name}.")
    return definition


def usual_day(record: Record, now: datetime, *, witnessed: bool = False) -> date:
    """The day a page shows where none is asked for: the day before the latest extract was received.

    Where the latest extract is the last there will be, it is the day the authority's profile opens on.
    """
    latest = history_of(record, witnessed=witnessed).latest_day()
    profile = profile_of(record.authority)
    if latest and latest == profile.story_ends_on:
        return profile.opens_on or latest
    return latest or london_day(now)


def clock(asked: Asked) -> datetime:
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
    ("figure", "How this figure is worked out", Permission.HEADLINE),
    ("improvement", "Improvement", Permission.OVERSIGHT),
    ("obligations", "Promises", Permission.OVERSIGHT),
    ("questions", "Questions", Permission.OVERSIGHT),
    ("deliveries", "Deliveries", Permission.DELIVERIES),
    ("people", "People", Permission.PEOPLE),
    ("requests", "Requests to confirm", Permission.CONFIRM_ROLES),
)


def navigation(asked: Asked, current: str) -> list[dict[str, Any]]:
    """The menu of what this person may see, in the same view."""
    permitted = [(name, text) for name, text, permission in _MENU if asked.sight.may(permission)]
    return [
        {"href": asked.link(name), "text": text, "current": name == current}
        for name, text in permitted
        if _is_there(name, asked.authority)
    ]


def _is_there(name: str, authority: str) -> bool:
    try:
        reverse(name, args=[authority])
    except NoReverseMatch:
        return False
    return True


def page(
    request: HttpRequest, asked: Asked, template: str, current: str, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of a service, with its menu, its banner where all is synthetic, and its view."""
    return render(
        request,
        template,
        {
            "asked": asked,
            "navigation": navigation(asked, current),
            "name": asked.profile.name,
            "synthetic": asked.profile.synthetic,
            "may_see_looks": asked.sight.may(Permission.LOOKS),
            "known_by": moment_words(asked.view.known_by),
            **_for_role(asked, more),
        },
        status=status,
    )


def _for_role(asked: Asked, answer: Any) -> Any:
    """An answer without the hashes of files that hold children, where this person may see no child."""
    if asked.sight.may(Permission.CHILDREN):
        return answer
    return kept_files.without_child_hashes(asked.authority, answer)


def wants_json(request: HttpRequest) -> bool:
    """Whether the same answer is asked for as JSON."""
    return request.GET.get("format") == "json"


def as_json(asked: Asked, answer: Callable[[], Any]) -> JsonResponse:
    """An answer in the view asked for; never one in another view, as a page may show with its warning."""
    written = {"ensure_ascii": False, "indent": 2}
    if asked.refused:
        return JsonResponse({"refused": asked.refused}, json_dumps_params=written, status=400)
    said = _for_role(asked, to_json(answer()))
    if asked.profile.synthetic and isinstance(said, dict):
        said = {**said, "synthetic": True}
    return JsonResponse(said, safe=False, json_dumps_params=written)
