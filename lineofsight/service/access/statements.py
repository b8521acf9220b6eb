"""Statements as a view shows them: to anybody those of public things, to a role in the authority its own work too."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings

from lineofsight.oversight.statements import INVERSES, Statement, Statements, statement_from
from lineofsight.record import frames
from lineofsight.record.tables.statement import RELATIONS, STATEMENT
from lineofsight.service.access.view import View
from lineofsight.service.store import chain, picture
from lineofsight.vocabulary.moments import moment_of, written

_TABLE = STATEMENT.name
OWN_WORK = frozenset({"action", "aspect", "gate", "question"})
"""The kinds of subject that are an authority's own work: what it plans and asks is not public by being entered."""


def authorities() -> list[str]:
    """The authorities of which any statement is held."""
    return picture.authorities(_TABLE)


def statements(authority: str, view: View) -> Statements:
    """An authority's statements known by the view's moment; read once for each state of the record."""
    state = (chain.chain_id(), chain.newest(authority, _TABLE))
    return _statements(authority, state, _settled(authority, view), view.witnessed, view.public)


def _settled(authority: str, view: View) -> int:
    """The moment, or one that every moment after the newest entry shares: so that "now" is read once."""
    return min(view.moment, chain.last_moment(authority, _TABLE))


@lru_cache(maxsize=48)
def _statements(
    authority: str, state: tuple[str, int], moment: int, witnessed: bool, public: bool
) -> Statements:
    """`state` names the chain and its newest link: what was read of another state is not given again."""
    if public:
        every = _statements(authority, state, moment, witnessed, False)
        return Statements([one for one in every if one.subject_kind not in OWN_WORK])
    rows = picture.known(authority, _TABLE, moment, witnessed=witnessed)
    return Statements([_statement(authority, row) for row in rows.iter_rows(named=True)])


def _statement(authority: str, row: dict[str, Any]) -> Statement:
    return statement_from(
        row,
        authority=authority,
        delivered_by=row[frames.SOURCE],
        link=row[frames.DELIVERY],
        attested_at=row[frames.ATTESTED_FROM],
        witnessed_at=row[frames.WITNESSED_FROM],
    )


def versions(authority: str, reference: str, *, public: bool = False) -> list[Statement]:
    """Every version of one statement the record ever held, oldest first, whatever was known when.

    `public`: none where any of them is of an authority's own work.
    """
    source, _, id = reference.partition("/")
    history = picture.history(authority, _TABLE)
    found = history.filter((history[frames.SOURCE] == source) & (history["id"] == id)).sort(frames.POSITION)
    every = [_statement(authority, row) for row in found.iter_rows(named=True)]
    return [] if public and any(one.subject_kind in OWN_WORK for one in every) else every


def position(authority: str, view: View) -> int:
    """The last position of the ledger that the view takes account of, over all tables of the authority."""
    return chain.position_known(authority, view.moment, witnessed=view.witnessed)


def address_of(one: Statement) -> str:
    """The address of a statement's own page."""
    return f"/public-record/{one.authority}/statements/{one.reference}"


def as_json(one: Statement, among: Statements) -> dict[str, Any]:
    """One statement with everything that links to it, as every JSON answer gives it."""
    out = {relation: [_brief(other) for other in among.to(one, relation)] for relation in RELATIONS}
    into = {name: [_brief(other) for other in among.of(one, relation)] for relation, name in INVERSES.items()}
    lost = {relation: lost for relation in RELATIONS if (lost := among.lost(one, relation))}
    return {**_cells(one), **out, **into, "links_to_nothing_known": lost}


def _cells(one: Statement) -> dict[str, Any]:
    plain = ("headline", "subject_kind", "subject", "says", "value", "unit", "definition", "counter", "area", "event",
             "holder", "terms", "step", "owner", "test", "evidence", "said_by", "said_on", "about_from", "about_to", "kind", "due_on", "asked_of", "looked_in",
             "document", "item", "confidence")  # fmt: skip
    last = one.last_day
    return {
        "id": one.id,
        "reference": f"{one.authority}/{one.reference}",
        "address": address_of(one),
        "authority": one.authority,
        "delivered_by": one.delivered_by,
        "delivery": chain.delivery_of(one.link),
        "attested_at": written(moment_of(one.attested_at)),
        "witnessed_at": written(moment_of(one.witnessed_at)),
        "about": {"first_day": one.first_day.isoformat(), "last_day": last.isoformat() if last else None},
        **{name: getattr(one, name) for name in plain},
        "topic": one.topics,
        "theme": one.themes,
        "source": {"title": one.source_title, "publisher": one.source_publisher, "date": one.source_date,
                   "address": one.source_address},
    }  # fmt: skip


def _brief(one: Statement) -> dict[str, Any]:
    return {
        "reference": f"{one.authority}/{one.reference}",
        "address": address_of(one),
        "headline": one.title,
        "kind": one.kind,
        "value": one.value,
        "said_by": one.said_by,
        "said_on": one.said_on,
    }


def answer(view: View, about: str | None = None, authority: str | None = None) -> dict[str, Any]:
    """The answer of `statements --json`: the view, the ledger's position, and every statement it gives."""
    chosen = authorities() if authority is None else [authority]
    found = [one for code in chosen for one in _matching(code, view, about)]
    return {**view.as_json(), "position": max((position(code, view) for code in chosen), default=0), "count": len(found),
            "statements": found}  # fmt: skip


def _matching(authority: str, view: View, about: str | None) -> list[dict[str, Any]]:
    among = statements(authority, view)
    found = among.search(about) if about else among.all
    return [as_json(one, among) for one in found if view.day is None or one.speaks_of(view.day)]


def first_authority() -> str | None:
    """The authority whose record is shown first: the one settings name, else the one with most statements."""
    held = authorities()
    if settings.AUTHORITY in held:
        return str(settings.AUTHORITY)
    return max(held, key=lambda code: picture.history(code, _TABLE).height, default=None)


def delivery_of(one: Statement) -> dict[str, str]:
    """The delivery that brought this version of a statement: its id and the hash of its link."""
    return {"id": chain.delivery_of(one.link), "hash": chain.link_hash_of(one.link)}
