"""A row that names no child gets it from its plan or period of care, and a review its period from its day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import numbered
from lineofsight.intake.formats import formats
from lineofsight.vocabulary.refusal import Refused

CONTEXT = Context(datetime(2026, 3, 16, 9, tzinfo=UTC))
PLANS = "cinp_cin_plan_id,cinp_person_id,cinp_cin_plan_start_date\n1001,C1,2025-01-01\n1002,C2,2025-01-01\n"
PROTECTION = "cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date\nP1,C1,2025-01-01\n"
CARE = (
    "clae_cla_id,clae_person_id,clae_cla_episode_start_date,clae_cla_episode_ceased_date\n"
    "L1,C1,2024-01-01,2024-06-01\nL1,C1,2024-06-01,2024-09-01\nL2,C1,2025-01-01,\n"
)


def read(**tables: str) -> Reading:
    files = [NamedBytes(f"ssd_{name}.csv", text.encode()) for name, text in tables.items()]
    return formats()["ssd_tables"].read(files, CONTEXT)


def refused(reading: Reading) -> list[tuple[str, int]]:
    found = numbered(reading.findings)
    return found.filter(found["severity"] == "refused").select("code", "row").rows()


@pytest.mark.parametrize(
    ("visits", "table", "described"),
    [
        ("cin_visits", "need_visit", {"cin_plans": PLANS.replace("1001", "P1")}),
        ("cp_visits", "protection_visit", {"cp_plans": PROTECTION}),
        ("cla_visits", "care_visit", {"cla_episodes": CARE.replace("L1", "P1")}),
    ],
)
def test_a_visit_without_a_child_has_that_of_what_it_was_made_under(
    visits: str, table: str, described: dict[str, str]
) -> None:
    number, day = {
        "cin_visits": ("cinv_cin_plan_id", "cinv_cin_visit_date"),
        "cp_visits": ("cppv_cp_plan_id", "cppv_cp_visit_date"),
        "cla_visits": ("clav_cla_id", "clav_cla_visit_date"),
    }[visits]
    reading = read(**described, **{visits: f"{number},{day}\nP1,2025-02-01\nP9,2025-02-02\n"})
    assert reading.rows[table].select("child", "visited_on").rows() == [("C1", date(2025, 2, 1).toordinal())]
    assert refused(reading) == [("C01", 2)]
    assert table in reading.unlimited
    assert reading.received == sum(rows.height for rows in reading.rows.values()) + reading.quarantined


def test_a_visit_keeps_its_own_child_and_absence_then_says_something() -> None:
    visits = "cinv_person_id,cinv_cin_plan_id,cinv_cin_visit_date\nC2,1001,2025-02-01\n"
    reading = read(cin_plans=PLANS, cin_visits=visits)
    assert reading.rows["need_visit"].select("child", "need_plan").rows() == [("C2", "1001")]
    assert reading.unlimited == frozenset()


def test_a_plan_whose_zeros_were_lost_is_found_and_one_of_two_children_says_nothing() -> None:
    visits = "cinv_cin_plan_id,cinv_cin_visit_date\n001001,2025-02-01\n"
    assert read(cin_plans=PLANS, cin_visits=visits).rows["need_visit"]["child"].to_list() == ["C1"]
    twice = PLANS.replace("1002", "1001")
    assert read(cin_plans=twice, cin_visits=visits).rows["need_visit"].height == 0


def test_visits_with_neither_child_nor_plan_are_no_table() -> None:
    with pytest.raises(Refused, match="cinv_person_id or cinv_cin_plan_id"):
        read(cin_visits="cinv_cin_visit_date\n2025-02-01\n")


def test_a_placement_is_present_under_the_child_it_is_recorded_with() -> None:
    placements = "clap_cla_id,clap_cla_placement_start_date\nL2,2025-01-01\n"
    reading = read(cla_episodes=CARE, cla_placement=placements)
    key = ("C1", "L2", date(2025, 1, 1).toordinal())
    assert reading.rows["placement"].select("child", "care", "begun_on").rows() == [key]
    assert reading.present["placement"][0].select("child", "care", "begun_on").rows() == [key]


@pytest.mark.parametrize(
    ("held", "due", "care"),
    [
        ("2024-03-01", "", "L1"),
        ("2024-06-01", "", "L1"),
        ("2024-09-01", "", "L1"),
        ("", "2025-04-01", "L2"),
        ("2025-02-01", "2024-08-01", "L2"),
        ("2024-10-01", "2025-04-01", None),
        ("", "", None),
    ],
)
def test_a_review_without_a_number_belongs_to_the_period_of_its_day(
    held: str, due: str, care: str | None
) -> None:
    """On the last day of a period a review belongs to it; held stands over due."""
    reviews = f"clar_person_id,clar_cla_review_due_date,clar_cla_review_date\nC1,{due},{held}\n"
    reading = read(cla_episodes=CARE, cla_reviews=reviews)
    assert reading.rows["care_review"]["care"].to_list() == ([care] if care else [])
    assert refused(reading) == ([] if care else [("C01", 1)])
    assert ("care_review" in reading.unlimited) is (care is None)


def test_periods_without_numbers_that_touch_are_one() -> None:
    without = "\n".join(line.partition(",")[2] for line in CARE.splitlines())
    reviews = "clar_person_id,clar_cla_review_date\nC1,2024-08-01\nC1,2025-02-01\n"
    reading = read(cla_episodes=without, cla_reviews=reviews)
    assert reading.rows["care_review"]["care"].to_list() == ["C1@2024-01-01", "C1@2025-01-01"]


def test_a_review_without_number_or_periods_is_refused() -> None:
    assert refused(read(cla_reviews="clar_person_id,clar_cla_review_date\nC1,2024-08-01\n")) == [("C01", 1)]
