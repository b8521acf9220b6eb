"""Posts and tenures as sources say: who, from when, until when, and how sure."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.oversight.leadership import GOVERNMENT, Tenure, body_of, holding, named_and_gone, posts
from tests.support.builders import known

POST = "director of children's services"


def tenures(*cells: dict[str, Any]) -> list[Tenure]:
    """The tenures of one post; each dictionary is a statement, its event `in post` unless it says another."""
    some = [
        {"id": f"e{at}", "subject_kind": "post", "subject": POST, "event": "in post", **one}
        for at, one in enumerate(cells)
    ]
    return posts(known(*some))[POST]


def told(*cells: dict[str, Any]) -> list[tuple[str | None, str | None, str | None]]:
    return [
        (t.holder, t.begun and t.begun.isoformat(), t.ended and t.ended.isoformat()) for t in tenures(*cells)
    ]  # type: ignore[misc]


def test_only_events_of_posts_are_tenures() -> None:
    some = known(
        {"id": "a", "subject_kind": "post", "subject": "b", "event": "vacant"},
        {"id": "c", "subject_kind": "post", "subject": "a", "event": "vacant"},
        {"id": "d", "subject_kind": "post", "subject": "talked of"},
        {"id": "e", "subject_kind": "body", "subject": "board", "event": "in post"},
    )
    assert list(posts(some)) == ["a", "b"]


def test_several_statements_of_one_holder_are_one_tenure() -> None:
    """From the first day any source has them in post to the day they left."""
    (one,) = tenures(
        {"holder": "A", "said_on": "2018-03-05", "event": "appointed", "terms": "interim"},
        {"holder": "A", "said_on": "2018-06"},
        {"holder": "A", "said_on": "2018-09-01", "event": "to leave"},
        {"holder": "A", "said_on": "2018-09-30", "event": "left"},
    )
    assert (one.begun, one.ended) == (date(2018, 3, 5), date(2018, 9, 30))
    assert (one.sure_begin, one.sure_end, one.still_open) == (True, True, False)
    assert one.terms == "interim"
    assert [s.event for s in one.leaving] == ["to leave", "left"]


def test_terms_not_stated_do_not_hide_those_that_are() -> None:
    """The last stated ones are shown: interim, then made permanent."""
    (one,) = tenures(
        {"holder": "A", "said_on": "2018", "terms": "interim"},
        {"holder": "A", "said_on": "2019", "terms": "permanent"},
        {"holder": "A", "said_on": "2020", "terms": "not stated"},
    )
    assert one.terms == "permanent"


def test_a_month_is_not_the_very_day() -> None:
    (one,) = tenures(
        {"holder": "A", "said_on": "2018-03"}, {"holder": "A", "said_on": "2018-09", "event": "left"}
    )
    assert (one.begun, one.ended, one.sure_begin, one.sure_end) == (
        date(2018, 3, 1),
        date(2018, 9, 30),
        False,
        False,
    )


@pytest.mark.parametrize(
    ("cells", "begun", "ended", "sure_end", "still_open"),
    [
        ({"about_from": "2018-03-01", "about_to": "open"}, "2018-03-01", None, False, True),
        ({"about_from": "2018-03-01", "about_to": "2018-09-30"}, "2018-03-01", "2018-09-30", True, False),
        ({"about_from": "2018-03-01", "about_to": "2018-09"}, "2018-03-01", "2018-09-30", False, False),
        ({"said_on": "2018-03-01"}, "2018-03-01", "2018-03-01", False, False),
        (
            {"said_on": "2018-03-01", "event": "appointed", "about_to": "2018-03-01"},
            "2018-03-01",
            "2018-03-01",
            False,
            False,
        ),
        (
            {"said_on": "2018-03-01", "event": "vacant", "about_to": "2018-03-01"},
            "2018-03-01",
            "2018-03-01",
            True,
            False,
        ),
    ],
)
def test_how_a_tenure_ends_where_nobody_says_left(
    cells: dict[str, Any], begun: str, ended: str | None, sure_end: bool, still_open: bool
) -> None:
    """The last day spoken about, sure only where a source gives a last day; the day of an appointment is no end."""
    (one,) = tenures({"holder": "A", **cells})
    assert (str(one.begun), one.ended and str(one.ended)) == (begun, ended)
    assert (one.sure_end, one.still_open) == (sure_end, still_open)


def test_a_span_tells_more_of_the_end_than_a_later_mention() -> None:
    """Somebody in post in March and said to hold it from January to June held it to June, not to a single day."""
    assert told(
        {"holder": "A", "about_from": "2018-01-01", "about_to": "2018-06-30"},
        {"holder": "A", "said_on": "2018-07-20"},
    ) == [("A", "2018-01-01", "2018-06-30")]


def test_one_who_left_and_is_only_known_for_it() -> None:
    """No source has them in post: the begin is not known, and the tenure covers no day."""
    (one,) = tenures({"holder": "A", "said_on": "2018-09-30", "event": "left"})
    assert (one.begun, one.ended) == (None, date(2018, 9, 30))
    assert not one.covers(date(2018, 9, 30))


def test_leaving_announced_is_not_left() -> None:
    (one,) = tenures({"holder": "A", "said_on": "2018-09-01", "event": "to leave"})
    assert (one.begun, one.ended) == (None, None)


def test_the_same_person_again_is_another_tenure() -> None:
    """Over 60 days after leaving. Each spell has its own end: the second leaving does not lengthen the first."""
    assert told(
        {"holder": "A", "said_on": "2016-01-01"},
        {"holder": "A", "said_on": "2016-06-30", "event": "left"},
        {"holder": "A", "said_on": "2018-01-01", "event": "appointed"},
        {"holder": "A", "said_on": "2018-02-01"},
        {"holder": "A", "said_on": "2018-12-31", "event": "left"},
        {"holder": "A", "said_on": "2020-01-01", "about_to": "open"},
    ) == [("A", "2016-01-01", "2016-06-30"), ("A", "2018-01-01", "2018-12-31"), ("A", "2020-01-01", None)]


def test_within_sixty_days_it_is_the_same_tenure() -> None:
    """Sources of one departure differ by weeks."""
    assert (
        len(
            told(
                {"holder": "A", "said_on": "2016-06-30", "event": "left"},
                {"holder": "A", "said_on": "2016-08-29"},
            )
        )
        == 1
    )
    assert (
        len(
            told(
                {"holder": "A", "said_on": "2016-06-30", "event": "left"},
                {"holder": "A", "said_on": "2016-08-30"},
            )
        )
        == 2
    )


def test_vacancies_and_people_not_named() -> None:
    """Two sources of one vacancy are one; two people whom nobody names are not known to be the same."""
    assert told(
        {"event": "vacant", "about_from": "2018-01-01", "about_to": "2018-02-28"},
        {"event": "vacant", "about_from": "2018-01-01", "about_to": "2018-01-31"},
        {"event": "vacant", "said_on": "2019-01-01"},
        {"said_on": "2018-03"},
        {"said_on": "2018-03"},
    ) == [
        (None, "2018-01-01", "2018-02-28"),
        ("not named", "2018-03-01", "2018-03-31"),
        ("not named", "2018-03-01", "2018-03-31"),
        (None, "2019-01-01", "2019-01-01"),
    ]


def test_a_vacancy_left_open_ends_when_somebody_takes_up_the_post() -> None:
    """Whoever told of it when it began could not know its end; who came, and when, is told elsewhere."""
    empty = {"event": "vacant", "said_on": "2019-06-01", "about_from": "2019-06-01", "about_to": "open"}
    earlier = {"holder": "A", "about_from": "2018-01-01", "about_to": "2019-05-31", "said_on": "2018-01-01"}
    taken = {
        "holder": "B",
        "event": "appointed",
        "about_from": "2019-11-04",
        "about_to": "open",
        "said_on": "2019-11-04",
    }
    assert told(earlier, empty)[1] == (None, "2019-06-01", None)
    assert told(earlier, empty, taken)[1:] == [(None, "2019-06-01", "2019-11-03"), ("B", "2019-11-04", None)]
    assert [one.holder for one in holding(tenures(earlier, empty, taken), date(2019, 11, 4))] == ["B"]


def test_a_person_called_vacant_is_a_person() -> None:
    assert told({"holder": "vacant", "said_on": "2018-01-01"}) == [("vacant", "2018-01-01", "2018-01-01")]


SEVERAL: list[dict[str, Any]] = [
    {"holder": "A", "about_from": "2016-01-01", "about_to": "2017-12-31"},
    {"event": "vacant", "about_from": "2018-01-01", "about_to": "2018-02-28"},
    {"holder": "B", "about_from": "2018-03-01", "about_to": "open"},
    {"about_from": "2018-02-01", "about_to": "2018-03-31"},
    {"holder": "C", "said_on": "2018-02-01", "event": "left"},
]


def test_who_held_it_on_a_day() -> None:
    """Both ends of a tenure are its days."""
    some = tenures(*SEVERAL)
    assert [t.holder for t in holding(some, date(2018, 2, 28))] == [None, "not named"]
    assert [t.holder for t in holding(some, date(2017, 12, 31))] == ["A"]
    assert [t.holder for t in holding(some, date(2018, 1, 1))] == [None]


def test_who_was_named_and_gone_between_two_days() -> None:
    """Both days counted, each person once. A vacancy and somebody not named are nobody a source names; who still
    holds the post is not gone; of whoever is only known to have left it is known that they left."""
    some = tenures(*SEVERAL)
    assert named_and_gone(some, date(2017, 12, 31), date(2018, 2, 1)) == ["A", "C"]
    assert named_and_gone(some, date(2018, 1, 1), date(2018, 1, 31)) == []
    assert named_and_gone(some, date(2018, 2, 2), date(2050, 1, 1)) == []
    again = tenures(
        {"holder": "A", "said_on": "2016-06-30", "event": "left"},
        {"holder": "A", "said_on": "2018-01-01", "event": "appointed"},
        {"holder": "A", "said_on": "2018-12-31", "event": "left"},
    )
    assert named_and_gone(again, date(2016, 1, 1), date(2019, 1, 1)) == ["A"]


@pytest.mark.parametrize(
    ("cells", "gone"),
    [
        ([{"said_on": "2018-03-01"}], []),
        ([{"said_on": "2018-03"}], []),
        ([{"said_on": "2018-03", "about_from": "2018-03", "about_to": "2018-03"}], []),
        ([{"said_on": "2018-03", "about_from": "2018-01", "about_to": "2018-03"}], ["A"]),
        ([{"said_on": "2018-03"}, {"said_on": "2018-03", "event": "to leave"}], ["A"]),
    ],
)
def test_one_named_in_post_on_a_day_is_not_said_to_have_left_it(
    cells: list[dict[str, Any]], gone: list[str]
) -> None:
    some = tenures(*({"holder": "A", **one} for one in cells))
    assert named_and_gone(some, date(2018, 1, 1), date(2018, 12, 31)) == gone


@pytest.mark.parametrize(
    ("more", "ended"),
    [
        ({}, None),
        ({"terms": "fixed term"}, "2018-12-31"),
        ({"terms": "interim"}, None),
    ],
)
def test_an_end_that_lies_ahead_is_shown_only_where_it_was_foretold(
    more: dict[str, str], ended: str | None
) -> None:
    """Somebody who writes it down years later knows how long it lasted; nobody knew on the day."""
    held = {
        "id": "h",
        "subject_kind": "post",
        "subject": POST,
        "event": "in post",
        "holder": "A",
        "said_on": "2018-01-01",
        "about_to": "2018-12-31",
        **more,
    }
    (then,) = posts(known(held), date(2018, 6, 1))[POST]
    assert (then.ended and str(then.ended), then.still_open) == (ended, ended is None)
    (now,) = posts(known(held), date(2019, 6, 1))[POST]
    assert (str(now.ended), now.still_open) == ("2018-12-31", False)


def test_a_leaving_announced_foretells_the_end() -> None:
    held = {
        "id": "h",
        "subject_kind": "post",
        "subject": POST,
        "event": "in post",
        "holder": "A",
        "said_on": "2018-01-01",
        "about_to": "2018-12-31",
    }
    leaves = {**held, "id": "l", "event": "to leave", "said_on": "2018-05-01", "about_from": "2018-12-31"}
    (one,) = posts(known(held, leaves), date(2018, 6, 1))[POST]
    assert (str(one.ended), one.still_open) == ("2018-12-31", False)


@pytest.mark.parametrize(
    ("cells", "begun", "ended"),
    [
        ([{"said_on": "2014", "event": "appointed", "about_to": "open"}], "2014", "no end stated"),
        ([{"said_on": "2018-10", "about_to": "2019-06"}], "October 2018", "June 2019"),
        ([{"said_on": "2018-10-05", "about_to": "2019"}], "5 October 2018", "2019"),
        ([{"said_on": "2014"}], "2014", "not stated; last named 2014"),
        ([{"said_on": "2015-01-06"}], "6 January 2015", "not stated; last named 6 January 2015"),
        (
            [{"said_on": "2018-10"}, {"said_on": "2019-02", "event": "left"}, {"said_on": "2019-02-15", "event": "left"}],
            "October 2018",
            "15 February 2019",
        ),
    ],
)  # fmt: skip
def test_days_in_words_are_no_sharper_than_their_source(
    cells: list[dict[str, Any]], begun: str, ended: str
) -> None:
    (tenure,) = tenures(*({"holder": "A", "about_from": cell["said_on"], **cell} for cell in cells))
    assert (tenure.from_words, tenure.until_words) == (begun, ended)


def test_the_days_between_which_somebody_can_have_begun_and_left() -> None:
    (tenure,) = tenures(
        {"holder": "A", "said_on": "2018-10"}, {"holder": "A", "said_on": "2019", "event": "left"}
    )
    assert (tenure.begun, tenure.begun_by) == (date(2018, 10, 1), date(2018, 10, 31))
    assert (tenure.ended_from, tenure.ended) == (date(2019, 1, 1), date(2019, 12, 31))


@pytest.mark.parametrize(
    ("post", "body"),
    [
        ("director of children's services", ""),
        ("leader of the council", ""),
        ("chief executive", ""),
        ("director of children's services, North", "North"),
        ("chair of the children's trust", "children's trust"),
        ("chief executive of the children's trust", "children's trust"),
        ("chair of the safeguarding board", "safeguarding board"),
        ("commissioner for children's services", GOVERNMENT),
        ("support commissioner for children's services", GOVERNMENT),
        ("best-value commissioners", GOVERNMENT),
        ("improvement partner", GOVERNMENT),
        ("head of commissioning", ""),
    ],
)
def test_a_post_belongs_to_the_body_that_its_name_says(post: str, body: str) -> None:
    assert body_of(post) == body
