"""The pages of a pack: each one file that opens without a network, with its styles in it and no script."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.template.loader import render_to_string

from lineofsight.queries.evidence import Evidence
from lineofsight.queries.followed import SETTLED
from lineofsight.queries.public_versions import Version, public_on
from lineofsight.service.access.evidence import Proof
from lineofsight.service.pages.evidence.naming import page_name, version_name
from lineofsight.service.pages.evidence.shown import Shown, Shows
from lineofsight.service.pages.filters import local_time
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import moment_of, written
from lineofsight.vocabulary.profile import AuthorityProfile

_FOLLOWED = {
    "claims": (
        "Claims and what became of them",
        "Claims that became public in the period, with what others said of each, whenever they said it.",
    ),
    "promises": (
        "Promises and directions",
        "Promises, and directions with a day by which they were due, that were public by the end of the period and "
        "had no outcome when it began.",
    ),
    "questions": (
        "Requests and questions",
        "Requests and questions that were public by the end of the period and had no answer when it began. Where "
        "somebody looked for an answer and found none, it says where they looked.",
    ),
}


def pages(found: Evidence, proof: Proof, profile: AuthorityProfile) -> dict[str, bytes]:
    """Every page of a pack, by its file's name."""
    shows = Shows(found)
    common = _common(found, profile)
    followed = {"claims": found.claims, "promises": found.promises, "questions": found.requests}
    drawn = {
        "index.html": _page("index", common, _index(found, proof)),
        "days.html": _page("days", common, _days(found, shows)),
        "who.html": _page("who", common, {"speakers": _speakers(found, shows)}),
        "figures.html": _page(
            "figures", common, {"figures": [shows.statement(each) for each in found.figures]}
        ),
    }
    for name, (title, says) in _FOLLOWED.items():
        rows = [shows.followed(each) for each in followed[name]]
        drawn[f"{name}.html"] = _page("followed", common, {"title": title, "says": says, "rows": rows})
    return {**drawn, **_statement_pages(found, proof, common)}


def _page(template: str, common: Shown, more: Shown) -> bytes:
    return render_to_string(f"evidence/{template}.html", {**common, **more}).encode()


def _common(found: Evidence, profile: AuthorityProfile) -> Shown:
    query = found.query
    topics = [code_set("topic")[topic] for topic in query.topics]
    return {
        "root": "",
        "name": profile.name,
        "synthetic": profile.synthetic,
        "first": in_words(query.first.isoformat()),
        "last": in_words(query.last.isoformat()),
        "topics": topics,
        "known_by": local_time(found.moment),
        "as_at": in_words(found.as_at.isoformat()),
        "is_cut_short": found.as_at < query.last,
    }


def _index(found: Evidence, proof: Proof) -> Shown:
    query = found.query
    public = {link.number for link in proof.links if link.text}
    words = [f"--authority {found.authority}", f"--from {query.first}", f"--to {query.last}"]
    words += [f"--topic {topic}" for topic in query.topics]
    words += [f"--known-by {written(found.moment)}", "--out FOLDER"]
    return {
        "counts": {
            "days": sum(len(day.entries) for day in found.days),
            "claims": len(found.claims),
            "promises": len(found.promises),
            "questions": len(found.requests),
            "figures": len(found.figures),
            "statements": len(found.references),
            "versions": sum(len(block.rows) for block in proof.blocks),
            "apart": sum(len(block.rows) for block in proof.blocks if block.link not in public),
            "open_promises": sum(not each.outcomes for each in found.promises),
            "open_questions": sum(each.standing not in SETTLED for each in found.requests),
        },
        "command": " ".join(["lineofsight evidence-pack", *words]),
        "head": proof.links[-1],
        "hidden_links": len(proof.links) - len(public),
        "deliveries": len(proof.blocks),
    }


def _days(found: Evidence, shows: Shows) -> Shown:
    query = found.query
    count = (query.last - query.first + timedelta(days=1)).days
    return {
        "days": [
            {
                "id": day.day.isoformat(),
                "words": in_words(day.day.isoformat()),
                "entries": [shows.entry(each) for each in day.entries],
                "withdrawn": [shows.statement(each) for each in day.withdrawn],
            }
            for day in found.days
        ],
        "quiet": count - len(found.days),
    }


def _speakers(found: Evidence, shows: Shows) -> list[Shown]:
    """Who said something in the period, or was asked something, with it in the order of the days."""
    said: dict[str, list[Shown]] = {}
    asked: dict[str, list[Shown]] = {}
    for day in found.days:
        for entry in day.entries:
            each = entry.statement
            shown = {**shows.statement(each), "public_on": in_words(day.day.isoformat())}
            said.setdefault(each.said_by, []).append(shown)
            if each.asked_of:
                asked.setdefault(each.asked_of, []).append(shown)
    names = sorted({*said, *asked}, key=lambda name: (name.casefold(), name))
    return [{"name": name, "said": said.get(name, []), "asked": asked.get(name, [])} for name in names]


# -- one page a statement -----------------------------------------------------------------------------


def _statement_pages(found: Evidence, proof: Proof, common: Shown) -> dict[str, bytes]:
    shows = Shows(found, "../../")
    seals = _seals(proof)
    versions: dict[str, list[Version]] = {}
    for version in found.versions:
        versions.setdefault(version.statement.reference, []).append(version)
    return {
        page_name(reference): _page(
            "statement", {**common, "root": "../../"}, _statement(found, shows, several, seals)
        )
        for reference, several in versions.items()
    }


def _statement(
    found: Evidence, shows: Shows, versions: list[Version], seals: dict[str, dict[str, Any]]
) -> Shown:
    current = versions[-1].statement
    return {
        "one": shows.statement(current),
        "is_withdrawn": found.known.current(current.reference) is None,
        "groups": shows.groups(current),
        "versions": [
            {
                "version": version_name(each.statement),
                "public_on": in_words(public_on(each.statement).isoformat()),
                "received": local_time(moment_of(each.statement.witnessed_at)),
                **seals[version_name(each.statement)],
            }
            for each in reversed(versions)
        ],
    }


def _seals(proof: Proof) -> dict[str, dict[str, Any]]:
    """How each version is sealed: its cells that are not empty, its place, its seal, and its link's number and hash."""
    links = {link.number: link for link in proof.links}
    return {
        f"{row.reference}@{block.link}": {
            "cells": [
                (name, value) for name, value in zip(block.cells, row.cells, strict=True) if value is not None
            ],
            "leaf": row.leaf,
            "salt": row.salt,
            "seal": block.seals[row.leaf],
            "link": links[block.link],
        }
        for block in proof.blocks
        for row in block.rows
    }
