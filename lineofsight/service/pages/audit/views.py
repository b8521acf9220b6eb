"""One page with everything an auditor may see, its JSON, and a button that checks the whole record."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from lineofsight.service.access import audit as proof
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell, tables
from lineofsight.service.pages.tables import Column
from lineofsight.vocabulary.refusal import Refused

_ROLES: tuple[Column[dict[str, Any]], ...] = (
    Column("name", "Name", sort=lambda one: one["name"].casefold()),
    Column("role", "Role", sort=lambda one: one["role"]),
    Column("given", "Given", sort=lambda one: one["given_at"], most_first=True),
    Column("ended", "Ended", sort=lambda one: one["ended_at"], most_first=True),
)


@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: HttpRequest, authority: str) -> HttpResponse:
    """The page or its JSON; posted to, it checks the record and shows what it found."""
    asked = shell.asked_of(request, authority, Permission.AUDIT)
    checked, refused = None, ""
    if request.method == "POST":
        try:
            checked = proof.check(asked.viewer)
        except Refused as busy:
            refused = str(busy)
    roles = proof.roles_history(asked.viewer)
    found: dict[str, Any] = {
        "heads": [asdict(one) for one in proof.heads(asked.viewer)],
        "access_log": proof.log_counts(asked.viewer),
        "seals": proof.seals(asked.viewer),
        "deliveries": proof.deliveries(asked.viewer, asked.record),
        "roles": roles,
    }
    if render.wants_json(request):
        return render.json(asked, lambda: found)
    table = tables.table(
        request,
        roles,
        _ROLES,
        caption="Who has and had which role",
        per_page=100,
        link=lambda extra: asked.link("audit", extra=extra),
        anchor="#roles",
    )
    context = {**found, "table": table, "checked": checked, "refused": refused}
    return render.html(request, asked, "audit/audit.html", "audit", context, 503 if refused else 200)
