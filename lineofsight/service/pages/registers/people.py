"""People in charge: the posts of each body on one drawing, and what each holder found open when they started."""

from __future__ import annotations

from typing import Any

from lineofsight.oversight.leadership import body_of
from lineofsight.queries import registers as read
from lineofsight.service.pages.public_record.asked import PublicPage
from lineofsight.service.pages.public_record.posts import axis_of, for_one_person, in_order, posts_drawing

Shown = dict[str, Any]


def posts_context(asked: PublicPage, found: Shown) -> Shown:
    """The posts by body, each body with one drawing; all drawings have the same axis."""
    held = read.tenures(asked.record, asked.view)
    axis, posts = axis_of(asked, held), {post["post"]: post for post in found["posts"]}
    bodies: dict[str, list[str]] = {key: [] for key, _ in asked.profile.bodies}
    for name in in_order(posts):
        bodies.setdefault(body_of(name), []).append(name)
    groups = [
        {
            "name": (name := _body_name(asked, key)),
            "posts": [_post(posts[post]) for post in names],
            "drawing": posts_drawing(
                asked,
                {post: held[post] for post in names},
                key=f"posts-{key}",
                title=f"Who held each post: {name}",
                axis=axis,
            ),
        }
        for key, names in bodies.items()
        if names
    ]
    return {"groups": groups, "posts": None}


def _body_name(asked: PublicPage, key: str) -> str:
    name = dict(asked.profile.bodies).get(key) or key or "the council"
    return name[0].upper() + name[1:]


def _post(post: Shown) -> Shown:
    return {
        **post,
        "held": [_held(each) for each in post["on_the_day"]],
        "disputed": len(post["on_the_day"]) > 1 and for_one_person(post["post"]),
        "rows": [_held(each) for each in post["tenures"]],
        "inherited": [
            {
                **start,
                "day": start["on_words"],
                "who": _who(start["holder"]),
                "after_whom": _who(start["after"]),
            }
            for start in reversed(post["inherited"])
        ],
    }


def _who(holder: str | None) -> str:
    """A holder by name, or that the post was vacant or the source gives no name."""
    if not holder:
        return "a vacancy"
    return "a holder who is not named" if holder == "not named" else holder


def _held(tenure: Shown) -> Shown:
    return {**tenure, "who": _who(tenure["holder"])}
