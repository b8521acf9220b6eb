"""The Standard Safeguarding Dataset's tables and columns, and where each goes in the record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class SsdTable:
    """One of its tables: the record's table, the names its file may bear, and its columns by ours."""

    table: str
    files: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    unread: tuple[str, ...] = ()
    """Columns that are known and not read: they hold documents, not cells."""

    @cached_property
    def headings(self) -> frozenset[str]:
        """Every heading that is known, bare, with and without the prefix of the table."""
        known = {name for names in self.columns.values() for name in names} | set(self.unread)
        return frozenset(known | set(map(_without_prefix, known)))

    def columns_for(self, ours: str, headings: Sequence[str]) -> list[str]:
        """The file's headings for one of our columns, the surest first."""
        theirs = {bare(heading): heading for heading in reversed(headings)}
        names = self.columns[ours]
        return [theirs[known] for known in (*names, *map(_without_prefix, names)) if known in theirs]

    def chosen(self, headings: Sequence[str]) -> dict[str, str | None]:
        """For each of our columns the file's: under its whole heading or, where there is none, without the prefix."""
        theirs = {bare(heading): heading for heading in reversed(headings)}
        return {
            ours: next(
                (theirs[known] for known in (*names, *map(_without_prefix, names)) if known in theirs), None
            )
            for ours, names in self.columns.items()
        }


def _without_prefix(name: str) -> str:
    return name.partition("_")[2]


def bare(heading: str) -> str:
    """A heading as it is compared: small letters, the words of it joined by one line each."""
    return re.sub(r"[\s\-]+", "_", heading.strip(" \"'[]`").lower())


def _columns(prefix: str, **ours: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(prefix + theirs for theirs in text.split()) for name, text in ours.items()}


