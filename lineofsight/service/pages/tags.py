"""Tags that every template has."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string

from lineofsight.service.pages.tables import Table

register = template.Library()


@register.simple_block_tag(name="table")
def draw_table(content: str, table: Table[Any]) -> str:
    """The list's caption, heads and pages around the rows that stand between the tags."""
    return render_to_string("components/table.html", {"table": table, "rows": content})
