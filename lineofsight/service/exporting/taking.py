"""What one service account may take out: the tables it is permitted, with the children within its scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from lineofsight.queries import figures, nightly
from lineofsight.queries.deliveries import deliveries
from lineofsight.queries.figures import Figure, FigureQuery
from lineofsight.queries.quality import data_quality
from lineofsight.queries.record import Record
from lineofsight.queries.trends import TREND_DAYS
from lineofsight.service.access.listing import children_list, shown, unallocated_list
from lineofsight.service.access.people import signs_in_elsewhere
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import Viewer, viewer_of
from lineofsight.vocabulary.refusal import Refused

CHANNEL = "tables exported"
"""How the access log names an export."""


@dataclass(frozen=True)
class LeftOut:
    """How many children of the day are not among the rows, and why."""

    out_of_scope: int
    restricted: int


@dataclass(frozen=True)
class Taken:
    """What was taken: the figure of the day, the rows of each table, and what is missing from them.

    `left_out` is None where the account may see no child at all.
    """

    figure: Figure
    tables: Mapping[str, Sequence[Any]]
    left_out: LeftOut | None
    not_permitted: tuple[str, ...]


def service_account(name: str, authority: str) -> Viewer:
    """An account as a viewer; refuses an account that can sign in, and one without a role in the authority."""
    user = User.objects.filter(username=name).first()
    if user is None:
        raise Refused(
            "There is no account of that name.",
            command="`lineofsight person NAME --service --role analyst --authority CODE` makes one.",
        )
    if user.has_usable_password() or signs_in_elsewhere(user):
        raise Refused("That account can sign in, so it is a person’s. Name a service account.")
    try:
        return viewer_of(user, authority)
    except PermissionDenied:
        raise Refused("That account holds no role in this authority.") from None


def take(viewer: Viewer, record: Record, query: FigureQuery) -> Taken:
    """The tables this account may have; each child in them is written to the access log first."""
    tables: dict[str, Sequence[Any]] = {}
    figure = figures.figure(record, query)
    if viewer.may(Permission.HEADLINE):
        tables["measures"] = nightly.measures(figure)
    if viewer.may(Permission.COUNTS):
        tables["unallocated_by_day"], tables["states_by_day"] = _by_day(record, query)
    if viewer.may(Permission.WORKERS):
        caseload = figures.caseload(record, query)
        tables["workers"], tables["teams"] = nightly.workers(caseload), nightly.teams(caseload)
    if viewer.may(Permission.DELIVERIES):
        tables["deliveries"] = nightly.delivered(
            one for one in deliveries([record]) if one.received_at <= figure.known_by
        )
    if viewer.may(Permission.QUALITY):
        sees = viewer.may(Permission.CHILDREN)
        tables["data_quality_issues"] = nightly.issues(data_quality(record, query.as_at, sees_children=sees))
    left_out = None
    if viewer.may(Permission.CHILDREN):
        tables["children_today"], left_out = _children(viewer, record, query)
    ordered = {name: tables[name] for name in nightly.TABLES if name in tables}
    return Taken(figure, ordered, left_out, tuple(name for name in nightly.TABLES if name not in tables))


def _by_day(record: Record, query: FigureQuery) -> tuple[Sequence[Any], Sequence[Any]]:
    first = query.as_at - timedelta(days=TREND_DAYS)
    now, then = (figures.trend(record, query, first, as_known_then=each) for each in (False, True))
    return nightly.by_day(now, then)


def _children(viewer: Viewer, record: Record, query: FigureQuery) -> tuple[Sequence[Any], LeftOut]:
    counted = children_list(viewer, record, query)
    waiting = unallocated_list(viewer, record, query)
    rows = nightly.children_today(query.as_at, counted.rows, waiting.rows)
    return shown(viewer, rows, CHANNEL), LeftOut(counted.out_of_scope, counted.closed)
