"""The drawings: what they show, that words never touch, and that nothing hostile gets through."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from datetime import date
from itertools import combinations

import pytest

from lineofsight.charts import (
    WIDTHS,
    Box,
    Curve,
    Lane,
    Line,
    Mark,
    Point,
    Span,
    at_widths,
    curves,
    dots,
    lines,
    number_words,
    place_labels,
    runs,
    spans,
    text_width,
)
from lineofsight.charts.scales import TimeScale

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2019, 1, 31)
HOSTILE = "<script>alert('x')</script> \"&\x00\x0b\ud800"

# The counts that this drawing was made for: two pairs of one month that disagree.
COUNTS = [
    Point(date(2018, 1, 31), 551, "the council", "551"),
    Point(date(2018, 10, 15), 383, "the council", "383"),
    Point(date(2018, 10, 17), 267, "Ofsted", "267", href="/statements/267/"),
    Point(date(2019, 1, 31), 81, "the council", "81"),
    Point(date(2019, 10, 15), 232, "two councillors", "232", known=False),
    Point(date(2019, 10, 16), 300, "incoming commissioners", "over 300", known=False),
    Point(date(2020, 2, 15), 0, "commissioners", "0", known=False),
]
# Eleven counts within two years: three of one month twice, and two of none at all.
CROWD = [
    Point(day, value, series, str(value))
    for day, value, series in [
        (date(2018, 1, 1), 551, "the council"),
        (date(2018, 10, 1), 360, "the council"),
        (date(2018, 10, 15), 383, "the council"),
        (date(2018, 10, 17), 267, "Ofsted"),
        (date(2019, 1, 31), 81, "the council"),
        (date(2019, 4, 1), 152, "the council"),
        (date(2019, 10, 1), 232, "two councillors"),
        (date(2019, 10, 1), 200, "not named"),
        (date(2019, 10, 17), 300, "incoming commissioners"),
        (date(2020, 1, 1), 0, "incoming commissioners"),
        (date(2020, 2, 1), 0, "the commissioner and the trust's chair"),
    ]
]
POSTS = [
    Lane(
        "Director of children's services",
        [
            Span(date(2013, 1, 1), date(2013, 6, 1), "A. Adams", sure_begin=False),
            Span(date(2013, 6, 1), date(2013, 11, 1), "B. Bell", tone="interim"),
            Span(date(2013, 11, 1), date(2018, 9, 1), "C. Carr", href="/posts/c-carr/"),
            Span(date(2018, 9, 1), date(2018, 12, 1), "Vacant", tone="vacant"),
            Span(date(2018, 12, 1), None, "D. Dean"),
        ],
    ),
    Lane("Lead member", [Span(date(2014, 5, 1), date(2016, 5, 1), "Not known", False, False, "unknown")]),
]
RATES = [
    Line(
        "Vacancy rate", {2017: 22.1, 2018: 31.4, 2019: None, 2020: 20.0}, [Mark("england", 2020, 16.5)], "%"
    ),
    Line("Agency rate", {2017: 30.0, 2019: 27.0}, [Mark("neighbours", 2020, 12.0)], "%"),
]
UNLIKE = [
    Line("Agency rate", {2019: 12.0, 2020: 16.0}, unit="%"),
    Line("Referrals", {2019: 9123, 2020: 17012}),
]


def a_dots(width: int = 690, day: date = DAY, points: list[Point] | None = None) -> str:
    return dots(COUNTS if points is None else points, title="T", description="D", day=day, width=width)


def a_spans(width: int = 690, lanes: list[Lane] | None = None) -> str:
    shown = POSTS if lanes is None else lanes
    begin, end = date(2012, 1, 1), date(2020, 12, 31)
    return spans(shown, title="T", description="D", day=DAY, begin=begin, end=end, width=width)


def a_lines(width: int = 690, series: list[Line] | None = None) -> str:
    return lines(RATES if series is None else series, title="T", description="D", width=width)


def words(markup: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(markup).iter(f"{SVG}text")]


def boxes(markup: str, class_: str) -> list[Box]:
    """Where the labels of a class stand, by the widths that the drawing itself reckons with."""
    found = []
    for text in ElementTree.fromstring(markup).iter(f"{SVG}text"):
        if text.get("class") == class_:
            left, base = float(text.get("x", "")), float(text.get("y", ""))
            wide = text_width("".join(text.itertext()))
            left -= wide / 2 if text.get("text-anchor") == "middle" else 0
            found.append(Box(left, base - 12, left + wide, base + 3))
    return found


def dots_at(markup: str) -> list[tuple[float, float]]:
    """Where the dots stand."""
    targets = (
        box
        for box in ElementTree.fromstring(markup).iter(f"{SVG}rect")
        if box.get("class") == "los-drawing__target"
    )
    return [(float(box.get("x", "")) + 12, float(box.get("y", "")) + 12) for box in targets]


def rule_at(markup: str) -> float:
    """Where the rule of the chosen day stands: the one upright that is drawn from above the captions."""
    [x] = re.findall(r'd="M([\d.]+) 20V', markup)
    return float(x)


def a_curve(width: int = WIDTHS["middle"], names: tuple[str, str] = ("Right", "Found")) -> str:
    both = [
        Curve(names[0], [(0.0, 0.25), (0.05, 0.5), (0.1, 1.0)]),
        Curve(names[1], [(0.0, 1.0), (0.05, 0.75), (0.1, 0.5)]),
    ]
    return curves(both, title="T", description="D", scale="Floor", chosen=(0.05, "here"), width=width)


every_drawing = pytest.mark.parametrize("draw", [a_dots, a_spans, a_lines, a_curve])
every_day = pytest.mark.parametrize(
    "day",
    [date(2018, 6, 1), date(2018, 10, 17), DAY, date(2019, 9, 20), date(2019, 10, 10), date(2020, 1, 20)],
)
every_width = pytest.mark.parametrize("width", WIDTHS.values())


class TestEveryDrawing:
    @every_drawing
    @every_width
    def test_is_well_formed_with_a_title_and_a_description(
        self, draw: Callable[[int], str], width: int
    ) -> None:
        svg = ElementTree.fromstring(draw(width))
        names = svg.get("aria-labelledby", "").split()
        assert svg.tag == f"{SVG}svg"
        assert [svg[0].get("id"), svg[1].get("id")] == names
        assert [svg[0].text, svg[1].text] == ["T", "D"]
        assert svg.get("width") == str(width)

    @every_drawing
    def test_has_no_style_attribute_no_style_element_and_no_script(self, draw: Callable[[], str]) -> None:
        assert not re.search(r"<style|<script|\sstyle=|\son\w+=|javascript:", draw())

    @every_drawing
    def test_ids_are_unique_over_the_three_widths(self, draw: Callable[[int], str]) -> None:
        ids = re.findall(r'\sid="([^"]+)"', at_widths(draw))
        assert len(ids) == len(set(ids)) >= 6

    @every_drawing
    def test_every_pattern_and_gradient_that_is_pointed_at_is_there(self, draw: Callable[[], str]) -> None:
        assert set(re.findall(r"url\(#([^)]+)\)", draw())) <= set(re.findall(r'\sid="([^"]+)"', draw()))

    @every_drawing
    def test_is_the_same_every_time(self, draw: Callable[[], str]) -> None:
        assert draw() == draw()

    @every_drawing
    def test_text_is_never_smaller_than_14(self, draw: Callable[[int], str]) -> None:
        sizes = re.findall(r'font-size="(\d+)"', draw(336))
        assert sizes == ["14"]

    @every_drawing
    @every_width
    def test_words_begin_inside_the_drawing(self, draw: Callable[[int], str], width: int) -> None:
        svg = ElementTree.fromstring(draw(width))
        for text in svg.iter(f"{SVG}text"):
            assert -1 <= float(text.get("x", "")) <= width
            assert float(text.get("y", "")) <= float(svg.get("height", ""))

    def test_one_that_holds_links_is_a_group_and_one_that_does_not_is_an_image(self) -> None:
        plain = [Point(DAY, 1, "s", "1")]
        assert 'role="group"' in a_dots()
        assert 'role="img"' in a_dots(points=plain)

    def test_with_nothing_to_draw_says_so(self) -> None:
        assert words(a_dots(points=[])) == ["No figure is recorded."]
        assert words(a_lines(series=[Line("Empty", {2020: None})])) == ["No figure is recorded."]
        assert ElementTree.fromstring(a_spans(lanes=[])) is not None

    def test_at_widths_gives_each_its_class(self) -> None:
        markup = at_widths(a_dots)
        assert [markup.count(f"los-drawing__svg--{name}") for name in WIDTHS] == [1, 1, 1]


class TestHostileWords:
    def markup(self) -> list[str]:
        point = Point(DAY, 3, HOSTILE, HOSTILE, href="javascript:alert(1)")
        lane = Lane(HOSTILE, [Span(DAY, None, HOSTILE, tone=HOSTILE, href="data:text/html,x")])
        line = Line(HOSTILE, {2019: 1.0, 2020: 2.0}, [Mark(HOSTILE, 2020, 1.0)], HOSTILE)
        about = {"title": HOSTILE, "description": HOSTILE}
        return [
            dots([point], **about, day=DAY, key=HOSTILE),
            spans([lane], **about, day=DAY, begin=date(2018, 1, 1), end=date(2020, 1, 1)),
            lines([line], **about),
        ]

    def test_come_out_as_words(self) -> None:
        for markup in self.markup():
            svg = ElementTree.fromstring(markup)
            assert not [element for element in svg.iter() if "script" in element.tag]
            assert svg[0].text == "<script>alert('x')</script> \"&"
            assert "<script" not in markup

    def test_an_address_that_is_no_address_is_no_link(self) -> None:
        assert not [markup for markup in self.markup() if "<a " in markup or "javascript:" in markup]

    @pytest.mark.parametrize("href", ["/a/?b=1&c=2", "#here", "?as_at=2019-01-31", "https://example.org/"])
    def test_an_address_that_is_one_is(self, href: str) -> None:
        svg = ElementTree.fromstring(a_dots(points=[Point(DAY, 1, "s", "1", href=href)]))
        assert [link.get("href") for link in svg.iter(f"{SVG}a")] == [href]


class TestDots:
    @every_width
    def test_labels_do_not_touch_each_other(self, width: int) -> None:
        labels = boxes(a_dots(width), "los-drawing__value")
        assert len(labels) == 7
        assert [pair for pair in combinations(labels, 2) if pair[0].shared(pair[1])] == []

    @every_day
    @every_width
    def test_labels_of_a_crowd_touch_neither_each_other_nor_a_dot_nor_the_axis(
        self, width: int, day: date
    ) -> None:
        markup = a_dots(width, day, CROWD)
        labels, places = boxes(markup, "los-drawing__value"), dots_at(markup)
        axis = max(y for _, y in places)
        assert len(labels) == len(places) == 11
        assert [pair for pair in combinations(labels, 2) if pair[0].shared(pair[1])] == []
        assert not [1 for box in labels for x, y in places if box.shared(Box(x - 6, y - 6, x + 6, y + 6))]
        assert [box for box in labels if box.bottom > axis] == []

    @every_width
    def test_each_dot_stands_at_its_own_days_whatever_stands_beside_it(self, width: int) -> None:
        """A dot that is moved to make room tells of a month in which nobody counted."""
        places = [x for x, _ in dots_at(a_dots(width, points=CROWD))]
        days = sorted(point.middle.toordinal() for point in CROWD)
        per_day = (max(places) - min(places)) / (days[-1] - days[0])
        expected = [min(places) + (day - days[0]) * per_day for day in days]
        assert sorted(places) == pytest.approx(expected, abs=1)

    def test_two_short_labels_do_not_read_as_one(self) -> None:
        left, right = place_labels([(100.0, 99.0, 9.0), (118.0, 99.0, 9.0)], Box(0, 0, 300, 100))
        assert left.gap(right) >= 6

    @every_day
    @every_width
    def test_captions_of_bands_stand_clear_of_the_day_and_of_each_other(self, width: int, day: date) -> None:
        markup = a_dots(width, day, CROWD)
        captions, told = boxes(markup, "los-drawing__band"), boxes(markup, "los-drawing__day")
        assert len(captions) == 2
        assert [pair for pair in combinations([*captions, *told], 2) if pair[0].shared(pair[1])] == []
        assert not [box for box in captions if box.left < rule_at(markup) < box.right]

    def test_captions_that_would_touch_stand_in_two_rows(self) -> None:
        points = [
            Point(date(2018, month, 3 + by), 5 + by, f"counter {by}", "5")
            for month in (3, 4, 5)
            for by in (0, 1)
        ]
        markup = dots(
            [*points, COUNTS[6]], title="T", description="D", day=date(2018, 4, 5), width=WIDTHS["narrow"]
        )
        captions = boxes(markup, "los-drawing__band")
        assert len(captions) == 3
        assert len({box.top for box in captions}) > 1
        assert [pair for pair in combinations(captions, 2) if pair[0].shared(pair[1])] == []

    def test_a_label_is_followed_by_its_counter_where_all_have_room(self) -> None:
        assert {f"{p.label} {p.series}" for p in CROWD if p.value} <= set(words(a_dots(1140, points=CROWD)))
        assert {point.label for point in CROWD} <= set(words(a_dots(336, points=CROWD)))
        assert "383 the council" not in words(a_dots(336, points=CROWD))

    def test_dots_too_many_for_labels_stand_alone_and_each_still_tells_what_it_is(self) -> None:
        many = [Point(date(2013 + at // 12, 1 + at % 12, 1), at, "the council", f"n{at}") for at in range(90)]
        markup = a_dots(points=many)
        assert len(dots_at(markup)) == 90
        assert boxes(markup, "los-drawing__value") == []
        assert all(f"<title>n{at}, the council" in markup for at in range(90))

    @every_width
    def test_labels_cover_no_dot_and_stay_inside(self, width: int) -> None:
        places = [(60.0 + 9 * n, 100.0, 40.0) for n in range(6)]
        frame = Box(0, 0, width, 300)
        labels = place_labels(places, frame)
        assert not [1 for box in labels for x, y, _ in places if box.shared(Box(x - 8, y - 8, x + 8, y + 8))]
        assert not [box for box in labels if box.outside(frame)]

    @every_width
    def test_every_label_is_printed(self, width: int) -> None:
        printed = " ".join(words(a_dots(width)))
        assert all(point.label in printed for point in COUNTS)

    @every_width
    def test_the_axis_covers_every_point(self, width: int) -> None:
        middles = [x for x, _ in dots_at(a_dots(width))]
        assert len(middles) == 7
        assert all(30 < x < width - 12 for x in middles)
        assert middles == sorted(middles)
        assert {"2018", "2019", "2020"} <= set(words(a_dots(width)))

    def test_the_value_axis_begins_at_zero_and_holds_the_highest(self) -> None:
        assert {"0", "200", "400", "600"} <= set(words(a_dots()))

    def test_two_counts_of_one_month_stand_on_a_band_side_by_side(self) -> None:
        assert [text for text in words(a_dots()) if "counts" in text] == [
            "2 counts, Oct 2018",
            "2 counts, Oct 2019",
        ]

    def test_two_counts_of_one_month_by_one_counter_are_no_contradiction(self) -> None:
        twice = [Point(date(2019, 1, day), 5, "the council", "5") for day in (1, 31)]
        assert "counts" not in a_dots(points=twice)

    def test_each_counter_has_its_own_shape_colour_and_dash(self) -> None:
        points = [Point(date(2018, month, 1), month, f"counter {month}", "1") for month in range(1, 7)]
        stems = re.findall(
            r'stroke="(#\w+)" stroke-width="1.5"( stroke-dasharray="[\d ]+")? fill="none"',
            a_dots(points=points),
        )
        assert len(set(stems)) == len({colour for colour, _ in stems}) == 6

    def test_nothing_joins_two_dots(self) -> None:
        assert "L" not in "".join(re.findall(r'\sd="([^"]+)"', a_dots()))

    def test_what_was_not_known_is_hollow_and_said_to_be(self) -> None:
        assert "Hollow: not known by then" in words(a_dots())
        assert "0, commissioners, 15 February 2020, not known by then" in a_dots()
        assert "Hollow" not in a_dots(points=COUNTS[:4])

    def test_the_chosen_day_has_its_rule_and_its_date(self) -> None:
        assert "31 January 2019" in words(a_dots())

    @pytest.mark.parametrize(
        ("day", "told"), [(date(2026, 11, 23), "23 November 2026 →"), (date(1999, 1, 1), "← 1 January 1999")]
    )
    def test_a_chosen_day_far_off_is_pointed_at(self, day: date, told: str) -> None:
        assert told in words(a_dots(day=day))

    def test_one_point_is_enough(self) -> None:
        assert "81" in " ".join(words(a_dots(points=[COUNTS[3]])))

    def test_all_zero_is_drawn(self) -> None:
        assert {"0", "1"} <= set(words(a_dots(points=[COUNTS[6]])))


class TestSpans:
    @every_width
    def test_every_holder_is_named(self, width: int) -> None:
        printed = " ".join(words(a_spans(width)))
        assert all(span.text in printed for lane in POSTS for span in lane.spans)

    def test_a_vacancy_is_hatched_and_an_unsure_end_fades(self) -> None:
        assert "<pattern" in a_spans()
        assert a_spans().count("<linearGradient") == 2

    def test_the_key_shows_only_what_is_used(self) -> None:
        printed = words(a_spans(lanes=POSTS[1:]))
        assert "Not known" in printed
        assert "Vacant" not in printed

    def test_an_unsure_day_is_said_to_be_about(self) -> None:
        assert "A. Adams, about Jan 2013 to Jun 2013" in a_spans()

    def test_one_still_in_post_has_no_end(self) -> None:
        assert "D. Dean, from Dec 2018" in a_spans()

    def test_spans_that_overlap_stand_under_each_other(self) -> None:
        two = [Span(date(2015, 1, 1), date(2017, 1, 1), name) for name in ("One", "Two")]
        svg = ElementTree.fromstring(a_spans(lanes=[Lane("Post", two)]))
        tops = [box.get("y") for box in svg.iter(f"{SVG}rect") if box.get("class") == "los-drawing__target"]
        assert len(set(tops)) == 2

    def test_spans_outside_the_axis_are_left_out(self) -> None:
        assert "Long ago" not in a_spans(
            lanes=[Lane("Post", [Span(date(1990, 1, 1), date(1991, 1, 1), "Long ago")])]
        )

    def test_the_axis_names_its_years(self) -> None:
        assert {str(year) for year in range(2012, 2021)} <= set(words(a_spans(1140)))


class TestLines:
    def test_a_missing_year_breaks_the_line(self) -> None:
        assert runs({2017: 1.0, 2018: 2.0, 2019: None, 2020: 3.0, 2022: 4.0}) == [
            [(2017, 1.0), (2018, 2.0)],
            [(2020, 3.0)],
            [(2022, 4.0)],
        ]
        assert runs({2019: None}) == []

    def test_the_last_value_is_labelled(self) -> None:
        assert {"20%", "27%", "16.5%", "12%"} <= set(words(a_lines()))

    def test_each_chart_has_its_own_scale_from_zero_with_its_own_unit(self) -> None:
        printed = words(a_lines(series=UNLIKE))
        assert {"20%", "16%", "20,000", "17,012"} <= set(printed)
        assert not {"20,000%", "17,012%", "20"} & set(printed)

    def test_the_same_share_of_two_scales_stands_equally_high(self) -> None:
        halves = [Line("Small", {2020: 20.0}), Line("Large", {2020: 20_000.0})]
        heights = re.findall(r'<circle [^>]*cy="([\d.]+)"', a_lines(1140, halves))
        assert len(heights) == 2
        assert len(set(heights)) == 1

    def test_a_scale_holds_the_marks_too(self) -> None:
        high = [Line("Rate", {2020: 3.0}, [Mark("england", 2020, 47.0)], "%")]
        assert "60%" in words(a_lines(series=high))

    def test_scales_that_differ_are_said_to(self) -> None:
        assert "Each chart has its own scale from zero" in words(a_lines(series=UNLIKE))
        assert "Each chart has its own scale from zero" not in words(a_lines(series=[UNLIKE[0]] * 2))
        same_top = [UNLIKE[0], Line("Children", {2020: 16.0})]
        assert "Each chart has its own scale from zero" in words(a_lines(series=same_top))

    def test_a_unit_that_is_no_sign_stands_after_the_name(self) -> None:
        printed = words(a_lines(series=[Line("Open", {2020: 12}, unit="children")]))
        assert {"Open (children)", "12"} <= set(printed)

    def test_a_chart_of_noughts_has_a_scale_and_one_without_figures_says_so(self) -> None:
        printed = words(a_lines(1140, [Line("None", {2020: 0}), Line("Empty", {2020: None}), UNLIKE[0]]))
        assert {"1", "0", "No figure is recorded."} <= set(printed)

    def test_a_value_of_an_earlier_year_does_not_touch_the_ceilings_number(self) -> None:
        markup = a_lines(series=[Line("Rate", {2017: 20.0, 2018: None, 2020: None}, unit="%")])
        marks = [
            (float(text.get("x", "")), float(text.get("y", "")))
            for text in ElementTree.fromstring(markup).iter(f"{SVG}text")
            if text.text == "20%"
        ]
        assert len(marks) == 2
        assert abs(marks[0][1] - marks[1][1]) >= 16

    def test_last_values_do_not_touch(self) -> None:
        crowd = [Mark("england", 2020, 20.1), Mark("neighbours", 2020, 19.9)]
        labels = boxes(a_lines(series=[Line("Rate", {2020: 20.0}, crowd)]), "los-drawing__last")
        assert len(labels) == 3
        assert [pair for pair in combinations(labels, 2) if pair[0].shared(pair[1])] == []

    def test_only_the_comparisons_that_are_used_are_in_the_key(self) -> None:
        assert {"England", "Statistical neighbours"} <= set(words(a_lines()))
        assert "England" not in words(a_lines(series=RATES[1:]))

    def test_charts_stand_one_over_another_on_a_phone_and_beside_each_other_on_a_page(self) -> None:
        heights = [float(ElementTree.fromstring(a_lines(width)).get("height", "")) for width in (336, 1140)]
        assert heights[0] > heights[1]

    @pytest.mark.parametrize(
        ("value", "unit", "told"),
        [(1234, "", "1,234"), (12.0, "%", "12%"), (12.54, "%", "12.5%"), (5000000, "£", "£5,000,000")],
    )
    def test_numbers_are_written_as_people_write_them(self, value: float, unit: str, told: str) -> None:
        assert number_words(value, unit) == told


class TestCurves:
    def test_the_chosen_number_the_scale_and_every_curve_are_named(self) -> None:
        assert {"here", "Floor", "Right", "Found", "0.0", "0.1", "0%", "100%"} <= set(words(a_curve()))
        assert "0.05" not in words(a_curve()) and "<script" not in a_curve(names=(HOSTILE, HOSTILE))

    def test_a_share_is_as_high_as_it_is_large_and_each_curve_has_its_own_marker(self) -> None:
        marks = [
            (float(dot.get("cx", "")), float(dot.get("cy", "")))
            for dot in ElementTree.fromstring(a_curve()).iter(f"{SVG}circle")
        ]
        heights = [y for x, y in marks if x > 4]
        assert heights[0] - heights[1] == pytest.approx(50, abs=0.2)
        assert heights[1] - heights[2] == pytest.approx(100, abs=0.2)
        assert len(marks) == 4, "three of the first curve and one in the key; the second curve has squares"


def test_the_last_day_of_the_axis_is_on_it() -> None:
    time = TimeScale(date(2019, 4, 1), date(2019, 7, 1), 0, 100)
    days = (date(2019, 3, 31), date(2019, 4, 1), date(2019, 7, 1), date(2019, 7, 2))
    assert [time.holds(day) for day in days] == [False, True, True, False]
    assert time.quarters() == [date(2019, 4, 1), date(2019, 7, 1)]
