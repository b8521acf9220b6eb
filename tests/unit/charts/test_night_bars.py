"""Bars of the latest deliveries: each has its count, none is told from no delivery, and nothing hostile gets through."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import date

import pytest

from lineofsight.charts import SMALL_WIDTH, WIDTHS, night_bars

SVG = "{http://www.w3.org/2000/svg}"
NIGHTS = [(date(2019, 10, 8), 0), (date(2019, 10, 9), 1), (date(2019, 10, 10), 1_200)]


def drawn(
    width: int, nights: list[tuple[date, int]] = NIGHTS, title: str = "By delivery"
) -> ElementTree.Element:
    return ElementTree.fromstring(night_bars(nights, title=title, description="", width=width))


@pytest.mark.parametrize("width", [SMALL_WIDTH, *WIDTHS.values()])
def test_each_delivery_has_a_bar_within_the_drawing_that_says_its_count(width: int) -> None:
    svg = drawn(width)
    bars = svg.findall(f"{SVG}rect")
    assert [bar.findtext(f"{SVG}title") for bar in bars] == [
        "8 October 2019: 0",
        "9 October 2019: 1",
        "10 October 2019: 1,200",
    ]
    assert [bar.get("fill") == "#fff" for bar in bars] == [True, False, False]
    assert all(float(bar.get("x", 0)) + float(bar.get("width", 0)) <= width for bar in bars)
    floor = {round(float(bar.get("y", 0)) + float(bar.get("height", 0)), 1) for bar in bars}
    assert len(floor) == 1
    assert bool(svg.findall(f"{SVG}text")) == (width > SMALL_WIDTH)


@pytest.mark.parametrize("nights", [[], NIGHTS[:1]])
def test_few_deliveries_are_drawn_too(nights: list[tuple[date, int]]) -> None:
    assert len(drawn(690, nights).findall(f"{SVG}rect")) == len(nights)


def test_hostile_words_are_only_words() -> None:
    assert "<script" not in night_bars(NIGHTS, title="<script>", description="<script>")
