"""Who answers for a child, and the workers and teams who may."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

INVOLVEMENT = Table(
    name="involvement",
    says="A worker's or a team's involvement with a child: who is said to answer, in which role, from when to when.",
    columns=(
        Column("child", "the child; where nothing stands here, the referral says which"),
        Column("referral", "the referral it belongs to"),
        Column("worker", "the worker; nothing where only a team is named"),
        Column("team", "the team"),
        Column("role", "the role, as the case system codes it"),
        Column("begun_on", "the first day", Kind.DAY),
        Column("ended_on", "the day from which no longer", Kind.DAY),
        Column("change_reason", "why the worker changed, the department's code", codes="worker_change"),
        Column(
            "team_alone", "the team again where no worker is named: part of what makes a row the same row"
        ),
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
        Column("job_title", "job title; holds from the delivery that first said it"),
        Column("caseload", "cases held, as the case system counts them"),
        Column("department", "the team or department worked in"),
        Column("fte", "full-time equivalent, as written"),
        Column("agency", "whether an agency worker"),
        Column("left_on", "the day from which no longer in post", Kind.DAY),
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
        Column("parent_name", "that one's name"),
    ),
    key=("team",),
)
