"""Who holds which role: listed, given, ended; and what somebody may see themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as draw
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lineofsight.queries import workforce
from lineofsight.service.access import confirming, one_time
from lineofsight.service.access import people as kept
from lineofsight.service.access.appointments import Appointed
from lineofsight.service.access.roles import SCOPED, Permission
from lineofsight.service.access.viewer import authorities_of
from lineofsight.service.pages import render, shell, tables
from lineofsight.service.pages.forms import posted
from lineofsight.service.pages.people.forms import ChangeForm, DecisionForm, NoticesForm, RoleForm
from lineofsight.service.pages.tables import Column
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.refusal import Refused

_MOST = 200
_COLUMNS: tuple[Column[dict[str, Any]], ...] = (
    Column("name", "Name", sort=lambda one: one["name"].casefold()),
    Column(
        "roles", "Current roles", sort=lambda one: [role["role"] for role in one["roles"] if role["in_force"]]
    ),
    Column("second_step", "Two-step sign-in", sort=lambda one: one["second_step"]),
    Column("active", "Account", sort=lambda one: (one["active"], one["elsewhere"])),
)
_ACTIONS = {
    "reset": "Reset two-step sign-in",
    "password": "Reset password",
    "link": "Create a one-time link to set a password",
    "stop": "Turn off account",
    "resume": "Turn account on again",
}


@require_safe
def my_access(request: HttpRequest) -> HttpResponse:
    """The roles one holds and held, and who gave them."""
    context = {
        "one": kept.person(request.user),
        "services": authorities_of(request.user, Permission.HEADLINE),
        "records": [] if settings.HOLDS_CHILDREN else authorities_of(request.user),
        "gives_roles": [] if settings.HOLDS_CHILDREN else authorities_of(request.user, Permission.PEOPLE),
        "confirms": authorities_of(request.user, Permission.CONFIRM_ROLES),
        "notices": kept.notices(request.user),
        "second_step_off": not settings.MFA_REQUIRED,
    }
    return draw(request, "people/my_access.html", context)


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Somebody has read the notices shown to them."""
    form = NoticesForm(*posted(request))
    if form.is_valid():
        kept.notices_are_read(request.user, form.cleaned_data["number"])
    return redirect("my_access")


@require_safe
def people(request: HttpRequest, authority: str) -> HttpResponse:
    """Everybody who holds or held a role here."""
    asked = shell.asked_of(request, authority, Permission.PEOPLE)
    found = kept.listed(authority)
    if render.wants_json(request):
        return render.json(asked, lambda: {"people": found})
    table = tables.table(
        request,
        found,
        _COLUMNS,
        caption="People",
        per_page=_MOST,
        link=lambda extra: asked.link("people", extra=extra),
    )
    names = _team_names(asked)
    for role in (role for listed in table.page for role in listed["roles"]):
        role["bound_words"] = names.get(role["bound"], role["bound"])
    return render.html(request, asked, "people/people.html", "people", {"table": table})


def _team_names(asked: shell.ServicePage) -> Mapping[str, str]:
    """The teams of the service by their codes; none where no case records were loaded."""
    return workforce.team_names(asked.record, asked.figure_query) if asked.has_case_records else {}


@require_http_methods(["GET", "HEAD", "POST"])
def give_role(request: HttpRequest, authority: str) -> HttpResponse:
    """A form, then its answers to be checked, then a receipt."""
    asked = shell.asked_of(request, authority, Permission.PEOPLE)
    form, back = RoleForm(*posted(request), authority=authority), reverse("people", args=[authority])
    if form.is_bound and form.is_valid():
        role = form.wanted
        if form.cleaned_data["confirmed"] != "yes":
            answers = (
                [(SCOPED.get(role.role, "").capitalize(), role.team or role.worker)]
                if role.role in SCOPED
                else []
            )
            answers = [("Name", role.name), ("Role", role.role.value), ("Authority", asked.name), *answers]
            if role.appointment is not None:
                answers += _appointment(role.appointment)
            return _confirm(request, asked, answers, form.pairs(), back)
        try:
            return _receipt(request, asked, confirming.give(role, viewer=asked.viewer), back)
        except Refused as refused:
            form.refuse(refused)
    context = {"heading": "Give a role", "form": form, "button": "Continue", "back": back}
    status = 422 if form.is_bound else 200
    return render.html(request, asked, "people/form.html", "people", context, status)


