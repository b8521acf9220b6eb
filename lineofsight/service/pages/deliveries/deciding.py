"""What a named person decides about a delivery that waits: what it would change, confirming it, setting it aside."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lineofsight.queries import deliveries as read
from lineofsight.queries.deliveries import DeliveryDetails
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell
from lineofsight.service.pages.deliveries import labels
from lineofsight.service.pages.deliveries.forms import ConfirmForm, ReasonForm, SetAsideForm
from lineofsight.service.pages.forms import at_field, posted
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.refusal import Refused


def details(asked: shell.ServicePage, id: str) -> DeliveryDetails:
    """One delivery of the authority; raises Http404 where it has none of that id."""
    try:
        return read.details(asked.record, id)
    except Refused:
        raise Http404 from None


def would_change(asked: shell.ServicePage, delivery_details: DeliveryDetails) -> dict[str, Any]:
    """What a delivery would change: rows withdrawn table by table, and the figure before and after.

    Of one that waits for a named person or was set aside; nothing of any other.
    """
    if (
        delivery_details.row.state not in (read.TO_CONFIRM, read.IS_SET_ASIDE)
        or delivery_details.asked_for is None
    ):
        return {}
    withdraws = delivery_details.asked_for.withdraws
    held = read.rows_held(asked.record, delivery_details.row.delivery.source, withdraws)
    rows = [labels.withdrawal(table, count, held[table]) for table, count in sorted(withdraws.items())]
    return {
        "withdraws": labels.withdrawals_table(rows) if rows else None,
        "figure": labels.figure_change(delivery_details.asked_for.figure),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, authority: str, id: str) -> HttpResponse:
    """Check what a delivery that waits would change, then confirm it by name and with a reason."""

    def do(asked: shell.ServicePage, why: str) -> str:
        recipe.confirm(id, by=asked.viewer.by, why=why)
        return f"Confirmed by {asked.viewer.by}. The delivery has been loaded."

    return _decide(request, authority, id, ConfirmForm, "deliveries/confirm.html", (read.TO_CONFIRM,), do)


@require_http_methods(["GET", "HEAD", "POST"])
def set_aside(request: HttpRequest, authority: str, id: str) -> HttpResponse:
    """Set aside a delivery that waits, by name and with a reason."""

    def do(asked: shell.ServicePage, why: str) -> str:
        recipe.set_aside(id, why=why, by=asked.viewer.by)
        return f"Set aside by {asked.viewer.by}. Nothing in the delivery was loaded."

    waits = (read.TO_CONFIRM, read.TO_READ)
    return _decide(request, authority, id, SetAsideForm, "deliveries/set_aside.html", waits, do)


def _decide(
    request: HttpRequest,
    authority: str,
    id: str,
    form_of: type[ReasonForm],
    template: str,
    waits: tuple[str, ...],
    do: Any,
) -> HttpResponse:
    """A page with a reason to give. `do` takes the page and the reason, decides, and gives what to say of it."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    found = details(asked, id)
    if found.row.state not in waits:
        messages.info(request, _DECIDED[found.row.state])
        return redirect("delivery", authority, id)
    form = form_of(*posted(request), by=asked.viewer.by)
    if form.is_bound and form.is_valid():
        try:
            with at_field("reason"):
                said = do(asked, form.cleaned_data["reason"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said)
            return redirect("delivery", authority, id)
    more = {"one": labels.details(found), "would": would_change(asked, found), "form": form}
    more["reasons"] = read.why_held_back(asked.record, id)
    status = 422 if form.is_bound else 200
    return render.html(request, asked, template, "deliveries", more, status=status)


_READ_ALREADY = "This delivery has already been confirmed or loaded."
_DECIDED = {
    read.IS_READ: _READ_ALREADY,
    read.NOTHING_TAKEN: _READ_ALREADY,
    read.TO_READ: "This delivery has not been read yet, so there is nothing to confirm.",
    read.IS_SET_ASIDE: "This delivery has already been set aside.",
}
"""Why there is nothing to decide, by what became of the delivery."""