SSD_TABLES: tuple[SsdTable, ...] = (
    SsdTable("child", ("person", "persons"), _columns(
        "pers_", child="person_id", forename="forename", surname="surname", sex="sex", gender="gender",
        ethnicity="ethnicity", born_on="dob", expected_on="expected_dob", died_on="death_date",
        upn="upn common_child_id", upn_unknown="upn_unknown", earlier_number="legacy_id", send="send_flag",
        mother="is_mother", nationality="nationality"), ("pers_single_unique_id",)),
    SsdTable("address", ("address", "addresses"), _columns(
        "addr_", child="person_id", kind="address_type", begun_on="address_start_date",
        ended_on="address_end_date", postcode="address_postcode", address="address_json"), ("addr_table_id",)),
    SsdTable("disability", ("disability", "disabilities"), _columns(
        "disa_", child="person_id", disability="disability_code"), ("disa_table_id",)),
    SsdTable("identifier", ("linked_identifiers", "linked_identifier"), _columns(
        "link_", child="person_id", kind="identifier_type", value="identifier_value",
        begun_on="valid_from_date", ended_on="valid_to_date"), ("link_table_id",)),
    SsdTable("family", ("family", "families"), _columns(
        "fami_", family="family_id", child="person_id"), ("fami_table_id",)),
    SsdTable("mother", ("mother", "mothers"), _columns(
        "moth_", mother="person_id", child="childs_person_id", born_on="childs_dob"), ("moth_table_id",)),
    SsdTable("contact", ("contacts", "contact"), _columns(
        "cont_", child="person_id", contacted_on="contact_date", made_by="contact_source_code",
        made_by_says="contact_source_desc contact_source"), ("cont_contact_id", "cont_contact_outcome_json")),
    SsdTable("early_help", ("early_help_episodes", "early_help_episode"), _columns(
        "earl_", child="person_id", begun_on="episode_start_date", ended_on="episode_end_date",
        reason="episode_reason", end_reason="episode_end_reason", organisation="episode_organisation",
        worker="episode_worker_id episode_worker_name"), ("earl_episode_id",)),
    SsdTable("episode", ("cin_episodes", "cin_episode"), _columns(
        "cine_", child="person_id", referral="referral_id", begun_on="referral_date", closed_on="close_date",
        need="cin_primary_need_code cin_primary_need", referred_by="referral_source_code referral_source",
        nfa="referral_nfa", close_reason="close_reason", team="referral_team", worker="referral_worker_id"),
        ("cine_referral_outcome_json", "cine_referral_source_desc")),
    SsdTable("assessment", ("cin_assessments", "cin_assessment"), _columns(
        "cina_", child="person_id", referral="referral_id", begun_on="assessment_start_date",
        authorised_on="assessment_auth_date", seen="assessment_child_seen", nfa="assessment_outcome_nfa",
        team="assessment_team", worker="assessment_worker_id"),
        ("cina_assessment_outcome_json", "cina_assessment_id")),
    SsdTable("enquiry", ("s47_enquiry", "s47_enquiries"), _columns(
        "s47e_", child="person_id", referral="referral_id", begun_on="s47_start_date", ended_on="s47_end_date",
        nfa="s47_nfa", team="s47_completed_by_team", worker="s47_completed_by_worker_id s47_completed_by_worker"),
        ("s47e_s47_outcome_json", "s47e_s47_enquiry_id")),
    SsdTable("conference", ("initial_cp_conference", "initial_cp_conferences"), _columns(
        "icpc_", child="person_id", referral="referral_id", target_on="icpc_target_date", held_on="icpc_date",
        transfer_in="icpc_transfer_in", protection="icpc_outcome_cp_flag", team="icpc_team",
        worker="icpc_worker_id"),
        ("icpc_icpc_outcome_json", "icpc_icpc_id", "icpc_icpc_meeting_id", "icpc_s47_enquiry_id", "icpc_cp_plan_id")),
    SsdTable("need_plan", ("cin_plans", "cin_plan"), _columns(
        "cinp_", child="person_id", referral="referral_id", begun_on="cin_plan_start_date",
        ended_on="cin_plan_end_date", team="cin_plan_team", worker="cin_plan_worker_id",
        need_plan="cin_plan_id")),
    SsdTable("need_visit", ("cin_visits", "cin_visit"), _columns(
        "cinv_", child="person_id", visited_on="cin_visit_date", seen="cin_visit_seen",
        seen_alone="cin_visit_seen_alone", bedroom="cin_visit_bedroom", need_plan="cin_plan_id"),
        ("cinv_cin_visit_id",)),
    SsdTable("protection_plan", ("cp_plans", "cp_plan"), _columns(
        "cppl_", child="person_id", referral="referral_id", begun_on="cp_plan_start_date",
        ended_on="cp_plan_end_date", initial_category="cp_plan_initial_category",
        latest_category="cp_plan_latest_category", other_authority="cp_plan_ola",
        protection_plan="cp_plan_id"), ("cppl_icpc_id",)),
    SsdTable("protection_visit", ("cp_visits", "cp_visit"), _columns(
        "cppv_", child="person_id", visited_on="cp_visit_date", seen="cp_visit_seen",
        seen_alone="cp_visit_seen_alone", bedroom="cp_visit_bedroom", protection_plan="cp_plan_id"),
        ("cppv_cp_visit_id",)),
    SsdTable("protection_review", ("cp_reviews", "cp_review"), _columns(
        "cppr_", child="person_id", due_on="cp_review_due", held_on="cp_review_date",
        continued="cp_review_outcome_continue_cp", quorate="cp_review_quorate",
        participation="cp_review_participation", protection_plan="cp_plan_id"),
        ("cppr_cp_review_id", "cppr_cp_review_meeting_id")),
    SsdTable("care_episode", ("cla_episodes", "cla_episode"), _columns(
        "clae_", child="person_id", care="cla_id", referral="referral_id", begun_on="cla_episode_start_date",
        ended_on="cla_episode_ceased_date cla_episode_ceased", begun_because="cla_episode_start_reason",
        ended_because="cla_episode_ceased_reason cla_episode_cease_reason", need="cla_primary_need_code cla_primary_need",
        entered_care_on="entered_care_date", last_officer_contact_on="cla_last_iro_contact_date"),
        ("clae_cla_episode_id", "clae_cla_placement_id")),
    SsdTable("placement", ("cla_placement", "cla_placements"), _columns(
        "clap_", child="person_id", care="cla_id", begun_on="cla_placement_start_date",
        ended_on="cla_placement_end_date", kind="cla_placement_type", provider="cla_placement_provider",
        urn="cla_placement_urn", postcode="cla_placement_postcode", distance="cla_placement_distance",
        change_reason="cla_placement_change_reason"), ("clap_cla_placement_id",)),
    SsdTable("legal_status", ("legal_status", "legal_statuses"), _columns(
        "lega_", child="person_id", status="legal_status", begun_on="legal_status_start_date legal_status_start",
        ended_on="legal_status_end_date legal_status_end"), ("lega_legal_status_id",)),
    SsdTable("care_visit", ("cla_visits", "cla_visit"), _columns(
        "clav_", child="person_id", visited_on="cla_visit_date", seen="cla_visit_seen",
        seen_alone="cla_visit_seen_alone", care="cla_id"), ("clav_cla_visit_id",)),
    SsdTable("care_review", ("cla_reviews", "cla_review"), _columns(
        "clar_", care="cla_id", child="person_id cla_person_id", due_on="cla_review_due_date", held_on="cla_review_date",
        cancelled="cla_review_cancelled", participation="cla_review_participation"), ("clar_cla_review_id",)),
    SsdTable("permanence", ("permanence",), _columns(
        "perm_", child="person_id", care="cla_id", decided_on="adm_decision_date",
        fostering_decided_on="ffa_cp_decision_date", placement_order_on="placement_order_date",
        matched_on="matched_date", fostering_placed_on="placed_ffa_cp_date", placed_on="placed_for_adoption_date",
        order="permanence_order_type", ordered_on="permanence_order_date", reversed_on="decision_reversed_date",
        reversed_because="decision_reversed_reason", adopted_by_carer="adopted_by_carer_flag",
        with_carer_from="placed_foster_carer_date", siblings="part_of_sibling_group",
        siblings_together="siblings_placed_together", siblings_apart="siblings_placed_apart",
        urn="placement_provider_urn", adopters="number_of_adopters", adopters_sex="adopter_sex",
        adopters_status="adopter_legal_status", worker="adoption_worker_id"), ("perm_table_id",)),
    SsdTable("care_leaver", ("care_leavers", "care_leaver"), _columns(
        "clea_", child="person_id", eligibility="care_leaver_eligibility", in_touch="care_leaver_in_touch",
        last_contact_on="care_leaver_latest_contact", accommodation="care_leaver_accommodation",
        suitable="care_leaver_accom_suitable", activity="care_leaver_activity",
        plan_review_on="pathway_plan_review_date", adviser="care_leaver_personal_advisor",
        team="care_leaver_allocated_team", worker="care_leaver_worker_id"), ("clea_table_id",)),
    SsdTable("missing", ("missing",), _columns(
        "miss_", child="person_id", begun_on="missing_episode_start_date missing_episode_start",
        ended_on="missing_episode_end_date missing_episode_end", kind="missing_episode_type",
        interview_offered="missing_rhi_offered", interview_accepted="missing_rhi_accepted"), ("miss_table_id",)),
    SsdTable("involvement", ("involvements", "involvement"), _columns(
        "invo_", child="person_id", referral="referral_id", worker="professional_id",
        team="professional_team", role="professional_role_id", begun_on="involvement_start_date",
        ended_on="involvement_end_date", change_reason="worker_change_reason"),
        ("invo_involvements_id",)),
    SsdTable("worker", ("professionals", "professional"), _columns(
        "prof_", worker="professional_id", staff_id="staff_id", name="professional_name",
        registration="social_worker_registration_no", job_title="professional_job_title",
        caseload="professional_caseload", department="professional_department",
        fte="full_time_equivalency", agency="agency_worker_flag",
        left_on="leaving_date leave_date left_date end_date left_on professional_leaving_date "
                "professional_leave_date professional_end_date professional_left_date date_left employment_end_date")),
    SsdTable("team", ("department", "departments"), _columns(
        "dept_", team="team_id", name="team_name", parent="team_parent_id", parent_name="team_parent_name")),
)  # fmt: skip
"""The tables that are read. The others of the dataset, among them those of finance, are stored and not read."""

