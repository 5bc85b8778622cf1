"""All pages, behind one router: errors become pages, static files are served beside them."""

from __future__ import annotations

import errno
from collections.abc import Sequence

from litestar import Router
from litestar.exceptions import InternalServerException, NotFoundException
from litestar.static_files import create_static_files_router  # pyright: ignore[reportUnknownVariableType]
from litestar.types import ControllerRouterHandler

from devtime.server.compression import CompressPages
from devtime.server.problems import PAGE_HANDLERS, AnyResponse, answer_page
from devtime.server.requests import AnyRequest
from devtime.web.pages import (
    activity,
    ai,
    ai_downloads,
    badges,
    connect,
    design,
    downloads,
    limits,
    live,
    reference,
    session,
    signup,
    studio,
    widgets,
)
from devtime.web.pages.settings import account, data, keys, people, privacy
from devtime.web.pages.store import looking, moderating, own, publishing, themes, using
from devtime.web.render import STATIC

_MOST_FORM_BYTES = 64 * 1024
"""Anybody may send the forms of signing in, and taking a form apart costs time."""


def web_routes() -> Sequence[ControllerRouterHandler]:
    """The routes of the web pages."""
    handlers: list[ControllerRouterHandler] = [
        activity.show_today,
        activity.go_to_today,
        activity.pick_day,
        activity.show_day,
        activity.show_range,
        activity.show_projects,
        activity.show_project,
        activity.show_heartbeats,
        ai.show_ai,
        ai.show_events,
        ai.show_sessions,
        ai.show_session,
        ai.show_blocks,
        ai_downloads.download_usage,
        ai_downloads.download_events,
        ai_downloads.download_sessions,
        limits.show_limits,
        limits.show_limit_plan,
        limits.forget_limits,
        live.stream_activity,
        session.show_login,
        session.log_in,
        session.log_out,
        session.show_welcome,
        session.welcome,
        signup.show_signup,
        signup.make_account,
        connect.show_connect,
        connect.make_key,
        reference.show_reference,
        design.show_design,
        design.show_style_sheet,
        studio.show_studio,
        badges.show_badge,
        widgets.show_draft_frame,
        widgets.show_frame,
        widgets.start_draft,
        widgets.start_widget,
        looking.show_store,
        looking.show_plugin,
        looking.show_source,
        looking.show_changes,
        using.install_plugin,
        using.restore_plugin,
        using.accept_plugin,
        using.uninstall_plugin,
        using.review_plugin,
        using.take_review_back,
        using.report_plugin,
        using.add_picture,
        using.remove_picture,
        own.show_installed,
        own.show_settings,
        own.save_settings,
        own.save_grants,
        own.clear_data,
        own.pause_plugin,
        own.resume_plugin,
        publishing.show_mine,
        publishing.show_publish,
        publishing.publish_plugin,
        publishing.import_plugin,
        publishing.delete_plugin,
        moderating.show_reports,
        moderating.settle_report,
        moderating.ban_plugin,
        moderating.unban_plugin,
        themes.show_sheet,
        themes.show_themes,
        themes.choose_theme,
        themes.show_edit,
        themes.save_edit,
        themes.import_theme,
        themes.remove_theme,
        account.show_account,
        account.save_account,
        account.save_time,
        account.save_password,
        account.save_theme,
        account.end_other_sessions,
        account.leave,
        account.keep,
        keys.show_keys,
        keys.add_key,
        keys.remove_key,
        privacy.show_privacy,
        privacy.save_privacy,
        data.show_data,
        data.upload,
        data.save_retention,
        data.delete_part,
        downloads.download_page_csv,
        people.show_people,
        people.save_policy,
        people.invite,
        people.withdraw,
        people.change_member,
    ]
    pages = Router(
        path="/",
        route_handlers=handlers,
        exception_handlers=PAGE_HANDLERS,
        middleware=[CompressPages],
        include_in_schema=False,
        request_max_body_size=_MOST_FORM_BYTES,
    )
    static = create_static_files_router(
        path="/static",
        directories=[STATIC],
        include_in_schema=False,
        exception_handlers={ValueError: _answer_no_file, InternalServerException: _answer_no_file},
    )
    return [pages, static]


def _answer_no_file(request: AnyRequest, error: Exception) -> AnyResponse:
    """A name that no file can have (it is too long, or holds NUL) is that of no file."""
    cause = error.__cause__ or error
    is_name = isinstance(cause, ValueError) or (isinstance(cause, OSError) and cause.errno == errno.ENAMETOOLONG)
    return answer_page(request, NotFoundException() if is_name else error)