def _appointment(appointment: Appointed) -> list[tuple[str, str]]:
    """An appointment to be checked."""
    last = appointment.ends_on
    return [
        ("Covers", ", ".join(appointment.topics) or "Every topic"),
        ("From", in_words(appointment.begins_on.isoformat())),
        ("Until", in_words(last.isoformat()) if last else "No last day"),
        ("Appointed by", appointment.document),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, authority: str, name: str) -> HttpResponse:
    """One person, and what may be done to their roles and their signing in."""
    asked = shell.asked_of(request, authority, Permission.PEOPLE)
    found = kept.named(name, authority)
    if found is None:
        raise Http404
    offered = {offer["value"]: offer["text"] for offer in _offered(found)}
    form = ChangeForm(*posted(request), offered=offered)
    if not form.is_bound or not form.is_valid():
        return _person(request, asked, found, "")
    action, back = form.cleaned_data["action"], reverse("person", args=[authority, name])
    if form.cleaned_data["confirmed"] != "yes":
        answers = [("Person", name), ("Change", offered[action])]
        return _confirm(request, asked, answers, [("action", action)], back)
    try:
        if action == "link":
            token = one_time.make(name, viewer=asked.viewer)
            link = request.build_absolute_uri(reverse("choose-password", args=[token]))
            return _receipt(request, asked, f"One-time link for {name}.", back, link=link)
        done = _do(asked, name, action)
    except Refused as refused:
        return _person(request, asked, found, str(refused))
    return _receipt(request, asked, f"{offered[action]}: {name}. {done}".strip(), back)


def _offered(person: dict[str, Any]) -> list[dict[str, str]]:
    ends = [
        {
            "value": f"end-{role['number']}",
            "text": f"End the role {role['role']}{': ' if role['bound'] else ''}{role['bound']}",
        }
        for role in person["roles"]
        if role["in_force"] and not role["from_server"]
    ]
    names = ["stop" if person["active"] else "resume"]
    if not person["elsewhere"]:
        names += ["password"] if person["has_password"] else ["link", "password"]
    names += ["reset"] if person["second_step"] else []
    return [*ends, *({"value": name, "text": _ACTIONS[name]} for name in names)]


def _do(asked: shell.ServicePage, name: str, action: str) -> str:
    """Do it; says what is still to come, where anything is."""
    if action in ("password", "reset"):
        kind = confirming.PASSWORD if action == "password" else confirming.SECOND_STEP
        return confirming.ask_reset(name, kind, viewer=asked.viewer)
    if action in ("stop", "resume"):
        kept.set_active(name, active=action == "resume", viewer=asked.viewer)
    else:
        kept.end(int(action.removeprefix("end-")), asked.authority, by=asked.viewer.by)
    return ""


def _person(
    request: HttpRequest, asked: shell.ServicePage, person: dict[str, Any], refused: str
) -> HttpResponse:
    context = {"one": person, "actions": _offered(person), "refused": refused}
    return render.html(request, asked, "people/person.html", "people", context, 422 if refused else 200)


def _confirm(
    request: HttpRequest,
    asked: shell.ServicePage,
    answers: list[tuple[str, str]],
    said: list[tuple[str, str]],
    back: str,
) -> HttpResponse:
    context = {"answers": answers, "said": said, "back": back}
    return render.html(request, asked, "people/confirm.html", "people", context)


def _receipt(
    request: HttpRequest,
    asked: shell.ServicePage,
    done: str,
    back: str,
    *,
    link: str = "",
    code: str = "",
    menu: str = "people",
) -> HttpResponse:
    context = {"done": done, "back": back, "link": link, "code": code, "hours": one_time.HOURS}
    return render.html(request, asked, "people/receipt.html", menu, context)


@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest, authority: str) -> HttpResponse:
    """What one person asked for that a second has to confirm; confirming or turning down one of them."""
    asked = shell.asked_of(request, authority, Permission.CONFIRM_ROLES)
    form = DecisionForm(*posted(request))
    if form.is_bound and form.is_valid():
        number, confirmed = form.cleaned_data["number"], form.cleaned_data["decision"] == "confirm"
        try:
            done = confirming.decide(number, confirmed=confirmed, viewer=asked.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            back = reverse("requests", args=[authority])
            return _receipt(request, asked, done.says, back, code=done.code, menu="requests")
    context = {
        "waiting": confirming.waiting(authority),
        "decided": confirming.decided(authority),
        "form": form,
        "by": asked.viewer.by,
    }
    status = 422 if form.is_bound else 200
    return render.html(request, asked, "people/requests.html", "requests", context, status)