UNREAD_FILES = frozenset({
    "assessment_factors", "cla_care_plan", "cla_convictions", "cla_health", "cla_immunisations",
    "cla_previous_permanence", "cla_substance_misuse", "immigration_status", "sdq_scores", "pre_proceedings",
    "voice_of_child", "s251_finance", "send", "sen_need", "ehcp_requests", "ehcp_assessment", "ehcp_named_plan",
    "ehcp_active_plans", "version_log", "api_data_staging", "cohort", "dim_date", "pre_cla_care_plan",
})  # fmt: skip
"""Tables of the dataset for which the record has none."""

COSTS = {
    ("episode", "begun_on"): "it is not known since when episodes are open",
    ("episode", "closed_on"): "children whose episode was closed stay in the figure",
    ("episode", "nfa"): "referrals on which no further action was taken are counted as open episodes",
    ("involvement", "child"): "a child is known only by the referral",
    ("involvement", "worker"): "no child has a worker",
    ("involvement", "team"): "children without a worker are not shown under a team",
    ("involvement", "role"): "roles that do not count cannot be told from the allocated worker",
    ("involvement", "begun_on"): "every worker counts for all days before, too",
    ("involvement", "ended_on"): "workers who no longer answer still count",
    ("worker", "name"): "workers are shown by number only, and a vacant post cannot be told from a person",
    ("worker", "job_title"): "managers cannot be told from social workers",
    ("protection_plan", "ended_on"): "plans that have ended still run",
    ("care_episode", "ended_on"): "children who ceased to be looked after still are",
}
"""What it costs where a table lacks one of these columns."""
