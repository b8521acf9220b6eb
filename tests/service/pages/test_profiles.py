"""Any authority's public record: nothing of a sample's story is on it, and its posts are drawn to the last day known."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from lineofsight.intake.delivery import NamedBytes
from lineofsight.samples.profiles import NORTHAMPTONSHIRE, THORNMERE
from lineofsight.service.access.profiles import profile_of
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from tests.service.homes import Home, filled_once

OTHER, INVENTED = AuthorityCode("301"), AuthorityCode("999")
RECORD = f"/public-record/{OTHER}/"
LEADERS = f"{RECORD}leaders"


def a_post(id: str, post: str, holder: str, on: str, event: str = "appointed") -> dict[str, object]:
    return {
        "id": id,
        "subject_kind": "post",
        "subject": post,
        "holder": holder,
        "event": event,
        "said_on": on,
        "says": f"{holder}: {event}.",
        "said_by": "The council",
        "kind": "official record",
        "confidence": "read",
        "source": {"title": "Minutes", "publisher": "The council"},
    }


STATEMENTS = [
    a_post("first", "director of children's services", "Ada Okafor", "2024-02-05"),
    a_post("left", "director of children's services", "Ada Okafor", "2025-03-31", "left"),
    a_post("second", "director of children's services", "Ben Shaw", "2025-04-01"),
    a_post("trust", "chief executive of the children's trust", "Cass Lowe", "2025-06-02"),
]


@pytest.fixture
@filled_once
def records(home: Home) -> Home:
    """The record of an authority that no sample describes, and of the fictional one."""
    content = json.dumps({"statements": STATEMENTS}).encode()
    for authority in (OTHER, INVENTED):
        recipe.load(
            [NamedBytes("statements.yaml", content)],
            "statements.yaml",
            authority,
            SourceName("minutes"),
            received_at=None,
            by="tests",
        )
    return home


def page(address: str = RECORD) -> str:
    return Client().get(address).content.decode()


def timeline(text: str) -> str:
    """The drawing of posts, at every width."""
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    return "".join(one for one in drawings if "Who held each post" in one)


def years_on_the_axis(drawing: str) -> set[str]:
    return set(re.findall(r">(20\d\d)</text>", drawing))


def test_the_timeline_covers_the_years_that_statements_cover(records: Home) -> None:
    drawing = timeline(page(LEADERS))
    assert years_on_the_axis(drawing) >= {"2024", "2025"}
    assert min(years_on_the_axis(drawing)) == "2024"
    for name in ("Ada Okafor", "Ben Shaw", "Cass Lowe"):
        assert name in drawing


def test_it_shows_the_present_and_runs_to_it(records: Home) -> None:
    today = datetime.now(UTC).date()
    assert f'value="{today.isoformat()}"' in page()
    assert str(today.year - 1) in years_on_the_axis(timeline(page(LEADERS)))


def test_what_came_after_the_day_is_drawn_only_where_it_is_known(records: Home) -> None:
    known_then = timeline(page(f"{LEADERS}?as_at=2024-12-31&known=then"))
    known_now = timeline(page(f"{LEADERS}?as_at=2024-12-31"))
    assert "Ada Okafor" in known_then
    assert "Ben Shaw" not in known_then
    assert "Ben Shaw" in known_now


def test_a_day_long_before_or_after_does_not_stretch_the_axis(records: Home) -> None:
    for day in ("1900-01-01", "2200-01-01"):
        years = years_on_the_axis(timeline(page(f"{LEADERS}?as_at={day}")))
        assert "2024" in years
        assert max(years) <= str(datetime.now(UTC).year)


def test_nothing_of_a_sample_is_on_it(records: Home) -> None:
    text = page()
    assert "Barking and Dagenham children’s services, 2024 to 2025</h1>" in " ".join(text.split())
    text += page(LEADERS)
    assert re.search(r">\s*Documents\s*</a>", text)
    for story in (
        "two documents",
        "letter",
        "claimed;",
        "Synthetic",
        "Days to look at",
        NORTHAMPTONSHIRE.name,
    ):
        assert story not in text
    parts = Client().get(f"{RECORD}?format=json").json()["parts"]
    assert parts["leaders"]["claims"] == parts["leaders"]["named"] == []


def test_an_invented_authority_says_so_on_its_pages_and_in_its_json(records: Home) -> None:
    assert THORNMERE.synthetic in page(f"/public-record/{INVENTED}/")
    assert Client().get(f"/public-record/{INVENTED}/?format=json").json()["synthetic"] is True
    assert "synthetic" not in Client().get(f"{RECORD}?format=json").json()


def test_the_public_record_s_later_posts_are_drawn_and_its_claim_stands_beside_the_named(
    record: object,
) -> None:
    text = page("/public-record/928/leaders")
    assert years_on_the_axis(timeline(text)) >= {"2012", "2019", "2023", "2024"}
    assert "Colin Foster" in timeline(text)
    assert "<strong>7 claimed; 6 named by a source</strong>" in text
    assert f'value="{NORTHAMPTONSHIRE.opens_on}"' in text


def test_the_service_knows_the_samples_by_their_profiles() -> None:
    assert profile_of("928") is NORTHAMPTONSHIRE
    assert profile_of("999") is THORNMERE
    assert profile_of("301").opens_on is None
    assert profile_of("301").name == "Barking and Dagenham"
    assert date(2012, 1, 1) == profile_of("928").drawn_from
