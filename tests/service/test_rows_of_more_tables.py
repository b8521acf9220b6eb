"""Rows beside who answers: contacts, families, plans' visits. They are listed with the child, stand night after night, and go with the child."""

from __future__ import annotations

import pytest

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.receive import recipe
from lineofsight.service.store import chain, erasure
from lineofsight.vocabulary.identifiers import SourceName
from tests.service.homes import Home, filled_once
from tests.support import answers
from tests.support.cases import AUTHORITY, describe, moment

TABLES = {
    "cin_episodes": "cine_person_id,cine_referral_id,cine_referral_date\nC1,R1,2025-01-02\nC2,R2,2025-01-02\n",
    "contacts": "cont_person_id,cont_contact_date,cont_contact_source_code\nC1,2025-01-01,6\nC9,2025-01-01,6\n",
    "family": "fami_family_id,fami_person_id\nF1,C1\nF1,C2\n",
    "mother": "moth_person_id,moth_childs_person_id\nC2,C1\n",
    "permanence": "perm_person_id,perm_adm_decision_date\nC1,2025-02-01\n",
    "cla_episodes": "clae_person_id,clae_cla_id,clae_cla_episode_start_date\nC1,L1,2025-01-02\n",
    "cla_placement": "clap_cla_id,clap_cla_placement_start_date\nL1,2025-01-02\n",
    "cin_plans": "cinp_person_id,cinp_cin_plan_id,cinp_cin_plan_start_date\nC1,P1,2025-01-02\n",
    "cin_visits": "cinv_cin_plan_id,cinv_cin_visit_date\nP1,2025-01-09\n",
}


def night(day: str, **instead: str) -> dict[str, int]:
    files = [NamedBytes(f"ssd_{name}.csv", text.encode()) for name, text in {**TABLES, **instead}.items()]
    outcome = recipe.load(
        files, "night", AUTHORITY, SourceName("nightly"), received_at=moment(day), by="tests"
    )
    counts: dict[str, int] = chain.body_of(outcome.link)["counts"]
    return counts


@pytest.fixture
@filled_once
def loaded(home: Home) -> Home:
    describe("nightly")
    night("2025-03-01")
    return home


def rows_of(home: Home, child: str) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = home.answer("child", child, "--authority", AUTHORITY)["rows"]
    return found


def test_they_are_listed_with_their_child_and_count_nobody(loaded: Home) -> None:
    rows = rows_of(loaded, "C1")
    assert {"contact", "family", "mother", "permanence", "placement", "need_visit"} <= set(rows)
    assert set(rows_of(loaded, "C2")) == {"episode", "family", "mother"}
    assert (
        answers.figure(
            answers.Asked(AUTHORITY), moment("2025-03-01").date(), answers.latest(answers.Asked(AUTHORITY))
        )["population"]
        == 2
    )


def test_the_same_night_again_withdraws_nothing_and_one_without_plans_takes_no_visit_away(
    loaded: Home,
) -> None:
    more = TABLES["contacts"] + "C2,2025-03-01,6\n"
    again = night("2025-03-02", contacts=more)
    assert (again["accepted"], again["withdrawn"], again["quarantined"]) == (1, 0, 0)
    other = "cinp_person_id,cinp_cin_plan_id,cinp_cin_plan_start_date\n"
    without = night("2025-03-03", contacts=more, cin_plans=other)
    assert (without["quarantined"], without["withdrawn"]) == (1, 1)
    assert "need_visit" in rows_of(loaded, "C1")


def test_with_a_mother_her_rows_go(loaded: Home) -> None:
    erasure.erase_child(AUTHORITY, "C2", "asked for", by="Ben")
    rows = rows_of(loaded, "C1")
    assert "mother" not in rows
    assert len(rows["family"]) == 1
    assert rows["contact"]
