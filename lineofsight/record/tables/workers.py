"""Who answers for a child, and the workers and teams who may."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

INVOLVEMENT = Table(
    name="involvement",
    says="A worker's or a team's involvement with a child: who answers, in which role, from when to when.",
    columns=(
        Column("child", "the child; if empty, the referral shows which"),
        Column("referral", "the referral it belongs to"),
        Column("worker", "the worker; empty if only a team is named"),
        Column("team", "the team"),
        Column("role", "the role, as the case system codes it"),
        Column("begun_on", "the first day", Kind.DAY),
        Column("ended_on", "the first day on which it no longer applies", Kind.DAY),
        Column("change_reason", "why the worker changed, the department's code", codes="worker_change"),
        Column("team_alone", "the team again if no worker is named, as part of the key"),
    ),
    key=("child", "referral", "worker", "team_alone", "role", "begun_on"),
    begins="begun_on",
    ends="ended_on",
    child=("child",),
)

WORKER = Table(
    name="worker",
    says="A worker: somebody who may answer for children.",
    columns=(
        Column("worker", "the case system's number for the worker", required=True),
        Column("staff_id", "the authority's staff number"),
        Column("name", "name"),
        Column("registration", "Social Work England's number"),
        Column("job_title", "job title; applies from the delivery that first gave it"),
        Column("caseload", "number of cases, as the case system counts them"),
        Column("department", "the worker's team or department"),
        Column("fte", "full-time equivalent, as written"),
        Column("agency", "whether the worker is an agency worker"),
        Column("left_on", "the first day on which the worker is no longer in post", Kind.DAY),
    ),
    key=("worker",),
)

TEAM = Table(
    name="team",
    says="A team of the service.",
    columns=(
        Column("team", "the case system's number for the team", required=True),
        Column("name", "name"),
        Column("parent", "the team or service it belongs to"),
        Column("parent_name", "the name of the parent"),
    ),
    key=("team",),
)

TEAM_PARENT = Table(
    name="team_parent",
    says="Which team or service a team belongs to, for a time, as a file of teams states it.",
    columns=(
        Column("team", "the team, as involvements name it", required=True),
        Column("parent", "the team or service above it; empty if it is at the top"),
        Column("begun_on", "the first day", Kind.DAY),
        Column("ended_on", "the first day on which it no longer applies", Kind.DAY),
    ),
    key=("team", "begun_on"),
    begins="begun_on",
    ends="ended_on",
)
