"""Days and numbers that are not exact are never drawn sharper than their source gives them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from datetime import date

import pytest

from lineofsight.charts import Lane, Point, Span, dots, spans
from lineofsight.charts.inexact import way_of
from lineofsight.charts.scales import TimeScale
from lineofsight.vocabulary.codes import code_set

SVG = "{http://www.w3.org/2000/svg}"
BEGIN, END = date(2012, 1, 1), date(2020, 12, 31)


def drawing(*points: Point, width: int = 690) -> str:
    far = [
        Point(date(2018, 1, 31), 551, "the council", "551"),
        Point(date(2020, 2, 15), 7, "the council", "7"),
    ]
    return dots([*far, *points], title="T", description="D", day=date(2019, 1, 31), width=width)


def lines_across(markup: str) -> list[tuple[float, float]]:
    """From where to where each line over days goes: two thick and level, which the axis and the grid are not."""
    found = re.findall(r'd="M([\d.]+) [\d.]+H([\d.]+)" stroke="#\w+" stroke-width="2"', markup)
    return [(float(left), float(right)) for left, right in found]


def marks(markup: str) -> list[float]:
    boxes = ElementTree.fromstring(markup).iter(f"{SVG}rect")
    return [float(box.get("x", "")) + 12 for box in boxes if box.get("class") == "los-drawing__target"]


def words(markup: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(markup).iter(f"{SVG}text")]


class TestACountWithoutADay:
    month = Point(date(2019, 5, 1), 230, "the council", "230", until=date(2019, 5, 31))

    @pytest.mark.parametrize("width", [336, 690, 1140])
    def test_lies_across_its_month_with_its_mark_inside(self, width: int) -> None:
        markup = drawing(self.month, width=width)
        [(left, right)] = lines_across(markup)
        [mark] = [x for x in marks(markup) if left < x < right]
        days = (
            (right - left)
            / (marks(markup)[-1] - marks(markup)[0])
            * (date(2020, 2, 15) - date(2018, 1, 31)).days
        )
        assert days > 30.5 and mark - left > 8 and right - mark > 8

    def test_a_year_lies_across_its_year(self) -> None:
        year = Point(date(2019, 1, 1), 230, "the council", "230", until=date(2019, 12, 31))
        markup = drawing(year)
        [(left, right)] = lines_across(markup)
        scale = (marks(markup)[-1] - marks(markup)[0]) / (date(2020, 2, 15) - date(2018, 1, 31)).days
        assert right - left == pytest.approx(365 * scale, abs=2)

    def test_is_told_as_a_month_and_never_as_its_first_day(self) -> None:
        markup = drawing(self.month)
        assert "230, the council, May 2019<" in markup
        assert "1 May 2019" not in markup

    def test_the_key_says_what_the_line_means(self) -> None:
        told = "Line across: the month or months, no day given"
        assert told in words(drawing(self.month)) and told not in words(drawing())

    def test_one_with_a_day_has_no_line(self) -> None:
        assert lines_across(drawing()) == []
        assert "551, the council, 31 January 2018<" in drawing()

    def test_beside_others_of_its_month_its_line_still_holds_every_day_of_it(self) -> None:
        others = [Point(date(2019, 5, day), 230, f"counter {day}", "230") for day in (3, 12, 28)]
        alone = lines_across(drawing(self.month))[0]
        beside = lines_across(drawing(self.month, *others))[0]
        assert beside[0] <= alone[0] + 1 and beside[1] >= alone[1] - 1

    def test_a_year_and_a_month_are_no_counts_of_one_month(self) -> None:
        year = Point(date(2019, 5, 1), 230, "somebody else", "230", until=date(2020, 4, 30))
        assert not [text for text in words(drawing(self.month, year)) if "counts" in text]


class TestACountWithABound:
    def bound(self, bound: str) -> str:
        return drawing(Point(date(2019, 5, 7), 230, "the council", f"{bound} 230", bound=bound))

    def test_every_bound_that_a_statement_can_have_is_drawn(self) -> None:
        bounds = list(code_set("value_bound"))
        assert len(bounds) == 5 and all(way_of(bound) for bound in bounds)
        assert way_of("") == ""

    @pytest.mark.parametrize(
        ("bound", "told"),
        [
            ("at least", "Arrow up: this number, or more"),
            ("more than", "Arrow up: this number, or more"),
            ("at most", "Arrow down: this number, or fewer"),
            ("fewer than", "Arrow down: this number, or fewer"),
            ("about", "Dotted up and down: about this number"),
        ],
    )
    def test_is_drawn_as_the_key_says(self, bound: str, told: str) -> None:
        rows = [text for text in words(self.bound(bound)) if text.startswith(("Arrow", "Dotted"))]
        assert rows == [told]
        assert f"{bound} 230" in " ".join(words(self.bound(bound)))

    def test_up_goes_up_and_down_goes_down(self) -> None:
        up, down, about = (self.bound(bound) for bound in ("at least", "at most", "about"))
        assert "l4 -5l4 5" in up and "l4 5l4 -5" not in up
        assert "l4 5l4 -5" in down and "l4 -5l4 5" not in down
        assert 'stroke-dasharray="2 3"' in about and "l4" not in about

    def test_an_exact_number_has_none(self) -> None:
        assert "l4" not in drawing()


def a_lane(span: Span, width: int = 1140) -> str:
    return spans(
        [Lane("Post", [span])], title="T", description="D", day=END, begin=BEGIN, end=END, width=width
    )


def stops(markup: str) -> list[float]:
    return [float(offset) for offset in re.findall(r'<stop offset="([\d.]+)"', markup)]


class TestAnEndWithoutADay:
    time = TimeScale(BEGIN, END, 4.0, 1136.0)

    def test_fades_over_every_day_of_its_month(self) -> None:
        span = Span(date(2014, 3, 1), date(2017, 7, 31), "A", False, False,
                    begin_by=date(2014, 3, 31), end_from=date(2017, 7, 1))  # fmt: skip
        left, right = self.time.at(span.begin), self.time.at(date(2017, 7, 31))
        _, begun, ending, _ = stops(a_lane(span))
        assert begun * (right - left) >= self.time.at(date(2014, 4, 1)) - left - 0.5
        assert (1 - ending) * (right - left) >= right - self.time.at(date(2017, 7, 1)) - 0.5

    def test_a_year_fades_over_the_year(self) -> None:
        span = Span(date(2014, 1, 1), date(2019, 6, 30), "A", False, begin_by=date(2014, 12, 31))
        left, right = self.time.at(span.begin), self.time.at(date(2019, 6, 30))
        begun = stops(a_lane(span))[1] * (right - left)
        assert begun == pytest.approx(self.time.at(date(2015, 1, 1)) - left, abs=1)
        assert "A, 2014 to Jun 2019" in a_lane(span)

    def test_a_short_bar_fades_from_both_ends_to_one_place(self) -> None:
        span = Span(date(2014, 3, 1), date(2014, 3, 31), "A", False, False,
                    begin_by=date(2014, 3, 31), end_from=date(2014, 3, 1))  # fmt: skip
        _, begun, ending, _ = stops(a_lane(span))
        assert begun <= ending + 0.001
        assert "A, in Mar 2014" in a_lane(span)

    def test_a_sure_end_does_not_fade(self) -> None:
        assert stops(a_lane(Span(date(2014, 3, 5), date(2017, 7, 31), "A"))) == []


class TestAZero:
    counted = Point(date(2019, 9, 1), 0, "the commissioners", "0", until=date(2019, 9, 30))
    claimed = Point(
        date(2019, 10, 1), 0, "the commissioner and the chair", "0, claimed", until=date(2020, 6, 30)
    )

    @pytest.mark.parametrize("width", [336, 690, 1140])
    def test_has_its_label_at_its_own_dot(self, width: int) -> None:
        markup = drawing(self.counted, self.claimed, width=width)
        labels = [
            ("".join(each.itertext()), float(each.get("x", "")))
            for each in ElementTree.fromstring(markup).iter(f"{SVG}text")
            if each.get("class") == "los-drawing__value"
        ]
        starts = {words: left for words, left in labels if words.startswith("0")}
        assert set(starts) == {"0", "0, claimed"}
        links = zip([p.label for p in sorted_points(self)], marks(markup), strict=True)
        at = {label: x for label, x in links if label in starts}
        for words, left in starts.items():
            assert -110 <= left - at[words] <= 20, words


def sorted_points(zeros: TestAZero) -> list[Point]:
    """The points of the drawing in the order of their marks: by their middle."""
    far = [
        Point(date(2018, 1, 31), 551, "the council", "551"),
        Point(date(2020, 2, 15), 7, "the council", "7"),
    ]
    return sorted([*far, zeros.counted, zeros.claimed], key=lambda point: point.middle)
