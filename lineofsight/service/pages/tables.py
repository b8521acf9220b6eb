"""Lists as pages give them: narrowed and sorted by the address, a page at a time, and the same rows as CSV.

A view gives the rows somebody may see, the columns and a caption. It logs the children of `page`, and of no
other, before it draws them; for a CSV it logs the children of `rows`, which are all that were asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from lineofsight.service.pages.forms import Filters, WordsField

R = TypeVar("R")
Link = Callable[[Iterable[tuple[str, str]]], str]
"""Gives the address of the list with those pairs in its query."""


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column: its name in addresses and CSVs, its heading on the page, what stands in it, how it sorts."""

    name: str
    heading: str = ""
    cell: Callable[[R], Any] | None = None
    sort: Callable[[R], Any] | None = None
    numeric: bool = False
    most_first: bool = False
    """Whether its heading sorts from the most to the least when it is first clicked."""


@dataclass(frozen=True)
class Head:
    """The head of a column as it is drawn: `href` sorts by it, `order` is that of the rows now."""

    text: str
    numeric: bool = False
    href: str = ""
    order: str = ""


class _Place(Filters):
    """Where in a list somebody is: sorted by what, and on which page."""

    sort, page = WordsField(), WordsField()


@dataclass(frozen=True)
class Table(Generic[R]):
    """A list as it was asked for: all its rows in order, the page that is shown, and how it is drawn."""

    rows: Sequence[R]
    page: Page[Any]
    caption: str
    label: str
    heads: Sequence[Head]
    sort: str
    """The column it was asked to be sorted by, with a minus for the most first; empty where none was."""
    keep: Sequence[tuple[str, str]]
    link: Link = field(repr=False)
    shows_caption: bool = False
    """Whether the caption is seen, because no heading says the same above the table."""

    @property
    def count(self) -> int:
        """How many rows were asked for."""
        return len(self.rows)

    @property
    def query(self) -> str:
        """The query of this list's addresses, for those of its other pages."""
        return self.link(self.keep).partition("?")[2]

    @property
    def csv_href(self) -> str:
        """The address of the same rows as CSV."""
        return self.link([*self.keep, ("format", "csv")])


def table(
    request: HttpRequest,
    rows: Sequence[R],
    columns: Sequence[Column[R]] = (),
    *,
    caption: str,
    link: Link,
    label: str = "",
    keep: Iterable[tuple[str, str]] = (),
    keeps: Callable[[R], bool] | None = None,
    sort: str = "",
    tie: Callable[[R], Any] | None = None,
    per_page: int = 50,
    anchor: str = "",
    at: int | None = None,
) -> Table[R]:
    """The list that a request asks for. `anchor` is the place on the page to which sorting leads back.

    `keeps` narrows it, and `keep` are the words of the address that did. `sort` is the order where none is asked
    for, or one that there is not; rows that are equal in it stand by `tie`. Rows are left in the order given
    where there is neither. The page is the one asked for, or that of the row `at` a place where one is given.
    """
    place = _Place(request).each
    found = rows if keeps is None else [row for row in rows if keeps(row)]
    sorts = {column.name: column.sort for column in columns if column.sort}
    asked = place["sort"] if place["sort"].removeprefix("-") in sorts else ""
    if key := sorts.get((asked or sort).removeprefix("-")):
        found = sorted(
            found if tie is None else sorted(found, key=tie), key=key, reverse=(asked or sort)[0] == "-"
        )
    pairs = list(keep)
    number = place["page"] if at is None else at // per_page + 1
    return Table(
        rows=found,
        page=Paginator(found, per_page).get_page(number),
        caption=caption,
        label=label or caption,
        heads=[
            _head(column, asked or sort, pairs, lambda extra: f"{link(extra)}{anchor}") for column in columns
        ],
        sort=asked,
        link=link,
        keep=[*pairs, *([("sort", asked)] if asked else [])],
    )


def plain(
    rows: Sequence[R],
    columns: Sequence[Column[R]],
    *,
    caption: str,
    label: str = "",
    shows_caption: bool = False,
) -> Table[R]:
    """A few rows as they are: neither sorted nor paged by the address."""
    heads = [Head(column.heading, column.numeric) for column in columns]
    page = Paginator(rows, max(1, len(rows))).get_page(1)
    return Table(rows, page, caption, label or caption, heads, "", (), lambda _: "", shows_caption)


def _head(column: Column[Any], sort: str, keep: Sequence[tuple[str, str]], link: Link) -> Head:
    """A head that sorts by its column, or turns the order round where it is sorted by that already."""
    if column.sort is None:
        return Head(column.heading, column.numeric)
    rising, falling = column.name, f"-{column.name}"
    first, other = (falling, rising) if column.most_first else (rising, falling)
    order = {rising: "ascending", falling: "descending"}.get(sort, "")
    href = link([*keep, ("sort", other if sort == first else first)])
    return Head(column.heading, column.numeric, href, order)


def wants_csv(request: HttpRequest) -> bool:
    """Whether the rows are asked for as CSV."""
    return request.GET.get("format") == "csv"
