"""The pages of people who are not signed in, and the page that tells of an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def _none() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class LoginView:
    """`/login`. Form: POST `/login` (username, password, next). `error` is shown above the form."""

    username: str = ""
    next: str = "/"
    error: str = ""
    can_sign_up: bool = False


@dataclass(frozen=True, slots=True)
class WelcomeView:
    """`/welcome?token=…`, the one-time link. Form: POST `/welcome` (token, password).

    `is_valid` is false for a link that was used or is too old.
    """

    token: str
    username: str
    is_valid: bool = True
    is_first: bool = False
    errors: Mapping[str, str] = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class SignupView:
    """`/signup?invite=…`. Form: POST `/signup` (username, email, password, invite). `is_open` false: only says why."""

    username: str = ""
    email: str = ""
    invite: str = ""
    invited_by: str = ""
    is_open: bool = True
    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class ErrorView:
    """Something went wrong: the HTTP status, a title, what happened and what to do about it."""

    status: int
    title: str
    detail: str
    action_label: str = "Back to today"
    action_href: str = "/"
