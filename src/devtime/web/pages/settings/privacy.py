"""`/settings/privacy`: what of a heartbeat is kept, and what is never recorded."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency

from devtime.activity.choosing import PrivacyChoice, choose_privacy
from devtime.activity.settings import fetch_settings
from devtime.kernel.errors import Invalid
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.server.usage_rules import lock_usage
from devtime.usage.deleting import apply_rules_to_past
from devtime.web.pages.forms import read_form
from devtime.web.pages.frame import Page, answer_html, chrome_of, go_to
from devtime.web.views.settings import PrivacyView

_MOST_FORM_BYTES = 1024 * 1024
"""Two lists of patterns, percent-encoded."""


@get("/settings/privacy")
async def show_privacy(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """The page."""
    settings = await fetch_settings(parts.database, identity.user_id)
    view = PrivacyView(
        file_privacy=settings.file_privacy,
        branch_privacy=settings.branch_privacy,
        exclude_projects=settings.exclude_projects,
        exclude_file_patterns=settings.exclude_file_patterns,
    )
    return answer_html("settings/privacy", view, chrome_of(request, identity))


@post("/settings/privacy", request_max_body_size=_MOST_FORM_BYTES)
async def save_privacy(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Choose; with `apply_to_past` what is stored already is rewritten or removed too."""
    form = await read_form(request)
    choice = PrivacyChoice(
        file_privacy=form.get("file_privacy", "keep"),
        branch_privacy=form.get("branch_privacy", "keep"),
        exclude_projects=tuple(form.get("exclude_projects", "").splitlines()),
        exclude_file_patterns=tuple(form.get("exclude_file_patterns", "").splitlines()),
    )
    is_for_past = form.get("apply_to_past") == "1"
    try:
        async with parts.database.transaction() as connection:
            await choose_privacy(connection, identity.user_id, choice, apply_to_past=is_for_past)
            if is_for_past:
                await apply_rules_to_past(connection, identity.user_id, await lock_usage(connection, identity.user_id))
    except Invalid as error:
        view = PrivacyView(
            file_privacy=choice.file_privacy,
            branch_privacy=choice.branch_privacy,
            exclude_projects=choice.exclude_projects,
            exclude_file_patterns=choice.exclude_file_patterns,
            errors={error.field: error.reason},
        )
        return answer_html("settings/privacy", view, chrome_of(request, identity), status=400)
    return go_to("/settings/privacy", "Saved, and applied to what was stored." if is_for_past else "Saved.")
