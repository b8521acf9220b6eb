"""The helper of every list: narrowed, sorted and paged by its address, drawn with links that sort, written as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import cast
from urllib.parse import urlencode

import pytest
from django.template import engines
from django.test import RequestFactory

from lineofsight.service.pages import render, tables
from lineofsight.service.pages.page_request import PageRequest
from lineofsight.service.pages.tables import Column, Table

ROWS = [("b", 2), ("a", 2), ("c", 10), ("d", 1)]
COLUMNS: tuple[Column[tuple[str, int]], ...] = (
    Column("name", "Name", cell=lambda row: row[0], sort=lambda row: row[0]),
    Column(
        "count", "How many", cell=lambda row: row[1], sort=lambda row: row[1], numeric=True, most_first=True
    ),
    Column("words", "Words", cell=lambda row: f"={row[0]}"),
)


def link(extra: Iterable[tuple[str, str]]) -> str:
    return "/list/?" + urlencode([("as_at", "2019-10-09"), *extra])


def asked(query: str = "", **more: object) -> Table[tuple[str, int]]:
    request = RequestFactory().get(f"/list/?{query}")
    usual = {"caption": "Things", "link": link, "tie": lambda row: row[0], "per_page": 3}
    return tables.table(request, ROWS, COLUMNS, **{**usual, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "names", "order"),
    [
        ("sort=name", "abcd", ["ascending", "", ""]),
        ("sort=-name", "dcba", ["descending", "", ""]),
        ("sort=count", "dabc", ["", "ascending", ""]),
        ("sort=-count", "cabd", ["", "descending", ""]),
        ("sort=words", "bacd", ["", "", ""]),
        ("sort=-", "bacd", ["", "", ""]),
        ("", "bacd", ["", "", ""]),
    ],
)
def test_rows_stand_in_the_order_asked_for_and_equal_ones_by_what_breaks_the_tie(
    query: str, names: str, order: list[str]
) -> None:
    table = asked(query)
    assert "".join(name for name, _ in table.rows) == names
    assert [head.order for head in table.heads] == order


def test_a_heading_sorts_by_its_column_and_then_turns_the_order_round() -> None:
    for query, hrefs in (
        ("", ["name", "-count"]),
        ("sort=name", ["-name", "-count"]),
        ("sort=-count", ["name", "count"]),
        ("sort=count", ["name", "-count"]),
    ):
        assert [head.href for head in asked(query).heads] == [*(link([("sort", one)]) for one in hrefs), ""]
    assert asked(anchor="#here").heads[0].href.endswith("sort=name#here")


def test_the_usual_order_is_not_carried_in_addresses_and_one_asked_for_is() -> None:
    usual, other = asked(sort="-count"), asked("sort=name", sort="-count", keep=[("kind", "x")])
    assert "".join(name for name, _ in usual.rows) == "cabd"
    assert (usual.sort, usual.keep, usual.heads[1].order) == ("", [], "descending")
    assert other.keep == [("kind", "x"), ("sort", "name")]
    assert other.csv_href == link([("kind", "x"), ("sort", "name"), ("format", "csv")])


def test_only_the_rows_asked_for_are_counted_and_a_page_that_is_not_there_is_the_last() -> None:
    table = asked("page=99", keeps=lambda row: row[1] < 10)
    assert (table.count, list(table.page), table.page.number) == (3, [("b", 2), ("a", 2), ("d", 1)], 1)
    assert (asked("page=2").page.number, asked("page=x").page.number, asked(at=3).page.number) == (2, 1, 2)
    assert list(asked("page=2").page) == [("d", 1)]


def test_it_is_drawn_with_a_caption_links_that_sort_and_pages_and_no_script() -> None:
    template = engines["django"].from_string("{% table t %}<tr><td>{{ word }}</td></tr>{% endtable %}")
    drawn = template.render({"t": asked("sort=-count"), "word": "<b>"})
    assert '<caption class="govuk-visually-hidden">Things</caption>' in drawn
    assert drawn.count('aria-sort="descending"') == 1
    assert "<tr><td>&lt;b&gt;</td></tr>" in drawn
    assert 'href="?as_at=2019-10-09&amp;sort=-count&amp;page=2"' in drawn
    assert "<script" not in drawn


def of_an_authority(*, synthetic: bool) -> PageRequest:
    return cast(PageRequest, SimpleNamespace(profile=SimpleNamespace(synthetic=synthetic)))


def test_rows_as_csv_are_safe_and_each_says_what_it_rests_on() -> None:
    unreal = of_an_authority(synthetic=True)
    answer = render.csv(unreal, "things-999", COLUMNS, ROWS[:1], rests={"as_at": "2019-10-09"})
    assert answer["Content-Disposition"] == 'attachment; filename="synthetic-things-999.csv"'
    text = answer.content.decode("utf-8-sig")
    assert text == "name,count,words,as_at,synthetic\r\nb,2,'=b,2019-10-09,yes\r\n"
    empty = render.csv(of_an_authority(synthetic=False), "things", COLUMNS, [])
    assert empty.content.decode("utf-8-sig") == "name,count,words\r\n"
