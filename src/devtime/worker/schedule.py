"""What is done without being asked: one row a task."""

from __future__ import annotations

from devtime.worker import activity, housekeeping, plugins
from devtime.worker.loop import Task

TASKS: tuple[Task, ...] = (
    Task("timeouts", "rebuild the time of users who chose another timeout", activity.settle_timeouts, 2),
    Task("imports", "record uploaded files", activity.work_on_imports, 1),
    Task(
        "uploads",
        "forget old imports, and delete uploaded files no import knows",
        activity.forget_uploads,
        3_600,
        first_after_s=60,
    ),
    Task(
        "retention",
        "delete heartbeats older than their user wants to keep",
        activity.apply_retention,
        3_600,
        first_after_s=60,
    ),
    Task(
        "access",
        "forget expired sessions, invitations and login links",
        housekeeping.forget_expired,
        3_600,
        first_after_s=60,
    ),
    Task(
        "limits",
        "forget limits and alerts of long ago",
        housekeeping.forget_limits,
        24 * 3_600,
        first_after_s=120,
    ),
    Task(
        "deletions",
        "delete accounts that plugins deleted a week ago",
        housekeeping.delete_accounts,
        3_600,
        first_after_s=60,
    ),
    Task("counts", "count installs and ratings that are off", housekeeping.recount_store, 600, first_after_s=120),
    Task("hooks", "give every installed plugin with hooks its place in the queue", plugins.find_missing, 60),
    Task("log", "keep the log of the built-in database short", housekeeping.trim_database_log, 3_600, first_after_s=60),
    Task("backup", "dump the built-in database once a day", housekeeping.back_up, 1_800, first_after_s=300),
)
